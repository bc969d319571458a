"""Answering: passages -> spans -> answers with citations. Imports nothing of HTTP."""
