"""The words of a comparing question: its sides, one by one, and the clause that asks of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from api.answering.periods import MONTH_NAMES
from api.answering.questions.asked_nouns import MONEY

NAME: Final = r"(?:the\s)?[A-Z0-9][\w'’&.-]*(?:\s(?:of\s)?[A-Z0-9][\w'’&.-]*)*"
"""The name of a side, as a pattern."""

YEAR: Final = rf"(?:(?:Q[1-4]|H[12]|FY|(?i:{MONTH_NAMES}))\s?)?(?:19|20)\d\d"
"""A year or a part of one that is a side, as a pattern."""

OF_EACH: Final = (
    r"(?:capex|capital\s(?:expenditure|spending)|debt|deliveries|dividend|earnings|ebitda|emissions|"
    r"employees|headcount|income|inflation|market\s(?:cap|share|value)|output|passengers|population|"
    r"production|profit|revenue|sales|subscribers|turnover|unemployment|users|valuation|workforce)"
)
"""A noun that firms and countries are each measured by, as a pattern."""

MEASURE: Final = (
    rf"(?:{MONEY}|{OF_EACH}|attendance|capacity|circulation|expenses|growth|investment|margin|members|"
    r"membership|orders|outlay|rates?|ratio|spend|spending|staff|target|tariff|visitors|yield)(?:e?s)?"
)
"""A noun that a figure is told of, as a pattern."""

PLACED: Final = r"(?:in|at|from|for|to|on|of|by|with|under|near|through)"
"""What stands before a side that is a place or a time, as a pattern."""

POSSESSIVE: Final = re.compile(r"['’]s?\Z")
"""The ending of a side that owns what is compared."""

_TAIL: Final = re.compile(
    r"(?<!\bor),?\s(?P<when>(?:in|at|by|on|as of|during|for|after|before|last|this)\b[^,]*)\Z",
    re.IGNORECASE,
)
_SHARED: Final = re.compile(r"[^'’]+['’]s?\s(?P<owned>.+)\Z")
_SHARED_BY_YEARS: Final = re.compile(r"the\s\d{4}\s(?P<owned>\w.*)\Z")
_YEAR_ALONE: Final = re.compile(r"(?:the\s)?\d{4}\Z")


@dataclass(frozen=True, slots=True)
class ComparisonForm:
    """A comparison as its question words it.

    Attributes:
        subjects: The sides, as they stand in the clause.
        clause: What is asked of each, with a slot for it.
    """

    subjects: list[str]
    clause: str


def listed(sides: str) -> tuple[list[str], str, str]:
    """Split "in A, B or C in 2024" into its names, their preposition, and what follows them."""
    tail = _TAIL.search(sides)
    names = sides if tail is None else sides[: tail.start()]
    parts = re.split(r",\s(?:or\s|and\s)?|\sor\s|\sand\s(?=(?:the\s)?[A-Z])", names.strip())
    named = [part.strip() for part in parts]
    placed = re.match(rf"({PLACED})\s", named[0], re.IGNORECASE)
    place = "" if placed is None else placed[1].lower()
    if place:
        named = [re.sub(rf"\A{place}\s", "", name, flags=re.IGNORECASE) for name in named]
    shared = _SHARED.match(named[-1])
    if shared is not None:  # "Acme's or Bolt's profit"
        named = [f"{name} {shared['owned']}" if POSSESSIVE.search(name) else name for name in named]
    of_years = _SHARED_BY_YEARS.match(named[-1])
    if of_years is not None:  # "the 2023 or the 2024 loss"
        named = [
            f"{name} {of_years['owned']}" if _YEAR_ALONE.match(name) else name for name in named
        ]
    return named, place, "" if tail is None else tail["when"]
