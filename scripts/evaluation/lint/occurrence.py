"""Whether an answer stands in a text, and how."""

from __future__ import annotations

import unicodedata
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from api.answering.values.normal_form import normalise_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_SHOWN: Final = 80


class Occurrence(IntEnum):
    """How an answer stands in a text; higher is better."""

    NONE = 0
    INSIDE_WORD = 1  # its characters do, but only as a part of longer words or numbers
    RESPELLED = 2  # in other case, punctuation or white space
    EXACT = 3


def occurrence(answer: str, text: str) -> Occurrence:
    """Say how an answer stands in a text."""
    stands = False
    for at in places(answer, text):
        stands = True
        if not _is_joined(text, at) and not _is_joined(text, at + len(answer)):
            return Occurrence.EXACT
    wanted = normalise_answer(answer)
    if wanted and f" {wanted} " in f" {normalise_answer(text)} ":
        return Occurrence.RESPELLED
    return Occurrence.INSIDE_WORD if stands else Occurrence.NONE


def nearest_words(answer: str, text: str) -> str | None:
    """Find the stretch of a text that is most like an answer; None where nothing is like it."""
    from rapidfuzz.fuzz import partial_ratio_alignment  # noqa: PLC0415 - of an extra

    found = partial_ratio_alignment(answer.lower(), text.lower(), score_cutoff=60)
    if found is None or len(text.lower()) != len(text):
        return None
    start, end = found.dest_start, found.dest_end
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    words = " ".join(text[start:end].split())
    return words if len(words) <= _LONGEST_SHOWN else f"{words[: _LONGEST_SHOWN - 1]}…"


def places(answer: str, text: str) -> Iterator[int]:
    """Where an answer stands in a text, character by character, also inside words."""
    at = text.find(answer)
    while at >= 0:
        yield at
        at = text.find(answer, at + 1)


def _is_joined(text: str, at: int) -> bool:
    """Whether the characters before and after a place belong to one word or number.

    Letters without case are not: most of their scripts are written without spaces.
    """
    before, after = text[max(0, at - 2) : at], text[at : at + 2]
    if not before or not after:
        return False
    if before[-1] in ".,":
        return after[0].isdigit() and before[:-1].isdigit()
    if after[0] in ".,":
        return before[-1].isdigit() and after[1:].isdigit()
    return all(
        mark.isalnum() and unicodedata.category(mark) != "Lo" for mark in (before[-1], after[0])
    )
