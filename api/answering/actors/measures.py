"""What a figure measures: operating profit is no net profit, and "Ann Lee, 43" no result."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_QUALIFIER: Final = r"(?:net|operating|gross|pre-?tax|underlying|adjusted|organic|core)"
_MEASURED: Final = re.compile(
    rf"\b(?P<qualifiers>(?:{_QUALIFIER}\s){{0,3}})"
    r"(?:(?P<profit>profits?|loss(?:es)?|earnings|income)|(?P<revenue>revenues?|sales|turnover)|"
    r"(?P<debt>debts?)|(?P<margin>margins?)|(?P<cash>cash\sflow))\b"
    r"(?!\s(?:warning|sharing|tax|team|staff|force))(?P<taxed>(?:\sbefore\s[a-z\s]{0,30}?tax)?)",
    re.IGNORECASE,
)
_OF: Final = re.compile(r"\A(?:\s(?:in|of))?(?:\s(?:a|its|the))?\s\Z")
_KINDS: Final = ("profit", "revenue", "debt", "margin", "cash")
_CLAUSE: Final = re.compile(r";\s|:\s|,\s(?:and|but|while|whereas|although)\s")
_PART: Final = (
    r"(?:quarter(?:ly)?|half(?:-year)?|months|weeks|q[1-4]|january|february|march|april|may|june|"
    r"july|august|september|october|november|december)"
)
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
_AGE_ASKED: Final = re.compile(
    r"\b(?:how\sold|what\sages?|what\s(?:is|was)\s(?:[^,?]*['’]s?|his|her|the)\sage)\b",
    re.IGNORECASE,
)
_AGE: Final = re.compile(r"\d{1,3}(?:\syears?\sold|-year-old)?\Z")
_NAME: Final = r"(?<![\w.,])[^\W\d_a-z][\w’'-]*"
# First words of what is no person: "New York (43)".
_NO_PERSON: Final = (
    "Across|And|At|But|For|From|In|Near|Of|On|The|To|Cape|Central|East|Eastern|El|Fort|Great|Greater|"
    "Hong|Las|Los|Lower|Mount|New|North|Northern|Old|Port|Puerto|Rio|San|Santa|Santo|South|Southern|"
    "St|Upper|West|Western"
)
_PLACED: Final = r"(?<!\bin\s)(?<!\bat\s)(?<!\bnear\s)(?<!\bacross\s)(?<!\baround\s)"
_BEHIND_PERSON: Final = re.compile(
    rf"(?<![\w,])(?!(?:{_NO_PERSON})\s){_PLACED}[^\W\d_a-z][\w’'.-]*"
    rf"\s(?:(?:al|bin|da|de|del|der|di|du|el|la|van|von)\s)*{_NAME}(?:,\s|\s\()\Z"
    r"|\b[Aa]ged\s\Z"
)
_BEHIND_NAME: Final = re.compile(rf"{_NAME},\s\Z")
_DID: Final = re.compile(r",\s(?:who|is|was|has|had|will|says|said|told|won|lost|[a-z]+ed)\b")
_AFTER_AGE: Final = re.compile(r"[,;)]|\.(?!\d)|\Z|-year-old\b|\s(?:and|who)\s")
_BOUND: Final = re.compile(
    r"\b(?:all|anybody|anyone|children|everybody|everyone|for|people|those)\s(?:aged\s)?"
    r"(?:under|over|above|below)\s\Z"
)


@dataclass(frozen=True, slots=True)
class AskedMeasure:
    """The measure that a question asks for, read once.

    Attributes:
        kind: What is measured; None where the question names no measure, or several.
        qualifiers: Words that narrow it, "net" or the like.
        of_year: Whether the question asks for a whole year's figure.
        of_age: Whether it asks how old something or somebody is.
    """

    kind: str | None
    qualifiers: frozenset[str]
    of_year: bool
    of_age: bool

    @classmethod
    def of(cls, question: str) -> AskedMeasure:
        """Read a question."""
        measures = list(_MEASURED.finditer(question))
        kinds = {_kind(match) for match in measures}
        return cls(
            kinds.pop() if len(kinds) == 1 else None,
            frozenset[str]().union(*map(_qualifiers, measures)),
            _YEAR_ASKED.search(question) is not None and _PART_ASKED.search(question) is None,
            _AGE_ASKED.search(question) is not None,
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
            return _BOUND.search(sentence[:start]) is not None
        return (
            is_age(sentence, start, end)
            or self._is_other_measure(sentence, start, end)
            or (self.of_year and says_part(sentence, end))
        )

    def _is_other_measure(self, sentence: str, start: int, end: int) -> bool:
        told = None if self.kind is None else _measure_of(sentence, start, end)
        if told is None:
            return False
        if _kind(told) != self.kind:
            return True
        given = _qualifiers(told)
        return bool(self.qualifiers and given) and self.qualifiers.isdisjoint(given)


def is_age(sentence: str, start: int, end: int) -> bool:
    """Whether a figure at ``[start, end)`` is told as a person's age: "Ann Lee, 43, said".

    Behind one word it may be a count, "Leeds (43), Hull (12)", unless the word then does something.
    """
    before = sentence[:start]
    if _AGE.match(sentence[start:end]) is None or _AFTER_AGE.match(sentence, end) is None:
        return False
    return _BEHIND_PERSON.search(before) is not None or (
        _BEHIND_NAME.search(before) is not None and _DID.match(sentence, end) is not None
    )


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


def _kind(match: re.Match[str]) -> str:
    return next(kind for kind in _KINDS if match[kind] is not None)


def _qualifiers(match: re.Match[str]) -> frozenset[str]:
    words = match["qualifiers"].lower().replace("-", "").split()
    return frozenset([*words, *(["pretax"] if match["taxed"] else [])])
