"""Replies on the wire, and the parameters of what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.answering.answerer import AskParameters
from api.answering.days import today
from api.answering.questions.follow_up import context_of
from api.schemas import (
    AbstentionOut,
    AnswerOut,
    AskResponse,
    BelowTheBarOut,
    ComparisonOut,
    ContextOut,
    ListingOut,
    NamesOut,
    QuestionOptions,
    QuestionTimeOut,
    SideOut,
    TimelineEntryOut,
    TimingsOut,
)
from api.translation.citations import from_citation, from_nearest
from api.translation.passages import from_shards
from api.translation.values import from_value

if TYPE_CHECKING:
    from api.answering.answers import Comparison, FramedTime, Listing, Reply, Timings
    from api.answering.names.findings import Names
    from api.schemas import ReadingOptions


def to_parameters(request: ReadingOptions) -> AskParameters:
    """The parameters of a request."""
    return AskParameters(
        top_k=request.top_k,
        max_answers=request.max_answers if isinstance(request, QuestionOptions) else None,
        min_confidence=request.min_confidence,
        filters=request.filters.to_filters(),
        # Replies are kept by how they were asked for, and "today" is another day tomorrow.
        as_of=today() if request.as_of is None else request.as_of,
        allow_partial=isinstance(request, QuestionOptions) and request.allow_partial,
    )


def from_reply(reply: Reply, cache_ms: float | None = None) -> AskResponse:
    """A reply on the wire.

    Args:
        reply: The reply.
        cache_ms: Milliseconds of its look-up in the answer cache; None where it is new.
    """
    best = reply.answers[0] if reply.answers else None
    return AskResponse(
        status="abstained" if best is None else "answered",
        question=reply.question,
        answer=None if best is None else best.text,
        confidence=None if best is None else best.confidence,
        answers=[
            AnswerOut(
                text=answer.text,
                confidence=answer.confidence,
                value=None if answer.value is None else from_value(answer.value),
                as_of=answer.as_of,
                standing=answer.standing,
                citations=[citation.number for citation in answer.citations],
            )
            for answer in reply.answers
        ],
        citations=[from_citation(citation) for citation in reply.citations],
        abstention=None
        if reply.abstention is None
        else AbstentionOut(
            reason=reply.abstention.reason,
            nearest=[from_nearest(item) for item in reply.abstention.nearest],
            best_candidate=reply.abstention.best_candidate,
            best_confidence=reply.abstention.best_confidence,
        ),
        agreement=reply.agreement,
        timeline=[
            TimelineEntryOut(
                as_of=entry.as_of,
                text=entry.text,
                value=None if entry.value is None else from_value(entry.value),
                standing=entry.standing,
                citation=entry.citation.number,
            )
            for entry in reply.timeline
        ],
        question_time=None if reply.time is None else _question_time(reply.time),
        names=_names(reply.names),
        context=_context(reply.question),
        listing=None if reply.listing is None else _listing(reply.listing),
        comparison=None if reply.comparison is None else _comparison(reply.comparison),
        shards=from_shards(reply.shards),
        index_version=reply.index_version,
        undated_left_out=reply.undated,
        timings_ms=_timings(reply.timings)
        if cache_ms is None
        else TimingsOut(encode=0, retrieve=0, read=0, cache=cache_ms, total=cache_ms),
    )


def _context(question: str) -> ContextOut:
    context = context_of(question, today())
    return ContextOut(names=list(context.names), time=context.time)


def _listing(listing: Listing) -> ListingOut:
    return ListingOut(
        complete=listing.complete,
        articles_searched=listing.articles_searched,
        below_the_bar=[
            BelowTheBarOut(text=item.text, confidence=item.confidence)
            for item in listing.below_the_bar
        ],
    )


def _comparison(comparison: Comparison) -> ComparisonOut:
    return ComparisonOut(
        sides=[SideOut(subject=side.subject, answer=side.answer) for side in comparison.sides],
        greater=comparison.greater,
        statement=comparison.statement,
    )


def _question_time(time: FramedTime) -> QuestionTimeOut:
    start, end = time.frame.period
    return QuestionTimeOut(**{"from": start}, to=end, words=time.frame.words, use=time.use)


def _names(names: Names) -> NamesOut:
    return NamesOut(
        absent=list(names.absent),
        read_as=dict(names.read_as),
        offered={word: list(spellings) for word, spellings in names.offered.items()},
    )


def _timings(timings: Timings) -> TimingsOut:
    return TimingsOut(
        encode=timings.encode, retrieve=timings.retrieve, read=timings.read, total=timings.total
    )
