"""Whether two claims are statements of the same thing, so that one may revise the other."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import nearly_answers
from api.answering.combining.claims.naming import has_its_names
from api.answering.combining.claims.scopes import is_of_wider_scope, tells_how_far
from api.answering.combining.claims.subjects import speaks_of_another
from api.answering.questions.answer_kind import AnswerKind
from api.answering.questions.common_words import COMMON
from api.answering.reading.reader import near_best
from api.answering.sentences import refers_back
from api.answering.time.standing import UNREALISED
from api.answering.words import STOP_WORDS, split_words, text_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question
    from api.answering.values.value import Value

_SCORE_APART: Final = 7.0  # a reader sees as a worse answer what scores further below the best
_SCORE_FAR: Final = 9.0  # of claims whose sentences share more words
_HOLDERS_APART: Final = 9.0  # of names, whose office the sentence names as well
_SENTENCE_APART: Final = 3.0  # scores of figures in one sentence
_MAX_RATIO: Final = 30  # of the larger to the smaller of two figures of one thing
_STEM: Final = 5  # letters that "spend" and "spending" share
_BEFORE: Final = 24
_ADDED: Final = re.compile(r"(?:an?\s)?(?:further|additional|another|extra)\b", re.IGNORECASE)
_ADDED_BEFORE: Final = re.compile(
    r"\b(?:further|additional|another|extra|add(?:s|ed|ing)?)\s\Z", re.IGNORECASE
)
# "23 points from ten games" are what was added in those.
_MORE_AFTER: Final = re.compile(
    r"\s(?:more|less|fewer|higher|lower|above|below)\b|"
    r"\s(?:[a-z]+\s)?from\s(?:(?:the|its|his|her|their)\s(?:first|last)\s)?"
    r"[\w-]+\s(?:appearances|fixtures|games|innings|matches|outings|races|rounds|starts)\b",
    re.IGNORECASE,
)
_BARE: Final = 1000  # from where a number is taken to count what the other one counts
_FORMERLY: Final = re.compile(
    r"\b(?:from|than|against|instead\sof|compared\s(?:with|to))\s(?:(?:the|its|about|around)\s)?\Z",
    re.IGNORECASE,
)
# "£790 million had been forecast", "the 400,000 that were hoped for"
_EXPECTED: Final = re.compile(
    r"(?:\s[a-z]+){0,2}?\s(?:(?:that\s|which\s)?had\s(?:once\s|originally\s|first\s)?been|"
    r"(?:that|which)\s(?:was|were))\s(?:(?:once|originally|first)\s)?"
    r"(?:forecast|expected|hoped\sfor|planned|predicted|budgeted|promised)\b",
    re.IGNORECASE,
)
_PEOPLE: Final = frozenset(
    "people persons users visitors customers members spectators subscribers voters workers "
    "employees staff viewers listeners readers others inhabitants residents citizens men women "
    "children patients victims passengers migrants refugees soldiers troops fighters civilians "
    "protesters demonstrators marchers strikers dockers miners fans supporters jobs".split()
)
_ENDING: Final = re.compile(r"(?<=\w{4})(?:ly|ing|ed|es|s)\Z")
# Verbs of figures whose past has another stem.
_PRESENT: Final = {
    "spent": "spend", "paid": "pay", "sold": "sell", "bought": "buy", "built": "build",
    "lost": "lose", "won": "win", "made": "make", "grew": "grow", "grown": "grow", "rose": "rise",
    "risen": "rise", "fell": "fall", "fallen": "fall", "gave": "give", "given": "give",
    "took": "take", "taken": "take", "drew": "draw", "drawn": "draw", "held": "hold",
    "lent": "lend", "borne": "bear", "bore": "bear", "ran": "run", "owed": "owe",
}  # fmt: skip
_SHARED: Final = 2  # stems that two sentences about one thing share
_NO_SUBJECT: Final = frozenset(
    "said says told will would year years month million billion trillion thousand percent cent "
    "dollars euros pounds january february march april june july august september october "
    "november december monday tuesday wednesday thursday friday saturday sunday quarter about "
    "around nearly almost least since last next new first second third".split()
)
_PERSON: Final = re.compile(
    r"[A-Z][\w'’.-]*(?:\s(?:(?:de|da|van|von|der|den|bin|al)\s)?[A-Z][\w'’.-]*){1,4}\Z"
)


def same_thing(lead: Claim, other: Claim, question: Question) -> bool:
    """Whether two claims answer one question about one thing, with the same or another value.

    They do where all of this holds:

    - Their values are of one kind and unit, and not far apart.
    - Neither is added to the other ("a further $4 billion").
    - They are not two figures of one day in one sentence, or in sentences of one article that
      share only the names asked about.
    - The other is not of the whole country, nor what has been done of a plan so far.
    - The other's sentence shares its subject with the question and with the lead's sentence; more
      of it where one is planned and one is not, and the question's words are not all in it.
    - The reader sees an answer in it.
    """
    if not of_one_measure(lead, other, question):
        return _is_moved_date(lead, other, question)
    if (
        _planned_and_not(lead, other)
        or is_of_wider_scope(lead, other, question)
        or tells_how_far(lead, other, question)
        or _beside_each_other(lead, other)
        or _share_only_names(lead, other, question)
        or _names_nothing(lead, other, question)
    ):
        return False
    shared = shared_subject(lead, other, question)
    apart = lead.span.score - other.span.score
    plans = {claim.statement.standing in UNREALISED for claim in (lead, other)}
    alike = len(plans) == 1 or stems(question.text) <= _subject_of(other)
    return (
        is_addition(lead) == is_addition(other)
        and shared >= (_SHARED if alike else _SHARED + 1)
        and (
            apart <= (_SCORE_APART if shared == _SHARED else _SCORE_FAR)
            or (len(plans) == 1 and nearly_answers(other) and in_asked_words(other, question))
        )
    )


def in_asked_words(other: Claim, question: Question) -> bool:
    """Whether a sentence has half of the question's words beside its names, or more."""
    asked = stems(question.text) - stems(" ".join(question.names))
    return bool(asked) and 2 * len(asked & stems(other.sentence)) >= len(asked)


def _share_only_names(lead: Claim, other: Claim, question: Question) -> bool:
    """Whether an article gives two figures, the other one without a word of the question.

    Its names don't count: all of an article is about them. Its title tells nothing either.
    """
    if lead.passage.article.id != other.passage.article.id:
        return False
    if lead.sentence == other.sentence:
        return False
    shared = stems(question.text) & stems(other.sentence)
    return not shared - stems(" ".join(question.names))


def _names_nothing(lead: Claim, other: Claim, question: Question) -> bool:
    """Whether an article gives another figure without a time, a name of the question or "it".

    Where the lead's sentence has such a name, the other figure is of the rest of the article.
    """
    if lead.passage.article.id != other.passage.article.id or other.statement.words is not None:
        return False
    names = question.names - COMMON
    told = [not names.isdisjoint(text_words(claim.sentence)) for claim in (lead, other)]
    return told == [True, False] and not refers_back(other.sentence)


def _planned_and_not(lead: Claim, other: Claim) -> bool:
    """Whether one article gives, as of one day, a plan and what is so: two things.

    Not so where one tells what the other was before.
    """
    if is_former_figure(lead) or is_former_figure(other):
        return False
    plans = {claim.statement.standing in UNREALISED for claim in (lead, other)}
    same = lead.passage.article.id == other.passage.article.id and lead.as_of == other.as_of
    return same and len(plans) > 1


def _beside_each_other(lead: Claim, other: Claim) -> bool:
    """Whether one sentence gives two figures as of one day: each is then of something else.

    Not so where one tells what the other was before: "to 1.1% from 1.3%".
    """
    places = {
        (claim.passage.article.id, claim.sentence_start, claim.sentence) for claim in (lead, other)
    }
    if len(places) > 1 or lead.value == other.value or lead.as_of != other.as_of:
        return False
    return not (is_former_figure(lead) or is_former_figure(other))


def _is_moved_date(lead: Claim, other: Claim, question: Question) -> bool:
    """Whether two articles plan one thing for two dates: "ready in 2026", "in early 2027"."""
    return (
        question.kind is AnswerKind.DATE
        and lead.passage.article.id != other.passage.article.id
        and all(
            claim.value is not None
            and claim.value.kind == "date"
            and claim.statement.standing in UNREALISED
            and nearly_answers(claim)
            for claim in (lead, other)
        )
        and shared_subject(lead, other, question) > _SHARED
    )


def without_worse_beside(series: Sequence[Claim]) -> list[Claim]:
    """Leave out figures whose sentence gives another one that answers much better.

    "It took $52 million on its first weekend and has now earned $371 million" says two things.
    """
    places = [(claim.passage.article.id, claim.sentence_start) for claim in series]
    kept = near_best([claim.span for claim in series], places, _SENTENCE_APART)
    return [
        claim for claim, near in zip(series, kept, strict=True) if near or is_former_figure(claim)
    ]


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
    start, end = (offset - claim.sentence_start for offset in claim.span.span)
    at = sentence.find(rival)
    if at < 0 or claim.text == rival:
        return True
    own = min(_apart((start, end), place) for place in named)
    return own < min(_apart((at, at + len(rival)), place) for place in named)


def _apart(left: tuple[int, int], right: tuple[int, int]) -> int:
    """Characters between two places in a text; 0 where they touch or overlap."""
    return max(left[0] - right[1], right[0] - left[1], 0)


def shared_subject(lead: Claim, other: Claim, question: Question) -> int:
    """How many words the other's sentence shares with the question and the lead's sentence.

    0 where its article lacks one of the question's names that the lead's passage has, or its
    sentence is about another name.
    """
    if not has_its_names(lead, other, question) or speaks_of_another(other, question):
        return 0
    subject = stems(question.text) | stems(lead.sentence)
    return len(subject & _subject_of(other))


def _subject_of(claim: Claim) -> frozenset[str]:
    """The stems of a claim's sentence and of the headings above it."""
    return stems(claim.sentence) | stems(claim.passage.chunk.context)


def is_addition(claim: Claim) -> bool:
    """Whether a claim's figure is added to another, or tells how far it is from another."""
    end = claim.span.span.end - claim.sentence_start
    return (
        _ADDED.match(claim.text) is not None
        or _ADDED_BEFORE.search(_before(claim)) is not None
        or _MORE_AFTER.match(claim.sentence, end) is not None
    )


def is_former_figure(claim: Claim) -> bool:
    """Whether a claim's figure is what another one is counted from: "up from $60 billion".

    Or what was expected before: "£790 million had been forecast".
    """
    end = claim.span.span.end - claim.sentence_start
    return (
        _FORMERLY.search(_before(claim)) is not None
        or _EXPECTED.match(claim.sentence, end) is not None
    )


def _before(claim: Claim) -> str:
    """What stands right before a claim's words."""
    start = claim.span.span.start - claim.sentence_start
    return claim.sentence[max(0, start - _BEFORE) : start]


def of_one_measure(lead: Claim, other: Claim, question: Question) -> bool:
    """Whether two claims give figures of one measure.

    A bare number counts what is asked for where the question asks how many: "118 people have
    died", "it has killed 71".
    """
    if lead.value is None or other.value is None:
        return False
    if comparable(lead.value, other.value):
        return True
    kinds = {lead.value.kind, other.value.kind}
    counted = question.kind is AnswerKind.NUMBER and kinds == {"count", "number"}
    return counted and not_far_apart(lead.value, other.value)


def not_far_apart(left: Value, right: Value) -> bool:
    """Whether the larger of two figures is no more than thirty times the smaller."""
    if not isinstance(left.low, Fraction) or not isinstance(right.low, Fraction):
        return False
    low, high = sorted((abs(left.low), abs(right.low)))
    return high <= _MAX_RATIO * low


def comparable(left: Value, right: Value) -> bool:
    """Whether two values may be of one thing: of one kind and unit, and not far apart.

    Days are not: of two dates in one matter each is mostly of something else.
    """
    if not isinstance(left.low, Fraction) or not isinstance(right.low, Fraction):
        return False
    if {left.kind, right.kind} == {"count", "number"}:
        return min(abs(left.low), abs(right.low)) >= _BARE and not_far_apart(left, right)
    if left.kind != right.kind or _unit(left) != _unit(right):
        return False
    return left.kind == "percent" or not_far_apart(left, right)


def _unit(value: Value) -> str | None:
    """The unit; all words for people are one, and how often they are counted does not matter."""
    unit = value.unit
    if unit is None or value.kind != "count":
        return unit
    noun = unit.split(" per ")[0].split()[-1]
    return "people" if noun in _PEOPLE else noun


def stems(text: str) -> frozenset[str]:
    """The stems of a text's words that say what it is about."""
    words = (word.lower() for word in split_words(text))
    return frozenset(
        _PRESENT.get(word, _ENDING.sub("", word)[:_STEM])
        for word in words
        if word not in STOP_WORDS and word not in _NO_SUBJECT and not word[0].isdigit()
    )
