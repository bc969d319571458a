"""A statement and a short question after it as one: "A bank was fined. Which one?".

A reader is asked "Which bank was fined?", and so is the kind of answer told.
"""

from __future__ import annotations

import re
from typing import Final

from api.answering.questions.answer_kind import AnswerKind, wanted_kind

_CLOSED: Final = re.compile(
    r"\A(?P<statement>(?:[^.!?…]|\.(?!\s)|(?<=\.\w)\.)+)[.!…]\s+(?:and\s)?(?P<asked>which|what|who)"
    r"(?P<noun>(?:\s(?!(?:is|are|was|were)\b)[\w’'-]+){0,3}?)"
    r"(?:\s(?:is|are|was|were)\s(?:it|that|this|he|she|they|those))?\s*[?.!]*\Z",
    re.IGNORECASE,
)
_STANDS_FOR_NOUN: Final = re.compile(
    r"\s(?:ones?|of\s(?:them|these|those|the\s(?:two|three)))", re.IGNORECASE
)
_NO_NOUN: Final = (
    r"(?:an?|as|at|by|couple|dozen|few|for|from|has|have|had|handful|her|his|in|is|its|lot|number|"
    r"of|on|one|pair|series|that|the|their|three|to|two|was|were|which|who|will|with)\b"
)
_INDEFINITE: Final = re.compile(
    r"\b(?:(?P<single>an?|one|some)|(?P<count>two|three|four|five))\s"
    rf"(?P<noun>(?!{_NO_NOUN})[\w’'-]+(?:\s(?!{_NO_NOUN})[\w’'-]+){{0,2}})",
    re.IGNORECASE,
)


def as_one_question(question: str) -> str:
    """Put a statement and the question of a few words that closes it into one; leave any other.

    What is asked for is the only thing in the statement that is of unsaid identity ("a bank"), or
    the one that the closing words name.
    """
    match = _CLOSED.match(question)
    if match is None:
        return question
    statement = match["statement"]
    things = list(_INDEFINITE.finditer(statement))
    if match["noun"] == "" and match["asked"].lower() == "what":
        return question  # "What was it?" may ask for more than which one
    if match["noun"] == "" or _STANDS_FOR_NOUN.fullmatch(match["noun"]):
        things = [thing for thing in things if thing.start() == 0] or things
    else:
        noun = match["noun"].strip().lower()
        things = [thing for thing in things if noun in thing["noun"].lower()]
    if len(things) != 1:
        return question
    thing = things[0]
    counted = "" if thing["count"] is None else f" {thing['count'].lower()}"
    asked = f"{statement[: thing.start()]}which{counted} {statement[thing.start('noun') :]}"
    whole = f"{asked[0].upper()}{asked[1:]}?"
    people = match["asked"].lower() == "who"
    return question if people and wanted_kind(whole) is not AnswerKind.PERSON else whole
