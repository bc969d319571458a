"""Abstentions: why there is no answer, and the passages that come nearest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.answering.answers import Abstention
from api.answering.citations import nearest
from api.answering.periods import words_of_publication
from api.answering.words import split_words, text_words
from index.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.combining.citing import Citing
    from api.answering.questions.question import Question
    from api.answering.ranking.ranker import RankedCandidate
    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

_NEAREST_SHOWN: Final = 3
_LONGEST_SHOWN: Final = 80  # characters of a candidate in the reason for an abstention
_DIGITS: Final = range(2, 7)  # behind the point, of a probability: as few as tell it from another


def abstain(
    question: Question,
    ranked: Sequence[RankedCandidate],
    passages: Sequence[Passage],
    threshold: float,
    citing: Citing,
) -> Abstention:
    """Say why there is no answer, and show the passages that come nearest."""
    best_spans: dict[int, ScoredSpan] = {}
    for each in ranked:
        for scored in each.candidate.spans:
            best_spans.setdefault(scored.passage, scored)
    best = ranked[0] if ranked else None
    return Abstention(
        reason=_reason(question, best, passages, threshold),
        nearest=tuple(
            nearest(index + 1, passage, citing.article(passage.article.id), best_spans.get(index))
            for index, passage in enumerate(passages[:_NEAREST_SHOWN])
        ),
        best_candidate=None if best is None else best.candidate.text,
        best_confidence=None if best is None else best.confidence,
    )


def _reason(
    question: Question,
    best: RankedCandidate | None,
    passages: Sequence[Passage],
    threshold: float,
) -> str:
    """Say in one sentence why there is no answer."""
    lacking = lacking_reason(question, passages)
    if lacking is not None:
        return lacking
    if best is None:
        return "The reader found no span in the nearest passages."
    text = best.candidate.text
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
    probability, needed = _told_apart(best.confidence, threshold)
    return (
        f"The best candidate, '{shown}', is right with a probability of only "
        f"{probability}; at least {needed} is needed."
    )


def _told_apart(left: float, right: float) -> tuple[str, str]:
    """Two probabilities, rounded alike and as far as leaves them different: 0.418 and 0.420."""
    shown = [(f"{left:.{digits}f}", f"{right:.{digits}f}") for digits in _DIGITS]
    return next((pair for pair in shown if pair[0] != pair[1]), shown[-1])


def lacking_reason(question: Question, passages: Sequence[Passage]) -> str | None:
    """Say what the passages lack: names or years of the question, or there are none."""
    if not passages:
        return "No article passes the filters, or none has a passage that matches the question."
    present = frozenset[str]().union(
        *(text_words(f"{passage.chunk.context} {passage.chunk.text}") for passage in passages),
        *(words_of_publication(passage.article.published_at) for passage in passages),
    )
    lacking = [*sorted(question.lacking_names(present)), *sorted(question.years - present)]
    if lacking:
        named = ", ".join(f"'{_spelling(question, term)}'" for term in lacking)
        return f"The nearest passages do not mention {named}."
    return None


def _spelling(question: Question, term: str) -> str:
    """Spell a folded term as the question does."""
    return next((word for word in split_words(question.text) if fold(word) == term), term)


def refuse(
    reason: str, found: Sequence[ScoredSpan], passages: Sequence[Passage], citing: Citing
) -> Abstention:
    """Abstain from a question whose answer would be no span, and show what was found.

    Args:
        reason: Why, in words.
        found: Spans to show, the best first; then come the passages that are nearest.
        passages: What was read.
        citing: Loads the articles.
    """
    best_spans: dict[int, ScoredSpan] = {}
    for scored in found:
        best_spans.setdefault(scored.passage, scored)
    order = dict.fromkeys([*best_spans, *range(len(passages))])
    shown = list(order)[: max(_NEAREST_SHOWN, len(best_spans))]
    return Abstention(
        reason=reason,
        nearest=tuple(
            nearest(
                number,
                passages[index],
                citing.article(passages[index].article.id),
                best_spans.get(index),
            )
            for number, index in enumerate(shown, start=1)
        ),
        best_candidate=None,
        best_confidence=None,
    )
