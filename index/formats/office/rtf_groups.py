"""Groups of an RTF document: what stands between braces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_BRACE: Final = re.compile(r"[{}]")


def group_end(source: str, start: int) -> int:
    """Where the group ends that begins at ``start``; the end of the source where it does not."""
    depth = 0
    for brace in _BRACE.finditer(source, start):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0:
            return brace.end()
    return len(source)


def groups(source: str, begin: re.Pattern[str]) -> list[str]:
    """What the groups hold that begin with a pattern, each a group without it."""
    found: list[str] = []
    position = 0
    while (match := begin.search(source, position)) is not None:
        position = group_end(source, match.start())
        found.append(f"{{{source[match.end() : position]}")
    return found


def replace_groups(source: str, begin: re.Pattern[str], written: Callable[[str], str]) -> str:
    """Write the groups that begin with a pattern anew.

    Args:
        source: A document, or a part of one.
        begin: What the groups begin with, from the brace on.
        written: What to write for such a group.
    """
    kept: list[str] = []
    position = 0
    while (match := begin.search(source, position)) is not None:
        end = group_end(source, match.start())
        kept.extend((source[position : match.start()], written(source[match.start() : end])))
        position = end
    return "".join((*kept, source[position:]))
