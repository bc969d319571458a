"""Superscripts: how marks of notes and powers stand in plain text."""

from __future__ import annotations

from typing import Final

SUPERSCRIPTS: Final = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
