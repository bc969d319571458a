"""Who takes what from whom: "Acme buys Beta" tells nothing of what Beta buys, or who buys Acme."""

from __future__ import annotations

import re
from typing import Final

_ACTIVE: Final = (
    r"(?<!\bbe\s)(?<!\bis\s)(?<!\bare\s)(?<!\bwas\s)(?<!\bwere\s)(?<!\bbeen\s)(?<!\bbeing\s)\b"
)
_BUYS: Final = (
    r"(?:\b(?:buy(?:s|ing)?|acquir(?:es?|ing)|tak(?:es?|ing)\sover|took\sover|swallows?|owns?)\b|"
    rf"{_ACTIVE}(?:bought|acquired|owned)\b(?!\sby\b))"
)
TAKES: Final = re.compile(
    rf"{_BUYS}|\b(?:pay(?:s|ing)?|holds?|invest(?:s|ing)?|bids?|offers?)\b|"
    rf"{_ACTIVE}(?:paid|held|invested|offered)\b(?!\sby\b)",
    re.IGNORECASE,
)
"""What goes from one to the other."""
_ASKS_WHO_BUYS: Final = re.compile(
    r"\A(?:who|(?:which|what)(?:\s(?!(?:did|does|do|will|is|are|was|were|has|have|had)\b)[\w’'-]+)"
    rf"{{1,4}})\s(?:(?:has|have|had|is|are|will|would|now)\s)*{_BUYS}",
    re.IGNORECASE,
)
_BOUGHT: Final = re.compile(rf"{_BUYS}\s(?:(?!\sby\s|;)[^\n]){{0,60}}\Z", re.IGNORECASE)
_BUYER: Final = re.compile(
    rf"\A['’]|\A,?\s(?:(?:which|who|has|had|have|is|are|will|would)\s)*{_BUYS}", re.IGNORECASE
)


def asks_who_buys(question: str) -> bool:
    """Whether a question asks who buys something: what somebody buys is then no answer."""
    return _ASKS_WHO_BUYS.match(question) is not None


def is_bought(sentence: str, start: int, end: int) -> bool:
    """Whether somebody buys what stands at ``[start, end)``, which buys nothing itself."""
    return _BOUGHT.search(sentence[:start]) is not None and _BUYER.match(sentence[end:]) is None
