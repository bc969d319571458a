"""Readers: from passages to the spans that may answer a question."""
