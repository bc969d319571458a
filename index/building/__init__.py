"""Building a new generation from a corpus folder, and switching to it atomically."""
