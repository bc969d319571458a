"""People among the items of a list of firms, and firms among those of a list of people."""

from __future__ import annotations

import re
from typing import Final

from api.answering.actors.offices import OFFICE

_TITLE_BEFORE: Final = re.compile(
    rf"(?:\b{OFFICE}|\b(?:Mr|Mrs|Ms|Dr|Sir|Dame))\s(?:[^\W\d_a-z][\w’'.-]*\s){{0,3}}\Z"
)
_BEFORE: Final = 120  # characters that an office and the names behind it may take
_TITLE_AFTER: Final = re.compile(
    rf",\s(?:\d\d\b|(?:(?:the|its|their|an?)\s)?(?:[\w’'-]+\s){{0,3}}?{OFFICE}"
    r"(?=[,.;)]|\s(?:of|at|said|says|told|and)\b))"
)

# "Ann Lee, head coach of Rovers", "Ann Lee, once of Rovers"
_OF: Final = rf"\b(?:{OFFICE}|once|formerly|previously|late)\s(?:of|at)\s(?:the\s)?"
_NAMED_AFTER: Final = re.compile(rf"{_OF}\Z", re.IGNORECASE)
_BEGINS_SO: Final = re.compile(_OF, re.IGNORECASE)
_NO_PERSON: Final = re.compile(
    r"\A[A-Z]{2,5}\Z|(?:\A|\s)(?:A?FC|Association|Bank|Board|Capital|City|Club|Commission|Committee|Company|"
    r"Corporation|Council|County|Federation|Foundation|Fund|Group|Holdings|Inc|Institute|Ltd|"
    r"Ministry|Partners|Rovers|Society|Studios|Town|Trust|Union|United|University|Ventures)(?=\s|\Z)"
)

# What may also be firms, though "who" asks for it.
_MAY_BE_FIRMS: Final = frozenset(
    "backer bidder buyer candidate creditor critic customer donor founder investor lender member "
    "nominee operator opponent owner partner publisher rival shareholder sponsor supplier "
    "supporter winner".split()
)


def calls_people_only(noun: str | None) -> bool:
    """Whether a noun calls only people so: a coach is one, an investor may be a firm."""
    return noun is not None and noun not in _MAY_BE_FIRMS


def is_no_person(name: str, before: str) -> bool:
    """Whether a name is that of an organisation, or of what somebody holds an office in.

    Args:
        name: The name.
        before: What stands before it in its sentence.
    """
    if _NO_PERSON.search(name) or _BEGINS_SO.match(name):
        return True
    return _NAMED_AFTER.search(before) is not None


def is_person(name: str, text: str) -> bool:
    """Whether a text gives a name an office or an age somewhere.

    Args:
        name: A name, or its last words.
        text: What it stands in.
    """
    words = name.split()
    if not words:
        return False
    return any(
        _TITLE_BEFORE.search(text, max(0, match.start() - _BEFORE), match.start())
        or _TITLE_AFTER.match(text, match.end())
        for match in re.finditer(rf"(?<![\w’'-]){re.escape(words[-1])}(?![\w’'-])", text)
    )
