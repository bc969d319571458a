"""Ranking: passages -> candidates, each with the probability that it is right, best first.

The one way from passages to candidates: the service answers with it, and evaluation measures it.
"""

from __future__ import annotations

import logging
import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from api.answering.actors.governing import Governing
from api.answering.errors import ReaderError
from api.answering.questions.answer_kind import cannot_answer
from api.answering.questions.narrower_kinds import (
    is_title,
    is_too_wide,
    names_asked_place,
    names_asked_thing,
)
from api.answering.ranking.candidates import group_spans
from api.answering.ranking.confidence import load_calibration
from api.answering.ranking.features import candidate_features, lead_over, own_words, within_bounds
from api.answering.reading.reader import check_spans
from api.answering.reading.registry import load_reader, reader_row
from api.answering.words import AUXILIARY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.answering.questions.question import Question
    from api.answering.ranking.candidates import Candidate
    from api.answering.ranking.confidence import Calibration
    from api.answering.reading.reader import Reader, ReaderOptions, ScoredSpan
    from index.embedding.encoder import Encoder
    from index.records import Passage

_LOGGER = logging.getLogger(__name__)
# "Was it Acme or Beta?", and what asks whether something is so: what it says may be the answer.
_OFFERS: Final = re.compile(rf"\bor\b|\A\W*{AUXILIARY}\b", re.IGNORECASE)
_WHERE: Final = re.compile(r",?\s(?:at|in|near|on|outside)\s(?:the\s)?")
_UNFIT: Final = 0.2  # not fitted: whatever a reader scores, hardly any of these is right
_BESIDE: Final = 3.0  # added to the margin of one of several answers, which is its lead


@dataclass(frozen=True, slots=True)
class DescribedCandidate:
    """A candidate and what its confidence rests on.

    Attributes:
        features: By name; see `features.candidate_features`.
        place: Its rank by the reader's score, from 0.
        unfit: Whether it is said of another actor, or not of the kind that is asked for.
    """

    candidate: Candidate
    features: dict[str, float]
    place: int
    unfit: bool = False

    def confidence(self, calibration: Calibration) -> float:
        """The probability that it is right; a fifth of it where it is unfit."""
        confidence = calibration.confidence(self.features)
        return confidence * _UNFIT if self.unfit else confidence

    def with_lead(self, lead: float) -> DescribedCandidate:
        """The same candidate with another lead over its rivals."""
        return replace(self, features={**self.features, "lead": lead})

    def with_support(self, sources: int) -> DescribedCandidate:
        """The same candidate where at least so many sources, 1 or more, tell of the same thing."""
        support = max(self.features["support"], math.log(sources))
        return replace(self, features={**self.features, "support": support})

    def without_age(self) -> DescribedCandidate:
        """The same candidate where an older one may be as right as a newer one."""
        return replace(self, features={**self.features, "recency": 0.0})


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    """A described candidate with its confidence: the probability that it is right, in (0, 1)."""

    described: DescribedCandidate
    confidence: float

    @property
    def candidate(self) -> Candidate:
        """The candidate itself."""
        return self.described.candidate


@dataclass(frozen=True, slots=True)
class Ranker:
    """Ranks candidate answers with a reader and the calibration of its confidence.

    Attributes:
        reader: Finds spans in passages.
        calibration: Turns their features into a confidence; fitted on this reader's scores.
        instead_of: The reader that was asked for, where it cannot be loaded and another reads.
    """

    reader: Reader
    calibration: Calibration
    instead_of: str | None = None

    def rank(self, question: Question, passages: Sequence[Passage]) -> list[RankedCandidate]:
        """Rank the candidates in some passages, best first.

        Raises:
            ReaderError: If the reader returns a span outside its passage.
        """
        return self.weigh(question, read_spans(self.reader, question, passages), passages)

    def weigh(
        self,
        question: Question,
        spans: Sequence[ScoredSpan],
        passages: Sequence[Passage],
        *,
        several: bool = False,
    ) -> list[RankedCandidate]:
        """Rank what was read: the second half of `rank`, after `read_spans`.

        Args:
            question: The question.
            spans: What was read.
            passages: Where it was read.
            several: Whether several candidates may be right: a better one then says nothing
                against a candidate.
        """
        found = describe(question, spans, passages)
        found = _beside_others(found) if several else _without_unfit(found)
        ranked = [
            RankedCandidate(described, described.confidence(self.calibration))
            for described in found
        ]
        return sorted(ranked, key=_order)


def _beside_others(found: Sequence[DescribedCandidate]) -> list[DescribedCandidate]:
    """Candidates that may all be right, old or new: their only rival is "not here"."""
    return [
        described.with_lead(within_bounds(described.candidate.best.margin + _BESIDE)).without_age()
        for described in found
    ]


def _without_unfit(found: Sequence[DescribedCandidate]) -> list[DescribedCandidate]:
    """Candidates without the unfit ones as rivals, but not without "not here"."""
    freed = []
    for described in found:
        score, lead = described.candidate.best.score, described.features["lead"]
        rivals = [
            other.candidate.best.score
            for other in found
            if other is not described and not other.unfit
        ]
        margin = described.features["margin"]
        freed.append(described.with_lead(max(lead, min(margin, lead_over(score, rivals)))))
    return freed


def _order(ranked: RankedCandidate) -> tuple[float, int]:
    """What candidates are chosen by: the highest confidence, then the reader's own order."""
    return -ranked.confidence, ranked.described.place


def read_spans(reader: Reader, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
    """Read passages and check the spans; without passages the reader is not called.

    Raises:
        ReaderError: If the reader returns a span outside its passage.
    """
    spans = reader.read(question, passages) if passages else []
    check_spans(spans, passages)
    return spans


def describe(
    question: Question, spans: Sequence[ScoredSpan], passages: Sequence[Passage]
) -> list[DescribedCandidate]:
    """Group spans into candidates and compute their features, best reader score first."""
    governing = Governing(question, passages)
    candidates = group_spans(
        [replace(scored, of_another=governing.of_another(scored)) for scored in spans], passages
    )
    features = candidate_features(question, candidates, passages)
    named = [names_asked_place(question, candidate.text) for candidate in candidates]
    with_place = {
        scored.passage
        for candidate, names_place in zip(candidates, named, strict=True)
        if names_place
        for scored in candidate.spans
    }
    things = [
        candidate.best for candidate in candidates if names_asked_thing(question, candidate.text)
    ]
    return [
        DescribedCandidate(
            candidate,
            values,
            place,
            # A town that stands beside the state that is asked for is no answer.
            (candidate.best.passage in with_place and not named[place])
            or any(_stands_behind(candidate.best, thing, passages) for thing in things)
            or governing.lacks_names(passages[candidate.best.passage])
            or _is_unfit(question, candidate, passages),
        )
        for place, (candidate, values) in enumerate(zip(candidates, features, strict=True))
    ]


def _stands_behind(scored: ScoredSpan, thing: ScoredSpan, passages: Sequence[Passage]) -> bool:
    """Whether words tell where a thing is that stands right before: "the plant in Louisville"."""
    if scored.passage != thing.passage or scored.span.start < thing.span.end:
        return False
    chunk = passages[thing.passage].chunk
    between = chunk.text[thing.span.end - chunk.start : scored.span.start - chunk.start]
    return _WHERE.fullmatch(between) is not None


def _is_unfit(question: Question, candidate: Candidate, passages: Sequence[Passage]) -> bool:
    best, text = candidate.best, candidate.text
    if best.of_another or cannot_answer(question.kind, text):
        return True
    if is_too_wide(question, text) or _only_repeats(question, text):
        return True
    chunk = passages[best.passage].chunk
    start, end = best.span.start - chunk.start, best.span.end - chunk.start
    return is_title(question, chunk.text[:start], chunk.text[end:])


def _only_repeats(question: Question, text: str) -> bool:
    """Whether an answer has no word that the question lacks, and is none of those it offers."""
    words = own_words(text)
    return bool(words) and words <= question.words and _OFFERS.search(question.text) is None


def load_ranker(
    name: str,
    encoder: Encoder,
    options: ReaderOptions | None = None,
    calibration: Path | None = None,
) -> Ranker:
    """Load a reader and its calibration, or those of the reader that takes its place.

    Why another takes its place is logged; it reads with the calibration that ships with it.

    Args:
        name: The reader: a name in the registry, or the folder of a trained one.
        encoder: The encoder in use.
        options: The reader's number format and the rest; the usual ones where None.
        calibration: The calibration file; None for the one that ships with the reader.

    Raises:
        ReaderError: If there is no such reader, no calibration for it, or the calibration is
            another reader's.
    """
    row = reader_row(name)
    try:
        reader = load_reader(name, encoder, options)
    except ReaderError as error:
        if row.fallback is None:
            raise
        ranker = load_ranker(row.fallback, encoder, options)
        _LOGGER.warning("reader '%s' reads instead of '%s': %s", row.fallback, name, error)
        return replace(ranker, instead_of=name)
    path = row.calibration if calibration is None else calibration
    return Ranker(reader, load_calibration(path, reader.facts))
