"""Questions in the passive, put into the active: "Who was Acme bought by?" as "Who bought Acme?".

A reader takes "by whom" for the next "by" of the text, and the subject for who did it.
"""

from __future__ import annotations

import re
from typing import Final

from api.answering.questions.answer_kind import NAMED, wanted_kind

# Past tenses that are not the participle.
_PAST: Final = {
    "beaten": "beat", "begun": "began", "broken": "broke", "chosen": "chose", "drawn": "drew",
    "driven": "drove", "forbidden": "forbade", "given": "gave", "hidden": "hid", "run": "ran",
    "overseen": "oversaw", "overtaken": "overtook", "seen": "saw", "shaken": "shook",
    "shown": "showed", "stolen": "stole", "sung": "sang", "taken": "took", "thrown": "threw",
    "undertaken": "undertook", "withdrawn": "withdrew", "woken": "woke", "written": "wrote",
}  # fmt: skip
_PARTICIPLE: Final = (
    r"(?P<participle>[a-z-]{2,}ed|bought|brought|built|caught|cut|fought|found|held|hit|hurt|kept|"
    rf"led|left|lent|lost|made|met|paid|put|read|sent|set|shot|shut|sold|spent|struck|taught|told|"
    rf"won|{'|'.join(_PAST)})"
)
_PARTICLE: Final = r"(?P<particle>(?:\s(?:apart|away|back|down|in|off|on|out|over|together|up))?)"
_ASKED: Final = r"(?P<asked>who|what|(?:which|what)\s[^?]+?)"
_SUBJECT: Final = (
    r"(?:(?:was|were)|(?:has|have|had)(?=\s.+\sbeen\s)|(?:is|are)(?=\s.+\sbeing\s))\s"
    r"(?P<subject>[^?]+?)(?:\s(?:been|being))?"
)
_REST: Final = (
    r"(?P<rest>(?:\s(?:after|as|at|before|during|earlier|for|from|in|last|on|this|to|with|without)"
    r"\b[^?]*)?)\s?[?.!]*\Z"
)
_PASSIVES: Final = (
    re.compile(rf"\A{_ASKED}\s{_SUBJECT}\s{_PARTICIPLE}{_PARTICLE}\sby{_REST}", re.IGNORECASE),
    re.compile(rf"\Aby\s{_ASKED}m?\s{_SUBJECT}\s{_PARTICIPLE}{_PARTICLE}{_REST}", re.IGNORECASE),
)


def active_voice(question: str) -> str:
    """Put a question that asks by whom something was done into the active; leave any other."""
    for pattern in _PASSIVES:
        match = pattern.match(question)
        # "By which month were prices raised?" asks for no one who did it.
        if match is not None and wanted_kind(match["asked"]) in NAMED:
            participle = match["participle"]
            past = _PAST.get(participle.lower(), participle)
            asked = match["asked"][:1].upper() + match["asked"][1:]
            return f"{asked} {past}{match['particle']} {match['subject']}{match['rest']}?"
    return question
