"""The exceptions that this project raises, in one tree.

Every message names what is wrong, where, and what was expected instead.
"""

from __future__ import annotations


class ArticleQAError(Exception):
    """Base of every error that this project raises on purpose."""


class ArticleError(ArticleQAError):
    """A file or line of the corpus cannot become an article."""


class ReadingEndedError(ArticleQAError):
    """The process that was reading a document was ended from outside; the file may be fine."""


class CorpusError(ArticleQAError):
    """The corpus folder as a whole cannot be read or holds nothing to index."""


class EncoderError(ArticleQAError):
    """The embedding model cannot be loaded, or returned something unusable."""


class IndexMissingError(ArticleQAError):
    """There is no index in the index folder yet."""


class IndexCorruptError(ArticleQAError):
    """The files of a generation are missing, unreadable, damaged or disagree with its manifest."""


class IndexMismatchError(ArticleQAError):
    """The index was built with another encoder or format version than the one in use."""


class BuildError(ArticleQAError):
    """A build cannot write what it has to."""


class BuildInProgressError(ArticleQAError):
    """Another process is building in the same index folder."""


class ArticleNotFoundError(ArticleQAError):
    """No article with the given id is in the index."""


class OriginalGoneError(ArticleQAError):
    """The file that an article was read from is not there any more as it was indexed."""


class ReaderError(ArticleQAError):
    """The reader cannot be loaded, or returned a span outside its passage."""


class CitationError(ArticleQAError):
    """A citation is not the slice of its article that it claims to be."""


class GoldError(ArticleQAError):
    """A gold question file is malformed or does not belong to the corpus."""


class EvaluationError(ArticleQAError):
    """An evaluation cannot be run, read, compared or calibrated from."""


class SettingsError(ArticleQAError):
    """A setting is wrong; the message names it, its value and what was expected."""


class OverloadedError(ArticleQAError):
    """A question was refused or given up because there is too much to do; later it may not be."""


class GivenUpError(ArticleQAError):
    """A question was dropped because nobody waits for its answer any more."""
