"""The kind of answer that a question asks for, and whether some words can be one."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from api.answering.periods import MONTH_NAMES, SHORT_MONTHS
from api.answering.questions.asked_nouns import (
    FIGURES,
    MONEY,
    ORGANISATIONS,
    PEOPLE,
    PLACES,
)
from api.answering.values.tokens import CURRENCY_SYMBOLS
from api.answering.words import ASKING, AUXILIARY


class AnswerKind(StrEnum):
    """What a question asks for, as far as its own words say."""

    PERCENT = "percent"
    DURATION = "duration"
    NUMBER = "number"
    AMOUNT = "amount"
    FIGURE = "figure"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    REASON = "reason"
    OTHER = "other"


# "Which Swedish company", "what other US state"
_DESCRIBED: Final = (
    r"(?:(?!(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|of|the|an?|its|his|"
    r"her|their)\b)[\w’'-]+\s){0,2}?"
)
# Of "which city council" the council is asked for.
_NO_COUNCIL: Final = rf"(?!\s(?:{ORGANISATIONS})\b)"
# The noun is what is asked for, not a part of a name of something else: "what price cap".
_HEAD: Final = (
    rf"(?=\s(?:{AUXILIARY}|after|at|before|between|by|during|for|from|in|of|on|per|to|when)\b|"
    r"\W*\Z)"
)
_OF_WHAT: Final = (
    r"\bwhat(?:\s(?:is|was|are|were)|['’]s)\s(?:the|its|his|her|their|[\w.-]+['’]s?)\s"
    r"(?:[\w-]+\s){0,3}?"
)
_ITS_PRICE: Final = (
    r"[^?]{1,120}? (?:cost|fetch|pay|(?:go|gone|sell|sold) for|"
    r"(?:paid|pay) for (?:it|them|(?:this|that|the) [\w’'-]+))"
    r"(?=\W*\Z|\s(?:at|from|in|last|next|now|on|this|today|when|with)\b)"
)
_TIMES: Final = "date|day|hour|month|season|time|week|weekday|year"
_NAME_IT: Final = r"\A\W*name (?:the|its|an?|[\w.-]+['’]s?)"
_SEVERAL: Final = (
    rf"\b((which|what) (other )?two|which (one )?of (the|these|those|its|their)) {_DESCRIBED}"
)
# The first word that asks tells: "Who was in charge when it broke out?" asks for no time, and "What
# did the man who left take?" for nobody.
_FIRST: Final = rf"\A(?:(?!\b(?:{ASKING})\b)[^?])*\b"
# "When it broke out, who was in charge?"
_CLAUSE_BEFORE: Final = re.compile(
    rf"\A(?:when|while|after|before|as|if|since|although)\b[^?]*?,\s(?=(?:[\w’'-]+\s){{0,2}}?(?:{ASKING})\b)"
)
_SENTENCE: Final = re.compile(rf"(?<=[.!?…])\s+(?=(?:[\w’'-]+\s){{0,3}}?(?:{ASKING})\b)")

# The first pattern that a question has decides.
_ASKED: Final = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (
            AnswerKind.PERCENT,
            r"\b(what|which) (percentage|per ?cent|proportion|fraction|portion)\b",
        ),
        # "What share price" asks for money.
        (AnswerKind.PERCENT, rf"\b(what|which) share(?=\s(of|{AUXILIARY})\b)"),
        (
            AnswerKind.PERCENT,
            r"\b(how (many|much)|by what) per ?cent|\bhow effective\b",
        ),
        (
            AnswerKind.DURATION,
            r"\bhow (long|old)\b|\bhow many (second|minute|hour|day|week|month|year)s\b",
        ),
        (AnswerKind.DURATION, rf"\bwhat (age|length of time)\b|{_OF_WHAT}age{_HEAD}"),
        (AnswerKind.NUMBER, r"\bhow (many|far|tall|high|heavy|fast|deep|wide)\b"),
        (AnswerKind.NUMBER, rf"\bwhat (number|distance)\b|{_OF_WHAT}(number|distance){_HEAD}"),
        (AnswerKind.AMOUNT, rf"\bhow much\b|\bwhat amount\b|{_OF_WHAT}amount{_HEAD}"),
        (AnswerKind.AMOUNT, rf"(\bwhat {_DESCRIBED}|{_OF_WHAT})({MONEY}){_HEAD}"),
        # "What did it sell for?", but "What did the town sell for a park?" asks for a thing.
        (AnswerKind.AMOUNT, rf"{_FIRST}what {AUXILIARY} {_ITS_PRICE}"),
        (
            AnswerKind.FIGURE,
            rf"\bhow (big|large)\b|(\bwhat {_DESCRIBED}|{_OF_WHAT})({FIGURES}){_HEAD}",
        ),
        (AnswerKind.DATE, rf"{_FIRST}when\b|\bhow soon\b|\b(what|which) ({_TIMES})\b"),
        (
            AnswerKind.PERSON,
            rf"{_FIRST}who(m|se)?\b|\b(which|what) {_DESCRIBED}({PEOPLE})\b{_NO_COUNCIL}",
        ),
        (
            AnswerKind.PERSON,
            rf"\bwhat( (is|was|are|were)|['’]s) the names? of [^?]{{0,80}}\b({PEOPLE}|who)\b",
        ),
        (
            AnswerKind.PERSON,
            rf"\bwhat( (is|was)|['’]s) [^?]{{0,80}}\b({PEOPLE})['’]s? (full )?name\b",
        ),
        (AnswerKind.PERSON, rf"{_NAME_IT} {_DESCRIBED}({PEOPLE})\b{_NO_COUNCIL}"),
        (AnswerKind.PLACE, rf"{_NAME_IT} {_DESCRIBED}({PLACES})\b{_NO_COUNCIL}"),
        (AnswerKind.ORGANISATION, rf"{_NAME_IT} {_DESCRIBED}({ORGANISATIONS})\b"),
        (AnswerKind.PERSON, r"\bwhich of [^?]{0,40}\bwho\b"),
        (
            AnswerKind.PLACE,
            rf"{_FIRST}where\b|\b(which|what) {_DESCRIBED}({PLACES})\b{_NO_COUNCIL}",
        ),
        (AnswerKind.ORGANISATION, rf"\b(which|what) {_DESCRIBED}({ORGANISATIONS})\b"),
        (AnswerKind.PERSON, rf"{_SEVERAL}(people|men|women|players|actors|candidates|leaders)\b"),
        (AnswerKind.PLACE, rf"{_SEVERAL}(countries|cities|towns|states|counties|places|nations)\b"),
        (
            AnswerKind.ORGANISATION,
            rf"{_SEVERAL}(companies|firms|banks|clubs|teams|airlines|parties)\b",
        ),
        (
            AnswerKind.REASON,
            rf"\bwhy\b|\bhow come\b|\b(what|which) (reason|cause)|{_OF_WHAT}reasons?{_HEAD}",
        ),
    )
)

_NUMBER_WORDS: Final = (
    "zero|no|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    "fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    "ninety|hundred|thousand|million|billion|trillion|dozen|half|a third|third of|"
    "quarter|once|twice"
)
_FIGURE: Final = re.compile(rf"\d|\b({_NUMBER_WORDS})s?\b")
_PERCENT: Final = re.compile(
    r"%|\bper ?cent|\bpercentage|\bbasis point|\bhalf\b|\bquarter|\bthirds\b|"
    r"\b(a|one)[ -]third\b|\bthird of\b"
)
_MONEY: Final = re.compile(
    rf"[{CURRENCY_SYMBOLS}]|"
    r"\b(dollar|euro|pound|yen|yuan|rupee|crore|lakh|franc|krona|kronor|krone|kroner|crown|"
    r"rand|naira|shilling|peso|real|won|(?<!per\s)cent|pence|million|billion|trillion)s?\b|\drs\b|\brs\b|"
    r"\b(usd|eur|gbp|inr|cny|rmb|jpy|chf)\b|\d(m|bn|tn|k)\b"
)
_SYMBOL: Final = re.compile(f"[{CURRENCY_SYMBOLS}]")
_SPELL: Final = re.compile(
    r"\b(second|minute|hour|day|night|week|fortnight|month|year|decade|century|season|term)s?\b|"
    r"\b(centuries|life|lifetime)\b"
)
_MOMENT: Final = re.compile(
    rf"\b({MONTH_NAMES}|{SHORT_MONTHS}|(mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"spring|summer|autumn|winter|today|tomorrow|yesterday|weekend|week|month|year|quarter|"
    r"morning|evening|night|noon|midnight|century|q[1-4])s?\b|\b(1[5-9]|20)\d\d\b|"
    r"\d\s?(am|pm|a\.m|p\.m)\b|\d:\d\d"
)
_NAME_START: Final = re.compile(r"\b[^\W\d_a-z]|\b\d+[a-z]{3}")  # "Acme", "89bio"; no "10bn"
NAMED: Final = frozenset({AnswerKind.PERSON, AnswerKind.PLACE, AnswerKind.ORGANISATION})
"""The kinds whose answers are names."""

# People, places, days and reasons are told in words without a capital or a figure, too.
_STRICT: Final = frozenset(
    {
        AnswerKind.PERCENT,
        AnswerKind.DURATION,
        AnswerKind.NUMBER,
        AnswerKind.AMOUNT,
        AnswerKind.FIGURE,
        AnswerKind.ORGANISATION,
    }
)
_FITS: Final = 1.0
_NEAR: Final = 0.0
_MISFITS: Final = -1.0


def wanted_kind(question: str) -> AnswerKind:
    """The kind of answer that a question's words ask for; OTHER where they do not say."""
    # "A gadget was pulled from its shops after ten days. Which company made it?"
    asking = _CLAUSE_BEFORE.sub("", _SENTENCE.split(question.lower())[-1])
    return next((kind for kind, pattern in _ASKED if pattern.search(asking)), AnswerKind.OTHER)


def kind_fit(kind: AnswerKind, answer: str) -> float:
    """How well words fit the kind asked for: 1 they do, 0 they may or it is OTHER, -1 they do not.

    It is evidence, not proof: "last spring" is a date without a figure, and a pair of twins has a
    name without a capital in some papers.
    """
    if kind is AnswerKind.OTHER:
        return _NEAR
    if kind in NAMED:
        if _NAME_START.search(answer) is None and not any(mark.isupper() for mark in answer):
            return _MISFITS
        return _NEAR if any(mark.isdigit() for mark in answer) else _FITS
    if kind is AnswerKind.REASON:
        return _FITS if len(answer.split()) > 2 else _MISFITS
    return _figure_fit(kind, answer.lower())


def _figure_fit(kind: AnswerKind, lowered: str) -> float:
    if kind is AnswerKind.DATE:
        return _FITS if _MOMENT.search(lowered) else _MISFITS
    if kind is AnswerKind.DURATION and _SPELL.search(lowered):
        return _FITS
    if _FIGURE.search(lowered) is None:
        return _MISFITS
    percent, money = _PERCENT.search(lowered), _MONEY.search(lowered)
    if kind is AnswerKind.PERCENT and percent is None and _SYMBOL.search(lowered):
        return _MISFITS
    fits = {
        AnswerKind.FIGURE: True,
        AnswerKind.PERCENT: percent is not None,
        AnswerKind.AMOUNT: money is not None,
        AnswerKind.DURATION: lowered.isdigit(),
        AnswerKind.NUMBER: percent is None and _SYMBOL.search(lowered) is None,
    }
    return _FITS if fits[kind] else _NEAR


def cannot_answer(kind: AnswerKind, answer: str) -> bool:
    """Whether words are no answer of the kind asked for, whatever a reader scores them.

    "Dozens" tells how many and "bad weather" why, but no word without a figure tells how much, and
    none without a capital which company.
    """
    return kind in _STRICT and kind_fit(kind, answer) == _MISFITS


def repeats_question(question_words: frozenset[str], answer_words: frozenset[str]) -> float:
    """The share of an answer's words that the question has already; 1 for an answer without any.

    Args:
        question_words: Every word of the question, in lower case.
        answer_words: The answer's words without stop words, in lower case.
    """
    if not answer_words:
        return 1.0
    return len(question_words & answer_words) / len(answer_words)
