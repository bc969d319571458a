"""Numbers and days of a spreadsheet, as its number formats show them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

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


def _shown_number(value: float, number_format: str) -> str:
    number = Decimal(repr(value))
    if not number.is_finite():
        return str(value)
    sections = number_format.split(";")
    section, is_negative = sections[0], number < 0
    if is_negative and len(sections) > 1:
        section, is_negative = sections[1], False
    literals: list[str] = []
    pattern = _LITERAL.sub(lambda match: _kept(match, literals), section)
    digits = _DIGITS.search(pattern)
    rest = "" if digits is None else pattern[: digits.start()] + pattern[digits.end() :]
    if digits is None or re.search(r"[#0?/@]|[eE][+-]|[a-zA-Z]", rest):
        return _plain(number)
    places = len(digits["fraction"] or ".") - 1
    if "%" in rest:
        number *= 100
    whole = digits[0].removesuffix(digits["scale"]).partition(".")[0]
    # A comma behind the digits stands for three that are not shown.
    number = number.scaleb(-3 * (len(whole) - len(whole.rstrip(",")) + len(digits["scale"])))
    if places > _MOST_DECIMALS or abs(number) >= _LARGEST:
        return _plain(number)
    shown = _rounded(abs(number), digits["fraction"] or "", grouped="," in whole.rstrip(","))
    words = pattern[: digits.start()] + shown + pattern[digits.end() :]
    kept = iter(literals)
    words = re.sub(_CODE, lambda _: next(kept), words).strip()
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
