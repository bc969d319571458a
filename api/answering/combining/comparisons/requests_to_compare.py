"""Questions to compare two sides: "Compare the fees in A and B", "How does A compare with B?"."""

from __future__ import annotations

import re
from typing import Final

from api.answering.combining.comparisons.comparatives import SLOT
from api.answering.combining.comparisons.side_words import (
    MEASURE,
    NAME,
    PLACED,
    POSSESSIVE,
    YEAR,
    ComparisonForm,
)

_COMPARE: Final = re.compile(r"\A(?:please\s)?compare\s(?P<what>.+)\Z", re.IGNORECASE)
_HOW_COMPARE: Final = re.compile(
    r"\Ahow\s(?:do|does|did)\s(?P<what>.+?)\scompare(?:d)?"
    r"(?:\s(?:with|to|against)\s(?P<other>.+)|\s(?:in|on|by|in\sterms\sof)\s(?P<thing>.+))\Z",
    re.IGNORECASE,
)
_AND: Final = r"(?:and|with|to|against|versus|vs\.?)"
# "Acme's revenue in 2023 with 2024", "Acme's 2023 and 2024 revenue"
_BOTH_YEARS: Final = re.compile(
    rf"\A(?P<thing>(?:(?!\sand\s)[^?])*?\b{MEASURE}\b(?:(?!\sand\s)[^?])*?)\s(?:in|for)\s"
    rf"(?P<left>{YEAR})\s{_AND}\s(?:(?:that|those)\s)?(?:(?:in|for|of)\s)?(?P<right>{YEAR})\Z"
)
_OF_BOTH_YEARS: Final = re.compile(
    rf"\A(?P<owner>{NAME}(?<=['’s]))\s(?P<left>{YEAR})\sand\s(?P<right>{YEAR})\s"
    rf"(?P<thing>[a-z\s]*?{MEASURE})\Z"
)
_BOTH_PLACED: Final = re.compile(
    rf"\A(?:the\s)?(?P<thing>.+?)\s(?P<placed>{PLACED}|between)\s(?P<left>{NAME})\s{_AND}\s"
    rf"(?:(?:that|those)\s)?(?:{PLACED}\s)?(?P<right>{NAME})(?P<rest>(?:\s[^?]*)?)\Z"
)
_BOTH_OWN: Final = re.compile(
    rf"\A(?P<left>{NAME}(?<=['’s]))\s(?:(?P<thing>[a-z].+?)\s)?{_AND}\s(?:(?:that|those)\sof\s)?"
    rf"(?P<right>{NAME})(?:\s(?P<owned>[a-z].*?))?\Z"
)
_BOTH_BY: Final = re.compile(
    rf"\A(?P<left>{NAME})\s{_AND}\s(?P<right>{NAME})\s(?:by|on|in|in\sterms\sof|for)\s"
    r"(?:the(?:ir)?\s)?(?P<thing>.+)\Z"
)
_PLURAL_THING: Final = re.compile(r"\A[a-z\s-]*?[a-z]{2}(?<![su])s(?=\s(?:of|for|in|at|to)\b|\Z)")


def asked_to_compare(question: str) -> ComparisonForm | None:
    """Read "Compare the fees in A and B", "How does A's profit compare with B's?"."""
    how = _HOW_COMPARE.match(question)
    if how is not None:
        ending = f"with {how['other']}" if how["thing"] is None else f"by {how['thing']}"
        what = f"{how['what']} {ending}"
    else:
        match = _COMPARE.match(question)
        if match is None:
            return None
        what = match["what"]
    years = _BOTH_YEARS.match(what) or _OF_BOTH_YEARS.match(what)
    if years is not None:
        owner = years.groupdict().get("owner")
        thing = years["thing"] if owner is None else f"{owner} {years['thing']}"
        return ComparisonForm([years["left"], years["right"]], f"what was {thing} in {SLOT}")
    own = _BOTH_OWN.match(what)
    if own is not None and (own["thing"] or own["owned"]):
        names = [f"{POSSESSIVE.sub('', name)}'s" for name in (own["left"], own["right"])]
        thing = own["owned"] if own["thing"] is None else own["thing"]
        return ComparisonForm(names, f"what {_is(thing)} {SLOT} {thing}")
    by = _BOTH_BY.match(what)
    if by is not None:
        return ComparisonForm(
            [by["left"], by["right"]], f"what {_is(by['thing'])} the {by['thing']} of {SLOT}"
        )
    both = _BOTH_PLACED.match(what)
    if both is None:
        return None
    place = "of" if both["placed"] == "between" else both["placed"]
    clause = f"what {_is(both['thing'])} the {both['thing']} {place} {SLOT}{both['rest']}"
    return ComparisonForm([both["left"], both["right"]], clause)


def _is(thing: str) -> str:
    return "are" if _PLURAL_THING.match(thing) else "is"
