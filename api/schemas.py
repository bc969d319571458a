"""The wire: what requests and responses look like. Nothing below the routes knows it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from api import examples
from index.records import Filters

MAX_QUESTION_CHARACTERS = 1000
MAX_TOP_K = 50
MAX_BATCH = 32
MAX_FILTER_VALUES = 1000


def _check_day(value: object) -> object:
    """Refuse numbers: they would be taken for seconds since 1970."""
    if not isinstance(value, dt.date) and not (isinstance(value, str) and "-" in value[1:]):
        raise ValueError("expected a day such as 2025-01-31")
    return value


Question = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARACTERS),
]
TopK = Annotated[int, Field(ge=1, le=MAX_TOP_K, description="Passages to retrieve and read.")]
Day = Annotated[dt.date, BeforeValidator(_check_day), Field(strict=False)]
FilterValues = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=2000)]],
    Field(max_length=MAX_FILTER_VALUES),
]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Response(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _with_examples(*shown: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": list(shown)})


class FiltersIn(_Request):
    """Which articles may answer: values of one field are alternatives, fields must all hold."""

    published_from: Day | None = None
    published_to: Day | None = None
    sources: FilterValues = Field(default_factory=list)
    article_ids: FilterValues = Field(default_factory=list)
    tags: FilterValues = Field(default_factory=list)

    @field_validator("published_to")
    @classmethod
    def _not_before_from(cls, value: dt.date | None, info: ValidationInfo) -> dt.date | None:
        first = info.data.get("published_from")
        if value is not None and first is not None and value < first:
            raise ValueError(f"{value} is before published_from ({first})")
        return value

    def to_filters(self) -> Filters:
        """Translate to the index's own record."""
        return Filters(
            published_from=self.published_from,
            published_to=self.published_to,
            sources=frozenset(self.sources),
            article_ids=frozenset(self.article_ids),
            tags=frozenset(self.tags),
        )


class _Asked(_Request):
    top_k: TopK = 8
    max_answers: Annotated[int, Field(ge=1, le=10)] = 3
    min_confidence: Annotated[
        float | None,
        Field(
            ge=0,
            le=1,
            description="Least confidence of an answer; null for the calibrated threshold.",
        ),
    ] = None
    filters: FiltersIn = Field(default_factory=FiltersIn)


class AskRequest(_Asked):
    """One question."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "How much is Meta spending?"}]}
    )

    question: Question


class BatchRequest(_Asked):
    """Several questions, asked in the same way."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "questions": ["How much is Meta spending?", "Who runs OpenAI?"],
                    "filters": {"published_from": "2025-01-01"},
                }
            ]
        }
    )

    questions: Annotated[list[Question], Field(min_length=1, max_length=MAX_BATCH)]


class SearchRequest(_Request):
    """A question to retrieve passages for, without reading them."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "nuclear restart", "top_k": 3}]}
    )

    question: Question
    top_k: TopK = 8
    filters: FiltersIn = Field(default_factory=FiltersIn)


class ArticleOut(_Response):
    """An article's metadata; ``sha256`` is of its text in UTF-8."""

    id: str
    title: str | None
    url: str | None
    source: str | None
    author: str | None
    published_at: dt.date | None
    tags: list[str]
    sha256: str


class NearDuplicateOut(_Response):
    """An article that is nearly the same: ``similarity`` is the share of five-word sequences."""

    article: ArticleOut
    similarity: float


class ArticleWithText(ArticleOut):
    """An article with its canonical text, which all offsets refer to (in code points).

    ``also_at`` lists the articles of the corpus with exactly the same text. They are indexed as
    this one; filters find it by what any of them states.
    """

    model_config = _with_examples(examples.ARTICLE)

    text: str
    also_at: list[ArticleOut]
    near_duplicates: list[NearDuplicateOut]


class ArticlesResponse(_Response):
    """A page of the list of articles."""

    model_config = _with_examples(examples.ARTICLES)

    articles: list[ArticleOut]
    total: int
    offset: int
    limit: int
    index_version: str


class ScoresOut(_Response):
    """How a passage scored; higher is better, null where it was not scored."""

    dense: float | None
    lexical: float | None
    fused: float
    reader: float | None = None


class CitationOut(_Response):
    """Where a quote stands: ``article.text[start:end] == quote``, in code points."""

    number: int
    article: ArticleOut
    quote: str
    start: int
    end: int
    sentence: str
    sentence_start: int
    sentence_end: int
    passage_start: int
    passage_end: int
    scores: ScoresOut


class NearestOut(_Response):
    """A passage that came near; a citation without a quote."""

    number: int
    article: ArticleOut
    sentence: str
    sentence_start: int
    sentence_end: int
    passage_start: int
    passage_end: int
    scores: ScoresOut


class AnswerOut(_Response):
    """An answer, the probability that it is right, and the numbers of its citations.

    ``value`` is reserved for a machine-readable form of amounts and dates; it is null for now.
    """

    text: str
    confidence: Annotated[float, Field(ge=0, le=1)]
    value: None = None
    citations: Annotated[list[int], Field(min_length=1)]


class AbstentionOut(_Response):
    """Why there is no answer, and what was found instead."""

    reason: str
    nearest: list[NearestOut]


class TimingsOut(_Response):
    """Milliseconds spent on each stage."""

    encode: float
    retrieve: float
    read: float
    total: float


class AskResponse(_Response):
    """Answers with citations, or an abstention."""

    model_config = _with_examples(examples.ASK, examples.ABSTAINED)

    status: Literal["answered", "abstained"]
    question: str
    answer: str | None
    confidence: float | None
    answers: list[AnswerOut]
    citations: list[CitationOut]
    abstention: AbstentionOut | None
    index_version: str
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


class BatchResponse(_Response):
    """One response per question, in order."""

    model_config = _with_examples(examples.BATCH)

    responses: list[AskResponse]


class PassageOut(_Response):
    """A retrieved passage: ``article.text[start:end] == text``, in code points."""

    number: int
    article: ArticleOut
    text: str
    start: int
    end: int
    context: str
    scores: ScoresOut


class SearchTimingsOut(_Response):
    """Milliseconds spent on each stage."""

    encode: float
    retrieve: float


class SearchResponse(_Response):
    """Passages, best first."""

    model_config = _with_examples(examples.SEARCH)

    question: str
    passages: list[PassageOut]
    index_version: str
    timings_ms: SearchTimingsOut


class EncoderOut(_Response):
    """The embedding model that made the vectors."""

    model: str
    dimension: int
    fingerprint: str


class ChunkingOut(_Response):
    """How articles were cut."""

    max_tokens: int
    overlap_tokens: int
    language: str


class SkippedOut(_Response):
    """A file or line that did not become an article, and why."""

    where: str
    reason: str


class VectorIndexOut(_Response):
    """The FAISS index that holds the vectors, and the recall@10 that it was tuned to.

    Where every vector is compared, nothing is tuned and the last three are null.
    """

    requested: str
    factory: str
    trained_on: int
    seed: int
    recall_target: float
    search_parameter: str | None
    search_value: int | None
    recall_at_10: float | None


class ChangeOut(_Response):
    """How many articles something happened to, and the ids of the first hundred."""

    count: int
    ids: list[str]


class BuildOut(_Response):
    """What the build did to the index before it, and what it could reuse.

    Changed articles have other text or metadata under the same id.
    """

    since: str | None
    added: ChangeOut
    changed: ChangeOut
    removed: ChangeOut
    kept: int
    files_read: int
    files_unchanged: int
    chunks_embedded: int
    chunks_reused: int
    seconds: float


class IndexResponse(_Response):
    """What the index that is being served was built from and with."""

    model_config = _with_examples(examples.INDEX)

    index_version: str
    format_version: int
    created_at: AwareDatetime
    articles: int
    copies: int
    near_duplicates: int
    chunks: int
    corpus_sha256: str
    skipped: list[SkippedOut]
    encoder: EncoderOut
    chunking: ChunkingOut
    vector_index: VectorIndexOut
    build: BuildOut


class JobResponse(_Response):
    """A rebuild: how far it is, and in the end its summary or its error."""

    model_config = _with_examples(examples.JOB)

    id: str
    status: Literal["running", "succeeded", "failed"]
    started_at: AwareDatetime
    finished_at: AwareDatetime | None
    progress: dict[str, Any]
    summary: dict[str, Any] | None
    error: str | None


class HealthResponse(_Response):
    """The process is up."""

    model_config = _with_examples(examples.HEALTH)

    status: Literal["ok"]


class ReadyResponse(_Response):
    """Questions can be answered, from this index."""

    model_config = _with_examples(examples.READY)

    status: Literal["ready"]
    index_version: str
