"""People among the items of a list of firms: "Ruegg" of "Beat Ruegg, the chief executive"."""

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
