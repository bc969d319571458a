"""The mark at the end of a question, without which a reader reads it otherwise."""

from __future__ import annotations

import re
from typing import Final

from api.answering.words import ASKING

_ASKED: Final = re.compile(
    rf"(?:(?:and|at|but|by|for|from|in|of|on|or|so|then|to|with)\s)?(?:{ASKING})(?:['’]s)?\s",
    re.IGNORECASE,
)
# A full stop is one only behind a whole word: "Acme Inc." keeps its own.
_LEFT_OPEN: Final = re.compile(r"(?<![?!…\s,;:])(?:(?<=\w\w\w\w)\.)?[\s,;:]*\Z")


def with_question_mark(question: str) -> str:
    """A question in words with its mark: "who runs Acme" and "who runs Acme." get theirs.

    Keywords, requests ("Name the firms that ...") and whatever has a mark of its own stay.
    """
    if _ASKED.match(question) is None:
        return question
    return _LEFT_OPEN.sub("?", question, count=1)
