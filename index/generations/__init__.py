"""Generations on disk: which is current, which are kept, who may build."""
