"""Things with one name: "Quillota Bay Resort" where the Quillota Bay hospital is asked about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.questions.common_words import COMMON
from api.answering.words import text_words
from index.folding import fold

if TYPE_CHECKING:
    from api.answering.questions.question import Question

# What goes by the name of a place or a founder; those of one row may be one thing.
_KINDS: Final = (
    "hospital infirmary clinic",
    "hotel inn resort lodge",
    "factory mill plant works foundry brewery refinery",
    "academy college school university",
    "gallery library museum theatre",
    "arena ground park stadium",
    "airport airfield",
    "dock harbour port",
    "depot station",
    "mine quarry pit",
    "bank",
    "bridge viaduct tunnel",
    "abbey cathedral chapel church",
    "jail prison",
    "dam reservoir",
)
_ROW_OF: Final = {noun: row for row in _KINDS for noun in row.split()}
_NOUN: Final = rf"(?P<noun>{'|'.join(_ROW_OF)})s?\b"
_ASKED: Final = re.compile(rf"(?P<name>(?:[A-Z][\w’-]*\s)+)(?:[a-z][\w-]*\s)?{_NOUN}")


def is_namesake(sentence: str, question: Question) -> bool:
    """Whether a sentence gives the question's name to a thing of another kind, and not to its own.

    "The Orle plant" is no namesake of the Orle works.
    """
    for asked in _ASKED.finditer(question.text):
        name = [word for word in asked["name"].split() if fold(word) not in COMMON]
        if not name or fold(name[0]) not in question.names:
            continue
        row = _ROW_OF[asked["noun"]]
        if not text_words(sentence).isdisjoint(row.split()):
            continue
        other = re.search(rf"\b{re.escape(' '.join(name))}\s(?i:{_NOUN})", sentence)
        if other is not None and _ROW_OF[other["noun"].lower()] != row:
            return True
    return False
