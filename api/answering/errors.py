"""Exceptions of reading and citing."""

from __future__ import annotations

from index.errors import ArticleQAError


class ReaderError(ArticleQAError):
    """The reader cannot be loaded, or returned a span outside its passage."""


class CitationError(ArticleQAError):
    """A citation is not the slice of its article that it claims to be."""
