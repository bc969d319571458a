"""The exceptions that this project raises, in one tree.

Every message names what is wrong, where, and what was expected instead.
"""

from __future__ import annotations


class ArticleQAError(Exception):
    """Base of every error that this project raises on purpose."""


class ArticleError(ArticleQAError):
    """A file or line of the corpus cannot become an article."""


class CorpusError(ArticleQAError):
    """The corpus folder as a whole cannot be read or holds nothing to index."""


class EncoderError(ArticleQAError):
    """The embedding model cannot be loaded, or returned something unusable."""


class IndexMissingError(ArticleQAError):
    """There is no index in the index folder yet."""


class IndexCorruptError(ArticleQAError):
    """The files of a generation are missing, damaged or disagree with its manifest."""


class IndexMismatchError(ArticleQAError):
    """The index was built with another encoder or format version than the one in use."""


class BuildError(ArticleQAError):
    """A build cannot write what it has to."""


class BuildInProgressError(ArticleQAError):
    """Another process is building in the same index folder."""


class ArticleNotFoundError(ArticleQAError):
    """No article with the given id is in the index."""


class ReaderError(ArticleQAError):
    """The reader cannot be loaded, or returned a span outside its passage."""


class CitationError(ArticleQAError):
    """A citation is not the slice of its article that it claims to be."""


class GoldError(ArticleQAError):
    """A gold question file is malformed or does not belong to the corpus."""
