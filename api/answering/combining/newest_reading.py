"""Reading passages, some of them chosen for being newer than what seems to answer."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from api.answering.ranking import read_spans
from api.answering.sentences import sentence_around
from api.answering.time.offices import office_asked_for

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from api.answering.question import Question
    from api.answering.ranking import RankedCandidate, Ranker
    from api.answering.reading.reader import ScoredSpan
    from api.answering.time.frames import QuestionTime
    from index.records import Filters, Passage
    from index.retriever import Retriever

_KEPT_BACK: Final = 2  # passages, the last ones, that newer ones may take the place of
_FEWEST: Final = 6  # passages of which some are kept back
_SURE_ENOUGH: Final = 0.1  # confidence from which a candidate's sentence is looked up
_LOOKED_UP: Final = 6  # newer passages among which new ones are looked for


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, and what it cost beside the question's own retrieval, in milliseconds.

    Attributes:
        passages: What was read; spans count in it.
    """

    passages: list[Passage]
    spans: list[ScoredSpan]
    encode_ms: float
    search_ms: float
    read_ms: float


class NewestReading:
    """Reads the passages of a question, and newer statements of what they seem to answer.

    A question that leaves its time open ("How much is Meta spending?") is nearest to any article
    that speaks of the matter, however old. The sentence with the best candidate is nearer to its
    own later versions: it is searched for in newer articles, and what is found is read in the
    place of the last passages. As many passages are read as without.
    """

    def __init__(self, retriever: Retriever, ranker: Ranker) -> None:
        self._retriever = retriever
        self._ranker = ranker

    def read(
        self,
        question: Question,
        asked_time: QuestionTime,
        filters: Filters,
        passages: Sequence[Passage],
    ) -> Reading:
        """Read the passages of a question.

        Raises:
            ReaderError: If the reader returns a span outside its passage.
        """
        frame = asked_time.frame
        bound = asked_time.aspect == "first" or (frame is not None and frame.firm)
        if bound or len(passages) < _FEWEST:
            started = time.perf_counter()
            spans = read_spans(self._ranker.reader, question, passages)
            return Reading(list(passages), spans, 0, 0, _since(started))
        started = time.perf_counter()
        first = list(passages[:-_KEPT_BACK])
        spans = read_spans(self._ranker.reader, question, first)
        ranked = self._ranker.weigh(question, spans, first)
        read_ms = _since(started)
        newer: list[Passage] = []
        encode_ms = search_ms = 0.0
        day = _day_to_renew(question, ranked, first)
        later = None if day is None else _after(day, filters)
        if later is not None:
            best = ranked[0].candidate.best
            found = self._retriever.retrieve(
                _sentence(first[best.passage], best), _LOOKED_UP, later
            )
            encode_ms, search_ms = found.encode_ms, found.search_ms
            read_already = {passage.chunk_id for passage in first}
            newer = [item for item in found.passages if item.chunk_id not in read_already]
        kept = {passage.chunk_id for passage in newer[:_KEPT_BACK]}
        others = [passage for passage in passages[-_KEPT_BACK:] if passage.chunk_id not in kept]
        rest = [*newer[:_KEPT_BACK], *others][:_KEPT_BACK]
        started = time.perf_counter()
        more = read_spans(self._ranker.reader, question, rest)
        moved = [replace(span, passage=span.passage + len(first)) for span in more]
        spans = sorted([*spans, *moved], key=lambda span: -span.score)
        return Reading([*first, *rest], spans, encode_ms, search_ms, read_ms + _since(started))


def _day_to_renew(
    question: Question, ranked: Sequence[RankedCandidate], passages: Sequence[Passage]
) -> dt.date | None:
    """The day of the best candidate's article, where a newer one may say something else."""
    if not ranked or ranked[0].confidence < _SURE_ENOUGH:
        return None
    candidate = ranked[0].candidate
    if candidate.value is None and office_asked_for(question.text) is None:
        return None
    return passages[candidate.best.passage].article.published_at


def _after(day: dt.date, filters: Filters) -> Filters | None:
    """The filters for what was published after a day; None where they leave nothing."""
    last = filters.published_to
    first = filters.published_from
    if last is not None and day >= last:
        return None
    following = day.replace() if day == day.max else day.fromordinal(day.toordinal() + 1)
    return replace(filters, published_from=following if first is None else max(first, following))


def _sentence(passage: Passage, span: ScoredSpan) -> str:
    chunk = passage.chunk
    around = sentence_around(passage, span.span)
    return chunk.text[around.start - chunk.start : around.end - chunk.start]


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1e3
