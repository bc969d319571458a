"""Formats of the web and of mail, all of which hold HTML: pages, feeds, messages and books."""
