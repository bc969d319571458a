"""Faults of a gold set: in its lines, in its questions, and against the articles."""
