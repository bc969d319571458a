"""Formats that are text: plain text, Markdown, CSV and JSON Lines."""
