"""What happens to a thing once, at a time: "the tower was raised in 1389", "founded in 1887"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.subjects import COMPANY
from api.answering.questions.common_words import COMMON
from api.answering.words import split_words, text_words
from index.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question

# The words for each, as alternatives of a pattern.
_ACTS: Final = (
    r"built|constructed|erected|put\sup|raised",
    r"created|established|formed|founded|set\sup",
    r"born",
    r"die[ds]?",
    r"inaugurated|open(?:ed)?",
    r"s[aiu]nk",
)
_ASKED: Final = re.compile(
    r"\b(?:when|(?:what|which)\s(?:century|date|day|month|year))\s(?:was|were|did)\s"
    rf"(?P<thing>[^?,]{{2,80}}?)\s(?:first\s)?(?P<act>{'|'.join(_ACTS)})\W*\Z",
    re.IGNORECASE,
)
# What was done more than once, or took its time, has more than one day.
_AGAIN: Final = re.compile(
    r"\b(?:again|began|begun|between|burn(?:ed|t)|complet\w+|destroyed|enlarg\w+|extend\w+|"
    r"extension|finish\w+|foundation\sstone|legend\w*|original\w*|re-?(?:buil\w+|creat\w+|"
    r"establish\w+|form(?:ed)?|found\w+|open\w*|plac\w+)|restor\w+|second\stime|start\w*)\b",
    re.IGNORECASE,
)
_OF_NAME: Final = re.compile(
    r"\s(?:at|in|of|near)\s(?:the\s)?(?P<name>[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*)\Z"
)
_LINK: Final = re.compile(
    r",?(?:\s(?:that|which|who))?(?:\s(?:was|were|had\sbeen|has\sbeen))?(?:\sfirst)?,?\s*\Z"
)
_BREAKS: Final = re.compile(
    r"[;:]|\b(?:after|and|before|but|until|when|where|which|while|who)\b|\d", re.IGNORECASE
)
_DETERMINED: Final = re.compile(
    r"(?:(?P<before>[\w’'-]+)\s)?(?P<article>\b(?:the|an?|its|their|this))\s"
    r"(?P<between>(?:(?!(?:the|an?|its|their|this)\s)[\w’'-]+\s){0,4})(?P<head>[\w’'-]+)\Z",
    re.IGNORECASE,
)
_OBJECT: Final = re.compile(r"\s(?:the\s)?(?P<thing>(?:[\w’'-]+\s){1,4})")
_OF: Final = frozenset(
    "about at behind below beside by for from in inside near of on outside over under with".split()
)
_IS: Final = re.compile(r"(?:\b(?:are|as|is|was|were)|[’'](?:m|re|s))(?:\sat|\sin)?\s\Z")
_PRONOUNS: Final = frozenset("he it she they".split())
_MOST_BETWEEN: Final = 60  # characters between what was done and when


@dataclass(frozen=True, slots=True)
class Act:
    """What is asked the day of.

    Attributes:
        done: Finds words for it.
        head: The noun that the thing is called by, folded.
        described: All of the words for the thing, folded.
        names: Those of its names that may stand for it: not where it is, nor whose.
    """

    done: re.Pattern[str]
    head: str
    described: frozenset[str]
    names: frozenset[str]


def asked_act(question: Question) -> Act | None:
    """Read what a question asks the day or year of; None where it asks for something else."""
    asked = _ASKED.search(question.text)
    if asked is None:
        return None
    words = next(row for row in _ACTS if re.fullmatch(row, asked["act"], re.IGNORECASE))
    thing = asked["thing"]
    own = re.split(r"\s(?:at|by|for|from|in|near|of|on)\s", thing, maxsplit=1)[0]
    named = split_words(own.rpartition("’s ")[2].rpartition("'s ")[2])
    if not named:
        return None
    return Act(
        done=re.compile(rf"(?<![\w-])(?:{words})\b", re.IGNORECASE),
        head=fold(named[-1]),
        described=text_words(thing),
        names=frozenset(fold(word) for word in named) & (question.names - COMMON),
    )


def has_its_act(claim: Claim, act: Act) -> bool:
    """Whether a claim's sentence says near its words that it was done, and not again."""
    return next(_acts_of(claim, act), None) is not None


def tells_act(claim: Claim, act: Act, question: Question) -> bool:
    """Whether a claim's sentence says by its words that it was done to the thing asked about."""
    return any(
        _is_subject(claim.sentence[: match.start()], act, question)
        or _is_object(claim.sentence[match.end() :], act)
        for match in _acts_of(claim, act)
    )


def _acts_of(claim: Claim, act: Act) -> Iterator[re.Match[str]]:
    """Where a sentence says, in one breath with the claim's words, what was done."""
    sentence = claim.sentence
    if _AGAIN.search(sentence) is not None:
        return
    start, end = claim.in_sentence
    for match in act.done.finditer(sentence):
        between = (
            sentence[match.end() : start] if match.end() <= start else sentence[end : match.start()]
        )
        if len(between) <= _MOST_BETWEEN and _BREAKS.search(between) is None:
            yield match


def _is_subject(before: str, act: Act, question: Question) -> bool:
    """Whether words before what was done end with the thing: "at a club that was founded"."""
    link = _LINK.search(before)
    phrase = before if link is None else before[: link.start()]
    where = _OF_NAME.search(phrase)
    if where is not None and text_words(where["name"]) <= question.names | COMMON:
        phrase = phrase[: where.start()]
    words = split_words(phrase)
    last = fold(words[-1]) if words else ""
    if last in _PRONOUNS:
        told = text_words(" ".join(words[:-1]))
        return act.head in told or bool(act.names & told)
    if last in act.names and words[-1][:1].isupper():
        return True
    return (last == act.head or _stands_for(last, act)) and _is_determined(phrase, act)


def _is_determined(phrase: str, act: Act) -> bool:
    """Whether words end with the one thing of its kind: "the tower", not "of the tower"."""
    determined = _DETERMINED.search(phrase)
    if determined is None or not text_words(determined["between"]) <= act.described:
        return False
    if determined["article"].lower() in ("a", "an"):
        return _IS.search(phrase[: determined.start("article")]) is not None
    return fold(determined["before"] or "") not in _OF


def _is_object(after: str, act: Act) -> bool:
    """Whether words after what was done begin with the thing: "founded the club in 1887"."""
    told = _OBJECT.match(after)
    if told is None:
        return False
    words = [fold(word) for word in split_words(told["thing"])]
    of_thing = []
    for word in words:
        if word not in act.described:
            break
        of_thing.append(word)
    return bool(of_thing) and (of_thing[-1] == act.head or of_thing[-1] in act.names)


def _stands_for(noun: str, act: Act) -> bool:
    """Whether a noun may stand for a name alone: "the company" for Acme."""
    return act.head in act.names and re.fullmatch(COMPANY, noun) is not None
