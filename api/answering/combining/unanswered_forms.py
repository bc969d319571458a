"""Questions that no span answers: sums, averages, changes, and those that want a yes or no."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from api.answering.actors.averages import AVERAGED, lacks_average
from api.answering.combining.comparisons.comparison_questions import (
    MOST_SIDES,
    AskedSide,
    asks_how_changed,
)
from api.answering.combining.spans.levels import moved_by
from api.answering.words import AUXILIARY

if TYPE_CHECKING:
    from api.answering.combining.claims.claim import Claim

UnansweredForm = Literal["sum", "average", "change", "yes or no"]

_OPENING: Final = (
    r"\A(?:(?:in|as of|at|by|after|before|during|since|when|if|according to)\b[^,?]{2,80},\s)?"
)
_YES_NO: Final = re.compile(
    rf"{_OPENING}(?:{AUXILIARY}|"
    r"(?:is|are|was|were|did|does|do|has|have|wo)n['’]t)"
    r"\s(?!you\b|anyone\b|anybody\b|someone\b|please\b|we\sknow\b)",
    re.IGNORECASE,
)
_ALTERNATIVES: Final = re.compile(
    r"\bor\b|\b(?:who|what|which|when|where|why|how)\b", re.IGNORECASE
)
# Possessive, and from the beginning of a word on: else a long word is tried at every letter.
_NAME: Final = r"(?:the\s)?[A-Z][\w'’&.-]*+(?:\s[A-Z0-9][\w'’&.-]*+)*+"
_NAMES: Final = re.compile(
    rf"(?<![\w'’&.-])(?:both\s)?{_NAME}(?:,\s{_NAME})*+,?\s(?:and|plus)\s{_NAME}"
)
_SUMMED: Final = re.compile(
    r",?\s(?:(?:both\s)?together|combined|in\stotal|altogether|taken\stogether|in\sall|"
    r"between\sthem|jointly)\b",
    re.IGNORECASE,
)
_SUM_OF: Final = re.compile(
    r"\b(?:(?:the\s)?(?:sum|total)\sof|(?:combined|total|joint)\s(?=[a-z][^?]*\sof\b))\s*",
    re.IGNORECASE,
)
_SAYS_MORE: Final = re.compile(r"(?<![\w’'-])[a-z][\w’'-]{3,}")  # than a name
_AMOUNT: Final = re.compile(
    r"\b(?:how\s(?:much|many)|what(?:['’]s)?|calculate|add)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What a question asks for that is no span, and the questions about its parts.

    Attributes:
        form: What it asks for.
        sides: Of a sum or average its parts, each with a question of its own; else empty.
    """

    form: UnansweredForm
    sides: tuple[AskedSide, ...] = ()

    @property
    def refusal(self) -> str:
        """Say that it is not answered."""
        if self.form == "yes or no":
            return "A yes or no is not given; what the articles say stands below."
        if self.form == "change":
            return "No change is told; what the articles say stands below."
        return f"{'A sum' if self.form == 'sum' else 'An average'} is not worked out."


def unanswered_form(question: str) -> Unanswered | None:
    """Read whether a question asks for a sum, an average or a yes or no; None of all others.

    A sum or average is one only of several named things: the total that one firm reports, or the
    average crowd of one club, is a fact.
    """
    parted = _parts(question)
    if parted is not None:
        return parted
    if _YES_NO.match(question) and not _ALTERNATIVES.search(question, _start(question)):
        return Unanswered("yes or no")
    return None


def untold_form(question: str, answer: Claim) -> Unanswered | None:
    """Read whether a question asks for an average or a change that its best answer does not tell.

    Args:
        question: The question, which asks for one fact by its form.
        answer: The best answer to it.
    """
    if lacks_average(question, answer.passage.chunk.indexed_text):
        return Unanswered("average")
    return Unanswered("change") if asks_how_changed(question) and _is_one_end(answer) else None


def _is_one_end(answer: Claim) -> bool:
    """Whether words are a name or a figure alone, and not how far that moved."""
    if answer.value is None:
        return _SAYS_MORE.search(answer.text) is None
    return not moved_by(answer.sentence[: answer.in_sentence.start])


def _start(question: str) -> int:
    """Where the question itself begins, behind "When it opened, "."""
    match = re.match(_OPENING, question, re.IGNORECASE)
    return 0 if match is None else match.end()


def _parts(question: str) -> Unanswered | None:
    asked = _AMOUNT.search(question)
    names = None if asked is None else _NAMES.search(question, asked.end())
    if names is None:
        return None
    averaged = AVERAGED.search(question)
    summed = _SUMMED.search(question)
    sum_of = _SUM_OF.search(question)
    if averaged is None and summed is None and sum_of is None:
        return None
    subjects = re.split(r",\s(?:and\s|plus\s)?|\s(?:and|plus)\s", names[0].removeprefix("both "))
    if not 2 <= len(subjects) <= MOST_SIDES:
        return None
    before, after = question[: names.start()], question[names.end() :]
    sides = []
    for subject in subjects:
        alone = _SUMMED.sub("", f"{before}{subject}{after}")
        alone = AVERAGED.sub("", _SUM_OF.sub("", alone))
        sides.append(AskedSide(subject, re.sub(r"\s{2,}", " ", alone)))
    return Unanswered("sum" if averaged is None else "average", tuple(sides))
