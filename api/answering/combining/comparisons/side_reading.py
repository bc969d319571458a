"""Reading the sides of a comparison: each is asked on its own, in its own passages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Final

from api.answering.actors.measures import AskedMeasure
from api.answering.answers import milliseconds_since
from api.answering.combining.claims.claim import claim_of
from api.answering.combining.claims.subjects import opens_beside
from api.answering.combining.comparisons.comparing import measured, with_equivalent
from api.answering.combining.comparisons.ownership import Ownership
from api.answering.combining.reading_budget import TIMES_READ
from api.answering.combining.series.asked_time import meets
from api.answering.combining.series.choosing import choose
from api.answering.combining.spans.figures_apart import figures_apart, value_of
from api.answering.combining.spans.levels import asks_for_move, moved_to
from api.answering.questions.question import Question
from api.answering.ranking.ranker import read_spans
from api.answering.time.frames import read_question_time

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from api.answering.combining.comparisons.comparison_questions import AskedSide
    from api.answering.names.looking_up import NameLookup
    from api.answering.ranking.ranker import RankedCandidate, Ranker
    from api.answering.reading.reader import ScoredSpan
    from api.answering.time.frames import TimeFrame
    from api.answering.values.value import Value
    from index.records import Filters, Passage, Span
    from index.retriever import Retriever

_AMOUNTS: Final = frozenset({"profit", "revenue", "debt", "cash"})
# "Three times as many" counts nothing; "13 times" may.
_MULTIPLIES: Final = re.compile(
    r"(?:\d[\d.,]*|\w+)\stimes\s(?:as|more|the|that|those|its|their|[a-z]+er)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SideAnswer:
    """An answer of one side.

    Attributes:
        subject: What the side is called.
        question: What was asked of it.
        ranked: The candidate, with its confidence.
        value: What its words say.
        place: The article and the span of its first citation.
    """

    subject: str
    question: Question
    ranked: RankedCandidate
    value: Value
    place: tuple[str, Span]

    @property
    def text(self) -> str:
        """Its words."""
        return self.ranked.candidate.text


@dataclass(frozen=True, slots=True)
class ReadSides:
    """What was read for all sides, and what it cost, in milliseconds.

    Attributes:
        passages: Those of all sides, one after the other; spans count in it.
        answers: Of each side its candidates with a value, best first.
    """

    passages: list[Passage]
    answers: list[list[SideAnswer]]
    encode_ms: float
    search_ms: float
    read_ms: float


class SideReader:
    """Asks and reads the sides of comparisons.

    Args:
        retriever: Finds the passages of each side.
        ranker: Reads them.
        names: Looks the names of each side up.
    """

    def __init__(self, retriever: Retriever, ranker: Ranker, names: NameLookup) -> None:
        self._retriever = retriever
        self._ranker = ranker
        self._names = names

    def read(
        self,
        sides: Sequence[AskedSide],
        day: dt.date,
        top_k: int,
        filters: Filters,
        threshold: float,
        *,
        owned: bool,
        lost: frozenset[int] = frozenset(),
    ) -> ReadSides:
        """Read all sides.

        Args:
            sides: What is asked of each.
            day: The day that the question is asked on.
            top_k: Passages that an ordinary question reads.
            filters: What articles must pass.
            threshold: The least confidence of an answer.
            owned: Whether values that belong to another side's subject are left out.
            lost: Shards of the index that are not asked.

        Raises:
            ReaderError: If the reader returns a span outside its passage.
        """
        share = max(1, min(top_k, TIMES_READ * top_k // len(sides)))
        passages: list[Passage] = []
        answers = []
        encode_ms = search_ms = read_ms = 0.0
        for number, side in enumerate(sides):
            named = self._names.look_up(Question.parse(side.question))
            question = named.question
            found = self._retriever.retrieve(question.text, share, filters, named.also, lost=lost)
            time = read_question_time(question.text, day)
            started = perf_counter()
            read = self._figures(question, found.passages)
            read_ms += milliseconds_since(started)
            encode_ms += found.encode_ms
            search_ms += found.search_ms
            spans = [replace(scored, passage=scored.passage + len(passages)) for scored in read]
            passages = [*passages, *found.passages]
            if time.frame is not None and _names_a_year(time.frame):
                spans = [
                    scored
                    for scored in spans
                    if meets(claim_of(0, scored, passages[scored.passage], None), time.frame)
                ]
            best: list[SideAnswer] = []
            for kept in _of_side(sides, number, spans, passages) if owned else [spans]:
                ranked = self._ranker.weigh(question, kept, passages)
                choice = choose(
                    question, time, ranked, passages, kept, self._ranker.calibration, threshold
                )
                best = best or _valued(side.subject, question, choice.ranked, passages)
            answers.append(best)
        return ReadSides(passages, answers, encode_ms, search_ms, read_ms)

    def _figures(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Read passages: spans of single figures, and where each stands, not how far it moved."""
        spans = figures_apart(read_spans(self._ranker.reader, question, passages), passages)
        return spans if asks_for_move(question.text) else moved_to(spans, passages)


def _names_a_year(frame: TimeFrame) -> bool:
    """Whether a frame shuts other times out: "in 2024" does, "last season" does not."""
    firm = frame.firm and not frame.contradictory
    return firm and any(mark.isdigit() for mark in frame.words)


def _of_side(
    sides: Sequence[AskedSide],
    number: int,
    spans: Sequence[ScoredSpan],
    passages: Sequence[Passage],
) -> list[list[ScoredSpan]]:
    """The spans beside the name of a side, then those beside no side's name.

    A reader often finds what is asked for, but of another subject: "Acme: 54%" for "Beta: 49%". The
    value of this side in the same passage, in the same unit, then takes over the score.
    """
    touched = [passages[index] for index in dict.fromkeys(scored.passage for scored in spans)]
    ownership = Ownership([side.subject for side in sides], touched)
    owners = [ownership.owner(scored, passages[scored.passage]) for scored in spans]
    open_ones = [scored for scored, owner in zip(spans, owners, strict=True) if owner is None]
    of_others: dict[int, list[ScoredSpan]] = {}
    own: list[ScoredSpan] = []
    for scored, owner in zip(spans, owners, strict=True):  # best first
        if owner is not None and owner != number:
            of_others.setdefault(scored.passage, []).append(scored)
        elif owner == number:
            value = value_of(scored, passages[scored.passage])
            better = next(
                (
                    other
                    for other in of_others.get(scored.passage, [])
                    if value is not None
                    and (found := value_of(other, passages[other.passage])) is not None
                    and measured([value, found]) is not None
                ),
                None,
            )
            if better is None:
                own.append(scored)
            else:
                of_others[scored.passage].remove(better)
                own.append(replace(scored, score=better.score))
    return [own, open_ones]


def _valued(
    subject: str, question: Question, ranked: Sequence[RankedCandidate], passages: Sequence[Passage]
) -> list[SideAnswer]:
    answers = []
    for item in ranked:
        candidate = item.candidate
        if candidate.value is not None:
            best = candidate.best
            claim = claim_of(0, best, passages[best.passage], candidate.value)
            at = best.span.start - claim.sentence_start
            if (
                _MULTIPLIES.match(claim.sentence, at)
                or _is_growth(candidate.value, question)
                or opens_beside(claim.sentence, question)
            ):
                continue
            value = with_equivalent(candidate.value, candidate.text, claim.sentence, at)
            place = passages[best.passage].article.id, best.span
            answers.append(SideAnswer(subject, question, item, value, place))
    return answers


def _is_growth(value: Value, question: Question) -> bool:
    """Whether a value says how far an amount of money moved, and the amount itself is asked for."""
    amount = AskedMeasure.of(question.text).kind in _AMOUNTS
    return value.kind == "percent" and amount and not asks_for_move(question.text)
