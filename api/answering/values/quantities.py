"""Quantities in a text, each with its currency, scale and unit, and the ranges that two make.

Pure functions on half-open `[start, end)` offsets in code points of one text.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from api.answering.values.numbers import NUMBER_WORDS, SCALE_LETTERS, SCALES
from api.answering.values.tokens import CURRENCY_LETTERS, CURRENCY_SYMBOLS

_LETTERS = "|".join(CURRENCY_LETTERS)
_CURRENCY = rf"(?:(?:US|A|C|HK|NZ|S)?[{CURRENCY_SYMBOLS}]|(?-i:{_LETTERS})(?=\s?\d))"
_FIGURE = rf"(?:{_CURRENCY}\s?)?\d[\d,.]*\d|(?:{_CURRENCY}\s?)?\d"
_SCALE = r"(?:\s?(?:hundred|thousand|million|billion|trillion|bn|mn|m|k)\b)"
_UNIT = (
    r"(?:\s?(?:%|°[CF]?)|\s(?:percentage points?|per ?cent|percent|basis points?|"
    r"(?:US |Hong Kong |Australian |Canadian )?(?:dollars?|cents?)|euros?|pounds?|yuan|renminbi|"
    r"yen|won|rupees?|francs?|rubles?|pence|kilometres?|kilometers?|km|miles?|metres?|meters?|feet|"
    r"kilograms?|kg|tonnes?|tons?|litres?|liters?|hectares?|acres?|degrees|megawatts?|gigawatts?|"
    r"MW|GW)\b)"
)
_QUALIFIER = (
    r"(?:approximately|about|around|roughly|nearly|almost|over|under|more than|less than|"
    r"fewer than|at least|at most|up to|as much as|as many as|as little as|an estimated|"
    r"some|only|just over|just under|close to|well over)\s"
)
_QUANTITY = re.compile(
    rf"(?P<qualifier>\b{_QUALIFIER})?(?P<figure>(?<![\w.,]){_FIGURE})(?P<scale>{_SCALE})?(?P<unit>{_UNIT})?",
    re.IGNORECASE,
)
_COUNT = rf"(?:(?<![\d.])\d[\d.]{{0,15}}|an?|{'|'.join(sorted(NUMBER_WORDS))})"
_COMPOUND = re.compile(
    rf"\b{_COUNT}\s(?:years?|months?|weeks?|days?|hours?|minutes?|feet|foot)\s(?:and\s)?{_COUNT}\s"
    r"(?:months?|weeks?|days?|hours?|minutes?|seconds?|inch(?:es)?)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d.*")
_POWERS = {"": 0, **SCALES, **SCALE_LETTERS}
_TO = re.compile(r"\sto\s", re.IGNORECASE)
_DASH = re.compile(r"[-–—]|\s[-–—]\s")
_AND = re.compile(r"\sand\s", re.IGNORECASE)
BETWEEN: Final = re.compile(r"\bbetween\s$", re.IGNORECASE)
# What makes of "$5 billion to $6 billion" a move from one figure, or by it, to another.
MOVED: Final = re.compile(
    r"(?<!ranging )(?<!ranges )(?<!ranged )(?<!range )\bfrom\s$"
    r"|\b(?:by|up|down|rose|risen|rising|grew|grown|growing|climbed|jumped|gained|added|increased?|"
    r"surged|soared|fell|fallen|falling|dropped|declined?|decreased?|slipped|sank|shrank|lost|"
    r"tumbled|plunged)\s$",
    re.IGNORECASE,
)
_MINUS = re.compile(r"(?<!\d)[-–−]\s?$")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_FARTHEST = 3  # how many times the lower end the higher one of "$5 to $6" may be
_BEFORE = 16  # characters that may matter before a quantity
_AFTER = 60  # characters to look on for the rest of a quantity and of a range


def complete_quantity(text: str, start: int, end: int) -> tuple[int, int]:
    """Grow a span that touches a quantity to take in all its digits, currency, scale and unit.

    A qualifier ("approximately") joins a quantity that has a currency, scale or unit, when the
    quantity is where the span begins. A part of "five minutes and 40 seconds" takes in the other.
    One end of a range ("$64 billion to $72 billion", "between 5
    and 10%") takes in the other. A move from one figure to another is told by the word before it
    and by how far apart they are; "its $60 billion to $65 billion raise" is taken for a range.
    """
    low, high = _line(text, start, end)
    for whole in _COMPOUND.finditer(text, low, high):
        if whole.start() < end and whole.end() > start:
            start, end = min(start, whole.start()), max(end, whole.end())
    quantities = list(_QUANTITY.finditer(text, low, high))
    for found in quantities:
        figure, last = found.start("figure"), found.end()
        if last <= start or figure >= end:
            continue
        if not _measured(found):
            start, end = min(start, figure), max(end, found.end("figure"))
            continue
        start, end = min(start, found.start()), max(end, last)
    for first, last in _ranges(text, quantities):
        if first < end and last > start:
            return min(start, first), max(end, last)
    return start, end


def _line(text: str, start: int, end: int) -> tuple[int, int]:
    """The line that a span is in, up to shortly after the span."""
    line = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    return line, min(len(text) if line_end < 0 else line_end, end + _AFTER)


def _ranges(text: str, quantities: Sequence[re.Match[str]]) -> Iterator[tuple[int, int]]:
    for low, high in pairwise(quantities):
        before = text[max(0, low.start() - _BEFORE) : low.start()]
        joint = text[low.end() : high.start()]
        if not _measured(high) or _MINUS.search(before) or not (ratio := _ratio(low, high)) > 1:
            continue
        between = BETWEEN.search(before)
        if between is not None:
            joined = _AND.fullmatch(joint) is not None
        elif _TO.fullmatch(joint):
            joined = ratio <= _FARTHEST and not MOVED.search(before)
            joined = joined and (_measured(low) or not _YEAR.fullmatch(low["figure"]))
        else:
            joined = _DASH.fullmatch(joint) is not None and (_measured(low) or len(joint) == 1)
        if joined:
            yield low.start() - (0 if between is None else len(between[0])), high.end()


def _measured(quantity: re.Match[str]) -> bool:
    """Whether it has a currency, scale or unit, and so is more than a number."""
    return (
        quantity["scale"] is not None
        or quantity["unit"] is not None
        or not quantity["figure"][0].isdigit()
    )


def _ratio(low: re.Match[str], high: re.Match[str]) -> float:
    """How many times the first quantity the second one is; 0 where they are of two kinds.

    What is said once holds for both: "$5-6 billion", "5 to 10%".
    """
    currency, unit = _currency(high), high["unit"]
    if (_currency(low) or currency) != currency and currency:
        return 0.0
    if low["unit"] is not None and low["unit"].strip() != (unit or "").strip():
        return 0.0
    scale = (high["scale"] or "").strip().lower()
    low_scale = scale if low["scale"] is None else low["scale"].strip().lower()
    least = _value(low, low_scale)
    return _value(high, scale) / least if least else 0.0


def _currency(quantity: re.Match[str]) -> str:
    return _NUMBER.sub("", quantity["figure"]).strip()


def _value(quantity: re.Match[str], scale: str) -> float:
    figure = _NUMBER.search(quantity["figure"])
    digits = "" if figure is None else re.sub(r"[^\d.]", "", figure[0])
    whole, _, fraction = digits.partition(".")
    return float(f"{whole}.{fraction.replace('.', '') or '0'}") * 10.0 ** _POWERS[scale]
