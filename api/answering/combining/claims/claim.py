"""Ranked candidates -> claims: what one sentence of one article says, and as of when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.answering.sentences import sentence_around
from api.answering.time.former_holders import is_former_holder
from api.answering.time.statements import Statement, read_statement
from api.answering.values.parsing import parse_value
from index.records import Span

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from api.answering.ranking.ranker import RankedCandidate
    from api.answering.reading.reader import ScoredSpan
    from api.answering.values.value import Value
    from index.records import Passage

_MIN_MARGIN: Final = -5.0  # over no answer; a passage about something else is below -8


@dataclass(frozen=True, slots=True)
class Claim:
    """What one sentence of one article says.

    Attributes:
        place: The rank of its candidate, from 0.
        span: Where it stands.
        passage: What was read.
        text: Its words.
        value: What the words say, if they say a value.
        sentence: The sentence around it, or the sentences.
        sentence_start: Where that begins in the article.
        statement: The time and standing of what the sentence says.
        former: Whether the sentence says of a name that its office was given up.
        read: What was read of its article, its own passage among it.
    """

    place: int
    span: ScoredSpan
    passage: Passage
    text: str
    value: Value | None
    sentence: str
    sentence_start: int
    statement: Statement
    former: bool
    read: tuple[Passage, ...]

    @property
    def as_of(self) -> dt.date | None:
        """The day as of which it holds; None where it is not known."""
        return self.statement.as_of

    @property
    def in_sentence(self) -> Span:
        """Where its words stand in its sentence."""
        start, end = self.span.span
        return Span(start - self.sentence_start, end - self.sentence_start)


def own_value(claim: Claim) -> Value | None:
    """The value that a claim's own words say in their sentence."""
    day = claim.passage.article.published_at
    return parse_value(claim.text, claim.sentence, claim.in_sentence.start, day)


def claims_of(
    place: int, ranked: RankedCandidate, passages: Sequence[Passage]
) -> tuple[Claim, ...]:
    """Read what each span of a candidate claims, in the order of its spans."""
    value = ranked.candidate.value
    return tuple(
        claim_of(
            place,
            scored,
            passages[scored.passage],
            value,
            _of_article(passages[scored.passage], passages),
        )
        for scored in ranked.candidate.spans
    )


def _of_article(passage: Passage, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    return tuple(each for each in passages if each.article.id == passage.article.id)


def claim_of(
    place: int,
    scored: ScoredSpan,
    passage: Passage,
    value: Value | None,
    read: tuple[Passage, ...] = (),
) -> Claim:
    """Read what one span claims.

    Args:
        place: The rank of its candidate, from 0.
        scored: The span.
        passage: Where it stands.
        value: What its words say, if they say a value.
        read: What was read of its article; nothing for its passage alone.
    """
    around = sentence_around(passage, scored.span)
    sentence = passage.chunk.words(around)
    span = Span(scored.span.start - around.start, scored.span.end - around.start)
    return Claim(
        place=place,
        span=scored,
        passage=passage,
        text=sentence[slice(*span)],
        value=value,
        sentence=sentence,
        sentence_start=around.start,
        statement=read_statement(sentence, span, passage.article.published_at),
        former=is_former_holder(sentence, *span),
        read=read or (passage,),
    )


def of_one_article(left: Claim, right: Claim) -> bool:
    """Whether two claims are of one article."""
    return left.passage.article.id == right.passage.article.id


def in_one_sentence(left: Claim, right: Claim) -> bool:
    """Whether two claims stand in one sentence of one article."""
    return (
        of_one_article(left, right)
        and left.sentence_start == right.sentence_start
        and left.sentence == right.sentence
    )


def nearly_answers(claim: Claim) -> bool:
    """Whether the reader takes a claim for an answer, or nearly so."""
    return claim.span.margin >= _MIN_MARGIN
