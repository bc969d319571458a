"""Superscripts: how marks of notes stand in plain text."""

from __future__ import annotations

from typing import Final

SUPERSCRIPT_DIGITS: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
