"""Holders of an office: which claims name it, and who holds it now."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import claim_of
from api.answering.combining.claims.naming import has_its_names
from api.answering.combining.claims.recency import newest
from api.answering.time.former_holders import is_leaving, successor_of
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.periods import Period
    from api.answering.questions.question import Question
    from api.answering.time.frames import QuestionTime

# Who does so on a day to come does not hold the office yet.
_TAKES_OFFICE: Final = re.compile(
    r"\b(?:starts?|tak(?:es?|ing)\s(?:over|up|office)|becom(?:es?|ing)|succeed(?:s|ed)?|"
    r"successor|replac(?:es?|ed|ing)|appoint(?:s|ed)?|nam(?:es|ed)|elect(?:s|ed)?)\b",
    re.IGNORECASE,
)
_STOPGAP: Final = re.compile(
    r"\b(?:(?:acting|caretaker|interim|provisional|stand-in|temporary)\s(?:co-|joint\s)?(?:[a-z]+\s)?"
    r"(?:boss|ceo|chair\w*|chief|coach|director|editor|head|leader|manager|minister|president)\b|"
    r"stand(?:s|ing)?\sin\s(?:as|for)\b|for\sthe\stime\sbeing\b|until\s(?:an?|the|its|his|her|their)\s"
    r"(?:new\s|permanent\s)?(?:replacement|successor|chief|director|head|leader|manager)\b)",
    re.IGNORECASE,
)
_HOLDERS_APART: Final = 9.0  # of names, whose office the sentence names as well
_PERSON: Final = re.compile(
    r"[A-Z][\w'’.-]*(?:\s(?:(?:de|da|van|von|der|den|bin|al)\s)?[A-Z][\w'’.-]*){1,4}\Z"
)


def naming_the_office(
    office: re.Pattern[str], lead: Claim, claims: Sequence[Claim]
) -> tuple[Claim, list[Claim]]:
    """Leave out the places that mention the lead's name without the office, if others name both."""
    own = [claim for claim in claims if claim.place == lead.place]
    naming = [claim for claim in own if claim.former or office.search(claim.sentence) is not None]
    if not naming:
        return lead, list(claims)
    return naming[0], [claim for claim in claims if claim.place != lead.place or claim in naming]


def same_office(
    lead: Claim,
    other: Claim,
    office: re.Pattern[str],
    question: Question,
    given_up: dt.date | None,
) -> bool:
    """Whether two names are of holders of one office, one after the other.

    Args:
        lead: The name that the reader prefers.
        other: Another.
        office: What articles call the office.
        question: Asks for its holder.
        given_up: The day as of which an article says that the first one gave it up; from then on
            any other may hold it. None where none says so.
    """
    later = given_up is not None and other.as_of is not None and other.as_of >= given_up
    return (
        (later or other.span.score >= lead.span.score - _HOLDERS_APART)
        and all(_PERSON.match(claim.text) is not None for claim in (lead, other))
        and _holds(other, office, lead.text)
        and has_its_names(lead, other, question)
    )


def _holds(claim: Claim, office: re.Pattern[str], rival: str) -> bool:
    """Whether a sentence names an office, and no nearer to a rival for it than to the claim."""
    sentence = claim.sentence
    named = [match.span() for match in office.finditer(sentence)]
    if not named:
        return False
    start, end = claim.in_sentence
    at = sentence.find(rival)
    if at < 0 or claim.text == rival:
        return True
    own = min(_apart((start, end), place) for place in named)
    return own < min(_apart((at, at + len(rival)), place) for place in named)


def _apart(left: tuple[int, int], right: tuple[int, int]) -> int:
    """Characters between two places in a text; 0 where they touch or overlap."""
    return max(left[0] - right[1], right[0] - left[1], 0)


def holder(series: Sequence[Claim], question: Question, time: QuestionTime) -> Claim:
    """The newest holder of an office of whom nothing newer says that it was given up.

    One who was to leave by the day of the question comes after a successor who is named.
    """
    gone = {claim.place for claim in series if claim.former}
    holders = [claim for claim in series if claim.place not in gone]
    leaving = [claim for claim in holders if leaves(claim, question, time.today)]
    if leaving:
        left = {claim.place for claim in leaving}
        since = max(claim.as_of or dt.date.min for claim in leaving)
        successors = [
            claim
            for claim in holders
            if claim.place not in left and claim.as_of is not None and claim.as_of >= since
        ]
        holders = successors or holders
    return newest(holders or series, time.frame)


def is_stopgap(claim: Claim) -> bool:
    """Whether a name is of somebody who holds an office only until another is found."""
    return claim.value is None and _STOPGAP.search(claim.sentence) is not None


def held_within(claim: Claim, office: re.Pattern[str], bounds: Period) -> bool:
    """Whether a claim tells who held an office in some time: from before it, and not given up yet.

    What was published later tells so only where its own time is that time, or where it says that
    the office was given up since.
    """
    if claim.former:
        if (
            office.search(claim.sentence) is None
            and office.search(claim.passage.chunk.context) is None
        ):
            return False
        return claim.as_of is None or bounds.start is None or claim.as_of >= bounds.start
    if office.search(claim.sentence) is None:
        return False
    said, statement = claim.passage.article.published_at, claim.statement
    if bounds.end is None or said is None:
        return True
    if said <= bounds.end:
        begins = (mention.start for mention in statement.mentions)
        ahead = any(day is not None and day > bounds.end for day in begins)
        return not (ahead and _TAKES_OFFICE.search(claim.sentence) is not None)
    return _names_its_time(claim) and statement.period.overlaps(bounds)


def _names_its_time(claim: Claim) -> bool:
    """Whether the time of a claim's sentence is its name's: no figure stands between the two."""
    words, sentence = claim.statement.words, claim.sentence
    if words is None:
        return False
    end = claim.in_sentence.end
    at = sentence.find(words, end)
    between = sentence[end:at] if at >= 0 else ""
    return not any(mark.isdigit() for mark in between)


def holder_within(series: Sequence[Claim]) -> Claim:
    """The newest of the claims of who held an office in some time, or who gave it up first."""
    present = [claim for claim in series if not claim.former]
    if present:
        return newest(present, None)
    return min(series, key=lambda claim: claim.as_of or dt.date.max)


def successor(claim: Claim) -> Claim | None:
    """What its sentence says of who followed a former holder; None where it names nobody."""
    place = successor_of(claim.sentence, claim.in_sentence.start)
    if not claim.former or place is None:
        return None
    start, end = (claim.sentence_start + offset for offset in place)
    return claim_of(claim.place, replace(claim.span, span=Span(start, end)), claim.passage, None)


def leaves(claim: Claim, question: Question, today: dt.date) -> bool:
    """Whether a claim says that its holder leaves, and not on a day after today."""
    end = claim.in_sentence.end
    when = claim.statement.period.start
    gone_by_now = when is None or when <= today
    return gone_by_now and is_leaving(claim.sentence, end, question.names)
