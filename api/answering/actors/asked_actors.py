"""The actors that a question asks about: "Acme" in "How much did Acme pay for Beta?"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from api.answering.actors.offices import HOLDS, OFFICE, STANDS_FOR
from api.answering.questions.keywords import asks_in_words, is_of_first_word
from api.answering.questions.mentions import Mention, mentions, question_words
from api.answering.questions.places import is_country_or_state
from api.answering.words import AUXILIARY, has_capital

# Words of names that many organisations share: alone they tell none from another.
_SHARED: Final = frozenset(
    "bank banks group motors motor airlines airline airways air oil gas energy electric power "
    "partners holdings holding company companies corporation corp inc ltd plc co llc sa ag nv "
    "capital international global industries technologies technology tech systems pharma "
    "pharmaceuticals petroleum resources stores foods financial finance insurance media network "
    "networks university college school hospital council city town united county national royal "
    "federal central state department ministry court research institute association society trust "
    "fund club party union agency authority commission committee services solutions labs "
    "laboratories entertainment studios records brothers sons new north south east west "
    "northern southern eastern western great general first american british european water rail "
    "railway railways trains ferries shipping line lines mining steel paper post press health "
    "healthcare hospitals housing homes garden gardens centre centres center centers".split()
)
_PREPOSITION: Final = (
    r"(?:by|to|in|at|on|from|with|for|against|into|over|under|about|after|before|than|between)"
)
_SUBJECT: Final = re.compile(
    rf"\b{AUXILIARY}\s(?:the\s)?(?:(?!{_PREPOSITION}\b|\w+(?:ing|ed)\b)[a-z][\w-]*\s){{0,2}}\Z",
    re.IGNORECASE,
)
_OWNER: Final = re.compile(rf"\b{AUXILIARY}\s|\bof\s", re.IGNORECASE)
_PASSIVE: Final = re.compile(r"\b(?:is|was|are|were|been|being|be)\s(?:the\s)?(?:[a-z-]+\s)?\Z")
_HELD: Final = re.compile(
    rf"(?:\b{OFFICE}\s(?:of|at|for|in)(?:\s(?!{_PREPOSITION}\b|that\b|which\b|who\b)[\w’'-]+){{0,4}}|\bthe\s(?:[\w’'-]+\s){{1,4}}of|\Awho\s{HOLDS})\s(?:the\s)?\Z",
    re.IGNORECASE,
)
_ATTRIBUTE: Final = re.compile(rf"\A\s(?:[a-z][\w-]*\s)?{OFFICE}\b", re.IGNORECASE)
# Who is told by another's name is not that: "the maker of Acme tyres", "Acme's parent".
_BEHIND: Final = rf"(?:{STANDS_FOR}|owners?|parent|buyer|seller|rivals?|suppliers?|backers?)"
_OTHER_BEFORE: Final = re.compile(
    rf"(?<!who\sis\s)(?<!who\swas\s)\bthe\s(?:[a-z-]+\s){{0,2}}{_BEHIND}\s(?:of|behind)\s"
    r"(?:the\s)?\Z"
)
NAMES_ANOTHER: Final = re.compile(rf"\A['’]s?\s(?:[a-z-]+\s){{0,2}}{_BEHIND}\b", re.IGNORECASE)
"""What follows a name that is only there to tell another: "Acme's parent company"."""
_WHO_IS: Final = re.compile(r"\Awho\s(?:is|was|are|were)\s\Z", re.IGNORECASE)
_THE: Final = re.compile(r"\bthe\s\Z", re.IGNORECASE)
_DESCRIBED: Final = re.compile(rf"\A\s(?:[a-z-]+\s){{0,2}}{STANDS_FOR}\b")
# Behind these, keywords name something else: "Harland sales in Ohio".
_ELSEWHERE: Final = re.compile(
    rf"\b(?:(?!at\b){_PREPOSITION}|per|versus|vs)\s(?:the\s)?\Z", re.IGNORECASE
)
_VERB: Final = re.compile(r"\A\s(?:[a-z]+ly\s)?[a-z]+(?:ed|en|t|ght|ld|id|ne)\b")


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor that a question asks about.

    Attributes:
        words: The folded words of its name that tell it from others.
        initials: Those of a name of several words, or a name that is itself in capitals.
        is_one_word: Whether the name is one word.
        is_place: Whether it is a country, or a state of a larger one.
    """

    words: frozenset[str]
    initials: str
    is_one_word: bool
    is_place: bool

    @classmethod
    def of(cls, mention: Mention) -> Actor:
        """The actor that a name is of."""
        one_word = len(mention.words) == 1
        return cls(telling_words(mention), initials_of(mention), one_word, is_place(mention))


def asked_actors(question: str) -> tuple[Actor, ...]:
    """Find the actors that a question asks about: its subject, or whose something is.

    A name elsewhere, as in "for Beta" or "in Ohio", is none, nor is what something was done to.

    Returns:
        None where capitals tell no names.
    """
    is_asked = _is_asked if asks_in_words(question) else _is_keyword
    named = [mention for mention in mentions(question) if is_asked(mention, question)]
    if not named and is_of_first_word(question):  # "Harland revenue": one capital tells no name
        first = question_words(question)[0]
        named = [Mention((first,), begins=True)] if has_capital(first.text) else []
    actors = dict.fromkeys(Actor.of(mention) for mention in named)
    # Of "the Bank of England" only the second name tells it from others.
    distinct = [actor for actor in actors if telling(actor.words)]
    return tuple(distinct or actors)


def is_place(mention: Mention) -> bool:
    """Whether a name is that of a country, or of a state of a larger one."""
    return is_country_or_state(" ".join(word.text for word in mention.words))


def telling_words(mention: Mention) -> frozenset[str]:
    """The folded words of a name that tell it from others: "acme" of "Acme Bank"."""
    words = frozenset(word.folded for word in mention.words)
    return telling(words) or words


def telling(words: frozenset[str]) -> frozenset[str]:
    """The folded words that not many organisations have in their names."""
    return words - _SHARED


def initials_of(mention: Mention) -> str:
    """The first letters of a name of several words, or a single word as it is spelled."""
    words = mention.words
    return words[0].text if len(words) == 1 else "".join(word.text[:1] for word in words)


def _is_asked(mention: Mention, question: str) -> bool:
    before, after = question[: mention.start], question[mention.end :]
    if _OTHER_BEFORE.search(before) or (_THE.search(before) and _DESCRIBED.match(after)):
        return False
    if mention.words[-1].possessive:
        if _OWNER.search(before) is None:
            return False  # "Which firm made Acme's engine?"
        return _WHO_IS.match(before) is not None or NAMES_ANOTHER.match(after) is None
    if _HELD.search(before) is not None or _ATTRIBUTE.match(after) is not None:
        return True
    if _PASSIVE.search(before) is not None and _VERB.match(after) is not None:
        return False
    return _SUBJECT.search(before) is not None


def _is_keyword(mention: Mention, question: str) -> bool:
    """Whether keywords are of a name: "Harland" of "Harland revenue 2024"."""
    if not mention.begins:
        return _ELSEWHERE.search(question[: mention.start]) is None
    # The first word has a capital whether it names somebody or not.
    return len(mention.words) > 1 or is_of_first_word(question)
