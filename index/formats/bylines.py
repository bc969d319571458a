"""Bylines: lines that name the authors of a text, and may say when it was published."""

from __future__ import annotations

import re
from typing import Final

from index.formats.days import parse_day

_PARTICLE: Final = r"(?:de|da|van|von|der|den|la|le|al|bin)"
_NAME: Final = (
    r"[^\W\d_a-z][\w.'’-]*"
    rf"(?: (?:{_PARTICLE} ){{0,2}}[^\W\d_a-z][\w.'’-]*){{1,4}}"
)
_NAMES: Final = rf"(?P<names>{_NAME}(?:(?:, | and | AND | und | et | y | en | och ){_NAME}){{0,3}})"
_LINE: Final = re.compile(rf"(?:By|BY|by) {_NAMES}\Z")
_MARKED: Final = re.compile(
    rf"(?:By|BY|by|Von|VON|von|Par|PAR|par|Por|POR|por|Door|door|Av|av):? {_NAMES}\b(?=\W|\Z)"
)
_NAME_WORD: Final = re.compile(r"[A-Z][\w.'’-]*,?\Z")
_FEWEST, _MOST = 2, 10  # words of names before a day
_LONGEST: Final = 150  # characters


def byline_names(line: str) -> str | None:
    """The authors that a line names, as it writes them: ``By Ines Aldous, 4 March 2025``."""
    by, _ = split_day(line)
    match = None if len(line) > _LONGEST else _LINE.match(by)
    return None if match is None else match["names"]


def marked_names(words: str) -> str | None:
    """The authors that the words of an element name which is marked as a byline.

    The mark tells more than the words: "Par", "Von" and others may begin them, and anything may
    stand behind the names.
    """
    match = _MARKED.match(words)
    return None if match is None else match["names"]


def split_day(line: str) -> tuple[str, str | None]:
    """Part a line of names and a day behind them; without such a day, give the line and None."""
    words = line.split()
    if len(line) <= _LONGEST:
        for at in range(_FEWEST, min(len(words), _MOST)):
            before, day = words[:at], " ".join(words[at:])
            if parse_day(day) is not None and all(map(_is_of_names, before)):
                return " ".join(before).rstrip(","), day
    return line, None


def _is_of_names(word: str) -> bool:
    return word.lower() in {"by", "and"} or _NAME_WORD.match(word) is not None
