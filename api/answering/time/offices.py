"""The office whose holder a question asks for, and what articles call it."""

from __future__ import annotations

import re
from typing import Final

_TO: Final = r"(?:will|would|to|should|did|does)\s"  # before a verb that may else be a noun
# What a question calls an office, and what articles call the same one.
_OFFICES: Final = tuple(
    (re.compile(rf"\b(?:{asked})\b", re.IGNORECASE), re.compile(rf"\b(?:{said})", re.IGNORECASE))
    for asked, said in (
        (r"chief\s?exec(?:utive)?s?|ceo", r"chief\sexecutive|ceo\b|runs\b|ran\b|boss\b"),
        (rf"runs|ran|boss|{_TO}run(?!\sfor\b)",
         (r"chief\sexecutive|ceo\b|runs\b|ran\b|boss\b|administrator|"
          r"(?:managing|executive)\sdirector|director[\s-]general")),
        (r"top\s(?:job|post)", r"chief\sexecutive|ceo\b|runs\b|ran\b|boss\b|head(?:s|ed)?\b|lead"),
        (r"finance\s(?:chief|director)|cfo|chief\sfinancial\sofficer",
         r"finance\s(?:chief|director)|cfo\b|chief\sfinancial"),
        (r"chair(?:s|ed|man|woman|person)?", r"chair"),
        (r"heads?|headed|leads?|led|leader", r"head(?:s|ed)?\b|leads?\b|led\b|leader"),
        (rf"directors?|directs|directed|{_TO}direct", r"direct(?:or|s|ed)\b"),
        (r"presidents?", r"president"),
        (r"(?:prime\s)?ministers?", r"minister"),
        (r"mayors?", r"mayor"),
        (rf"governors?|governs|{_TO}govern", r"govern(?:or|s)\b"),
        (rf"managers?|manages|managed|{_TO}manage|coach|coaches|coached",
         r"manag(?:er|es|ed)|coach"),
        (r"captains?|captained", r"captain"),
        (rf"editors?|edits|edited|{_TO}edit", r"edit(?:or|s|ed)\b"),
        (rf"owners?|owns|owned|{_TO}own", r"own(?:er|s|ed)\b"),
        ((r"secretary|commissioner|chancellor|speaker|ambassador|dean|rector|conductor|curator|"
         r"principal"), (r"secretary|commissioner|chancellor|speaker|ambassador|dean|rector|"
         r"conductor|curator|principal")),
    )
)  # fmt: skip
ASKED_OFFICES: Final = "|".join(asked.pattern for asked, _ in _OFFICES)
"""What questions call offices, and what holders of them do, as alternatives of a pattern."""

# Offices that articles call by their own name only; who leads or runs something may hold any.
_EXACT: Final = tuple(
    (re.compile(rf"\b(?:{asked})\b", re.IGNORECASE), said)
    for asked, said in (
        (r"(?:vice|deputy)[\s-](?P<own>president|chair|mayor|governor|minister)",
         r"(?:vice|deputy)[\s-]{own}"),
        ((r"(?P<own>prime|finance|foreign|defen[cs]e|health|interior|justice|trade|education|"
          r"transport|environment|economy|energy|home|treasury)\s(?:minister|secretary)"),
         r"\b{own}"),
        (r"finance\s(?:chief|director)|cfo|chief\sfinancial\sofficer",
         r"\bfinance\s(?:chief|director|head)|\bcfo\b|\bchief\sfinancial"),
        (r"chief\sexec(?:utive)?|ceo",
         (r"\bchief\sexecutive|\bceo\b|\bboss\b|\b(?:runs?|ran|heads?|headed|leads?|led)\b|"
          r"\bmanaging\sdirector")),
        ((r"(?P<own>chair|president|mayor|governor|chancellor|ambassador|captain|editor)"
          r"(?:man|woman|person|s|ed)?"),
         r"(?<!vice\s)(?<!vice-)(?<!deputy\s)\b{own}"),
    )
)  # fmt: skip
_WHO: Final = re.compile(
    r"\A\W*(?:who(?:se|['’]s)?\b|what\s(?:is|was)\sthe\sname\sof\b)", re.IGNORECASE
)
_ADVERB: Final = r"(?:also|first|just|last|latest|most|next|now|once|[a-z]+ly)"
# "Who sued the mayor?", "Who got in while the boss was away?": what follows asks for no holder.
_HOLDING: Final = (
    r"(?:is|was|are|were|be|been|being|became|becomes?|serves?|served|acts?|acted|works?|worked|remains?|"
    r"remained|stays?|stayed|holds?|held|takes?|took|taken|succeeds?|succeeded|replaces?|replaced|"
    r"follows?|followed|fills?|filled|gets?|got|wins?|won|loses?|lost|leaves?|left|quits?|resigns?|resigned|"
    r"retires?|retired|steps?|stepped|stands?|stood|runs?|ran|joins?|joined|returns?|returned|"
    r"appointed|named|elected|chosen|nominated|hired|picked|made|promoted|confirmed|tipped|"
    r"has|had|have|chairs?|chaired|heads?|headed|leads?|led|directs|directed|governs|manages|managed|coaches|"
    r"coached|captains?|captained|edits|edited|owns|owned|presides|presided)"
)
_OBJECT: Final = re.compile(
    rf"\A\W*who\s(?:(?:has|had|have|used\sto|will|would|could|may|might|{_ADVERB})\s)*+"
    rf"(?!{_HOLDING}\b)[a-z]+(?:ed|s|d|t|ght)\s(?:(?!as\b|by\b|for\b|from\b)[\w’'-]+\s){{0,4}}?"
    rf"(?:the|its|his|her|their|an?|[\w-]+['’]s?)\s(?!(?:job|post|role|office|place)\b)",
    re.IGNORECASE,
)
_MEANWHILE: Final = re.compile(r"\s(?:while|although|though|because|despite|even)\s")
# "Who ran the port before its ousted leader came back?" asks for no leader, but "Who took over when
# the leader left?" does.
_WHEN: Final = re.compile(r"\s(?:after|before|until|when)\s")
_TAKES_ON: Final = re.compile(
    r"\b(?:appointed|became|becomes?|chosen|elected|fill(?:s|ed)?|follow(?:s|ed)?|named|promoted|"
    r"replac(?:es?|ed)|step(?:s|ped)\sin|succeed(?:s|ed)?|t(?:akes?|ook)|won)\b",
    re.IGNORECASE,
)


def office_asked_for(question: str) -> re.Pattern[str] | None:
    """What articles call the office whose holder a question asks for: "Who chairs the club?".

    Returns:
        A pattern of the office's names; None where the question asks for no holder.
    """
    asking = _asking(question)
    if asking is None:
        return None
    found = [(match.start(), said) for asked, said in _OFFICES if (match := asked.search(asking))]
    return min(found, key=lambda item: item[0])[1] if found else None


def _asking(question: str) -> str | None:
    """The part of a question that asks for the holder of an office; None where none does."""
    if _WHO.match(question) is None or _OBJECT.match(question) is not None:
        return None
    asking = _MEANWHILE.split(question, maxsplit=1)[0]
    told = _WHEN.split(asking, maxsplit=1)[0]
    return asking if _TAKES_ON.search(told) else told


def exact_office(question: str) -> re.Pattern[str] | None:
    """What tells the office that a question names from others: "chair" is no chief executive.

    Returns:
        None where the question asks for no holder, or only for who leads or runs something.
    """
    asking = _asking(question)
    if asking is None:
        return None
    for asked, said in _EXACT:
        match = asked.search(asking)
        if match is not None:
            own = match.groupdict().get("own", "")
            return re.compile(said.format(own=own.lower()), re.IGNORECASE)
    return None
