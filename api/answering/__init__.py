"""Passages -> spans -> answers with citations. Knows nothing of HTTP."""
