"""Fences of Markdown: the lines that code stands between, in which nothing else is markup."""

from __future__ import annotations

import re
from typing import Final

_FENCE: Final = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})(?P<info>[^\r\n]*)")


class Fences:
    """Follows the lines of a text: which of them are code, and which are fences."""

    def __init__(self) -> None:
        self._open: str | None = None

    def step(self, line: str) -> tuple[bool, bool]:
        """Take the next line.

        Returns:
            Whether it is code, and whether it is a fence.
        """
        match = _FENCE.match(line)
        if self._open is None:
            # A line with more backticks is inline code (CommonMark).
            if match is None or (match["marks"][0] == "`" and "`" in match["info"]):
                return False, False
            self._open = match["marks"]
            return False, True
        if (
            match is not None
            and match["marks"].startswith(self._open)
            and not match["info"].strip()
        ):
            self._open = None
            return False, True
        return True, False
