"""Readers: a question and passages -> the spans that may answer it."""
