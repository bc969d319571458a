"""Generations on disk: opening, switching, rotating, and the build lock."""
