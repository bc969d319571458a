"""The clauses of an article after the figure of a claim, as far as it was read."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.answering.combining.claims.claim import Claim
    from index.records import Passage

CLAUSE: Final = re.compile(
    r";\s|,?\s(?:but|while|whereas|although|though)\s|,\s(?:contradict|disput|challeng|correct)ing\s",
    re.IGNORECASE,
)
"""What parts clauses."""
_NEXT: Final = 2  # sentences after a claim's own that may go on about its figure
_PARAGRAPH: Final = "\n"


class Clause(NamedTuple):
    """A clause after a claim's figure.

    Attributes:
        passage: Where it stands.
        start: Where it begins in the article.
        text: Its words.
        apart: Whether it is of another paragraph, or not right after the figure.
    """

    passage: Passage
    start: int
    text: str
    apart: bool


def clauses_after(claim: Claim, passages: Sequence[Passage]) -> Iterator[Clause]:
    """The clauses after the claim's figure in its article, as far as that was read."""
    figure_end = claim.span.span.end
    sentences = sorted(
        {
            bounds: passage
            for passage in (*passages, claim.passage)
            if passage.article.id == claim.passage.article.id
            for bounds in passage.chunk.sentences
            if bounds.end > figure_end
        }.items()
    )
    ended, apart = figure_end, False
    for number, (bounds, passage) in enumerate(sentences):
        start = max(bounds.start, figure_end)
        chunk = passage.chunk
        between = chunk.text[max(0, ended - chunk.start) : max(0, start - chunk.start)]
        # White space of more than one character parts paragraphs.
        apart = apart or number > _NEXT or start - ended > 1 or _PARAGRAPH in between
        ended = bounds.end
        text = chunk.words(Span(start, bounds.end))
        cuts = [0 if start == bounds.start else len(text)]
        cuts += [cut.end() for cut in CLAUSE.finditer(text)]
        for low, high in pairwise([*sorted({*cuts}), len(text)]):
            if low < high:
                yield Clause(passage, start + low, text[low:high].rstrip(), apart)
