"""The exceptions of the index, and the base of all exceptions of this project.

Every message names what is wrong, where, and what was expected.
"""

from __future__ import annotations


class ArticleQAError(Exception):
    """Base of every exception that this project raises."""


class ArticleError(ArticleQAError):
    """A file or line of the corpus cannot become an article."""


class ReadingEndedError(ArticleQAError):
    """The process that parsed a document was killed from outside; the file may be fine."""


class CorpusError(ArticleQAError):
    """The corpus folder cannot be read, or holds nothing to index."""


class CorpusWriteError(ArticleQAError):
    """The corpus folder cannot be written to."""


class ArticleConflictError(ArticleQAError):
    """An article is there already, or shares its file with others that would change too."""


class EncoderError(ArticleQAError):
    """The embedding model cannot be loaded, or returned unusable vectors."""


class ClusterError(ArticleQAError):
    """There is no Ray cluster that can be used, or it has lost what worked there."""


class StorageError(ArticleQAError):
    """The storage that machines share cannot be reached, refuses, or holds something else."""


class StorageChangedError(StorageError):
    """An object of the storage is not as it was before: another machine has written it."""


class IndexMissingError(ArticleQAError):
    """The index folder holds no index yet."""


class IndexCorruptError(ArticleQAError):
    """The files of a generation are missing, unreadable, damaged or disagree with its manifest."""


class IndexMismatchError(ArticleQAError):
    """The index needs another encoder, format version or backend than those in use."""


class ShardLostError(ArticleQAError):
    """Shards of a fleet did not answer.

    Args:
        lost: Their numbers.
        shards: How many shards the articles are spread over.
    """

    def __init__(self, lost: frozenset[int], shards: int) -> None:
        names = ", ".join(f"{number}-of-{shards}" for number in sorted(lost))
        super().__init__(
            f"no answer from these shards of the index: {names}; ask again, and see the log of the "
            "service if that does not help"
        )
        self.lost = lost


class BuildError(ArticleQAError):
    """A build cannot write to the index folder, or cannot make the requested vector index."""


class JobInProgressError(ArticleQAError):
    """Work of which only one may run at a time is running: a build, a rebuild, an evaluation."""


class BuildInProgressError(JobInProgressError):
    """Another process is building in the same index folder."""


class NoEarlierGenerationError(IndexMissingError):
    """No generation is kept that could be gone back to."""


class EvaluationConflictError(ArticleQAError):
    """Two evaluations cannot be compared."""


class EvaluationNotFoundError(ArticleQAError):
    """There is no evaluation with the given id, or only its figures are kept."""


class ArticleNotFoundError(ArticleQAError):
    """The index holds no article with the given id."""


class OriginalGoneError(ArticleQAError):
    """The file that an article was read from is gone or has changed since."""


class GoldError(ArticleQAError):
    """A gold question file is malformed or does not belong to the corpus."""
