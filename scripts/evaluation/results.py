"""Evaluation results, as `--json` writes them and report, comparison and gate read them."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from index.field_faults import first_fault
from index.loading.gold_statements import GoldKind
from scripts.evaluation.errors import EvaluationError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT_VERSION: Literal[1] = 1
RIGHT_F1 = 0.5
"""The least token F1 of a right answer; the confidence is fitted to it, too."""


class Outcome(StrEnum):
    """The outcome of a gold question; all but the first say where it failed."""

    RIGHT = "right"
    RETRIEVAL_MISSED = "retrieval_missed"  # no gold article among the passages that were read
    READER_MISSED = "reader_missed"  # the article was read, but the best candidate is wrong
    WRONGLY_ABSTAINED = "wrongly_abstained"  # the best candidate is right and was withheld
    WRONGLY_ANSWERED = "wrongly_answered"  # an answer to a question that the corpus leaves open
    FAILED = "failed"  # an error instead of a reply


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class GivenCitation(_Record):
    """A citation of a reply.

    Attributes:
        start, end: The span of the quote in the article; ``sentence_start`` and ``sentence_end``
            are that of the sentence.
        verified: Whether quote and sentence are those slices of the article's text.
    """

    article: str
    title: str | None
    quote: str
    start: int
    end: int
    sentence: str
    sentence_start: int
    sentence_end: int
    verified: bool


class GivenAnswer(_Record):
    """One answer of a reply, best first, with its citations."""

    text: str
    confidence: float
    citations: tuple[GivenCitation, ...]


class RetrievedPassage(_Record):
    """A passage that was retrieved; ranks count from 1, scores are better when higher.

    Attributes:
        relevant: Whether it is of a gold article and holds a gold answer.
    """

    rank: int
    article: str
    start: int
    end: int
    text: str
    dense: float | None
    lexical: float | None
    fused: float
    relevant: bool


class DatedStatement(_Record):
    """An entry of a timeline; ``as_of`` is None where the reply does not know it."""

    as_of: dt.date | None
    text: str


class Details(_Record):
    """The texts of one question; left out of a baseline.

    Attributes:
        answers: The answers, best first; empty when abstained.
        best_candidate: The best answer, given or withheld; None where there is none.
        reason: Why it abstained.
        passages: The passages read, best first.
        agreement: How the reply says that articles agree.
        expected_timeline, timeline: The statements expected and given, oldest first.
    """

    question: str
    expected_answers: tuple[str, ...]
    expected_articles: tuple[str, ...]
    answers: tuple[GivenAnswer, ...]
    best_candidate: str | None
    reason: str | None
    passages: tuple[RetrievedPassage, ...]
    agreement: str | None = None
    expected_timeline: tuple[DatedStatement, ...] = ()
    timeline: tuple[DatedStatement, ...] = ()


class Found(_Record):
    """Which of the relevant articles or passages were retrieved.

    Attributes:
        relevant: How many there are; at least 1.
        ranks: The ranks of those that were retrieved, from 1, ascending.
    """

    relevant: int = Field(ge=1)
    ranks: tuple[int, ...]


class QuestionResult(_Record):
    """The result of a gold question.

    Attributes:
        fingerprint: Digest of the gold question without its tags; results are compared only where
            it is the same.
        answered: Whether there was an answer; False when abstained or failed.
        exact: 1 when the best answer is a gold answer (SQuAD), or both abstain, else 0.
        f1: Token F1 of the best answer (SQuAD), or 1 when both abstain.
        confidence: Of the best candidate, answered or not; None where there is none.
        candidate_right: Whether that candidate is right, answered or not.
        answer_digest: Of the best answer's normal form, to notice that it changed; None when
            abstained.
        articles, passages: The relevant ones retrieved; None where none is relevant.
        cited: Citations in the reply; ``verified`` of them are slices of their articles.
        citation_precision: Share of the best answer's citations that are of gold articles; None
            when not answered.
        citation_recall: Share of the gold articles that the best answer cites; None where there
            are none.
        kind: Of the gold question, where it says one.
        statements: Scores of values, timeline, list, comparison, disagreement and names, by the
            names of `statement_scores`; without those that are not defined for the question.
        timings_ms: Milliseconds by stage; empty when it failed, and in a baseline.
        error: Why it failed.
    """

    id: str
    fingerprint: str
    tags: tuple[str, ...]
    answerable: bool
    outcome: Outcome
    answered: bool
    exact: float
    f1: float
    confidence: float | None
    candidate_right: bool
    answer_digest: str | None
    articles: Found | None
    passages: Found | None
    cited: int
    verified: int
    citation_precision: float | None
    citation_recall: float | None
    kind: GoldKind | None = None
    statements: dict[str, float] = Field(default_factory=dict)
    timings_ms: dict[str, float] = Field(default_factory=dict)
    error: str | None = None
    details: Details | None = None


class Estimate(_Record):
    """A measure with its 95% bootstrap interval; None where it is not defined.

    Attributes:
        questions: How many questions it is measured on.
    """

    value: float | None
    low: float | None
    high: float | None
    questions: int


class Confusion(_Record):
    """Numbers of questions by answerable and answered; ``failed`` ones are neither."""

    answerable_answered: int
    answerable_abstained: int
    unanswerable_answered: int
    unanswerable_abstained: int
    failed: int


class EvaluationSettings(_Record):
    """The subject and the settings of an evaluation; None where a server does not tell."""

    gold: str
    gold_sha256: str
    index: str
    index_version: str
    encoder: str
    reader: str | None
    top_k: int
    threshold: float | None
    search_depth: int
    replicates: int
    seed: int


class Cost(_Record):
    """Time of the evaluation in seconds; ``ratio`` is the whole by the asking alone."""

    seconds: float
    asking_seconds: float
    ratio: float


class EvaluationResult(_Record):
    """The result of an evaluation.

    Attributes:
        metrics: Every measure over all questions, by name.
        tags: The same over the questions with each tag.
        kinds: The same over the questions of each kind.
        unknown_articles: Gold articles that are not in the index.
        skipped: Malformed lines of the gold file that were left out, as messages.
    """

    format_version: Literal[1] = FORMAT_VERSION
    created_at: AwareDatetime
    settings: EvaluationSettings
    cost: Cost
    metrics: dict[str, Estimate]
    confusion: Confusion
    outcomes: dict[Outcome, int]
    tags: dict[str, dict[str, Estimate]]
    kinds: dict[str, dict[str, Estimate]] = Field(default_factory=dict)
    unknown_articles: tuple[str, ...]
    skipped: tuple[str, ...]
    questions: tuple[QuestionResult, ...]

    def write(self, path: Path) -> None:
        """Write everything as JSON."""
        path.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")

    def write_baseline(self, path: Path) -> None:
        """Write a baseline for later evaluations: without texts, a question a line."""
        bare = self.model_copy(update={"questions": ()})
        head = bare.model_dump_json(exclude={"questions", "tags", "kinds"})
        rows = ",\n".join(
            row.model_dump_json(exclude={"timings_ms", "error", "details"})
            for row in self.questions
        )
        path.write_text(f'{head[:-1]},"tags":{{}},"questions":[\n{rows}\n]}}\n', encoding="utf-8")


def load_result(path: Path) -> EvaluationResult:
    """Load what `--json` or `--baseline` wrote.

    Raises:
        EvaluationError: If the file is missing or malformed; the message names the field.
    """
    try:
        return EvaluationResult.model_validate_json(path.read_bytes())
    except OSError as error:
        raise EvaluationError(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        raise EvaluationError(
            f"{path}: {first_fault(error)}; expected a file that 'scripts.evaluate --json' wrote"
        ) from error
