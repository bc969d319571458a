"""Ages of people: "Ann Lee, 43" tells one, and no result."""

from __future__ import annotations

import re
from typing import Final

_AGE_ASKED: Final = re.compile(
    r"\b(?:how\sold|what\sages?|what\s(?:is|was)\s(?:[^,?]*['’]s?|his|her|the)\sage)\b",
    re.IGNORECASE,
)
_AGE: Final = re.compile(r"\d{1,3}(?:\syears?\sold|-year-old)?\Z")
_NAME: Final = r"(?<![\w.,])[^\W\d_a-z][\w’'-]*"
# First words of what is no person: "New York (43)".
_NO_PERSON: Final = (
    "Across|And|At|But|For|From|In|Near|Of|On|The|To|Cape|Central|East|Eastern|El|Fort|Great|Greater|"
    "Hong|Las|Los|Lower|Mount|New|North|Northern|Old|Port|Puerto|Rio|San|Santa|Santo|South|Southern|"
    "St|Upper|West|Western"
)
_PLACED: Final = r"(?<!\bin\s)(?<!\bat\s)(?<!\bnear\s)(?<!\bacross\s)(?<!\baround\s)"
_BEHIND_PERSON: Final = re.compile(
    rf"(?<![\w,])(?!(?:{_NO_PERSON})\s){_PLACED}[^\W\d_a-z][\w’'.-]*"
    rf"\s(?:(?:al|bin|da|de|del|der|di|du|el|la|van|von)\s)*{_NAME}(?:,\s|\s\()\Z"
    r"|\b[Aa]ged\s\Z"
)
_BEHIND_NAME: Final = re.compile(rf"{_NAME},\s\Z")
_DID: Final = re.compile(r",\s(?:who|is|was|has|had|will|says|said|told|won|lost|[a-z]+ed)\b")
_AFTER_AGE: Final = re.compile(r"[,;)]|\.(?!\d)|\Z|-year-old\b|\s(?:and|who)\s")
_BOUND: Final = re.compile(
    r"\b(?:all|anybody|anyone|children|everybody|everyone|for|people|those)\s(?:aged\s)?"
    r"(?:under|over|above|below)\s\Z"
)


def asks_age(question: str) -> bool:
    """Whether a question asks how old something or somebody is."""
    return _AGE_ASKED.search(question) is not None


def is_age_limit(sentence: str, start: int) -> bool:
    """Whether a figure that begins at ``start`` bounds ages: "for those under 21"."""
    return _BOUND.search(sentence[:start]) is not None


def is_age(sentence: str, start: int, end: int) -> bool:
    """Whether a figure at ``[start, end)`` is told as a person's age: "Ann Lee, 43, said".

    Behind one word it may be a count, "Leeds (43), Hull (12)", unless the word then does something.
    """
    before = sentence[:start]
    if _AGE.match(sentence[start:end]) is None or _AFTER_AGE.match(sentence, end) is None:
        return False
    return _BEHIND_PERSON.search(before) is not None or (
        _BEHIND_NAME.search(before) is not None and _DID.match(sentence, end) is not None
    )
