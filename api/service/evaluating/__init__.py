"""Evaluations of what is served, and the history of their figures."""
