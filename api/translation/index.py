"""An index on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api import __version__
from api.schemas import IndexResponse, ReaderOut

if TYPE_CHECKING:
    from api.answering.ranking.ranker import Ranker
    from index.generations.generation import Generation


def from_index(generation: Generation, ranker: Ranker, *, originals: bool) -> IndexResponse:
    """What an index was built from and with, and what reads its passages, on the wire.

    Args:
        generation: The index.
        ranker: With the reader.
        originals: Whether the files that its articles came from can be fetched.
    """
    stated = generation.manifest.model_dump(include=set(IndexResponse.model_fields))
    facts = ranker.reader.facts
    reader = ReaderOut(name=facts.name, fingerprint=facts.fingerprint, instead_of=ranker.instead_of)
    return IndexResponse.model_validate(
        {**stated, "service_version": __version__, "originals": originals, "reader": reader}
    )
