"""Questions as people ask them, with nasty ones among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.schemas import MAX_QUESTION_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

# Repeated up to the longest question that the service takes.
_PIECES: Final = (
    *"“ ” \" ' ( ) [ { < | # * - _ ~ ` . ! ? , ; : / \\".split(),
    *"$ % & + @ ^ 0 a Z é 漢 \u202e \u0301".split(),
    *(
        "Mr. ",
        "1,000 ",
        "$1-$2 billion ",
        "3-4 ",
        "a'",
        "# a\n",
        "| a |\n",
        "http://a.b/",
        "Aa Bb, ",
    ),
    *("May 1, 2025 ", "last October ", "999 decades ago ", "Q4 ", "twenty-", "1.5.", "\U0001f600"),
    *(
        "formerly known as Meta, ",
        "AND OR NOT ",
        "text:* ",
        "'; DROP TABLE chunks; --",
        "%00",
        "９",
    ),
)
_PLAIN: Final = 4  # of five questions


def mixed_questions(plain: Sequence[str]) -> list[str]:
    """Mix nasty questions among plain ones, one after every four.

    Every nasty question is one that the service takes: it is there to be answered or abstained
    from.

    Args:
        plain: Questions as people ask them, at least one; they are repeated where they are few.
    """
    mixed = []
    for place, piece in enumerate(_PIECES):
        start = place * _PLAIN
        mixed += [plain[at % len(plain)] for at in range(start, start + _PLAIN)]
        room = MAX_QUESTION_CHARACTERS - len(plain[place % len(plain)]) - 1
        tail = (piece * MAX_QUESTION_CHARACTERS)[: max(room, 0)]
        mixed.append(f"{plain[place % len(plain)]} {tail}"[:MAX_QUESTION_CHARACTERS])
    return mixed
