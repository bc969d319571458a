"""What a question asks for more narrowly than its kind: a country, a company, a year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.periods import MONTH_NAMES, SHORT_MONTHS
from api.answering.questions.answer_kind import AnswerKind
from api.answering.questions.common_words import COMMON
from api.answering.questions.places import is_country, is_state, names_country, names_state
from api.answering.words import text_words

if TYPE_CHECKING:
    from api.answering.questions.question import Question

_ASKED: Final = r"\b(?:which|what)\s(?:(?!(?:of|the|an?|is|are|was|were)\b)[\w’'-]+\s){0,2}?"
_COUNTRY: Final = re.compile(rf"{_ASKED}(?:countr(?:y|ies)|nations?)\b(?!\sclub)", re.IGNORECASE)
_STATE: Final = re.compile(
    rf"{_ASKED}(?<!member\s)(?<!gulf\s)(?<!baltic\s)states?\b(?!\s(?:department|bank|television))",
    re.IGNORECASE,
)
_DISTRICTS: Final = {
    "county": "County", "counties": "County", "district": "District", "districts": "District",
    "province": "Province", "provinces": "Province",
}  # fmt: skip
_DISTRICT: Final = re.compile(rf"{_ASKED}({'|'.join(_DISTRICTS)})\b", re.IGNORECASE)
# What is part of the names of its kind: "Kentucky Truck Plant", "University of Leeds".
_THING: Final = re.compile(
    rf"{_ASKED}(airport|bridge|canal|castle|cathedral|church|college|dam|factory|gallery|hall|"
    r"harbour|hospital|hotel|library|mill|mine|museum|observatory|palace|park|plant|port|prison|"
    r"refinery|reservoir|school|shipyard|stadium|station|theatre|tower|tunnel|university|works)\b",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"\b(?:which|what)\s(?:calendar\s)?years?\b", re.IGNORECASE)
_MONTH: Final = re.compile(r"\b(?:which|what)\smonths?\b", re.IGNORECASE)
_DAY: Final = re.compile(r"\b(?:which|what)\s(?:week)?day\b", re.IGNORECASE)
_HOUR: Final = re.compile(
    r"\b(?:which|what)\shour\b|\b(?:at|by|from|until|till)\s(?:which|what)\stime\b(?!\sof)|"
    r"\bwhat\stime\s(?:do|does|did|is|was|will)\s[^?]*\b(?:arrive|begin|break|close|end|finish|"
    r"happen|land|leave|open|start|strike)\b",
    re.IGNORECASE,
)
_BUSINESS: Final = re.compile(
    rf"{_ASKED}(?:airlines?|banks?|brands?|broadcasters?|chains?|compan(?:y|ies)|firms?|insurers?|"
    r"lenders?|[a-z]*makers?|manufacturers?|publishers?|retailers?|start-?ups?|suppliers?|"
    r"newspapers?|investors?)\b",
    re.IGNORECASE,
)
_PEOPLE: Final = re.compile(
    rf"{_ASKED}(?:act(?:ors?|ress(?:es)?)|artists?|authors?|coach(?:es)?|directors?|drivers?|"
    r"executives?|founders?|leaders?|managers?|ministers?|people|players?|politicians?|"
    r"presidents?|riders?|singers?|writers?)\b",
    re.IGNORECASE,
)
_SAYS_YEAR: Final = re.compile(r"\b(?:1\d|2[01])\d\d\b|\byear\b", re.IGNORECASE)
_MONTH_NAME: Final = rf"(?:{MONTH_NAMES}|{SHORT_MONTHS})\b"
_SAYS_MONTH: Final = re.compile(rf"\b(?:{_MONTH_NAME}|month\b)", re.IGNORECASE)
_SAYS_DAY: Final = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH_NAME}|\b{_MONTH_NAME}\.?\s(?:the\s)?\d{{1,2}}(?!\d)|"
    r"\d[-/.]\d{1,2}[-/.]\d|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)?day|today|yesterday|"
    r"tomorrow|tonight|eve|christmas|easter|midsummer)\b",
    re.IGNORECASE,
)
_SAYS_HOUR: Final = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midday|"
    r"midnight|dawn|dusk|sunrise|sunset|hours?|o['’]clock)\b",
    re.IGNORECASE,
)
_TIMES: Final = (
    (_YEAR, _SAYS_YEAR), (_MONTH, _SAYS_MONTH), (_DAY, _SAYS_DAY), (_HOUR, _SAYS_HOUR),
)  # fmt: skip
_QUOTES: Final = '"“”'


def is_too_wide(question: Question, words: str) -> bool:
    """Whether words are of the kind that a question asks for, but not what it asks for.

    A town is no country, "China" or "Ohio" no company, last spring no year, July no day, the
    evening no hour.

    Args:
        question: The question.
        words: The answer's words.
    """
    text = question.text
    if question.kind is AnswerKind.PLACE and _COUNTRY.search(text):
        return not names_country(words) and text_words(words).isdisjoint(COMMON)
    if question.kind is AnswerKind.ORGANISATION and _BUSINESS.search(text):
        return is_country(words) or is_state(words)
    if question.kind is AnswerKind.DATE:
        return any(asked.search(text) and not said.search(words) for asked, said in _TIMES)
    return False


def names_asked_place(question: Question, words: str) -> bool:
    """Whether words name a state, or a county by that word, where a question asks for one.

    The town that stands beside it is none.
    """
    if question.kind is not AnswerKind.PLACE:
        return False
    if _STATE.search(question.text):
        return names_state(words)
    asked = _DISTRICT.search(question.text)
    return (
        asked is not None and re.search(rf"\w\s{_DISTRICTS[asked[1].lower()]}\b", words) is not None
    )


def names_asked_thing(question: Question, words: str) -> bool:
    """Whether words name a thing by the noun that a question asks for: "Kentucky Truck Plant".

    The town that it is in, right behind it, is no answer then.
    """
    asked = _THING.search(question.text)
    return asked is not None and (
        re.search(rf"[A-Z][\w’'-]*\s{asked[1].title()}\b|\b{asked[1].title()}\sof\s", words)
        is not None
    )


def is_title(question: Question, before: str, after: str) -> bool:
    """Whether words stand in quotes where people are asked for: the title of a work.

    Args:
        question: The question.
        before: What stands right before the words.
        after: What stands right after them.
    """
    quoted = before[-1:] in _QUOTES and (after[:1] in _QUOTES or after[1:2] in _QUOTES)
    people = question.kind is AnswerKind.PERSON and _PEOPLE.search(question.text) is not None
    return quoted and before != "" and people
