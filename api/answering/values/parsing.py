"""An answer's words -> the value that they say, or None where they are text.

Words hold a value where they say it and nothing else but how exact it is ("about"), how long or
of what ("over four years", "of revenue"), or the same in another currency or unit in brackets.
What can be read in two ways is text: a score ("14 to 3"), a move ("from 5% to 10%"), "a quarter".
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from api.answering.values.amounts import Style, joined, single, take_amount, take_noun
from api.answering.values.currencies import take_prefix
from api.answering.values.dates import parse_date
from api.answering.values.numbers import has_decimal_commas
from api.answering.values.tokens import DASHES, SIGNS, Cursor, tokenize
from api.answering.values.units import take_rate, unit_kind
from api.answering.values.value import Value

if TYPE_CHECKING:
    from datetime import date

    from api.answering.values.amounts import Amount

LONGEST: Final = 160  # characters of words that may hold a value
_AROUND: Final = 80  # characters of the sentence that matter before and after the words
_APPROXIMATE: Final = (
    "well over", "just over", "just under", "a little over", "a little under", "slightly more than",
    "slightly over", "slightly under", "slightly less than", "or more", "or so",
    "no more than", "no fewer than", "no less than", "not more than", "more than", "less than",
    "fewer than", "greater than", "higher than", "at least", "at most", "up to", "as much as",
    "as many as", "as little as", "as few as", "as high as", "as low as", "an estimated",
    "close to", "closer to", "upwards of", "north of", "in excess of", "about", "around", "roughly",
    "approximately", "approx", "some", "nearly", "almost", "over", "under", "above", "below",
    "estimated", "circa", "ca", "c", "~", "≈", "<", ">",
)  # fmt: skip
_NEUTRAL: Final = (
    "a total of", "a combined", "a record", "a further", "a whopping", "a mere", "an additional",
    "an extra", "a net", "a", "record", "exactly", "precisely", "just", "only", "another", "the",
    "total of", "all", "for", "by", "to", "of", "at", "in", "within", "ranging from", "further",
)  # fmt: skip
_LONE_LEADS: Final = frozenset({"a", "to", "of", "at", "in", "by", "for", "c", "the"})
_DIMENSIONS: Final = frozenset(
    "thick long wide high tall deep old away apart heavy altogether overall combined".split()
)
_PERIOD_WORDS: Final = frozenset("over in for during by within through until since from".split())
_PERIOD: Final = re.compile(
    r"(?:the\s+|this\s+|last\s+|next\s+|each\s+|every\s+|its\s+|a\s+|that\s+)?(?:whole\s+|full\s+|"
    r"current\s+|coming\s+|past\s+|first\s+|second\s+|third\s+|fourth\s+)*(?:year|quarter|month|week|"
    r"half|decade|season|period|day)s?",
    re.IGNORECASE,
)
_WHOLE_OF: Final = 6  # words that "of ..." may have
_MOVED: Final = re.compile(
    r"(?<!ranging )(?<!ranges )(?<!ranged )(?<!range )\bfrom\s$"
    r"|\b(?:by|up|down|rose|risen|rising|grew|grown|growing|climbed|jumped|gained|added|increased?|"
    r"surged|soared|fell|fallen|falling|dropped|declined?|decreased?|slipped|sank|shrank|lost|"
    r"tumbled|plunged)\s$",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"\bbetween\s$", re.IGNORECASE)
_CLOCK: Final = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d(?:\.\d+)?)")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_DETERMINER: Final = re.compile(r"(?:\b(?:its|the|their|his|her|our|a|this|that)|['’]s)\s$", re.I)
_STERLING: Final = re.compile(r"£|\bsterling\b|\bpence\b")
_OUTER: Final = " \t\n\r\"'“”‘’«»()[]*`_,;:!?"


def parse_value(
    words: str,
    sentence: str = "",
    at: int | None = None,
    published_at: date | None = None,
) -> Value | None:
    """Parse the words of an answer; None where they hold no value, or none that is clear.

    Args:
        words: The answer.
        sentence: The text around it, which tells what "1,118" counts, which cents "20 cents" are
            and whether "5 and 6" are the ends of a range.
        at: Where the words begin in the sentence; None where they first occur.
        published_at: The article's date, for days and months without a year.
    """
    text = _trimmed(words)
    if not text or len(text) > LONGEST:
        return None
    before, after = _surroundings(words, text, sentence, at)
    period = parse_date(text, published_at)
    if period is not None and not (_YEAR.fullmatch(text) and _counted(before, text, after)):
        return period
    clock = _CLOCK.fullmatch(text)
    if clock is not None:
        hours, minutes, seconds = clock.groups()
        length = Fraction(seconds) + 60 * int(minutes) + 3600 * int(hours)
        return Value("duration", length, length, "seconds")
    return _Phrase(text, sentence, before, after).value()


class _Phrase:
    """The words of an answer, parsed as amounts with what may go with them."""

    def __init__(self, text: str, sentence: str, before: str, after: str) -> None:
        self._before = before
        self._text = text
        around = sentence if len(sentence) > len(text) else text
        signed = re.search(rf"(?:^|[\s(])[{SIGNS}]$", before) is not None
        self._style = Style(
            decimal_comma=has_decimal_commas(around),
            euros="€" in around and "$" not in around,
            sterling=_STERLING.search(around) is not None,
            minus=signed,
            currency=_currency_before(before),
        )
        self._cursor = Cursor(tokenize(text + after))
        self._length = len(tokenize(text))
        self._approximate = False
        self._between = _BETWEEN.search(before) is not None

    def value(self) -> Value | None:
        """The value, if the words say one and no more."""
        self._take_leads()
        value = self._range()
        if value is None:
            return None
        value = self._with_equivalent(value)
        if value is None or not self._take_tails(value):
            return None
        return replace(value, approximate=self._approximate)

    @property
    def _done(self) -> bool:
        return self._cursor.at >= self._length

    def _take_leads(self) -> None:
        cursor = self._cursor
        while not self._done:
            start = cursor.at
            if cursor.phrase("between"):
                self._between = True
                continue
            if any(cursor.phrase(phrase) for phrase in _APPROXIMATE):
                self._approximate = True
                cursor.phrase(".")
                continue
            lead = next((phrase for phrase in _NEUTRAL if cursor.phrase(phrase)), None)
            if lead is None or self._begins_amount(start, lead):
                cursor.at = start
                return

    def _begins_amount(self, start: int, lead: str) -> bool:
        """Whether a lead is rather the article of "a million", "a year", "a third"."""
        if lead not in ("a", "an"):
            return False
        ahead = Cursor(self._cursor.tokens, start)
        return take_amount(ahead, self._style) is not None

    def _range(self) -> Value | None:
        cursor = self._cursor
        low = take_amount(cursor, self._style)
        if low is None or low.number.fraction and not self._is_fraction():
            return None
        if self._style.minus:
            low = replace(low, negative=True)
        if low.unit is not None and unit_kind(low.unit) == "duration":
            longer = self._longer(low)
            if longer is not None:
                return longer
        start = cursor.at
        joint = self._take_joint(low)
        if joint is None:
            return self._single(low)
        high = take_amount(cursor, self._style)
        if high is None or high.number.fraction != low.number.fraction:
            cursor.at = start
            return self._single(low) if cursor.at >= self._length else None
        if high.unit is None and high.currency is None:
            high = self._counting(high)
        if joint == "to" and _MOVED.search(self._before) is not None:
            return None
        if not high.measured and not (joint == "and" or high.unit):
            return None  # a score
        return joined(low, high)

    def _take_joint(self, low: Amount) -> str | None:
        """Take what may stand between the ends of a range."""
        cursor = self._cursor
        if self._done:
            return None
        if self._between:
            return "and" if cursor.phrase("and") else None
        if cursor.phrase("to"):
            return "to"
        token, following = cursor.peek(), cursor.peek(1)
        if token is not None and token.text in DASHES and following is not None:
            close = not token.spaced and not following.spaced
            if following.kind in ("figure", "mark") and (close or low.measured):
                cursor.at += 1
                return "to"
        return None

    def _single(self, amount: Amount) -> Value | None:
        if amount.number.letter and amount.currency is None and amount.unit is None:
            amount = self._counting(amount)
            return None if amount.unit is None else single(amount)
        if amount.currency is None and amount.unit is None and not amount.number.fraction:
            amount = self._counting(amount)
        return single(amount)

    def _counting(self, amount: Amount) -> Amount:
        """The amount with what it counts, from the words or from what follows them."""
        start = self._cursor.at
        self._cursor.phrase("of the")
        noun = take_noun(self._cursor, amount.number)
        if noun is None:
            self._cursor.at = start
            return amount
        rate = take_rate(self._cursor)
        return replace(amount, unit=noun, rate=rate, end=self._cursor.at)

    def _longer(self, first: Amount) -> Value | None:
        """ "two hours and five minutes", "a year and a half"."""
        cursor = self._cursor
        start = cursor.at
        whole = single(first)
        if cursor.phrase("and a half"):
            half = Fraction(1, 2)
            longer = replace(whole, low=first.size() + half, high=first.size() + half)
            return longer
        cursor.phrase("and")
        more = take_amount(cursor, self._style)
        if more is not None and more.unit is not None and unit_kind(more.unit) == "duration":
            rest = single(more)
            kind, base, low, high = whole.key
            if rest.key[1] == base and rest.key[2] < low:  # type: ignore[operator]
                total = low + rest.key[2]  # type: ignore[operator]
                return Value("duration", total, total, str(base))
        cursor.at = start
        return None

    def _is_fraction(self) -> bool:
        """Whether "a quarter" is of something; alone it may be of a year."""
        cursor = self._cursor
        following = cursor.peek()
        if following is not None:
            return following.lower == "of" or following.kind == "mark"
        return "quarter" not in self._text.lower() or self._text.lower().endswith("quarters")

    def _with_equivalent(self, value: Value) -> Value | None:
        """The value with its conversion, of "380 billion yuan ($53 billion)"."""
        cursor = self._cursor
        start = cursor.at
        closing = cursor.phrase("(")
        if not closing and not (cursor.phrase(", or") or cursor.phrase("or")):
            return value
        for phrase in _APPROXIMATE:
            if cursor.phrase(phrase):
                break
        amount = take_amount(cursor, self._style)
        other = None if amount is None else single(amount)
        if amount is not None and self._take_joint(amount) == "to":
            high = take_amount(cursor, self._style)
            other = None if high is None else joined(amount, high)
        if closing and not cursor.phrase(")") and not cursor.done:
            other = None
        if other is None or other.unit is None or other.unit == value.unit:
            cursor.at = start
            return None if start < self._length else value
        return replace(value, equivalent=other)

    def _take_tails(self, value: Value) -> bool:
        """Take what may follow a value; False where something else does."""
        cursor = self._cursor
        if not self._done and cursor.word(_DIMENSIONS) and value.unit is None:
            return False
        if not self._done and any(cursor.phrase(tail) for tail in ("or so", "or more", "plus", "+")):
            self._approximate = True
        if self._done:
            return True
        tokens = cursor.tokens[cursor.at : self._length]
        first, rest = tokens[0], tokens[1:]
        if first.lower == "of":
            words = all(token.kind == "word" or token.text in DASHES for token in rest)
            return words and 0 < len(rest) <= _WHOLE_OF
        if first.lower in ("this", "last", "next", "each", "a"):
            return _PERIOD.fullmatch(self._text[first.start :]) is not None
        if first.lower in _PERIOD_WORDS and rest:
            return _is_period(self._text[rest[0].start :])
        return False


def _is_period(text: str) -> bool:
    if _PERIOD.fullmatch(text) or parse_date(text) is not None:
        return True
    cursor = Cursor(tokenize(text))
    cursor.phrase("the next")
    amount = take_amount(cursor, Style())
    if amount is None or amount.unit is None or not cursor.done:
        return False
    return unit_kind(amount.unit) == "duration"


def _trimmed(words: str) -> str:
    """Without quotes, brackets and punctuation around; a bracket whose half is inside stays."""
    text = words.strip(_OUTER)
    if text.endswith(".") and not re.search(r"\b(?:a|p)\.m\.$", text):
        text = text[:-1]
    return f"{text})" if text.count("(") > text.count(")") else text


def _surroundings(words: str, text: str, sentence: str, at: int | None) -> tuple[str, str]:
    """What stands right before and right after the words in their sentence."""
    start = sentence.find(words) if at is None else at
    if not sentence or start < 0 or sentence[start : start + len(words)] != words:
        return "", ""
    start += max(words.find(text), 0)
    end = start + len(text)
    return sentence[max(0, start - _AROUND) : start], sentence[end : end + _AROUND]


def _counted(before: str, text: str, after: str) -> bool:
    """Whether figures that look like a year are said of something counted."""
    if _DETERMINER.search(before):
        return False
    cursor = Cursor(tokenize(text + after))
    amount = take_amount(cursor, Style())
    if amount is None:
        return False
    return amount.measured or take_noun(cursor, amount.number) is not None


def _currency_before(before: str) -> str | None:
    """The currency of a symbol that the words leave out."""
    tail = before[-4:]
    if not tail or tail[-1] not in "$€£¥₹":
        return None
    cursor = Cursor(tokenize(tail))
    while not cursor.done:
        code = take_prefix(cursor)
        if code is not None and cursor.done:
            return code
        cursor.at += 1
    return None
