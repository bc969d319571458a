"""Responses: answers with citations, abstentions, and passages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from api.answering.verifying import sha256_of
from api.schemas import examples
from api.schemas.articles import ArticleOut
from api.schemas.base import Response, with_examples

Page = Annotated[
    int | None,
    Field(ge=1, description="The page that it begins on; null where the article has no pages."),
]


class ScoresOut(Response):
    """How a passage scored; higher is better, null where it was not scored."""

    dense: float | None
    lexical: float | None
    fused: float
    reader: float | None = None


class CitationOut(Response):
    """Where a quote stands: ``article.text[start:end] == quote``, in code points.

    ``quote_sha256`` is of the quote in UTF-8; with it ``POST /v1/verify`` looks the quote up later.
    ``before`` is the sentence before, ``article.text[before_start:before_end]``, where the sentence
    begins with a pronoun, "together", "the company" or the like; else all three are null.
    """

    number: int
    article: ArticleOut
    quote: str
    quote_sha256: str = Field(default_factory=lambda validated: sha256_of(validated["quote"]))
    start: int
    end: int
    sentence: str
    sentence_start: int
    sentence_end: int
    before: str | None = None
    before_start: int | None = None
    before_end: int | None = None
    passage_start: int
    passage_end: int
    page: Page = None
    scores: ScoresOut


class NearestOut(Response):
    """A passage that came near; a citation without a quote."""

    number: int
    article: ArticleOut
    sentence: str
    sentence_start: int
    sentence_end: int
    passage_start: int
    passage_end: int
    page: Page = None
    scores: ScoresOut


Standing = Literal["reported", "planned", "forecast", "denied", "attributed"]


class QuantityOut(Response):
    """A quantity that an answer's words say; a single figure has ``low == high``.

    ``unit`` is an ISO 4217 code for money (the plain name, as "shillings", where the words leave
    open whose currency it is), "percent", "percentage points" or "basis points" for percent, and
    what is counted or measured for counts and durations, in the plural; rates end in "per ...".
    """

    kind: Literal["money", "percent", "count", "number", "duration"]
    low: float
    high: float
    unit: str | None
    approximate: Annotated[
        bool, Field(description="Whether the words say about, nearly, more than or the like.")
    ]


class PeriodOut(Response):
    """A day or period that an answer's words say, from its first day to its last.

    ``unit`` is "fiscal year" where the days are those of the calendar year of that number.
    """

    kind: Literal["date"]
    low: date
    high: date
    unit: str | None
    approximate: bool


ValueOut = Annotated[QuantityOut | PeriodOut, Field(discriminator="kind")]


class AnswerOut(Response):
    """An answer, the probability that it is right, and the numbers of its citations.

    ``value`` is what the words say as a quantity or period; null where they are text. ``as_of`` is
    the day as of which the first citation's sentence holds: the end of the time that a result is
    of, the day on which a plan or forecast was stated; null where it is not known. ``standing`` is
    how that sentence stands.
    """

    text: str
    confidence: Annotated[float, Field(ge=0, le=1)]
    value: ValueOut | None = None
    as_of: date | None = None
    standing: Standing = "reported"
    citations: Annotated[list[int], Field(min_length=1)]


class TimelineEntryOut(Response):
    """One of several statements of what is answered; ``citation`` is the number of its citation."""

    as_of: date | None
    text: str
    value: ValueOut | None
    standing: Standing
    citation: int

    @property
    def shown_day(self) -> str:
        """The day as of which it holds, in ISO form; "undated" where it is not known."""
        return "undated" if self.as_of is None else self.as_of.isoformat()


class QuestionTimeOut(Response):
    """The time that the question asks about, in its ``words``; an open end is null.

    ``use`` is what that did. "filter": statements of other times were left behind. "evidence":
    those of this time were preferred. "not met": none of this time answers, so that others do.
    "contradictory": the question names times that share no day, and nothing was filtered.
    """

    model_config = ConfigDict(serialize_by_alias=True)

    from_: Annotated[date | None, Field(alias="from")]
    to: date | None
    words: str
    use: Literal["filter", "evidence", "not met", "contradictory"]


class AbstentionOut(Response):
    """Why there is no answer, and what was found instead.

    ``best_candidate`` holds the words that would have been the answer, ``best_confidence`` the
    probability that they are right; both are null where nothing was found.
    """

    reason: str
    nearest: list[NearestOut]
    best_candidate: str | None
    best_confidence: Annotated[float | None, Field(ge=0, le=1)]


class BelowTheBarOut(Response):
    """A candidate that was not sure enough, or one too many, to be an item of a list."""

    text: str
    confidence: Annotated[float, Field(ge=0, le=1)]


class ListingOut(Response):
    """How complete the answers are as a list; each of them is an item.

    ``complete`` is "likely" where nothing came near the threshold without reaching it; what did
    is ``below_the_bar``, best first. ``articles_searched`` is the number of articles that pass the
    filters.
    """

    complete: Literal["likely", "unknown"]
    articles_searched: int
    below_the_bar: list[BelowTheBarOut]


class SideOut(Response):
    """One side of a comparison, in the question's order; of a change the time is its subject.

    ``answer`` is the number of its answer in ``answers``, from 0; null where none is sure enough.
    """

    subject: str
    answer: int | None


class ComparisonOut(Response):
    """What the answers compare; the side that the question asks for answers first.

    ``greater`` is the number of the side with the greatest value, from 0; null where the values
    have no unit in common, are equal or overlap, or one is missing. ``statement`` says in one
    sentence what was compared.
    """

    by: Literal["value"] = "value"
    sides: Annotated[list[SideOut], Field(min_length=2)]
    greater: int | None
    statement: str


class NamesOut(Response):
    """Names of the question that no article mentions, and those taken for a slip of the pen.

    A question about an absent name is not answered; one read as another name is answered for that.
    ``offered`` has the spellings in the articles that are a letter away, by words of absent names.
    """

    absent: list[str] = Field(default_factory=list)
    read_as: dict[str, str] = Field(default_factory=dict)
    offered: dict[str, list[str]] = Field(default_factory=dict)


class ContextOut(Response):
    """What a follow-up takes over from the question: its names, and the words of its time."""

    names: list[str] = Field(default_factory=list)
    time: str | None = None


class ShardsOut(Response):
    """How many shards of the index answered, of those that have articles.

    With fewer than all the service abstains, unless the request has ``allow_partial``.
    """

    answered: Annotated[int, Field(ge=0)]
    of: Annotated[int, Field(ge=1)]


Shards = Annotated[
    ShardsOut | None,
    Field(
        exclude_if=lambda shards: shards is None,
        description="Only where the index is in shards.",
    ),
]


class TimingsOut(Response):
    """Milliseconds spent on each stage.

    ``cache`` is null, unless the reply came from the answer cache: then it is what finding it
    there took, and the stages took nothing.
    """

    encode: float
    retrieve: float
    read: float
    cache: float | None = None
    total: float


class AskResponse(Response):
    """Answers with citations, or an abstention.

    ``question`` is what was asked: of a follow-up, with what it took over. ``undated_left_out`` is
    the number of articles that a filter by day left out because they have no day.
    """

    model_config = with_examples(examples.ASK, examples.ABSTAINED)

    status: Literal["answered", "abstained"]
    question: str
    answer: str | None
    confidence: float | None
    answers: list[AnswerOut]
    citations: list[CitationOut]
    abstention: AbstentionOut | None
    agreement: Annotated[
        Literal["single", "agree", "revised", "disagree"] | None,
        Field(
            description="How the articles' statements of the answer agree: there is one, all say "
            "the same, it changed over time, or they contradict each other; null without an "
            "answer, and for lists and comparisons, whose answers are of several things."
        ),
    ] = None
    timeline: Annotated[
        list[TimelineEntryOut],
        Field(
            default_factory=list,
            description="Those statements, oldest first, where they differ. Their citations are "
            "among those of the answers or come after them.",
        ),
    ]
    question_time: QuestionTimeOut | None = None
    names: NamesOut = Field(default_factory=NamesOut)
    context: ContextOut = Field(default_factory=ContextOut)
    listing: Annotated[
        ListingOut | None,
        Field(description="Where the question asks for a list; null for other questions."),
    ] = None
    comparison: Annotated[
        ComparisonOut | None,
        Field(description="Where the question compares; null for other questions."),
    ] = None
    shards: Shards = None
    index_version: str
    undated_left_out: int = 0
    timings_ms: TimingsOut

    @model_validator(mode="after")
    def _all_or_nothing(self) -> Self:
        answered = self.status == "answered"
        filled = (self.answer is not None, bool(self.answers), bool(self.citations))
        if any(part != answered for part in (*filled, self.abstention is None)):
            raise ValueError(
                f"status '{self.status}' with answer, answers, citations {filled}; an answered "
                "response has all of them and no abstention, an abstained one the reverse"
            )
        return self


class BatchResponse(Response):
    """One response per question, in order."""

    model_config = with_examples(examples.BATCH)

    responses: list[AskResponse]


class PassageOut(Response):
    """A retrieved passage: ``article.text[start:end] == text``, in code points."""

    number: int
    article: ArticleOut
    text: str
    start: int
    end: int
    context: str
    page: Page = None
    scores: ScoresOut


class SearchTimingsOut(Response):
    """Milliseconds spent on each stage."""

    encode: float
    retrieve: float


class SearchResponse(Response):
    """Passages, best first; ``undated_left_out`` and ``shards`` as in an answer."""

    model_config = with_examples(examples.SEARCH)

    question: str
    passages: list[PassageOut]
    shards: Shards = None
    index_version: str
    undated_left_out: int = 0
    timings_ms: SearchTimingsOut
