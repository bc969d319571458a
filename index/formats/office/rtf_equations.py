"""Equations of an RTF document, written as a line of text."""

from __future__ import annotations

import re
from typing import Final

from index.formats.office.rtf_groups import replace_groups
from index.formats.office.superscripts import SUPERSCRIPTS

_EQUATION: Final = re.compile(r"\{\\\*\\(?:mmath|moMath)(?![A-Za-z])")
_PROPERTIES: Final = re.compile(r"\{(?:\\\*)?\\m[A-Za-z]{0,32}Pr(?![A-Za-z])")
_POWER: Final = re.compile(
    r"\{\\msup ?\{\\mr(?:\\[a-zA-Z]{1,32}-?\d{0,10}){0,12} ?([+-]?\d{1,4})\}\}"
)
_RAISED: Final = re.compile(r"\{\\msup(?![A-Za-z])")
_DIVISOR: Final = re.compile(r"\{\\mden(?![A-Za-z])")
_MARK: Final = re.compile(r"\\\*|\\m[A-Za-z]{1,32}(?:-?\d{1,10})? ?")


def with_equations(source: str) -> str:
    """Write equations as what they say: powers raised, fractions with a stroke."""
    return replace_groups(source, _EQUATION, _line)


def _line(equation: str) -> str:
    bare = replace_groups(equation, _PROPERTIES, lambda _: "")
    bare = _POWER.sub(lambda power: power[1].translate(SUPERSCRIPTS), bare)
    return _MARK.sub("", _DIVISOR.sub("/{", _RAISED.sub("^{", bare)))
