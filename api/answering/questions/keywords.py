"""Keywords: questions of nouns alone, such as "Harland revenue 2024", and the kind they ask for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.periods import MONTH_NAMES, SHORT_MONTHS
from api.answering.questions.answer_kind import AnswerKind
from api.answering.questions.asked_nouns import FIGURES, MONEY
from api.answering.words import ASKING, AUXILIARY

if TYPE_CHECKING:
    from collections.abc import Iterator

_ASKING_OR_VERB: Final = re.compile(
    rf"\b(?-i:(?!May\b))(?:{ASKING}|{AUXILIARY}|name|list|give|show|tell|find|that|[a-z]+n['’]t)\b",
    re.IGNORECASE,
)
_MOST_WORDS: Final = 10
_MEASURES: Final = (
    rf"{MONEY}|{FIGURES}|assets|backlog|cash|customers|deliveries|earnings|ebitda?|employees|eps|"
    r"exports|gdp|headcount|imports|inflation|inventory|investment|liquidity|(?:load|capacity)\s"
    r"factor|losses|market\s(?:cap|share)|membership|number|occupancy|order\s(?:book|intake)|"
    r"orders|output|passengers|payout|production|profits|sales|shipments|spend(?:ing)?|staff|"
    r"subscribers|unemployment|users|visitors|volumes?|workforce|yield"
)
_OFFICES: Final = (
    r"c[efot]o|chair(?:man|woman|person)?|chief\s(?:constable|executive|(?:financial|operating|"
    r"technology)\sofficer)|(?:finance|managing|operations)\sdirector|(?:finance|foreign|health|"
    r"prime)\sminister|founder|governor|head\scoach|mayor|owner|president"
)
_DAYS: Final = (
    r"(?:closing|completion|end|expiry|launch|opening|publication|release|start)\s"
    r"(?:date|day|year)|deadline"
)
# What may stand behind the noun: a time, a forecast of the figure, what or whose it is. The noun
# of "price cap decision" or "pay dispute" is not what is asked for.
_TIME: Final = (
    rf"\d\S*|(?:{MONTH_NAMES}|{SHORT_MONTHS})\b|[qh][1-4]\b|fy\S*|(?:annual|current|currently|"
    r"end|first|second|third|fourth|full|half|last|latest|month|next|now|quarter|quarterly|this|"
    r"today|tomorrow|week|year|year-end)\b"
)
_FORECAST: Final = r"(?:estimate|figures?|forecast|guidance|numbers?|outlook|target|total)\b"
_OF: Final = r"(?:after|as|at|before|by|during|for|from|in|of|on|per|since|under|versus|vs)\b"
_BEHIND: Final = rf"(?=\W*\Z|\s(?:{_FORECAST}(?=\W*\Z|\s)|{_TIME}|{_OF}))"
_NAME_BEHIND: Final = r"(?=\s(?-i:[A-Z]))"
_NOUNS: Final = tuple(
    (
        kind,
        re.compile(rf"\b(?:(?:{nouns})\b{_BEHIND}|(?-i:(?:{nouns})){_NAME_BEHIND})", re.IGNORECASE),
    )
    for kind, nouns in (
        (AnswerKind.FIGURE, _MEASURES),
        (AnswerKind.PERSON, _OFFICES),
        (AnswerKind.DATE, _DAYS),
    )
)
# What a noun has before it that is no name: "net debt", "record revenue".
_QUALIFIERS: Final = frozenset(
    "adjusted annual average capital closing combined current daily expected first full global "
    "gross group half highest interim key last latest lowest maximum median minimum monthly net "
    "new operating overall pre-tax quarterly record second their third this fourth total "
    "underlying weekly yearly".split()
)
_FORMER: Final = r"(?:(?:ex|former|previous)[\s-])"
_RANK: Final = rf"(?:(?:acting|current|deputy|new|vice)\s|{_FORMER})"
# These are no nouns of offices alone: "National coach", but "former coach".
_MORE_OFFICES: Final = r"boss|captain|coach|director|editor|head|leader|manager|minister"
_OF_WHOM: Final = r"(?P<whom>[^\s,;?]+(?:\s[^\s,;?]+){0,5}?)"
_WHEN: Final = (
    r"(?P<when>(?:\s(?:(?:as\sof|in)\s)?"
    r"(?:(?:[^\W\d_]{3,9}\s)?(?:19|20)\d\d|now|today|currently))?)\W*\Z"
)
_OFFICE: Final = rf"(?P<office>{_FORMER}(?:{_MORE_OFFICES})|{_RANK}*(?:{_OFFICES}))"
_HOLDERS: Final = tuple(
    re.compile(rf"\A(?:the\s)?{keywords}{_WHEN}", re.IGNORECASE)
    for keywords in (
        rf"(?P<rank>){_OFFICE}\s(?:of|at)\s{_OF_WHOM}",
        rf"(?P<rank>{_RANK}?){_OF_WHOM}\s{_OFFICE}",
        rf"(?P<rank>{_FORMER}){_OF_WHOM}\s(?P<office>{_MORE_OFFICES})",
    )
)
_POSSESSIVE: Final = re.compile(r"['’]s?\Z")
_YEAR: Final = re.compile(r"\A\s(?=(?:[^\W\d_]+\s)?\d{4}\Z)")


def asks_in_words(question: str) -> bool:
    """Whether a question has a word that asks, or a verb, so that it is more than keywords."""
    return _ASKING_OR_VERB.search(question) is not None


def holder_question(question: str) -> str:
    """Put keywords that ask who holds an office into a question; leave any other.

    "Harland ceo" is "Who is the ceo of Harland?": a reader, and the rules of offices, know that.
    """
    if asks_in_words(question):
        return question
    match = next((match for form in _HOLDERS if (match := form.match(question))), None)
    if match is None:
        return question
    when = _YEAR.sub(" in ", match["when"])
    asked = "Who was the" if when[-1:].isdigit() else "Who is the"
    whom = _POSSESSIVE.sub("", match["whom"])
    return f"{asked} {match['rank']}{match['office']} of {whom}{when}?"


def is_of_first_word(question: str) -> bool:
    """Whether keywords ask for something of their first word: "Harland revenue", not "Net debt"."""
    if keyword_kind(question) is AnswerKind.OTHER:
        return False
    first = question.split(maxsplit=1)[0].lower()
    return first not in _QUALIFIERS and min(at.start() for _, at in _nouns(question)) > 0


def keyword_kind(question: str) -> AnswerKind:
    """The kind of answer that keywords ask for; OTHER for a question in words or other nouns.

    "Harland revenue 2024" asks for a figure, "Harland ceo" for a person. The last noun tells:
    "Harland ceo pay" asks for a figure.
    """
    if len(question.split()) > _MOST_WORDS or asks_in_words(question):
        return AnswerKind.OTHER
    kinds = {match.start(): kind for kind, match in _nouns(question)}
    return kinds[max(kinds)] if kinds else AnswerKind.OTHER


def _nouns(question: str) -> Iterator[tuple[AnswerKind, re.Match[str]]]:
    """The nouns of keywords that tell the kind of an answer, with that kind."""
    for kind, nouns in _NOUNS:
        for match in nouns.finditer(question):
            yield kind, match
