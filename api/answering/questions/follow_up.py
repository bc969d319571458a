"""Follow-up questions: "And for the founders?" is asked with the names and time of the one before.

The rewriting is by rule and in words, so that a reader sees what was asked:

- "And Microsoft?", "What about 2023?": the question before, with its name or time replaced.
- "And for the founders?": the question before, with these words behind it.
- A whole question keeps its words: "it", "they", "the company" and the like become the name before,
  or that is added with "for", and the time. One with a name of its own that does not begin with
  "And" or the like is a new question, and takes nothing over.
- What asks nothing ("Thanks!") stays as it is; courtesies around a follow-up are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.answering.questions.common_words import OPENERS
from api.answering.questions.mentions import mentions
from api.answering.questions.talk import why_not_asked, without_courtesies
from api.answering.time.frames import read_question_time, without_time
from api.answering.words import ASKING, AUXILIARY

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from api.answering.questions.mentions import Word

_LEAD: Final = re.compile(
    r"\A\s*(?:(?:and|but|or|so|also|then)\b,?\s*)*(?:(?:what|how)\s+about\b\s*)?", re.IGNORECASE
)
_WHOLE: Final = re.compile(
    rf"(?:{ASKING}|{AUXILIARY}|in\s+(?:which|what)"
    r"|for\s+(?:which|what)|by\s+how)\b",
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

_IDLE: Final = re.compile(
    rf"\b{AUXILIARY}\s+it(?=\s+(?:\w+\s+)?(?:true|likely|possible|clear|known|certain)\b)",
    re.IGNORECASE,
)
_OWNER: Final = re.compile(r"(?:its|their|his|her)\Z", re.IGNORECASE)
_SUBJECT: Final = re.compile(r"(?:they|he|she|it)\Z", re.IGNORECASE)
_THAT: Final = re.compile(r"\b(?:that|whether|if|because|when|while|before|after)\s+\Z")
_SEVERAL: Final = re.compile(
    r"how\s+many\b|(?:which|what)\s+(?:\w+\s+)*?\w+(?<!s)s\b", re.IGNORECASE
)
_ANTECEDENT: Final = re.compile(
    rf"(?:how\s+many|which|what)(?:\s+(?!{AUXILIARY}\b)[\w’'-]+)+\s+\Z", re.IGNORECASE
)
_NO_NAME: Final = re.compile(  # words that begin a fragment as often as names do
    r"(?:ad|asset|average|capex|cash|chip|cloud|core|cost|data|debt|free|full|gas|gross|half|headcount"
    r"|income|main|market|money|net|oil|only|output|pay|price|profit|rent|revenue|staff|stock"
    r"|tax|trade|turnover|wage|work|world|.*(?:s|ing|ion|ment|al|ed|er|ity|ly))\Z",
    re.IGNORECASE,
)
_NO_NOUN: Final = re.compile(
    rf"\W*(?:(?:{_PREPOSITION.pattern}.*)|(?:too|then|instead|alone|only)\W*|[\W\d]*)\Z",
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
    if why_not_asked(question) is not None:
        return question
    verbatim, question = question, without_courtesies(question)
    before, own = context_of(previous, day), context_of(question, day)
    names = [name for name in before.names if name not in without]
    time = None if before.time in without else before.time
    rest = _without_lead(question)
    if not rest or (own.names and not _refers_back(question, rest)):
        return verbatim
    if _WHOLE.match(rest) or (not names and not own.names):
        return _whole(rest, names, time, own)
    return _elliptical(rest, previous, before, time, own, day)


def goes_on(question: str) -> bool:
    """Whether a question says by itself that it follows up another one.

    It begins with "And" or the like, has a pronoun that stands for nothing before it in the
    question, or is no whole question ("In 2023?") and has no name with a noun ("Meta revenue?").
    """
    if why_not_asked(question) is not None:
        return False
    question = without_courtesies(question)
    rest = _without_lead(question)
    if rest != question.strip().rstrip("?").strip():
        return rest != ""
    if question.rstrip().endswith("?") and _WHOLE.match(rest) is None and not _names_it_all(rest):
        return rest != ""
    return _has_open_pronoun(rest)


def _has_open_pronoun(rest: str) -> bool:
    """Whether a pronoun stands for no name and no noun before it, as in "Who runs it?"."""
    idle = _IDLE.search(rest)
    pronoun = _PRONOUN.search(rest, 0 if idle is None else idle.end())
    if pronoun is None:
        return False
    before = rest[: pronoun.start()]
    if any(mention.end <= pronoun.start() for mention in mentions(rest)):
        return False
    is_within = _OWNER.match(pronoun[0]) or (
        _SUBJECT.match(pronoun[0]) and _THAT.search(before) is not None
    )
    if not is_within or _ANTECEDENT.match(before) is None:
        return True
    several = pronoun[0].lower() in {"they", "their"}
    return several != (_SEVERAL.match(before) is not None)


def _names_it_all(fragment: str) -> bool:
    """Whether a fragment has a name of its own and a noun; its first capital may say nothing."""
    if _PREPOSITION.match(fragment):
        return False
    lead = "And "  # so that the first word counts as any other
    named = [
        mention
        for mention in mentions(f"{lead}{fragment}")
        if mention.start > len(lead) or _tells_a_name(mention.words)
    ]
    if not named:
        return False
    left, right = named[0].start - len(lead), named[-1].end - len(lead)
    behind = _POSSESSIVE.sub("", fragment[right:])
    return fragment[:left].strip() != "" or _NO_NOUN.match(behind) is None


def _tells_a_name(words: tuple[Word, ...]) -> bool:
    first = words[0]
    return (
        len(words) > 1
        or first.possessive
        or (first.folded not in OPENERS and _NO_NAME.match(first.text) is None)
    )


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
