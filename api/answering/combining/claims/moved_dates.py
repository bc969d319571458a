"""Days that were moved: "on 12 December, not in May", "meant for May, now due in October"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import nearly_answers
from api.answering.time.expressions import find_expressions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.answering.combining.claims.claim import Claim
    from api.answering.time.records import TimeExpression

_NO_LONGER: Final = re.compile(
    r"(?:\b(?:not|instead\sof|rather\sthan|originally|initially|previously)|"
    r"\b(?:was|were|been)\s(?:\w+\s)?(?:meant|due|planned|expected|scheduled|supposed|set))\b"
    r"[^,;.]{0,40}\Z",
    re.IGNORECASE,
)
_MOVED: Final = re.compile(
    r"\b(?:moved|postponed|delayed|slipped|(?:put|pushed|brought)\s(?:back|forward|off))\b[^,;.]{0,40}\Z",
    re.IGNORECASE,
)
_REACH: Final = 80  # characters before a time that tell that it no longer holds


def moves(claim: Claim, lead: Claim) -> bool:
    """Whether a claim's sentence gives its own day for the lead's, which no longer holds.

    Args:
        claim: A claim of a day, in an article no older than the lead's.
        lead: The claim of another day.
    """
    if claim.value is None or claim.value.kind != "date" or claim.value == lead.value:
        return False
    day, before = claim.passage.article.published_at, lead.passage.article.published_at
    if day is None or before is None or day < before or not nearly_answers(claim):
        return False
    given = {days for item in _own(lead) for days in (item.earlier, item.later)}
    return any(not given.isdisjoint((item.earlier, item.later)) for item in _former(claim))


def _own(claim: Claim) -> Iterator[TimeExpression]:
    """The time expressions that are, or hold, or are held by a claim's words."""
    start = claim.in_sentence.start
    end = start + len(claim.text)
    for item in find_expressions(claim.sentence, claim.passage.article.published_at):
        if item.start < end and start < item.end:
            yield item


def _former(claim: Claim) -> Iterator[TimeExpression]:
    """The other times of a claim's sentence that it says no longer hold."""
    own = list(_own(claim))
    for item in find_expressions(claim.sentence, claim.passage.article.published_at):
        before = claim.sentence[max(0, item.start - _REACH) : item.start]
        # "Postponed from May until June": only the first of them no longer holds.
        former = {"from": _MOVED, "in": _NO_LONGER, "by": _NO_LONGER}.get(item.relation)
        if item not in own and former is not None and former.search(before):
            yield item
