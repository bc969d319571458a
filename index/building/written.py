"""What a build has written: counts, and what did not become part of an article."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from index.loading.corpus_folder import Skipped

if TYPE_CHECKING:
    from index.records import ArticleInfo

_LISTED: Final = 1000  # parts of files that are left out; the count is of all
_LONGEST_MESSAGE: Final = 300


@dataclass
class LeftOut:
    """What of files that became articles is not in them.

    Attributes:
        count: How many parts.
        items: The first of them, by file or line.
    """

    count: int = 0
    items: list[Skipped] = field(default_factory=list)

    def add(self, info: ArticleInfo) -> None:
        """Add what is not in an article."""
        self.count += len(info.left_out)
        room = _LISTED - len(self.items)
        self.items += [
            Skipped(info.path, message[:_LONGEST_MESSAGE]) for message in info.left_out[:room]
        ]


@dataclass
class Written:
    """Counts of what was written into a generation, and what was skipped."""

    articles: int = 0
    copies: int = 0
    near_duplicates: int = 0
    chunks: int = 0
    files_read: int = 0
    files_unchanged: int = 0
    chunks_embedded: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=LeftOut)
    skipped_before: int = 0  # further ones of a generation that was copied, which lists the first
    corpus_sha256: str = ""

    @property
    def skipped_count(self) -> int:
        """The number of files and lines that were skipped."""
        return len(self.skipped) + self.skipped_before
