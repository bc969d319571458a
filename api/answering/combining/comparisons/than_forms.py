"""Comparisons with "than": "Is A bigger than B?", "Was the price in A higher than that in B?"."""

from __future__ import annotations

import re
from typing import Final

from api.answering.combining.comparisons.comparatives import DEGREES, SLOT
from api.answering.combining.comparisons.side_words import (
    NAME,
    PLACED,
    POSSESSIVE,
    ComparisonForm,
    listed,
)
from api.answering.words import AUXILIARY

_THAN: Final = re.compile(
    rf"\A(?P<auxiliary>{AUXILIARY})\s(?P<left>[^?]+?)\sthan\s(?P<right>[^?]+)\Z", re.IGNORECASE
)
_OTHER_SIDE: Final = re.compile(
    rf"\A(?:(?P<that>that|those|the\sones?)\s)?(?:(?P<placed>{PLACED})\s)?"
    rf"(?P<name>{NAME})(?:\s{AUXILIARY}\b)?(?P<rest>(?:\s[^?]*)?)\Z"
)
_DEFINITE: Final = re.compile(r"\Athe\s[a-z]")
# "the crane at Hune"
_PLACED_THING: Final = re.compile(
    rf"\A(?P<thing>the\s[a-z][\w-]*(?:\s[a-z][\w-]*)?\s{PLACED})\s(?P<name>{NAME})"
)
_IS: Final = re.compile(r"is|are|was|were")
_PLACE_BEHIND: Final = re.compile(rf"\s{PLACED}\s")
# "The storm was deadlier than the one in Ohio", "than the Ohio one"
_ONE: Final = re.compile(rf"\Athe\s(?:one\s(?P<where>{PLACED}\s[^?]+)|(?P<which>[^?]+?)\sone)\Z")


def asked_than(question: str) -> ComparisonForm | None:
    """Read "Is A bigger than B?", "Was the price in A higher than that in B?"."""
    match = _THAN.match(question)
    degree = None if match is None else DEGREES.search(match["left"])
    if match is None or degree is None:
        return None
    auxiliary, left = match["auxiliary"].lower(), match["left"]
    forms = [_asked_than_named, _asked_than_one]
    if match["right"].endswith(" one"):
        forms.reverse()
    forms.append(_asked_than_definite)
    read = (form(auxiliary, left, degree, match["right"]) for form in forms)
    return next((form for form in read if form is not None), None)


def _asked_than_named(
    auxiliary: str, left: str, degree: re.Match[str], right: str
) -> ComparisonForm | None:
    other = _OTHER_SIDE.match(right)
    if other is None:
        return None
    begins = re.match(NAME, left)
    if begins is not None and not (other["placed"] or other["that"]):
        return _asked_than_name(auxiliary, left, begins, degree, other)
    name, rest = other["name"], other["rest"]
    placed = _placed_name(left, other["placed"], degree)
    if placed is not None:
        slotted = f"{left[: placed.start('name')]}{SLOT}{left[placed.end('name') :]}"
        names = [placed["name"], POSSESSIVE.sub("", name)]
        return ComparisonForm(names, f"{auxiliary} {slotted}{rest}")
    if begins is not None and POSSESSIVE.search(begins[0]):  # "Acme's fare ... than that of Beta"
        clause = f"{auxiliary} {SLOT}{left[begins.end() :]}{rest}"
        return ComparisonForm([begins[0], f"{name}'s"], clause)
    return None


def _asked_than_one(
    auxiliary: str, left: str, degree: re.Match[str], right: str
) -> ComparisonForm | None:
    """Read "Was the Hune storm deadlier than the one in Ohio?", "than the Ohio one"."""
    one, thing = _ONE.match(right), left[: degree.start()].strip()
    if one is None or not (thing.startswith("the ") and _IS.fullmatch(auxiliary)):
        return None
    noun = _PLACE_BEHIND.split(thing, maxsplit=1)[0].split()[-1]
    other = f"the {noun} {one['where']}" if one["where"] else f"the {one['which']} {noun}"
    return ComparisonForm([thing, other], f"{auxiliary} {SLOT} {left[degree.start() :]}")


def _asked_than_definite(
    auxiliary: str, left: str, degree: re.Match[str], right: str
) -> ComparisonForm | None:
    """Read "Is the northern line longer than the southern line?"."""
    one, other = _PLACED_THING.match(left), _PLACED_THING.match(right)
    if one is not None and other is not None and one["thing"] == other["thing"]:
        rest = f"{left[one.end() :]}{right[other.end() :]}"
        return ComparisonForm(
            [one["name"], other["name"]], f"{auxiliary} {one['thing']} {SLOT}{rest}"
        )
    if not (_DEFINITE.match(left) and _DEFINITE.match(right)):
        return None
    subjects, _, tail = listed(right)
    clause = f"{auxiliary} {SLOT} {left[degree.start() :]} {tail}".strip()
    return ComparisonForm([left[: degree.start()].strip(), *subjects], clause)


def _asked_than_name(
    auxiliary: str,
    left: str,
    begins: re.Match[str],
    degree: re.Match[str],
    other: re.Match[str],
) -> ComparisonForm:
    """Read what begins with the name of a side: "Is the Acme fare lower than the Beta fare?"."""
    name, rest = other["name"], other["rest"]
    thing = left[begins.end() : degree.start()].strip()
    if thing and rest.strip().startswith(thing):
        rest = rest.strip().removeprefix(thing)
        if not POSSESSIVE.search(name):
            clause = f"{auxiliary} {SLOT} {left[degree.start() :]}{rest}"
            return ComparisonForm([f"{begins[0]} {thing}", f"{name} {thing}"], clause)
    return ComparisonForm([begins[0], name], f"{auxiliary} {SLOT}{left[begins.end() :]}{rest}")


def _placed_name(left: str, placed: str | None, degree: re.Match[str]) -> re.Match[str] | None:
    """The name with a preposition that another side takes the place of: "higher in Wexcombe".

    That is the last one with the other side's preposition; without one, the one at the end, or
    the last before the comparative.
    """
    if placed is not None:
        same = list(re.finditer(rf"\b{placed}\s(?P<name>{NAME})", left))
        if same:
            return same[-1]
    names = list(re.finditer(rf"\b{PLACED}\s(?P<name>{NAME})", left))
    at_end = [match for match in names if match.end() == len(left)]
    before = [match for match in names if match.end() <= degree.start()]
    return next(iter([*at_end, *reversed(before)]), None)
