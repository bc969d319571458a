"""Two accounts of what happened once: 61kg by the flight director, 74kg by those who tracked it."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import of_one_article
from api.answering.combining.claims.earlier_figures import compared_values
from api.answering.combining.claims.voices import Voice, before_in_paragraph, goes_on, voice_of
from api.answering.time.standing import UNREALISED
from index.folding import fold

if TYPE_CHECKING:
    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question

_APART: Final = dt.timedelta(days=300)  # what is held every year is another one then
_SLACK: Final = dt.timedelta(days=10)
_PAST: Final = re.compile(
    r"\b(?:did|was|were|came|drew|fell|hit|lay|made|met|ran|sank|stood|struck|swam|took|went|won)\b"
    r"|\bhow\s(?:many|much)\s(?:[\w’'-]+\s){1,4}?[a-z]{3,}ed\b",
    re.IGNORECASE,
)
_STILL: Final = re.compile(
    r"\b(?:is|are|has|have|do|does|will|would|now|currently|so\sfar|yet|still)\b", re.IGNORECASE
)
# What grows, is reckoned anew each period, or is known better with each report.
_CHANGES: Final = re.compile(
    r"\b(?:affected|appl(?:y|ied)|arrest\w*|bills?|budget(?:ed)?|buil[dt]|carr(?:y|ied)|cases?|"
    r"casualties|clos\w+|collect(?:ed|s)?|copies|costs?|customers|damag\w+|dead|deaths?|debts?|deficit|"
    r"deliver\w*|destroy\w*|detain\w*|die[sd]?|displaced|donat\w+|download\w*|due|earn(?:ed)?|"
    r"employ\w*|estimated|evacuat\w*|expect\w*|fatalities|flooded|forecast|fund|goals?|gross(?:ed)?|have|held|hir\w+|"
    r"homeless|hurt|income|infect\w+|injur\w+|install(?:ed|s)?|jobs?|join(?:ed)?|kill(?:s|ed)?|loss(?:es)?|"
    r"members(?:hip)?|missing|offer(?:ed)?|open(?:ed)?|operat(?:e[ds]?|ing)|own(?:ed)?|owed?|plan(?:s|ned|ning)?|population|"
    r"prices?|produc\w+|profits?|promis\w+|project\w*|propos\w+|rais\w+|rate|recover\w+|"
    r"recruit\w*|regist\w+|repair\w*|rescued?|revenues?|salary|sales|scored?|seats|sell|serv(?:e[ds]?|ing)|share[ds]?|shut|sick|"
    r"signed|sold|spen[dt]|staff|subscribe\w*|supposed|target\w*|tickets|tolls?|trained|"
    r"turnover|users|valu\w+|victims|view(?:ed|s)?|visit\w*|wages?|work\w*|worth|wounded)\b",
    re.IGNORECASE,
)
_MOMENTS: Final = frozenset({"seconds", "minutes", "hours"})  # what lasts longer may still go on
# A source that goes by more than before, or that counts on.
_CORRECTS: Final = re.compile(
    r"\b(?:at\sfirst|by\sthen|earlier\s(?:count|estimate|figure|said)|final(?:ly)?|first\s(?:count|"
    r"estimate|figure|thought)|had\s(?:earlier|first|initially|previously)|initial(?:ly)?|"
    r"inventory|no\slonger|now|originally|preliminary|provisional|recount(?:ed)?|revis\w+|"
    r"ris(?:es|en)|rose|so\sfar|still|than\s(?:was\s)?(?:first\s)?thought|to\sdate)\b",
    re.IGNORECASE,
)
# "54 have fallen ill", "her lead has melted to 31", "12 goals this season".
_NOT_OVER: Final = re.compile(
    r"\b(?:ha(?:s|ve)|[’']ve|(?:ballots|votes)\s(?:were\s)?counted|this\s(?:month|season|week|year))\b",
    re.IGNORECASE,
)
_ONE_EVENT: Final = dt.timedelta(days=31)  # papers tell of one thing within, unless it is dated
_BOUND: Final = re.compile(
    r"\b(?:at\s(?:least|most)|more\sthan|less\sthan|fewer\sthan|over|under|up\sto|almost|another|"
    r"(?:a\s)?further|first|only\sthe)\s\Z",
    re.IGNORECASE,
)
_FIGURE_NOUNS: Final = (
    r"(?:account|census|claim|count|estimate|figure|number|scale|sum|survey|tally|total|toll|version)s?\b"
    r"(?!\s(?:about|that)\b|(?<=claims)\sof\b|(?<=claim)\sof\b)"
)
_CONTRADICTS: Final = re.compile(
    r"\b(?:(?:challeng|contradict|dismiss|disput|question|refut|reject)(?:es?|s|ed|ing)?"
    r"\s(?:[\w’'-]+\s){0,4}?"
    + _FIGURE_NOUNS
    + r"|(?:do|does|did)(?:\snot|n['’]t)\s(?:accept|believe)\s(?:[\w’'-]+\s){0,4}?(?:it|"
    + _FIGURE_NOUNS
    + r")|at\sodds\swith|contrary\sto|(?:actual|real|true)\s"
    + _FIGURE_NOUNS
    + r"|against\s(?:an?|the)\sofficial)",
    re.IGNORECASE,
)
_STANDS_BY: Final = re.compile(r"\bst(?:ands?|ood)\sby\s(?:what|its|his|her|theirs?)\b")
_NOT: Final = re.compile(r",\s(?:and\s)?not\s|\b(?:rather\sthan|instead\sof|against)\s")
_WHEN_SAID: Final = re.compile(
    r"\b(?:said|says|told\s(?:[\w’'-]+\s){1,3}?|announced|published|reported)\s*\Z", re.IGNORECASE
)


def are_rival_accounts(answer: Claim, other: Claim, question: Question) -> bool:
    """Whether two articles give what two bodies say of one thing that is over, or set apart.

    What happened once has one figure, whenever it is told. Costs, prices, staff, tolls and what is
    planned or forecast are reckoned anew: a later figure of those is a rival only where its
    article sets it against the other.
    """
    if of_one_article(answer, other) or not _may_be_of_one_event(answer, other):
        return False
    if any(_BOUND.search(_before(claim)) for claim in (answer, other)):
        return False
    voices = voice_of(answer, question), voice_of(other, question)
    if _is_set_against(answer, other, question) or _is_set_against(other, answer, question):
        return voices[0].names.isdisjoint(voices[1].names) and (
            not voices[0].sides & voices[1].sides
        )
    return (
        _asks_of_an_event(question)
        and not any(
            claim.statement.standing in UNREALISED or _CORRECTS.search(claim.sentence)
            for claim in (answer, other)
        )
        and not _may_go_on(other)
        and (voices[0].is_other_than(voices[1]) or _tell_apart(answer, other, voices, question))
    )


def _tell_apart(
    answer: Claim, other: Claim, voices: tuple[Voice, Voice], question: Question
) -> bool:
    """Whether papers of two sources tell something as over, and not both by one body's word."""
    sources = {fold(claim.passage.article.source or "") for claim in (answer, other)}
    if len(sources) < 2 or "" in sources:
        return False
    if any(_NOT_OVER.search(claim.sentence) for claim in (answer, other)):
        return False
    days = [claim.passage.article.published_at or dt.date.min for claim in (answer, other)]
    if not question.years and abs(days[0] - days[1]) > _ONE_EVENT:
        return False
    one, two = voices
    return one.sides.isdisjoint(two.sides) and one.names.isdisjoint(two.names)


def _asks_of_an_event(question: Question) -> bool:
    """Whether a question asks for a figure of what happened once: "How many marched in May?"."""
    text = question.text
    return (
        _PAST.search(text) is not None
        and _STILL.search(text) is None
        and _CHANGES.search(text) is None
    )


def _may_go_on(claim: Claim) -> bool:
    """Whether a claim tells of days or more, which an earlier report may have counted in part."""
    value = claim.value
    return value is not None and value.kind == "duration" and value.unit not in _MOMENTS


def _may_be_of_one_event(answer: Claim, other: Claim) -> bool:
    """Whether two claims may be of one event: none names a time after the other was published."""
    one, two = answer.passage.article.published_at, other.passage.article.published_at
    if one is None or two is None or abs(one - two) > _APART:
        return False
    periods = [claim.statement.period for claim in (answer, other) if _names_its_time(claim)]
    earlier = min(one, two) + _SLACK
    if any(period.start is not None and period.start > earlier for period in periods):
        return False
    return len(periods) < 2 or periods[0].overlaps(periods[1])


def _names_its_time(claim: Claim) -> bool:
    """Whether a claim's sentence names the time of what it tells, and not when that was said."""
    words = claim.statement.words
    if words is None:
        return False
    at = claim.sentence.find(words)
    return _WHEN_SAID.search(claim.sentence[:at].removesuffix("on ").removesuffix("in ")) is None


def _is_set_against(claim: Claim, other: Claim, question: Question) -> bool:
    """Whether a claim's article sets its figure against the other's.

    It disputes a figure, in its sentence or in the one before that it goes on from; says that its
    own is not the other's; or goes on that somebody stands by another.
    """
    if _CONTRADICTS.search(claim.sentence) is not None:
        return True
    if goes_on(claim) and _CONTRADICTS.search(before_in_paragraph(claim)) is not None:
        return True
    chunk = claim.passage.chunk
    end = claim.sentence_start + len(claim.sentence)
    after = [chunk.words(bounds) for bounds in chunk.sentences if bounds.start >= end]
    if after and _STANDS_BY.search(after[0]) is not None:
        return True
    denies = _NOT.search(claim.sentence) is not None and other.value in compared_values(claim)
    return denies and bool(voice_of(claim, question).sides)


def _before(claim: Claim) -> str:
    return claim.sentence[: claim.in_sentence.start]
