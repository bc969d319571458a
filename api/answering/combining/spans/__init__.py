"""Spans of several things, taken apart: enumerations, figures, clauses of one shape."""
