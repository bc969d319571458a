"""Other words for who leads a firm: "Who runs Acme?" asks for its chief executive."""

from __future__ import annotations

import re
from typing import Final

_WHOM: Final = r"(?P<whom>[^,;?]+?)(?:\s(?:at\spresent|currently|now|today))?\W*\Z"
_LEADS: Final = re.compile(
    rf"\A\W*who\s(?:(?:currently|now)\s)?(?:runs|heads|leads|is\s(?:(?:currently|now)\s)?(?:in\scharge|"
    rf"at\sthe\shelm|the\s(?:boss|head|leader))\sof)\s{_WHOM}",
    re.IGNORECASE,
)
_CHIEF: Final = r"(?:ceo|chief\sexec(?:utive)?(?:\sofficer)?)"
_IS_CHIEF: Final = re.compile(
    rf"\A\W*who(?:\sis|['’]s)\s(?:(?:currently|now)\s)?(?:(?:the\s)?(?:current\s)?{_CHIEF}\s(?:of|at)\s"
    rf"{_WHOM}|(?P<owner>[^,;?]+?)['’]s?\s(?:current\s)?(?:{_CHIEF}|boss)\W*\Z)",
    re.IGNORECASE,
)
# What has a director at its head, and no chief executive.
_DIRECTED: Final = re.compile(
    r"\b(?:cent(?:re|er)|choir|festival|galler(?:y|ies)|gardens?|institut\w+|laborator(?:y|ies)|librar(?:y|ies)|"
    r"museums?|observatory|opera|orchestra|park|sanctuary|theat(?:re|er)|zoo)\b",
    re.IGNORECASE,
)
_SPELLED_OUT: Final = re.compile(r"\bchief\sexecutive\b", re.IGNORECASE)


def other_wordings(question: str) -> tuple[str, ...]:
    """Ask for who leads something in other words, the likelier first; nothing of other questions.

    Articles call the same person the boss, the chief executive, or one who runs it, and a reader
    that finds no answer in one wording often does in another.
    """
    leads = _LEADS.match(question)
    if leads is not None:
        office = "director" if _DIRECTED.search(leads["whom"]) else "chief executive"
        return (f"Who is the {office} of {leads['whom']}?",)
    chief = _IS_CHIEF.match(question)
    if chief is None:
        return ()
    whom = chief["whom"] or chief["owner"]
    runs = f"Who runs {whom}?"
    if _SPELLED_OUT.search(question):
        return (runs,)
    return f"Who is the chief executive of {whom}?", runs
