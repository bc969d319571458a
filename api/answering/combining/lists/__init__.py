"""Lists: questions that ask for several items, and the items that are read."""
