"""Values: what the words of an answer say as a quantity."""
