"""Answering: passages -> spans -> answers with citations. Imports nothing of HTTP.

`answerer` is the page to read first; `answers` holds what it returns.
"""
