"""Two sides of a measure as keywords: "Acme vs Beta revenue", "Acme headcount 2023 vs 2024"."""

from __future__ import annotations

import re
from typing import Final

from api.answering.combining.comparisons.comparatives import SLOT
from api.answering.combining.comparisons.side_words import (
    MEASURE,
    OF_EACH,
    POSSESSIVE,
    YEAR,
    ComparisonForm,
)
from api.answering.words import ASKING, AUXILIARY

# "Leeds vs Norwich attendance", "Apple vs Samsung damages", "Godzilla vs Kong budget" ask for one
# figure.
_COMPARED: Final = rf"(?:{OF_EACH}|(?:gross|operating|profit)\smargin)s?"
_VERSUS: Final = r"(?:vs\.?|versus|compared\s(?:to|with))"
_VERSUS_WORD: Final = re.compile(rf"\s{_VERSUS}\s")
_NO_WORD: Final = rf"(?!(?i:{AUXILIARY}|{ASKING}|over|sues?|case|game|lawsuit|match|trial)\b)"
_WORD: Final = rf"{_NO_WORD}[\w'’&-]+"
_NO_MEASURE: Final = rf"(?!(?i:{MEASURE}|{_COMPARED})\b|(?:GDP|EPS)\b)"
# A name without a year, a measure or an abbreviation of one, which may stand behind it.
_NAME: Final = (
    rf"{_NO_WORD}{_NO_MEASURE}(?:the\s)?(?:[a-z]{{1,2}})?[^\W\d_a-z][\w'’&.-]*"
    rf"(?:\s(?:(?:of|de|da|do|del|la)\s)?{_NO_MEASURE}[A-Z][a-z][^\W\d_]*)*"
)
_OWN: Final = rf"(?P<thing>(?:{YEAR}\s)?(?:{_WORD}\s){{0,3}}?(?i:{_COMPARED}))"
_SINCE: Final = rf"(?P<since>(?:\s(?:in|for|during))?\s{YEAR})?"
_NAMES_FIRST: Final = re.compile(
    rf"\A(?P<left>{_NAME})\s{_VERSUS}\s(?P<right>{_NAME}):?\s{_OWN}{_SINCE}\Z"
)
_NAME_TWICE: Final = re.compile(
    rf"\A(?P<left>{_NAME})\s{_OWN}\s{_VERSUS}\s(?P<right>{_NAME})(?:\s(?P=thing))?{_SINCE}\Z"
)
_YEARS_LAST: Final = re.compile(
    rf"\A(?P<thing>(?:{_WORD}\s){{0,6}}?(?i:{MEASURE})(?:\s(?:at|for|in|of)(?:\s{_WORD}){{1,4}}?)?),?"
    rf"\s(?:in\s)?(?P<left>{YEAR})\s{_VERSUS}\s(?:in\s)?(?P<right>{YEAR})\Z"
)
_YEARS_FIRST: Final = re.compile(
    rf"\A(?P<owner>(?:{_WORD}\s){{0,3}}?)(?P<left>{YEAR})\s{_VERSUS}\s(?P<right>{YEAR}):?"
    rf"(?P<thing>(?:\s{_WORD}){{0,6}}?\s(?i:{MEASURE}))\Z"
)


def asked_versus(question: str) -> ComparisonForm | None:
    """Read "Acme vs Beta revenue", "Acme revenue vs Beta", "Acme revenue 2023 vs 2024"."""
    if len(_VERSUS_WORD.findall(question)) != 1:
        return None
    years = _YEARS_LAST.match(question) or _YEARS_FIRST.match(question)
    if years is not None:
        thing = f"{years.groupdict().get('owner') or ''}{years['thing'].strip()}"
        return ComparisonForm([years["left"], years["right"]], f"what was {thing} in {SLOT}")
    names = _NAMES_FIRST.match(question) or _NAME_TWICE.match(question)
    if names is None:
        return None
    owners = [f"{POSSESSIVE.sub('', name)}'s" for name in (names["left"], names["right"])]
    since = names["since"] or ""
    return ComparisonForm(owners, f"what was {SLOT} {names['thing']}{since}")
