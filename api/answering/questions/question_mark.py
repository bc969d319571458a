"""The mark at the end of a question, without which a reader reads it otherwise."""

from __future__ import annotations

import re
from typing import Final

from api.answering.words import ASKING

_ASKED: Final = re.compile(
    rf"(?:(?:and|at|but|by|for|from|in|of|on|or|so|then|to|with)\s)?(?:{ASKING})(?:['’]s)?\s",
    re.IGNORECASE,
)
# "Acme Inc." and "the U.S." keep their full stop.
_ABBREVIATED: Final = re.compile(r"\b(?:Co|Corp|Inc|Jr|Ltd|Sr|St|[A-Z](?:\.[A-Z])*)\.[\s,;:]*\Z")
_MARKED: Final = re.compile(r"[?!…？！؟‽][^\w?!…？！؟‽]*\Z")  # of other scripts, too
_END: Final = re.compile(r"[\s,;:]*\Z")
_STOP: Final = re.compile(r"[\s.,;:]*\Z")


def with_question_mark(question: str) -> str:
    """A question in words with its mark: "who runs Acme" and "who runs Acme." get theirs.

    Keywords, requests ("Name the firms that ...") and whatever has a mark of its own stay.
    """
    if _ASKED.match(question) is None or _MARKED.search(question) is not None:
        return question
    ending = _END if _ABBREVIATED.search(question) is not None else _STOP
    return ending.sub("?", question, count=1)
