"""Follow-up questions: "And for the founders?" is asked with the names and time of the one before.

The rewriting is by rule and in words, so that a reader sees what was asked:

- "And Microsoft?", "What about 2023?": the question before, with its name or time replaced.
- "And for the founders?": the question before, with these words behind it.
- A whole question keeps its words: "it", "they", "the company" and the like become the name before,
  or that is added with "for", and the time. One with a name of its own that does not begin with
  "And" or the like is a new question, and takes nothing over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.answering.questions.mentions import mentions
from api.answering.time.frames import read_question_time, without_time

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

_LEAD: Final = re.compile(
    r"\A\s*(?:(?:and|but|or|so|also|then)\b,?\s*)*(?:(?:what|how)\s+about\b\s*)?", re.IGNORECASE
)
_WHOLE: Final = re.compile(
    r"(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|will"
    r"|would|can|could|should|may|in\s+(?:which|what)|for\s+(?:which|what)|by\s+how)\b",
    re.IGNORECASE,
)
_PREPOSITION: Final = re.compile(
    r"(?:for|in|at|of|on|by|to|from|with|without|before|after|since|until|during|as|about|under|over"
    r"|between|than|per|last|this|next)\b",
    re.IGNORECASE,
)
_PRONOUN: Final = re.compile(
    r"\b(?P<owner>its|their|his|her(?=\s+\w))\b|\b(?:it|they|them|he|she|him|her"
    r"|the (?:company|firm|group|bank|agency|former|latter))(?P<possessive>['’]s)?\b",
    re.IGNORECASE,
)

_POSSESSIVE: Final = re.compile(r"\A['’]s?\b")


@dataclass(frozen=True, slots=True)
class QuestionContext:
    """What a follow-up takes over from a question.

    Attributes:
        names: As the question spells them, in its order.
        time: The words that name its time; None where none do.
    """

    names: tuple[str, ...]
    time: str | None


def context_of(question: str, day: dt.date) -> QuestionContext:
    """Read what a follow-up would take over.

    Args:
        question: The question as it was asked.
        day: The day that "last quarter" is counted from.
    """
    frame = read_question_time(question, day).frame
    time = None if frame is None or frame.words not in question else frame.words
    names = (mention.spelled(question) for mention in mentions(question))
    return QuestionContext(
        tuple(dict.fromkeys(name for name in names if time is None or name not in time)), time
    )


def follow_up(question: str, previous: str, without: Collection[str], day: dt.date) -> str:
    """Rewrite a follow-up so that it can be asked alone.

    Args:
        question: The follow-up.
        previous: The question before, as it was asked.
        without: The names and time words of `previous` that are not taken over.
        day: The day that the questions are asked on.
    """
    before, own = context_of(previous, day), context_of(question, day)
    names = [name for name in before.names if name not in without]
    time = None if before.time in without else before.time
    rest = _without_lead(question)
    if not rest or (own.names and not _refers_back(question, rest)):
        return question
    if _WHOLE.match(rest) or (not names and not own.names):
        return _whole(rest, names, time, own)
    return _elliptical(rest, previous, before, time, own, day)


def goes_on(question: str) -> bool:
    """Whether a question says by itself that it follows up another one.

    It begins with "And" or the like, has a pronoun, or is no whole question ("In 2023?").
    """
    rest = _without_lead(question)
    fragment = question.rstrip().endswith("?") and _WHOLE.match(rest) is None
    return rest != "" and (fragment or _refers_back(question, rest))


def _without_lead(question: str) -> str:
    return _LEAD.sub("", question, count=1).strip().rstrip("?").strip()


def _refers_back(question: str, rest: str) -> bool:
    return rest != question.strip().rstrip("?").strip() or _PRONOUN.search(rest) is not None


def _whole(rest: str, names: list[str], time: str | None, own: QuestionContext) -> str:
    if names and not own.names:
        named = " and ".join(names)
        pronoun = _PRONOUN.search(rest)
        if pronoun is None:
            rest = f"{rest} for {named}"
        else:
            possessive = pronoun["owner"] is not None or pronoun["possessive"] is not None
            replaced = f"{named}'s" if possessive else named
            rest = f"{rest[: pronoun.start()]}{replaced}{rest[pronoun.end() :]}"
    if time is not None and own.time is None:
        rest = f"{rest} {time}"
    return _as_question(rest)


def _elliptical(
    rest: str,
    previous: str,
    before: QuestionContext,
    time: str | None,
    own: QuestionContext,
    day: dt.date,
) -> str:
    rewritten = previous.strip().rstrip("?").strip()
    left = rest
    if own.names and before.names:
        named = " and ".join(own.names)
        last = rewritten.rfind(before.names[-1])
        rewritten = f"{rewritten[:last]}{named}{rewritten[last + len(before.names[-1]) :]}"
        first, end = left.find(own.names[0]), left.rfind(own.names[-1]) + len(own.names[-1])
        left = f"{left[:first]}{_POSSESSIVE.sub('', left[end:])}"
    if own.time is not None:
        left = left.replace(own.time, "")
    if before.time is not None and (own.time is not None or time is None):
        frame = read_question_time(rewritten, day).frame
        shorter = None if frame is None else without_time(rewritten, frame)
        rewritten = rewritten if shorter is None else shorter
    if own.time is not None:
        rewritten = f"{rewritten} {_with_preposition(own.time, 'in')}"
    left = " ".join(left.split()).strip(" ,'’")
    if left and not (own.names and _PREPOSITION.fullmatch(left)):
        rewritten = f"{rewritten} {_with_preposition(left, 'for')}"
    return _as_question(rewritten)


def _with_preposition(words: str, preposition: str) -> str:
    if _PREPOSITION.match(words):
        return f"{words[0].lower()}{words[1:]}"
    return f"{preposition} {words}"


def _as_question(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}?"
