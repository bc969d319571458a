"""Files of articles that clients send: their names, and those of articles without a file."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from api.service.jobs.corpus_change import NAMED_FAULTS
from index.errors import ArticleError
from index.folding import fold
from index.loading.corpus_writing import check_file_name

if TYPE_CHECKING:
    from collections.abc import Sequence

_SLUG: Final = re.compile(r"[^a-z0-9]+")
_SLUG_LETTERS: Final = 60


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that a client has sent: the name it gave, and the content."""

    name: str
    content: BinaryIO


def check_names(files: Sequence[SentFile]) -> None:
    """Check the names of files.

    Raises:
        ArticleError: If one is refused, or two are the same; the message says why of each.
    """
    faults = []
    for file in files:
        try:
            check_file_name(file.name)
        except ArticleError as error:
            faults.append(str(error))
    names = Counter(file.name.casefold() for file in files)
    faults += [f"file '{name}': sent twice" for name, count in names.items() if count > 1]
    if faults:
        more = len(faults) - NAMED_FAULTS
        rest = [f"and {more} more"] if more > 0 else []
        raise ArticleError("; ".join([*faults[:NAMED_FAULTS], *rest]))


def _slug(text: str) -> str:
    return _SLUG.sub("-", fold(text))[:_SLUG_LETTERS].strip("-") or "article"


def new_id(article: dict[str, Any]) -> str:
    """An id for an article without one: from its title, and from what it says."""
    title = article.get("title") or "article"
    said = hashlib.sha256(article["text"].encode("utf-8", "surrogatepass")).hexdigest()
    return f"{_slug(title)}-{said[:8]}"


def file_name(article_id: str) -> str:
    """The name of the file for an article of text; the same for the same id."""
    digest = hashlib.sha256(article_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{_slug(article_id)}-{digest[:12]}.jsonl"
