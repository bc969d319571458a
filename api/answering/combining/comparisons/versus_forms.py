"""Two sides of a measure as keywords: "Acme vs Beta revenue", "Acme headcount 2023 vs 2024"."""

from __future__ import annotations

import re
from typing import Final

from api.answering.combining.comparisons.comparatives import SLOT
from api.answering.combining.comparisons.side_words import POSSESSIVE, YEAR, ComparisonForm
from api.answering.questions.asked_nouns import MONEY
from api.answering.words import ASKING, AUXILIARY

# "Leeds vs Norwich score" asks for one figure.
_MEASURE: Final = re.compile(
    rf"\b(?:{MONEY}|attendance|capacity|circulation|deliveries|earnings|ebitda|emissions|employees|"
    r"expenses|growth|headcount|inflation|investment|margin|market\sshare|members|membership|"
    r"orders|outlay|output|passengers|population|production|ratio|sales|spend|spending|staff|"
    r"subscribers|target|tariff|turnout|unemployment|users|visitors|workforce|yield)s?\b"
)
_VERSUS: Final = r"(?:vs\.?|versus|compared\s(?:to|with))"
_VERSUS_WORD: Final = re.compile(rf"\s{_VERSUS}\s")
# A name without a year, which may stand behind it; no word that asks.
_NAME: Final = (
    rf"(?!(?i:{ASKING}|{AUXILIARY})\b)(?:the\s)?[A-Z][\w'’&.-]*"
    r"(?:\s(?:of\s)?(?!\d{4}\b)[A-Z0-9][\w'’&.-]*)*"
)
_THING_WORD: Final = rf"(?!(?:{AUXILIARY}|case|game|lawsuit|match|trial)\b)[\w'’&-]+"
_THING: Final = rf"(?=[a-z]){_THING_WORD}(?:\s{_THING_WORD}){{0,4}}?"
_NAMES_FIRST: Final = re.compile(
    rf"\A(?P<left>{_NAME})\s{_VERSUS}\s(?P<right>{_NAME}):?\s(?P<thing>{_THING})\Z"
)
_NAME_TWICE: Final = re.compile(
    rf"\A(?P<left>{_NAME})\s(?P<thing>{_THING})\s{_VERSUS}\s(?P<right>{_NAME})"
    r"(?P<same>\s(?P=thing)\b)?(?P<rest>(?:\s[^?]{1,40})?)\Z"
)
_YEARS_LAST: Final = re.compile(
    rf"\A(?P<thing>{_NAME}\s{_THING}|{_THING}),?\s(?:in\s)?(?P<left>{YEAR})\s{_VERSUS}\s(?:in\s)?(?P<right>{YEAR})\Z"
)
_YEARS_FIRST: Final = re.compile(
    rf"\A(?P<left>{YEAR})\s{_VERSUS}\s(?P<right>{YEAR}):?\s(?P<thing>{_NAME}\s{_THING}|{_THING})\Z"
)
_FIGURE_BEHIND: Final = re.compile(r"\d")


def asked_versus(question: str) -> ComparisonForm | None:
    """Read "Acme vs Beta revenue", "Acme revenue vs Beta", "Acme revenue 2023 vs 2024"."""
    if _VERSUS_WORD.search(question) is None:
        return None
    years = _YEARS_LAST.match(question) or _YEARS_FIRST.match(question)
    if years is not None and _MEASURE.search(years["thing"]):
        thing = years["thing"]
        return ComparisonForm([years["left"], years["right"]], f"what was {thing} in {SLOT}")
    names = _NAMES_FIRST.match(question) or _NAME_TWICE.match(question)
    if names is None or not _MEASURE.search(names["thing"]):
        return None
    rest = names.groupdict().get("rest") or ""
    if rest and not (names["same"] or _FIGURE_BEHIND.search(rest)):
        return None
    owners = [f"{POSSESSIVE.sub('', name)}'s" for name in (names["left"], names["right"])]
    return ComparisonForm(owners, f"what was {SLOT} {names['thing']}{rest}")
