"""What a question asks for more narrowly than its kind: a country, a company, a year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.questions.answer_kind import AnswerKind
from api.answering.questions.common_words import COMMON
from api.answering.questions.places import is_country, names_country, names_state
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
_YEAR: Final = re.compile(r"\b(?:which|what)\s(?:calendar\s)?years?\b", re.IGNORECASE)
_MONTH: Final = re.compile(r"\b(?:which|what)\smonths?\b", re.IGNORECASE)
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
_SAYS_YEAR: Final = re.compile(r"\b(?:1\d|20)\d\d\b|\byear\b", re.IGNORECASE)
_SAYS_MONTH: Final = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|month)\b",
    re.IGNORECASE,
)
_QUOTES: Final = '"“”'


def is_too_wide(question: Question, words: str) -> bool:
    """Whether words are of the kind that a question asks for, but not what it asks for.

    A town is no country, last spring no year, "China" no company.

    Args:
        question: The question.
        words: The answer's words.
    """
    text = question.text
    if question.kind is AnswerKind.PLACE and _COUNTRY.search(text):
        return not names_country(words) and text_words(words).isdisjoint(COMMON)
    if question.kind is AnswerKind.ORGANISATION and _BUSINESS.search(text):
        return is_country(words)
    if question.kind is AnswerKind.DATE and _YEAR.search(text):
        return _SAYS_YEAR.search(words) is None
    if question.kind is AnswerKind.DATE and _MONTH.search(text):
        return _SAYS_MONTH.search(words) is None
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
