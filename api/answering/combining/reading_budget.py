"""How many passages may be read for a question that one span does not answer."""

from __future__ import annotations

from typing import Final

TIMES_READ: Final = 3
"""How many times an ordinary question's passages a list, or all sides of a comparison, may read."""
