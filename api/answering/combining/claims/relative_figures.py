"""Figures that are told by their distance from another, or that another is counted from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from api.answering.combining.claims.claim import Claim

_BEFORE: Final = 24
_ADDED: Final = re.compile(r"(?:an?\s)?(?:further|additional|another|extra)\b", re.IGNORECASE)
_ADDED_BEFORE: Final = re.compile(
    r"\b(?:further|additional|another|extra|add(?:s|ed|ing)?)\s\Z", re.IGNORECASE
)
# "23 points from ten games" are what was added in those.
_MORE_AFTER: Final = re.compile(
    r"\s(?:more|less|fewer|higher|lower|above|below|on\stop|extra)\b|"
    r"\s(?:[a-z]+\s)?from\s(?:(?:the|its|his|her|their)\s(?:first|last)\s)?"
    r"[\w-]+\s(?:appearances|fixtures|games|innings|matches|outings|races|rounds|starts)\b",
    re.IGNORECASE,
)
_FORMERLY: Final = re.compile(
    r"(?:\b(?:from|than|against|instead\sof|compared\s(?:with|to))|,\s(?:and\s)?not)\s"
    r"(?:(?:the|its|about|around)\s)?\Z",
    re.IGNORECASE,
)
# "It had spoken of 45,000", "the scheme, first put at £3m"
_FIRST: Final = r"(?:at\sfirst|earlier|first|initially|once|originally|previously)"
_PUT_AT: Final = (
    r"(?:budgeted|costed|estimated|expected|forecast|planned|predicted|priced|promised|put|"
    r"reported|said|set|thought|told|valued)"
)
_SAID_BEFORE: Final = re.compile(
    rf"\b(?:had\s(?:{_FIRST}\s)?(?:(?:spoken|talked|warned)\sof|(?:been\s)?{_PUT_AT}|"
    r"(?:aimed|hoped|looked|wished)\sfor|been\s(?:aiming|hoping|looking)\sfor)|"
    rf"{_FIRST}\s{_PUT_AT})\s(?:(?:it|that|them|this|(?:its|the)\s[a-z]+)\s)?(?:(?:at|to\sbe)\s)?"
    r"(?:an?\s[a-z]+\sof\s)?(?:(?:about|around|nearly|only|some)\s)?\Z",
    re.IGNORECASE,
)
# "Far ahead of the company's own forecast of $760 million": what the result was expected to be.
_OUTDONE: Final = re.compile(
    r"\b(?:above|ahead\sof|below|beat(?:ing|s)?|better\sthan|beyond|exceed(?:ed|ing|s)?|miss(?:ed|es|ing)|"
    r"short\sof|topp(?:ed|ing)|undershot|worse\sthan)\s"
    r"(?:[\w’'-]+\s){0,5}?(?:consensus|estimate|expectation|forecast|guidance|projection|target)s?\s"
    r"(?:of|for)\s(?:(?:about|around|nearly|only|some)\s)?\Z",
    re.IGNORECASE,
)
# "£790 million had been forecast", "the 400,000 that were hoped for"
_EXPECTED: Final = re.compile(
    r"(?:\s[a-z]+){0,2}?\s(?:(?:that\s|which\s)?had\s(?:once\s|originally\s|first\s)?been|"
    r"(?:that|which)\s(?:was|were))\s(?:(?:once|originally|first)\s)?"
    r"(?:forecast|expected|hoped\sfor|planned|predicted|budgeted|promised)\b",
    re.IGNORECASE,
)


def is_addition(claim: Claim) -> bool:
    """Whether a claim's figure is added to another, or tells how far it is from another."""
    end = claim.in_sentence.end
    return (
        _ADDED.match(claim.text) is not None
        or _ADDED_BEFORE.search(_before(claim)) is not None
        or _MORE_AFTER.match(claim.sentence, end) is not None
    )


def is_former_figure(claim: Claim) -> bool:
    """Whether a claim's figure is what another one is counted from: "up from $60 billion".

    Or what was said or expected before: "£790 million had been forecast".
    """
    end = claim.in_sentence.end
    return (
        _FORMERLY.search(_before(claim)) is not None
        or _SAID_BEFORE.search(claim.sentence[: claim.in_sentence.start]) is not None
        or _EXPECTED.match(claim.sentence, end) is not None
    )


def is_outdone(claim: Claim) -> bool:
    """Whether a figure is a forecast that its sentence sets a result against."""
    return _OUTDONE.search(claim.sentence[: claim.in_sentence.start]) is not None


def _before(claim: Claim) -> str:
    """What stands right before a claim's words."""
    start = claim.in_sentence.start
    return claim.sentence[max(0, start - _BEFORE) : start]
