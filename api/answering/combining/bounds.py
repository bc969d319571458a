"""How much may be read for a question that one span does not answer."""

from __future__ import annotations

from typing import Final

TIMES_READ: Final = 3
"""The passages of an ordinary question: the most that a list, or all sides together, may cost."""
