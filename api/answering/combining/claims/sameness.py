"""Whether two claims are statements of the same thing, so that one may revise the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import in_one_sentence, nearly_answers, of_one_article
from api.answering.combining.claims.comparable_figures import of_one_measure
from api.answering.combining.claims.kinds import plans_a_day
from api.answering.combining.claims.measure_words import synonyms
from api.answering.combining.claims.naming import has_its_names
from api.answering.combining.claims.relative_figures import is_addition, is_former_figure
from api.answering.combining.claims.scopes import is_of_wider_scope, tells_how_far
from api.answering.combining.claims.subjects import speaks_of_another
from api.answering.questions.common_words import COMMON
from api.answering.reading.reader import near_best
from api.answering.sentences import refers_back
from api.answering.time.standing import UNREALISED
from api.answering.word_stems import stems
from api.answering.words import text_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question

_SCORE_APART: Final = 7.0  # a reader sees as a worse answer what scores further below the best
_SCORE_FAR: Final = 9.0  # of claims whose sentences share more words
_SENTENCE_APART: Final = 3.0  # scores of figures in one sentence
_SHARED: Final = 2  # stems that two sentences about one thing share


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
        or _undated_beside_dated(lead, other)
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
    told = stems(other.sentence)
    shared = [stem for stem in asked if not synonyms(stem).isdisjoint(told)]
    return bool(asked) and 2 * len(shared) >= len(asked)


def _share_only_names(lead: Claim, other: Claim, question: Question) -> bool:
    """Whether an article gives two figures, the other one without a word of the question.

    Its names don't count: all of an article is about them. Its title tells nothing either.
    """
    if not of_one_article(lead, other) or lead.sentence == other.sentence:
        return False
    shared = stems(question.text) & stems(other.sentence)
    return not shared - stems(" ".join(question.names))


def _names_nothing(lead: Claim, other: Claim, question: Question) -> bool:
    """Whether an article gives another figure without a time, a name of the question or "it".

    Where the lead's sentence has such a name, the other figure is of the rest of the article.
    """
    if not of_one_article(lead, other) or other.statement.words is not None:
        return False
    names = question.names - COMMON
    told = [not names.isdisjoint(text_words(claim.sentence)) for claim in (lead, other)]
    return told == [True, False] and not refers_back(other.sentence)


def _undated_beside_dated(lead: Claim, other: Claim) -> bool:
    """Whether an article dates the lead's figure, and not another that answers worse.

    What it says without a time is not newer for that.
    """
    return (
        of_one_article(lead, other)
        and lead.value != other.value
        and lead.statement.words is not None
        and other.statement.words is None
        and other.span.score < lead.span.score
    )


def _planned_and_not(lead: Claim, other: Claim) -> bool:
    """Whether one article gives, as of one day, a plan and what is so: two things.

    Not so where one tells what the other was before.
    """
    if is_former_figure(lead) or is_former_figure(other):
        return False
    plans = {claim.statement.standing in UNREALISED for claim in (lead, other)}
    same = of_one_article(lead, other) and lead.as_of == other.as_of
    return same and len(plans) > 1


def _beside_each_other(lead: Claim, other: Claim) -> bool:
    """Whether one sentence gives two figures as of one day: each is then of something else.

    Not so where one tells what the other was before: "to 1.1% from 1.3%".
    """
    if not in_one_sentence(lead, other):
        return False
    if lead.value == other.value or lead.as_of != other.as_of:
        return False
    return not (is_former_figure(lead) or is_former_figure(other))


def _is_moved_date(lead: Claim, other: Claim, question: Question) -> bool:
    """Whether two articles plan one thing for two dates: "ready in 2026", "in early 2027"."""
    return (
        not of_one_article(lead, other)
        and all(plans_a_day(claim, question) and nearly_answers(claim) for claim in (lead, other))
        and shared_subject(lead, other, question) > _SHARED
        and in_asked_words(other, question)
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
