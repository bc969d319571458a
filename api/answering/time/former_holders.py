"""Words for former holders: what texts say of who gave an office up, and questions for one."""

from __future__ import annotations

import re
from typing import Final

from api.answering.periods import MONTH_NAMES
from api.answering.time.offices import ASKED_OFFICES, office_asked_for
from api.answering.words import text_words

THE_POST: Final = r"the\s(?:chair|helm|job|post|reins|role)"
"""What somebody takes over who follows in an office, as a pattern."""

_FORMER_BEFORE: Final = re.compile(
    r"\b(?:former|then|ex|outgoing|previous|erstwhile|late|(?:his|her|its|their)?\s?predecessor"
    r"(?:\s(?:as|at|in)(?:\s[\w'’-]+){1,4}?)?|(?:dismiss|oust|sack)(?:es|ed|s)|"
    r"succeed(?:s|ed|ing)?|replac(?:es|ed|ing)|before\s(?:him|her|them)|"
    rf"(?:took|takes|taken|taking)\s(?:over|{THE_POST})\s(?:(?:as|in|last)\s(?:[\w'’-]+\s){{1,4}})?from|"
    rf"inherit(?:s|ed)\s{THE_POST}\sfrom|"
    r"departure\sof|resignation\sof|ousting\sof|place\sof)[\s,-]+(?:[\w'’-]+\s){0,3}\Z",
    re.IGNORECASE,
)
_NAME: Final = r"(?-i:[A-Z][\w'’-]*)"
_FORMER_AFTER: Final = re.compile(
    r"\A(?:,(?:[^,;]{0,60},)?)?(?:,?\swho)?\s(?:(?:had\s|has\s)?"
    r"(?:st(?:epped|eps|ood|ands)\s(?:aside|down)|bow(?:s|ed)\sout|made\sway|gave\sway|"
    r"handed\sover|resign(?:s|ed)|retir(?:es|ed)|depart(?:s|ed)|quit|left)\b"
    r"|(?:was|were|is|had\sbeen|has\sbeen)\s(?:ousted|forced\sout|dismissed|sacked|fired|removed|"
    r"replaced|succeeded|voted\sout)\b|until\b)"
    rf"|\A,?\swhom\s(?:{_NAME}\s){{1,3}}(?:has\s)?(?:replaced|replaces|succeeded|succeeds)\b",
    re.IGNORECASE,
)
# "Bo Ek, who led Acme until March", "Bo Ek, chairman until March"
_UNTIL: Final = re.compile(
    r"\A(?:,\s\d\d,)?(?:(?:,?\swho)?\s(?:chaired|coached|directed|headed|held|led|managed|ran|served|"
    r"was)\s(?:[\w'’&-]+\s){0,6}|,\s(?:[\w'’&-]+\s){1,6})until\b"
)
# "Rovers named the former City captain Bo Ek as coach": the office given up is another.
_APPOINTED_BEFORE: Final = re.compile(
    r"\b(?:nam(?:es?|ed)|appoint(?:s|ed)?|hir(?:es?|ed)|elect(?:s|ed)?|cho(?:oses?|se|sen)|"
    r"pick(?:s|ed)?|promot(?:es?|ed)|recruit(?:s|ed)?)\s(?:(?:the|its|their|an?)\s)?"
    r"(?:former|ex)[\s-](?:[\w'’-]+\s){0,4}\Z",
    re.IGNORECASE,
)
_NAME_WORD: Final = r"[A-Z][\w'’.-]{0,40}+"  # bounded, as it is tried at each of its letters
_SUCCESSOR: Final = re.compile(
    rf"(?<!\w)(?P<name>{_NAME_WORD}(?:\s(?:(?:de|da|van|von|der|den|bin|al)\s)?{_NAME_WORD}){{1,3}}),?\s"
    r"(?:who\s)?(?:(?:has|had)\s)?(?:succeed(?:s|ed)|replac(?:es|ed)|"
    r"(?:took|takes)\sover\s(?:as\s(?:[\w'’-]+\s){1,4})?from)\s(?:[\w'’-]+\s){0,3}\Z"
)
_LEAVING: Final = re.compile(
    r"\A(?:,(?:[^,;]{0,60},)?)?(?:,?\swho)?\s"
    r"(?:(?:will|would|(?:is|was)\sto|plans\sto|intends\sto)\s(?:be\s)?"
    r"(?:leav(?:e|ing)|step(?:ping)?\sdown|retir(?:e|ing)|resign(?:ing)?|depart(?:ing)?|"
    r"quit(?:ting)?)|(?:is|was)\s(?:leaving|stepping\sdown|retiring|resigning|departing|quitting))"
    r"\b",
    re.IGNORECASE,
)
# Where somebody goes to: the office given up is another.
_ONWARD: Final = re.compile(
    r"\bto\s(?:become|join|head|lead|run|manage|coach|chair|take)\b|\bfor\s(?=[A-Z])"
)
_REACH: Final = 80
_FORMER_OFFICE: Final = re.compile(
    r"(?<![\w-])(?:former|ex|erstwhile|old|one-?time|past|previous|prior)[\s-]+"
    rf"(?:(?!(?:and|now|that|which|who)\b)[\w'’&.-]+\s){{0,4}}?(?:{ASKED_OFFICES})",
    re.IGNORECASE,
)
_USED_TO: Final = re.compile(r"\A\W*who\s(?:used\sto|formerly)\b", re.IGNORECASE)
_BEFORE: Final = re.compile(
    r"\bbefore\s(?:him|her|them|the\s(?:current|present)\s[a-z ]{3,20}|"
    rf"(?!(?:{MONTH_NAMES})\b)(?:{_NAME}\s){{0,2}}{_NAME})"
    r"(?:\s(?:arrived|became|came|did|joined|replaced|started|stepped\sin|succeeded|took|was)\b.*)?"
    r"\W*\Z",
    re.IGNORECASE,
)
_PREDECESSOR: Final = re.compile(
    r"\A\W*who\s(?:(?:is|was|were)\s.*\bpredecessor|(?:directly\s)?preceded)\b", re.IGNORECASE
)


def asks_for_former_holder(question: str) -> bool:
    """Whether a question asks for one who held an office before, not for who holds it.

    "Who is the former mayor?", "Who led the club before Bo Ek?", "Who was Bo Ek's predecessor?"
    """
    if _PREDECESSOR.match(question):
        return True
    if office_asked_for(question) is None:
        return False
    return any(asks.search(question) for asks in (_FORMER_OFFICE, _USED_TO, _BEFORE))


def successor_of(sentence: str, start: int) -> tuple[int, int] | None:
    """Where the words before a name at ``start`` name who followed: "Bo Ek succeeded Ann Lee".

    Returns:
        Offsets of ``sentence``; None where they name nobody.
    """
    match = _SUCCESSOR.search(sentence[:start])
    return None if match is None else match.span("name")


def is_leaving(sentence: str, end: int, asked: frozenset[str]) -> bool:
    """Whether the words after a name that ends at ``end`` say that its office will be given up.

    Args:
        sentence: The sentence.
        end: Where the name ends in it.
        asked: The names of the question, in lower case: one who leaves to become the head of what
            it asks about does not leave that.
    """
    leaving = _LEAVING.match(sentence[end:])
    if leaving is None:
        return False
    onward = _ONWARD.search(sentence, end + leaving.end())
    return onward is None or asked.isdisjoint(text_words(sentence[onward.start() :]))


def is_former_holder(sentence: str, start: int, end: int) -> bool:
    """Whether the words around a name at ``[start, end)`` say that an office was given up."""
    before = sentence[max(0, start - _REACH) : start]
    after = sentence[end : end + _REACH]
    given_up = _FORMER_BEFORE.search(before) and not _APPOINTED_BEFORE.search(before)
    return bool(given_up) or _FORMER_AFTER.match(after) is not None


def held_until(sentence: str, end: int) -> bool:
    """Whether words behind a name that ends at ``end`` say until when something was held.

    That may be another office than the one in question: of who holds that now it tells nothing.
    """
    return _UNTIL.match(sentence[end : end + _REACH]) is not None
