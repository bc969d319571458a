"""From ranked passages to answers with citations, and both over HTTP."""
