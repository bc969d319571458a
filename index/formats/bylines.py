"""Bylines: lines that name the authors of a text, and may say when it was published."""

from __future__ import annotations

import re
from typing import Final

from index.formats.days import parse_day

_NAME: Final = r"[A-Z][\w.'’-]*(?: (?:de|da|van|von|der|den|la|le|al|bin|[A-Z][\w.'’-]*)){1,4}"
_BYLINE: Final = re.compile(rf"(?:By|BY|by) (?P<names>{_NAME}(?:(?:, | and ){_NAME}){{0,3}})\Z")
_NAME_WORD: Final = re.compile(r"[A-Z][\w.'’-]*,?\Z")
_FEWEST, _MOST = 2, 10  # words of names before a day
_LONGEST: Final = 150  # characters


def byline_names(line: str) -> str | None:
    """The authors that a line names, as it writes them: ``By Ines Aldous, 4 March 2025``."""
    by, _ = split_day(line)
    match = None if len(line) > _LONGEST else _BYLINE.match(by)
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
