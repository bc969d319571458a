"""Measures: what a figure is of. Operating profit is no net profit, nor a stake its firm."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from api.answering.actors.ages import asks_age, is_age, is_age_limit
from api.answering.periods import MONTH_NAMES
from api.answering.words import text_words
from index.formats.tables import row_values

_QUALIFIER: Final = (
    r"(?:net|operating|gross|pre-?tax|underlying|adjusted|organic|core|final|interim|special)"
)
_MEASURED: Final = re.compile(
    rf"\b(?P<qualifiers>(?:{_QUALIFIER}\s){{0,3}})"
    r"(?:(?P<profit>profits?|loss(?:es)?|earnings|income)|(?P<revenue>revenues?|sales|turnover)|"
    r"(?P<debt>debts?)|(?P<margin>margins?)|(?P<cash>cash\sflow)|(?P<dividend>dividends?))\b"
    r"(?!\s(?:warning|sharing|tax|team|staff|force))(?P<taxed>(?:\sbefore\s[a-z\s]{0,30}?tax)?)",
    re.IGNORECASE,
)
_OF: Final = re.compile(r"\A(?:\s(?:in|of))?(?:\s(?:a|its|the))?\s\Z")
_KINDS: Final = ("profit", "revenue", "debt", "margin", "cash", "dividend")
_CLAUSE: Final = re.compile(r";\s|:\s|,\s(?:and|but|while|whereas|although)\s")
# What is worth a figure beside what is asked for: a part of it, or what it buys and sells.
_WORTH_ASKED: Final = re.compile(r"\b(?:worth|valued?|valuation)\b", re.IGNORECASE)
_THING: Final = (
    r"(?P<thing>stake|share|holding|contract|deal|order|bond|loan|grant|asset|stock|option|purchase|"
    r"product)s?\b"
)
_NAMED_THING: Final = re.compile(rf"\b{_THING}", re.IGNORECASE)
_THING_WORTH: Final = re.compile(
    rf"\b{_THING}(?:\s(?:in|of|with)\s[\w’'.-]+)?,?\s(?:now\s)?(?:worth|valued\sat)\s(?:\w+\s){{0,2}}\Z",
    re.IGNORECASE,
)
_SUM_ASKED: Final = re.compile(
    r"\bhow\smuch\s(?:(?:[\w’'-]+\s){0,2}?(?:cash|debt|money|profit|revenue|value)\b|"
    r"(?:do|does|did|has|have|had|will|would)\s(?:[\w’'-]+\s){1,6}?"
    r"(?:borrow|cost|earn|invest|make|owe|paid|pay|spend|spent)\b)",
    re.IGNORECASE,
)
# "Acme made €83 million" tells a profit, "made €83 million from tickets" none.
_EARNED: Final = re.compile(
    r"\b(?:earned|lost|made)\s(?:(?:about|almost|nearly|over|roughly|some|around|just|under|more|less|"
    r"than)\s){0,2}[^\w\s]?\Z",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"\A\s(?:from|of|by|in|on|out\sof)\b", re.IGNORECASE)
_SHARE: Final = re.compile(r"\d\s?(?:%|per\s?cent\b|percent\b)")
_REACH: Final = 120  # characters before a figure that such words may take
_PART: Final = rf"(?:quarter(?:ly)?|half(?:-year)?|months|weeks|q[1-4]|{MONTH_NAMES})"
_YEAR_ASKED: Final = re.compile(
    r"\b(?:in|for|during|over)\s(?:(?:the\s)?(?:whole|full)\s(?:of\s|year\s)?)?(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_PART_ASKED: Final = re.compile(rf"\b{_PART}\b", re.IGNORECASE)
_PART_AFTER: Final = re.compile(
    rf"\A[^,;:.]{{0,30}}?\s(?:(?:in|during|over|for)\s(?:the|its)\s"
    rf"(?:first|second|third|fourth|last)\s(?:\w+\s)?{_PART}|"
    r"(?:in|during|over|for)\s(?:the|this|last|that)\s(?:\w+\s)?quarter|quarterly|"
    r"(?:half-year|(?:six|nine)-month)|q[1-4])\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class AskedMeasure:
    """The measure that a question asks for, read once.

    Attributes:
        kind: What is measured; None where the question names no measure, or several.
        qualifiers: Words that narrow it, "net" or the like.
        of_year: Whether the question asks for a whole year's figure.
        of_age: Whether it asks how old something or somebody is.
        of_sum: Whether it asks for a sum of money, of which a share is none: "how much value".
        worth_of: The things whose worth it asks for, "stake" or the like; None where it asks for no
            worth.
    """

    kind: str | None
    qualifiers: frozenset[str]
    of_year: bool
    of_age: bool
    of_sum: bool
    worth_of: frozenset[str] | None

    @classmethod
    def of(cls, question: str) -> AskedMeasure:
        """Read a question."""
        measures = list(_MEASURED.finditer(question))
        kinds = {_kind(match) for match in measures}
        return cls(
            kinds.pop() if len(kinds) == 1 else None,
            frozenset[str]().union(*map(_qualifiers, measures)),
            _YEAR_ASKED.search(question) is not None and _PART_ASKED.search(question) is None,
            asks_age(question),
            _SUM_ASKED.search(question) is not None,
            frozenset(match["thing"].lower() for match in _NAMED_THING.finditer(question))
            if _WORTH_ASKED.search(question)
            else None,
        )

    def is_another(self, sentence: str, start: int, end: int) -> bool:
        """Whether a figure is told to measure something else, or only a part of the asked year.

        What measures it is the measure right after it ("$4 billion of net profit"), or the last
        one before it in its clause. A person's age ("Ann Lee, 43, said") measures nothing else, nor
        is a limit of ages ("for those under 21") anybody's age.

        Args:
            sentence: The sentence.
            start: Where the figure begins in it.
            end: Where it ends.
        """
        if self.of_age:
            return is_age_limit(sentence, start)
        return (
            is_age(sentence, start, end)
            or self._is_other_measure(sentence, start, end)
            or self._is_worth_of_other(sentence, start)
            or (self.of_sum and _SHARE.search(sentence, start, end) is not None)
            or (self.of_year and says_part(sentence, end))
        )

    def is_of_other_row(self, row: str, start: int, headings: str, asked: frozenset[str]) -> bool:
        """Whether a figure is in a table's row of something else: "Measure: Staff; 2024: 64".

        What it measures stands in the row's first cell, in the heading of its own, or above.

        Args:
            row: The row, or any sentence.
            start: Where the figure begins in it.
            headings: What stands above it.
            asked: The words of the question: a first cell with one of them is of what is asked for.
        """
        if self.kind is None or _MEASURED.search(headings):
            return False
        cells = row_values(row)
        if not cells:
            return False
        first, _, last = cells[0]
        label = row[first:last]
        labelled = [match for match in _MEASURED.finditer(label) if _kind(match) == self.kind]
        if labelled:
            return all(self._is_narrower(match) for match in labelled)
        if not asked.isdisjoint(text_words(label)):
            return False
        told = [label, *(row[begin:value] for begin, value, end in cells if begin <= start < end)]
        return not any(
            _kind(match) == self.kind for text in told for match in _MEASURED.finditer(text)
        )

    def _is_worth_of_other(self, sentence: str, start: int) -> bool:
        """Whether a figure is what another thing is worth: "a stake worth $135 billion"."""
        if self.worth_of is None:
            return False
        told = _THING_WORTH.search(sentence[max(0, start - _REACH) : start])
        return told is not None and told["thing"].lower() not in self.worth_of

    def _is_other_measure(self, sentence: str, start: int, end: int) -> bool:
        told = None if self.kind is None else _measure_of(sentence, start, end)
        if told is None:
            return self.kind not in {None, "profit"} and _tells_profit(sentence, start, end)
        if _kind(told) != self.kind:
            return True
        return self._is_narrower(told)

    def _is_narrower(self, told: re.Match[str]) -> bool:
        """Whether a measure is narrowed by other words than the asked one: interim, not final."""
        given = _qualifiers(told)
        return bool(self.qualifiers and given) and self.qualifiers.isdisjoint(given)


def says_part(sentence: str, end: int) -> bool:
    """Whether a figure that ends at ``end`` is said to be of a few months or a quarter."""
    return _PART_AFTER.match(sentence[end:]) is not None


def _measure_of(sentence: str, start: int, end: int) -> re.Match[str] | None:
    measures = list(_MEASURED.finditer(sentence))
    for match in measures:
        if match.start() >= end and _OF.match(sentence[end : match.start()]):
            return match
    low = max([0, *(cut.end() for cut in _CLAUSE.finditer(sentence, 0, start))])
    before = [match for match in measures if low <= match.start() and match.end() <= start]
    return before[-1] if before else None


def _tells_profit(sentence: str, start: int, end: int) -> bool:
    """Whether a figure is what was earned or lost on the whole: "Acme made €83 million"."""
    return (
        _SHARE.search(sentence, start, end) is None
        and _EARNED.search(sentence[max(0, start - _REACH) : start]) is not None
        and _FROM.match(sentence[end:]) is None
    )


def _kind(match: re.Match[str]) -> str:
    return next(kind for kind in _KINDS if match[kind] is not None)


def _qualifiers(match: re.Match[str]) -> frozenset[str]:
    words = match["qualifiers"].lower().replace("-", "").split()
    return frozenset([*words, *(["pretax"] if match["taxed"] else [])])
