"""What a figure or day moved to: "4.25%" of "raised its rate by 25 basis points to 4.25%"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.reading.reader import move_spans
from api.answering.sentences import sentence_around
from api.answering.values.quantities import complete_quantity
from api.answering.values.tokens import FIGURE_AHEAD
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

_MOVE: Final = (
    r"rais|ris(?:e|en|ing)|rose|lift|hik|increas|grow|grew|climb|jump|surg|soar|gain|advanc|improv|"
    r"cut|lower|reduc|trim|fall|fell|drop|declin|decreas|slip|sank|sink|shr[aiu]nk|los[et]|"
    r"tumbl|plung|ease|slow"
)
_ASKS_FOR_MOVE: Final = re.compile(
    rf"\b(?:{_MOVE})|\bby\s(?:how|what)\b|\b(?:chang|more|less|higher|up|down|difference)",
    re.IGNORECASE,
)
_MOVED_BY: Final = re.compile(
    rf"\b(?:{_MOVE})[a-z]*\s(?:[\w'’-]+\s){{0,5}}?by\s(?:an?\s)?\Z|"
    r"\b(?:rose|rises?|climbed|jumped|surged|soared|gained|grew|increased|advanced|improved|fell|"
    r"falls?|dropped|declined|decreased|slipped|sank|shrank|lost|tumbled|plunged|eased|up|down|"
    r"(?:edged|inched|crept|ticked|nudged)\s(?:higher|lower|ahead))\s"
    r"(?:about\s|around\s|nearly\s|almost\s|some\s)?\Z",
    re.IGNORECASE,
)
# "Put off from June to October 2026", "went from £2.10 to £2.40": two ends of a move, no range.
_MOVED_FROM: Final = re.compile(
    r"\b(?:(?:put|push|mov|brought|bring)\w*\s(?:off|back|forward|out)|postponed|delayed|deferred|moved|"
    rf"pushed|slipped|shifted|go(?:es|ing)|went|gone|(?:{_MOVE})[a-z]*)\s(?:[\w'’-]+\s){{0,4}}?from\s"
    r"(?:about\s|around\s)?\Z",
    re.IGNORECASE,
)
_ENDS: Final = re.compile(r"\s(?:to|until)\s(?:about\s|around\s)?(?=\S)")
_TO: Final = re.compile(rf"\sto\s(?:about\s|around\s|just\s)?{FIGURE_AHEAD}")
_BY: Final = re.compile(r"\d\s?(?:%|per\s?cent\b|percent\b|(?:percentage|basis)\spoints?\b)")


def asks_for_move(question: str) -> bool:
    """Whether a question asks how far a figure moved, not where it stands."""
    return _ASKS_FOR_MOVE.search(question) is not None


def moved_by(before: str) -> bool:
    """Whether the words before a figure make it how far something moved: "fell by ", "rose "."""
    return _MOVED_BY.search(before) is not None


def moved_to(spans: Sequence[ScoredSpan], passages: Sequence[Passage]) -> list[ScoredSpan]:
    """Replace spans that say how far something moved, or both its ends, by where it moved to.

    They are scored as before; of equal spans the best stays.
    """
    return move_spans(spans, lambda scored: [_level_of(scored, passages[scored.passage])])


def _level_of(scored: ScoredSpan, passage: Passage) -> Span:
    """Where the figure of a span moved to in its sentence; the span itself where it did not."""
    around = sentence_around(passage, scored.span)
    sentence = passage.chunk.words(around)
    start, end = (offset - around.start for offset in scored.span)
    ends = _ENDS.search(sentence, start, end)
    if ends is not None and _MOVED_FROM.search(sentence[:start]):
        return Span(around.start + ends.end(), scored.span.end)
    to = _TO.match(sentence, end)
    if to is None or _BY.search(sentence[start:end]) is None:
        return scored.span
    if not moved_by(sentence[:start]):
        return scored.span
    low, high = complete_quantity(sentence, to.end(), to.end() + 1)
    return Span(around.start + max(low, end), around.start + high)
