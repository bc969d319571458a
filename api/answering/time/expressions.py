"""Text -> its time expressions, each with the days that it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.time.atoms import scan_atoms
from api.answering.time.extents import WINDOW, join_ranges, relate, widen
from api.answering.time.records import TimeExpression
from api.answering.time.years import share_years, take_years

if TYPE_CHECKING:
    import datetime as dt

    from api.answering.time.atoms import Atom

# A month that is also a word or a given name needs a word before it that introduces a time.
_CLEAR_MONTHS: Final = re.compile(
    r"(?:january|february|july|sept|oct|nov|dec|jan|feb)", re.IGNORECASE
)
_LOWER_WORDS: Final = re.compile(r"(?:may|march|mar|sept?|dec|jan|jun|fall|spring)\b")
_INTRODUCTION: Final = re.compile(
    r"\b(?:in|on|of|since|until|till|by|to|from|for|last|next|this|early|mid|late|during|before|"
    r"after|and|or|between|through|throughout|every|each|the|its|their|is|was|next)[\s-]\Z",
    re.IGNORECASE,
)
_OLD_YEAR: Final = re.compile(
    r"\b(?:in|since|until|of|before|after|from|to|by|between|and|during|around|about)\s\Z",
    re.IGNORECASE,
)
_COUNTED_AFTER: Final = re.compile(
    r"\s(?:people|persons?|users?|jobs|workers|employees|staff|members|shares|units|votes|homes|"
    r"houses|seats|copies|litres?|tonnes?|tons?|km|kilometres?|miles?|metres?|meters?|feet|acres|"
    r"hectares|kg|mm|cm|m|MW|GW|hours?|minutes?|days|points?|pounds?|dollars?|euros?|rupees?|yen|"
    r"won|percent|per\scent|million|billion|times|voters|patients|tickets|passengers|spectators|"
    r"pages|words|steps|rooms|beds|places|pupils|students|soldiers|animals)\b",
    re.IGNORECASE,
)
_INTRODUCTIONS: Final = {
    "month": _INTRODUCTION,
    "season": re.compile(
        r"\b(?:in|of|by|since|until|during|early|late)\s(?:the\s)?\Z", re.IGNORECASE
    ),
}


def find_expressions(text: str, day: dt.date | None) -> list[TimeExpression]:
    """Find the time expressions of a text, in order, without overlap; linear in the text.

    Args:
        text: A sentence or a question.
        day: The day on which it was written; without one only full dates are resolved.
    """
    expressions = []
    for atom in share_years(take_years(scan_atoms(text, day), text), text):
        before = text[max(0, atom.start - WINDOW) : atom.start]
        if _names_a_time(atom, text, before):
            earlier = atom.later if atom.earlier is None else atom.earlier
            later = atom.earlier if atom.later is None else atom.later
            if earlier is not None and later is not None:
                whole = TimeExpression(atom.start, atom.end, atom.kind, earlier, later)
                expressions.append(widen(whole, before, day))
    return [relate(expression, text) for expression in join_ranges(expressions, text)]


def _names_a_time(atom: Atom, text: str, before: str) -> bool:
    """Whether a word or number that may be something else stands where a time does."""
    words = text[atom.start : atom.end]
    if atom.kind == "year":
        if _COUNTED_AFTER.match(text, atom.end):
            return False
        recent = words.isdigit() and 1950 <= int(words) < 2060
        return recent or not words.isdigit() or _OLD_YEAR.search(before) is not None
    if atom.year is not None or (atom.kind in {"month", "day"} and _LOWER_WORDS.search(words)):
        return atom.year is not None
    if atom.kind == "weekday":
        return not before.endswith("the ")  # "the Thursday Table"
    introduction = _INTRODUCTIONS.get(atom.kind)
    clear = introduction is None or " " in words or _CLEAR_MONTHS.match(words) is not None
    return clear or (introduction is not None and introduction.search(before) is not None)
