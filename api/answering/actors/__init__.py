"""Actors: the firms and people that a question asks about, and of whom a text says something."""
