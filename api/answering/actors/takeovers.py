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
_ASKS_WHAT_IS_BOUGHT: Final = re.compile(
    r"\A(?:who|(?:which|what)(?:\s(?!(?:did|does|do|will|is|are|was|were|has|have|had)\b)[\w’'-]+)"
    r"{0,4})\s(?:(?:is|are|was|were|been|has|have|had|to|be|being)\s)+"
    r"(?:bought|acquired|taken\sover)\b(?!\sby\s(?:which|what|whom)\b)",
    re.IGNORECASE,
)
_BOUGHT_BY: Final = re.compile(
    r"\b(?:bought|acquired|taken\sover|owned|purchased)\sby\s(?:the\s)?(?:[a-z-]+\s){0,2}\Z",
    re.IGNORECASE,
)
_BUYING: Final = re.compile(
    rf"\A,?\s(?:(?:which|who|has|had|have|is|are|will|would|also|agreed|agrees|plans?|wants?|to)\s)*"
    rf"(?:{_BUYS}|pay(?:s|ing)\b|{_ACTIVE}paid\b)",
    re.IGNORECASE,
)


def asks_what_is_bought(question: str) -> bool:
    """Whether a question asks what is bought by somebody: who buys it is then no answer."""
    return _ASKS_WHAT_IS_BOUGHT.match(question) is not None


def is_buyer(sentence: str, start: int, end: int) -> bool:
    """Whether what stands at ``[start, end)`` buys something there, and is not bought."""
    if _BOUGHT_BY.search(sentence[:start]) is not None:
        return True
    return _BUYING.match(sentence[end:]) is not None and _BOUGHT.search(sentence[:start]) is None


def asks_who_buys(question: str) -> bool:
    """Whether a question asks who buys something: what somebody buys is then no answer."""
    return _ASKS_WHO_BUYS.match(question) is not None


def is_bought(sentence: str, start: int, end: int) -> bool:
    """Whether somebody buys what stands at ``[start, end)``, which buys nothing itself."""
    return _BOUGHT.search(sentence[:start]) is not None and _BUYER.match(sentence[end:]) is None
