"""One small reader per article format: bytes of a file to raw articles."""
