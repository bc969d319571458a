"""Comparisons and changes: their questions, the reading of each side, and which is greater."""
