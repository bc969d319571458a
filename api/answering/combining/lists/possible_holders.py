"""Which items can be holders of the office that a list asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.sentences import sentence_around
from api.answering.time.offices import exact_office, office_asked_for
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.ranking.ranker import RankedCandidate
    from index.records import Passage

_LEADS: Final = re.compile(r"\b(?:led|leads?|ran|runs?|head(?:s|ed))\b", re.IGNORECASE)
_ANY_LEADER: Final = re.compile(
    r"\b(?:boss|ceo|chief\sexecutive|(?:managing|executive|general)\sdirector|director[\s-]general|"
    r"head(?:s|ed)?|lead(?:s|er)?|led|president|ran|runs?)\b",
    re.IGNORECASE,
)
_IN_CHARGE: Final = re.compile(r"\bin\scharge\sof\b", re.IGNORECASE)
_ANY_CHARGE: Final = re.compile(
    rf"{_ANY_LEADER.pattern}|\b(?:coach(?:ed)?|manag(?:er|es|ed)|t(?:akes|ook)\scharge)\b",
    re.IGNORECASE,
)
_OFFICE_CHANGES: Final = re.compile(
    r"\b(?:succe(?:eds?|eded|ssor)|predecessor|replac(?:es|ed)|t(?:ook|akes)\sover|appoint(?:s|ed)|"
    r"elect(?:s|ed)|resign(?:s|ed)|retir(?:es|ed)|dismissed|sacked|ousted|voted\sout|in\scharge|"
    r"(?:led|run|headed)\sby|st(?:ood|ands|epped|eps)\s(?:in|down)|fill(?:s|ed)\sin|caretaker|interim|acting)\b",
    re.IGNORECASE,
)
# "20 voted for Ann Lee, the candidate of the right"
_LOST_BEFORE: Final = re.compile(
    r"\b(?:vot(?:ed|es)\sfor|beat|beating|defeat(?:ed|ing)|ahead\sof)\s\Z", re.IGNORECASE
)
_LOST_AFTER: Final = re.compile(
    r"\A,\s(?:the|an?|its|their|his|her)\s(?:[\w’'-]+\s){0,3}?(?:candidate|challenger|runner-up)\b"
)


def asked_office(question: str) -> re.Pattern[str] | None:
    """The office that a question asks for; any that one leads by where it asks who led or ran.

    Returns:
        What articles call it, as a pattern; None where the question asks for no holder.
    """
    if _IN_CHARGE.search(question):
        return _ANY_CHARGE
    office = office_asked_for(question)
    leads = office is not None and _LEADS.search(question) and exact_office(question) is None
    return _ANY_LEADER if leads else office


def may_hold(office: re.Pattern[str], item: RankedCandidate, passages: Sequence[Passage]) -> bool:
    """Whether a sentence that names an item names the office, too, or who follows whom in it.

    One who lost an election to it does not hold it.
    """
    for scored in item.candidate.spans:
        passage = passages[scored.passage]
        around = sentence_around(passage, scored.span)
        before = passage.chunk.words(Span(around.start, scored.span.start))
        after = passage.chunk.words(Span(scored.span.end, max(scored.span.end, around.end)))
        if _LOST_BEFORE.search(before) or _LOST_AFTER.match(after):
            continue
        sentence = passage.chunk.words(around)
        if office.search(sentence) or _OFFICE_CHANGES.search(sentence):
            return True
    return False
