"""The endpoints that answer questions: one, several, a table of them, and as a chat."""
