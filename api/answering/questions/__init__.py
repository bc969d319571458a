"""Questions: how one is read, completed from the one before, and what kind of answer it wants.

`question` is the page to read first.
"""
