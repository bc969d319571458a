"""When a statement speaks of, how it stands, and the time that a question asks about."""
