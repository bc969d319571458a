"""Measures of an evaluation: answers, retrieval, confidence, each with its variation."""
