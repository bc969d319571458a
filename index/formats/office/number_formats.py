"""Numbers and days of a spreadsheet, as its number formats show them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final, NamedTuple

_LITERAL: Final = re.compile(
    r"\"(?P<quoted>[^\"]*)\"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*."
)
_DIGITS: Final = re.compile(r"[#0?][#0?,]*(?P<fraction>\.[#0?]*)?(?P<scale>,*)")
_CODE: Final = "\ue000"  # stands for a digit place inside a literal
_MOST_DECIMALS: Final = 12
_LARGEST: Final = Decimal(10) ** 15  # beyond it no digit is sure


def shown_value(value: object, number_format: str) -> str:
    """A cell's value as words: ``20%``, ``1,210``, ``€5.00``, ``2025-03-04``.

    A format that is not understood shows the number in full.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.datetime):
        at_midnight = value.time() == dt.time()
        return value.date().isoformat() if at_midnight else value.isoformat(" ", "minutes")
    if isinstance(value, dt.time):
        return value.isoformat("seconds" if "s" in number_format.lower() else "minutes")
    if isinstance(value, (int, float)):
        return _shown_number(value, number_format)
    return str(value)


class _Pattern(NamedTuple):
    """One section of a number format, in which ``_CODE`` stands for each of its literals."""

    before: str
    after: str
    fraction: str
    grouped: bool
    power: int  # of ten, by which a number is multiplied
    literals: tuple[str, ...]


@lru_cache(maxsize=256)
def _pattern(section: str) -> _Pattern | None:
    """Read a section of a number format; None where it is not understood."""
    literals: list[str] = []
    pattern = _LITERAL.sub(lambda match: _kept(match, literals), section)
    digits = _DIGITS.search(pattern)
    if digits is None:
        return None
    before, after = pattern[: digits.start()], pattern[digits.end() :]
    fraction = digits["fraction"] or ""
    is_odd = re.search(r"[#0?/@]|[eE][+-]|[a-zA-Z]", before + after) is not None
    if is_odd or len(fraction) - 1 > _MOST_DECIMALS:
        return None
    whole = digits[0].removesuffix(digits["scale"]).partition(".")[0]
    # A comma behind the digits stands for three that are not shown.
    thousands = len(whole) - len(whole.rstrip(",")) + len(digits["scale"])
    power = (2 if "%" in before + after else 0) - 3 * thousands
    return _Pattern(before, after, fraction, "," in whole.rstrip(","), power, tuple(literals))


def _shown_number(value: float, number_format: str) -> str:
    number = Decimal(repr(value))
    if not number.is_finite():
        return str(value)
    section, *others = number_format.split(";")
    is_negative = number < 0
    if is_negative and others:
        section, is_negative = others[0], False
    pattern = _pattern(section)
    if pattern is None:
        return _plain(number)
    if pattern.power:
        number = number.scaleb(pattern.power)
    if abs(number) >= _LARGEST:
        return _plain(number)
    shown = _rounded(abs(number), pattern.fraction, grouped=pattern.grouped)
    words = f"{pattern.before}{shown}{pattern.after}"
    if pattern.literals:
        kept = iter(pattern.literals)
        words = re.sub(_CODE, lambda _: next(kept), words)
    words = words.strip()
    return f"-{words}" if is_negative and number else words


def _kept(match: re.Match[str], literals: list[str]) -> str:
    """Put a literal aside; what is only for layout or colour goes."""
    words = match["quoted"] or match["escaped"] or match["currency"]
    if not words:
        return ""
    literals.append(words)
    return _CODE


def _rounded(number: Decimal, fraction: str, *, grouped: bool) -> str:
    step = Decimal(1).scaleb(-max(len(fraction) - 1, 0))
    shown = f"{number.quantize(step, ROUND_HALF_UP):{',' if grouped else ''}f}"
    optional = len(fraction) - len(fraction.rstrip("#?"))
    while optional > 0 and shown.endswith("0") and "." in shown:
        shown, optional = shown[:-1], optional - 1
    return shown.removesuffix(".")


def _plain(number: Decimal) -> str:
    """A number in at most fifteen digits, as spreadsheets keep it."""
    if number == number.to_integral_value() and abs(number) < _LARGEST:
        return f"{number:.0f}"
    return f"{float(number):.15g}"
