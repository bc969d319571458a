"""Parameter sweep over a gold set: the quality and the cost of each setting."""
