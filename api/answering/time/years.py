"""Months, days, seasons, quarters and halves take the year that stands beside them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.time.atoms import Atom

_YEAR_FIRST: Final = frozenset({"quarter", "half", "season"})  # "2024's third quarter"
_YEAR_AFTER: Final = re.compile(
    r",?\s|,?\s(?:(?:quarter|half|period|season)\s)?of\s(?:the\s)?|\sin\s|-", re.IGNORECASE
)
_YEAR_BEFORE: Final = re.compile(r"['’]s\s|\s", re.IGNORECASE)
_DAY_AFTER_WEEKDAY: Final = re.compile(r",?\s", re.IGNORECASE)
_JOINT: Final = re.compile(r"\s(?:to|through|until|and)\s|\s?[-–—]\s?", re.IGNORECASE)


def take_years(atoms: Sequence[Atom], text: str) -> list[Atom]:
    """Give a month, day, season, quarter or half the year that stands beside it."""
    taken: list[Atom] = []
    for atom in atoms:
        last = taken[-1] if taken else None
        merged = None
        if last is not None:
            joint = text[last.end : atom.start]
            if (
                last.kind == "weekday"
                and atom.kind == "day"
                and _DAY_AFTER_WEEKDAY.fullmatch(joint)
            ):
                merged = replace(atom, start=last.start)
            elif last.year is None and atom.year is not None and _YEAR_AFTER.fullmatch(joint):
                merged = _in_its_year(last, atom)
            elif (
                last.year is not None
                and last.in_year is None
                and atom.kind in _YEAR_FIRST
                and _YEAR_BEFORE.fullmatch(joint)
            ):
                merged = _in_its_year(atom, last)
        if merged is None:
            taken.append(atom)
        else:
            taken[-1] = merged
    return taken


def _in_its_year(atom: Atom, year: Atom) -> Atom | None:
    if atom.in_year is None or year.year is None:
        return None
    days = atom.in_year(year.year)
    if days is None:
        return None
    start, end = min(atom.start, year.start), max(atom.end, year.end)
    return replace(atom, start=start, end=end, earlier=days, later=days, year=year.year)


def share_years(atoms: Sequence[Atom], text: str) -> list[Atom]:
    """Give the first of "July to September 2024" the year of the second."""
    shared = list(atoms)
    for index, (low, high) in enumerate(pairwise(atoms)):
        if low.in_year is None or low.year is not None or high.in_year is None or high.year is None:
            continue
        joint = text[low.end : high.start]
        if _JOINT.fullmatch(joint):
            days = low.in_year(high.year)
            if days is not None and high.earlier is not None and days.start > high.earlier.end:
                days = low.in_year(high.year - 1)
            shared[index] = replace(low, earlier=days, later=days)
    return shared
