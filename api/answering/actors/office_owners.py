"""Whose office a text says that somebody holds: "Bo Ek, chief executive of Acme"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.actors.offices import APPOINTS, HELD_BY, HOLDS, OFFICE, STANDS_FOR, TITLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.questions.mentions import Mention

_FEW: Final = r"(?:[\w’'&-]+\s){0,5}?"
# "Acme's chief executive, Bo Ek", "Acme CEO Bo Ek", "Acme, led by Bo Ek", "Acme named Bo Ek"
_OWNER_BEFORE: Final = re.compile(
    rf"\A(?:(?:['’]s?)?\s{_FEW}{OFFICE}s?(?:\sand\s{_FEW}{OFFICE})?,?\s"
    rf"|,?\s(?:which\s(?:is|was)\s)?(?:now\s)?{HELD_BY}\s(?:since\s\d+\s)?by\s"
    rf"|,?\swhose\s{_FEW}{OFFICE},?\s(?:is\s)?|\s(?:has\s|had\s)?{APPOINTS}\s)"
    rf"{TITLE}\Z",
    re.IGNORECASE,
)
# These tell of no office by name, so of the one that is asked for.
_ANY_OFFICE: Final = re.compile(
    rf"\A(?:\s(?:has\s|had\s)?{APPOINTS}\s|,?\s[\w\s]*\b(?:led|run|headed)\s[\w\s]*\bby\s)",
    re.IGNORECASE,
)
_OFFICE_OF: Final = re.compile(rf"\b{OFFICE}\s(?:of|at|for|in)\s(?:the\s)?\Z", re.IGNORECASE)
_OFFICE_OF_ENDS: Final = re.compile(rf"\A,?\s(?:is\s)?{TITLE}\Z")
# "Bo Ek, chief executive of Acme", "Bo Ek, who runs Acme"
_OWNER_AFTER: Final = re.compile(
    rf"\A,?\s(?:who\s)?(?:(?:is|was|became|remains|once|now|formerly|then)\s)?(?:the\s|an?\s)?"
    rf"{_FEW}(?:{OFFICE}\s(?:of|at|for|in)|{HOLDS})\s(?:the\s)?(?:[a-z-]+\s(?:of|at|for|in)\s)?\Z",
    re.IGNORECASE,
)
# "Bo Ek, who ran research at Beta, takes over at Acme": any office may be taken.
_TAKES_AFTER: Final = re.compile(
    r"\A(?:,[^,;]{1,80},)?\s(?:(?:will|is\sto|has|had)\s)?t(?:akes?|ook|aken)\s"
    r"(?:over|the\s(?:helm|reins|wheel)|charge)\s(?:at|of)\s(?:the\s)?\Z",
    re.IGNORECASE,
)
_OWN_AFTER: Final = re.compile(r"\A,?\s(?:(?:is|was|became)\s)?\Z")
_OFFICE_AFTER: Final = re.compile(rf"\A['’]s?\s{_FEW}{OFFICE}\b", re.IGNORECASE)
# "the finance chief, Ned Orr, and the head of legal policy, Ann Lee"
_HOLDS_BEFORE: Final = re.compile(
    rf"\b{OFFICE}(?-i:\s(?:of|for)(?:\s[a-z-]+){{1,3}})?,?\s{TITLE}\Z",
    re.IGNORECASE,
)
_HOLDS_AFTER: Final = re.compile(
    rf"\A,\s(?:who\s(?:is|was)\s)?(?:(?:the|an?|its|their|(?:[\w’'-]+\s){{0,2}}[\w’'-]+['’]s?)\s)?(?:[a-z-]+\s){{0,2}}?{OFFICE}\b",
    re.IGNORECASE,
)
_FIRM_BEFORE: Final = re.compile(
    rf"\b(?:the|an?|its|their|rival)\s(?:[\w’'-]+\s){{0,2}}?{STANDS_FOR}\s\Z"
)
_HOLDER: Final = re.compile(rf"[a-z]*(?:\s[a-z]+){{0,2}},?\s{TITLE}(?P<name>[A-Z][\w’'-]*\s[A-Z])")


def holds_other_office(exact: re.Pattern[str], sentence: str, start: int, end: int) -> bool:
    """Whether somebody is named with another office than the one asked for, and not with that.

    So does a firm: "their finance director will go to the seed firm Tozer Lunn".

    Args:
        exact: What tells the office from others.
        sentence: The sentence.
        start: Where the name begins in it.
        end: Where that ends.
    """
    if _FIRM_BEFORE.search(sentence[:start]):
        return True
    held = _HOLDS_BEFORE.search(sentence[:start]) or _HOLDS_AFTER.match(sentence[end:])
    return held is not None and all(
        _is_of_another_name(sentence, named.end(), start) for named in exact.finditer(sentence)
    )


def is_named_with(office: re.Pattern[str], sentence: str, start: int, end: int) -> bool:
    """Whether somebody at ``[start, end)`` is named with an office: "chairman Bo Ek"."""
    held = (_HOLDS_BEFORE.search(sentence[:start]), _HOLDS_AFTER.match(sentence[end:]))
    return any(match is not None and office.search(match[0]) is not None for match in held)


def _is_of_another_name(sentence: str, at: int, start: int) -> bool:
    """Whether an office up to ``at`` is that of the name right behind it, not of one at ``start``.

    The interior minister of "Interior minister Ann Lee and mayor Bo Ek" is not Bo Ek.
    """
    holder = _HOLDER.match(sentence, at)
    return holder is not None and holder.start("name") != start


def office_owner(
    office: re.Pattern[str], sentence: str, start: int, end: int, named: Sequence[Mention]
) -> Mention | None:
    """Find the name that owns an office with which somebody is named.

    Args:
        office: The office.
        sentence: The sentence.
        start: Where the holder's name begins in it.
        end: Where that ends.
        named: The other names in the sentence, in order.
    """
    for mention in reversed([mention for mention in named if mention.end <= start]):
        between = sentence[mention.end : start]
        held = _OWNER_BEFORE.match(between)
        if held is None and _OFFICE_OF_ENDS.match(between):
            held = _OFFICE_OF.search(sentence[: mention.start])
        if held is not None and (office.search(held.group()) or _ANY_OFFICE.match(between)):
            return mention
    behind = [mention for mention in named if mention.start >= end]
    if not behind:
        return None
    for mention in behind:
        if _TAKES_AFTER.match(sentence[end : mention.start]):
            return mention
    following = behind[0]
    between = sentence[end : following.start]
    held = _OWNER_AFTER.match(between)
    if held is None and _OWN_AFTER.match(between):
        held = _OFFICE_AFTER.match(sentence[following.end :])
    return following if held is not None and office.search(held.group()) else None
