"""Figures and number words as exact numbers.

Separators are told apart by where they stand: "1,118", "1,00,000" and "1 118" are grouped, "11.18"
and "3,5 million" have decimals. What could be either ("1.118", "1,118") is read as English does,
or as German, French and others do where the text is in such a language.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from api.answering.values.tokens import DASHES

if TYPE_CHECKING:
    from api.answering.values.tokens import Cursor

_ONES: Final = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS: Final = {
    word: 10 * number
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_FRACTIONS: Final = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5,
    "fifths": 5, "sixth": 6, "sixths": 6, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10,
}  # fmt: skip
SCALES: Final = {
    "hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "quadrillion": 15,
    "mn": 6, "mln": 6, "mio": 6, "bn": 9, "bln": 9, "mrd": 9, "tn": 12, "trn": 12, "lakh": 5,
    "lakhs": 5, "lac": 5, "crore": 7, "crores": 7, "cr": 7, "millions": 6, "billions": 9,
    "millionen": 6, "milliarden": 9, "milliards": 9, "milliard": 9, "millones": 6, "milioni": 6,
    "miliardi": 9,
}  # fmt: skip
# Letters that are also units: they scale money and figures that they are attached to.
SCALE_LETTERS: Final = {"k": 3, "m": 6, "b": 9, "t": 12}
_DOZENS: Final = {"dozen": 12, "dozens": 12}
NUMBER_WORDS: Final = frozenset({*_ONES, *_TENS, *_FRACTIONS, *SCALES, *_DOZENS})
_SPACES: Final = re.compile(r"[ \u00a0\u2009\u202f'’]")
_CONTINENTAL: Final = frozenset(
    "der die das und mit für von ist wurde im den dem le la les des et dans pour est du au el los "
    "las del con por para il gli della che di het een van met och på för av mio mrd milliarden "
    "millionen milliards millones milioni miliardi".split()
)
_ENGLISH: Final = frozenset("the of and to was for on with has that by at from its it said".split())
_WORD: Final = re.compile(r"[^\W\d_]+")
_GROUPED_WITH_COMMA_DECIMALS: Final = re.compile(r"\d\.\d{3},\d|\d[\u00a0\u202f ]\d{3},\d")


_LONGEST_FIGURE: Final = 300  # characters; Python reads no number of more than 4,300


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is worded.

    Attributes:
        amount: Without its scale: 64 of "64 billion".
        scale: 10**9 of "64 billion"; None without one.
        letter: Whether a single letter was taken for the scale.
        figure: The digits with their separators; None of a number in words.
        fraction: Whether it is a fraction in words, which "of ..." goes with.
    """

    amount: Fraction
    scale: int | None = None
    letter: bool = False
    figure: str | None = None
    fraction: bool = False


def has_decimal_commas(text: str) -> bool:
    """Whether a text is of a language that writes 3,5 for three and a half."""
    if _GROUPED_WITH_COMMA_DECIMALS.search(text):
        return True
    words = _WORD.findall(text.lower())
    continental = sum(word in _CONTINENTAL for word in words)
    return continental > sum(word in _ENGLISH for word in words)


def figure_value(figure: str, *, decimal_comma: bool, measured: bool = False) -> Fraction | None:
    """The number that digits with separators say; None where that isn't clear.

    Args:
        figure: Digits and separators.
        decimal_comma: Whether the text writes decimals with a comma.
        measured: Whether a currency, scale or unit goes with it, so that "11,18" is no list.
    """
    plain = _SPACES.sub(" ", figure)
    separators = [mark for mark in plain if not mark.isdigit()]
    distinct = sorted(set(separators))
    if len(distinct) > 2 or len(plain) > _LONGEST_FIGURE:
        return None
    if not distinct:
        return None if len(plain) > 1 and int(plain[0]) == 0 else Fraction(int(plain))
    decimal = None
    if len(distinct) == 2:
        decimal = separators[-1]
        if separators.count(decimal) > 1 or decimal == " ":
            return None
    elif len(separators) == 1 and distinct != [" "]:
        mark = distinct[0]
        head, _, tail = plain.partition(mark)
        groups = len(tail) == 3 and 1 <= len(head) <= 3 and int(head[0]) != 0
        if not groups or (mark == ",") == decimal_comma:
            decimal = mark
        if decimal == "," and not (decimal_comma or measured or head == "0"):
            return None
    whole, _, decimals = plain.partition(decimal) if decimal else (plain, "", "")
    digits = _ungrouped(whole)
    if digits is None:
        return None
    places = len(decimals)
    return Fraction(int(digits + decimals), 10**places) if digits + decimals else None


def _ungrouped(whole: str) -> str | None:
    """The digits of a whole number in groups of three, or Indian ones; None in any others."""
    mark = next((letter for letter in whole if not letter.isdigit()), None)
    if mark is None:
        return whole
    first, *others = whole.split(mark)
    if not first or len(first) > 3 or len(others[-1]) != 3:
        return None
    middle = {len(group) for group in others[:-1]}
    indian = mark == "," and middle == {2} and len(first) <= 2
    if not middle <= {3} and not indian:
        return None
    return first + "".join(others)


def take_number(cursor: Cursor, *, decimal_comma: bool, money: bool = False) -> Number | None:
    """Take a number with its scale: "64 billion", "4.2m", "half a million", "fifty-eight".

    Args:
        cursor: Where to begin; moved on past the number.
        decimal_comma: Whether the text writes decimals with a comma.
        money: Whether a currency came before, so that "m" is million and never metres.
    """
    token = cursor.peek()
    if token is None:
        return None
    start = cursor.at
    number = _in_digits(cursor, decimal_comma, money) if token.kind == "figure" else None
    if number is None and token.kind != "figure":
        number = _in_words(cursor)
    if number is None:
        cursor.at = start
    return number


def _in_digits(cursor: Cursor, decimal_comma: bool, money: bool) -> Number | None:
    token = cursor.tokens[cursor.at]
    cursor.at += 1
    glyph = cursor.peek()
    extra = Fraction(0)
    if glyph is not None and cursor.attached() and unicodedata.category(glyph.text[0]) == "No":
        extra = _glyph(glyph.text)
        cursor.at += 1
    scale, letter = _take_scale(cursor, money)
    following = cursor.peek()
    measured = money or scale is not None or (following is not None and following.text in "%€$£")
    measured = measured or (following is not None and following.kind == "word")
    amount = figure_value(token.text, decimal_comma=decimal_comma, measured=measured)
    return None if amount is None else Number(amount + extra, scale, letter, token.text)


def _take_scale(cursor: Cursor, money: bool) -> tuple[int | None, bool]:
    """Take scale words, multiplied where there are several ("lakh crore"), or a letter."""
    power = 0
    start = cursor.at
    if (token := cursor.peek()) and token.text in DASHES and cursor.attached():
        cursor.at += 1  # "$2-million"
        if cursor.attached() and (word := cursor.word(SCALES)):
            return 10 ** SCALES[word], False
        cursor.at = start
    while power < 24 and (word := cursor.word(SCALES)):
        power += SCALES[word]
    if power:
        return 10**power, False
    token = cursor.peek()
    if token is None or token.lower not in SCALE_LETTERS or not (cursor.attached() or money):
        return None, False
    after = cursor.peek(1)
    if not money and (token.lower in "kt" or after is None or after.kind != "word"):
        return None, False
    cursor.at += 1
    return 10 ** SCALE_LETTERS[token.lower], True


def _glyph(text: str) -> Fraction:
    return Fraction(unicodedata.numeric(text[0])).limit_denominator(16)


def _in_words(cursor: Cursor) -> Number | None:
    glyph = cursor.peek()
    if glyph is not None and unicodedata.category(glyph.text[0]) == "No":
        cursor.at += 1
        return Number(_glyph(glyph.text), _take_scale(cursor, money=False)[0])
    if (fraction := _fraction(cursor)) is not None:
        start = cursor.at
        cursor.phrase("of")
        if cursor.word(("a", "an")) and (scale := _scale_or_dozen(cursor)):
            return Number(fraction * scale)
        cursor.at = start
        return Number(fraction, fraction=True)
    whole = _cardinal(cursor)
    if whole is None:
        return None
    half = Fraction(0)
    if cursor.phrase("and a half"):
        half = Fraction(1, 2)
    elif cursor.phrase("and a quarter"):
        half = Fraction(1, 4)
    if half and (scale := _scale_or_dozen(cursor)):
        return Number(whole + half, scale)
    return Number(whole + half)


def _fraction(cursor: Cursor) -> Fraction | None:
    """Take "half", "a third", "two thirds", "three-quarters"."""
    start = cursor.at
    if cursor.word(("half",)):
        return Fraction(1, 2)
    over = 1 if cursor.word(("a", "one")) else _small(cursor)
    if over is not None:
        _take_dash(cursor)
        if (part := cursor.word(_FRACTIONS)) and (over == 1) == (part[-1] != "s"):
            return Fraction(over, _FRACTIONS[part])
    cursor.at = start
    return None


def _scale_or_dozen(cursor: Cursor) -> int | None:
    if word := cursor.word(_DOZENS):
        return _DOZENS[word]
    return 10 ** SCALES[word] if (word := cursor.word(SCALES)) else None


def _cardinal(cursor: Cursor) -> Fraction | None:
    """Take a whole number in words: "twelve", "a million", "one hundred and three"."""
    start = cursor.at
    total, group = 0, _small(cursor)
    if group is None:
        if not cursor.word(("a", "an")) or (scale := _scale_or_dozen(cursor)) is None:
            cursor.at = start
            return None
        group = scale
    while True:
        at = cursor.at
        if scale := _scale_or_dozen(cursor):
            if scale == 100:
                group *= scale
            else:
                total, group = total + group * scale, 0
            continue
        joined = cursor.phrase("and")
        more = _small(cursor) if joined or total or group >= 100 else None
        if more is None or group % 100:
            cursor.at = at
            return Fraction(total + group)
        group += more


def _small(cursor: Cursor) -> int | None:
    """Take a number below a hundred in words."""
    if word := cursor.word(_ONES):
        return _ONES[word]
    if word := cursor.word(_TENS):
        at = cursor.at
        _take_dash(cursor)
        token = cursor.peek()
        ones = _ONES.get(token.lower, 0) if token is not None else 0
        if 1 <= ones <= 9:
            cursor.at += 1
            return _TENS[word] + ones
        cursor.at = at
        return _TENS[word]
    return None


def _take_dash(cursor: Cursor) -> None:
    token = cursor.peek()
    if token is not None and token.text in DASHES and not token.spaced:
        cursor.at += 1
