"""Article formats: a small file parser each, from the bytes of a file to raw articles."""
