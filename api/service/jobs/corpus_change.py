"""A change of the corpus folder: what was done, and what of it is no article."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from index.errors import ArticleError
from index.loading.corpus_folder import SIDECAR, Skipped, file_of

if TYPE_CHECKING:
    from index.loading.corpus_writing import IncomingFiles

NAMED_FAULTS: Final = 20
"""How many things wrong with what was sent a message names."""
_READING_SECONDS: Final = 300.0  # for all files of a change: others wait for it
_NAMED: Final = 100  # ids and files of one change in replies and jobs


@dataclass(slots=True)
class Change:
    """A change of the corpus folder.

    Attributes:
        kind: What was done.
        places: Where each article is now, by id; None where it is gone.
        files: The files that were written or removed, relative to the corpus folder.
        skipped: What was sent and is no article, and why.
    """

    kind: Literal["added", "replaced", "removed"]
    places: dict[str, str | None] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def described(self) -> dict[str, Any]:
        """The change as JSON, with the first of its ids, files and skipped parts."""
        return {
            "kind": self.kind,
            "articles": {"count": len(self.places), "ids": list(self.places)[:_NAMED]},
            "files": self.files[:_NAMED],
            "skipped": [
                {"where": item.where, "reason": item.reason} for item in self.skipped[:_NAMED]
            ],
            "skipped_count": len(self.skipped),
        }


def read_incoming(incoming: IncomingFiles, kind: Literal["added", "replaced"]) -> Change:
    """Read what was sent, and leave out the files without an article.

    Raises:
        ArticleError: If there is no article at all; the message says why.
    """
    change = Change(kind)
    deadline = time.monotonic() + _READING_SECONDS
    for item in incoming.read():
        if time.monotonic() > deadline:
            raise ArticleError(
                f"reading what was sent took over {_READING_SECONDS:g} s; send fewer files at once"
            )
        if isinstance(item, Skipped):
            change.skipped.append(item)
        else:
            change.places[item.info.id] = item.info.path
    if not change.places:
        reasons = "; ".join(
            f"{item.where}: {item.reason}" for item in change.skipped[:NAMED_FAULTS]
        )
        raise ArticleError(f"no article in what was sent: {reasons or 'there is no file in it'}")
    holding = {file_of(place) for place in change.places.values() if place is not None}
    for relative in incoming.files:
        # The metadata of a file that is left out would be reported by every build.
        article = relative.removesuffix(SIDECAR)
        of_one = relative.endswith(SIDECAR) and any(
            held in (article, f"{article}{Path(held).suffix}") for held in holding
        )
        if relative not in holding and not of_one:
            incoming.drop(relative)
    change.files = list(incoming.files)
    return change
