"""Article formats: a small reader each, from the bytes of a file to raw articles."""
