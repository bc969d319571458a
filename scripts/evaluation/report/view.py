"""View models of the report page: results of questions in words and pieces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from scripts.evaluation.metrics.measures import MEASURES
from scripts.evaluation.results import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scripts.evaluation.results import (
        Estimate,
        EvaluationResult,
        GivenCitation,
        QuestionResult,
        RetrievedPassage,
    )

OUTCOMES: Final = {
    Outcome.RIGHT: "Right",
    Outcome.WRONGLY_ANSWERED: "Wrongly answered",
    Outcome.READER_MISSED: "Reader missed it",
    Outcome.RETRIEVAL_MISSED: "Retrieval missed it",
    Outcome.WRONGLY_ABSTAINED: "Wrongly abstained",
    Outcome.FAILED: "Failed",
}
_WORST_FIRST: Final = (
    Outcome.FAILED,
    Outcome.WRONGLY_ANSWERED,
    Outcome.READER_MISSED,
    Outcome.RETRIEVAL_MISSED,
    Outcome.WRONGLY_ABSTAINED,
    Outcome.RIGHT,
)
_HEADLINES: Final = {
    "f1": ("F1", "words of the answers shared with the expected ones; abstaining counts too"),
    "exact_match": ("Exact match", "answered in the expected words, or rightly not at all"),
    "answered_right": ("Answers that are right", "of those that were given"),
    "abstention_recall": ("Rightly left open", "of the questions that the articles do not answer"),
    "passage_success@5": ("Found in the first 5", "questions with a passage that answers them"),
    "auroc": ("AUROC", "chance to hold an answerable question surer than another; 0.5 is a coin"),
    "ece": ("Calibration error", "between how sure and how often right; less is better"),
    "citation_verified": ("Verified citations", "quotes that are exact slices; must be 1"),
}
_STATEMENT_HEADLINES: Final = {
    "value_accuracy": ("Right value", "of the questions that expect one, abstaining counts too"),
    "latest_right": ("Latest answer", "of the questions for what holds now"),
    "timeline_precision": ("Timeline precision", "entries given that are expected"),
    "timeline_recall": ("Timeline recall", "expected entries that are given"),
    "list_precision": ("List precision", "items given that are expected"),
    "list_recall": ("List recall", "expected items that are given"),
    "comparison_right": ("Right comparisons", "both sides given, and the greater one named"),
    "disagreement_found": ("Disagreement found", "of the questions that articles disagree on"),
    "disagreement_invented": ("Disagreement invented", "of the other questions; less is better"),
    "absent_name_answered": ("Absent names answered", "though no article mentions them; must be 0"),
}
MAIN_MEASURES: Final = (
    *_HEADLINES,
    *_STATEMENT_HEADLINES,
    "aurc",
    "article_recall@10",
    "passage_ndcg@10",
    "citation_precision",
    "total_p50_ms",
)
"""The measures of a comparison that are shown first."""
_STAGES: Final = ("encode", "retrieve", "read", "total")


class Headline(NamedTuple):
    """A measure as a tile: ``low`` and ``high`` are the ends of its 95% interval."""

    label: str
    meaning: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Bar:
    """An outcome with its questions."""

    outcome: Outcome
    label: str
    count: int
    share: float


class Marked(NamedTuple):
    """A sentence in three pieces; the middle one is the quote."""

    before: str
    quote: str
    after: str


class MeasureRow(NamedTuple):
    """A row of the table of all measures."""

    group: str
    name: str
    estimate: Estimate
    digits: int


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as the page shows it.

    Attributes:
        number: Its place in the page, from 1.
        tags: Numbers of its tags among all.
        expected: The gold answers; empty where the corpus holds none.
        given: The best answer; None when abstained, failed, or without texts.
        why: One sentence on how it went.
    """

    number: int
    result: QuestionResult
    label: str
    tags: tuple[int, ...]
    expected: tuple[str, ...]
    given: str | None
    why: str


def headlines(result: EvaluationResult) -> list[Headline]:
    """The most important measures, without undefined ones."""
    return _defined(result, _HEADLINES)


def statement_headlines(result: EvaluationResult) -> list[Headline]:
    """The measures of values, time, lists and names, without undefined ones."""
    return _defined(result, _STATEMENT_HEADLINES)


def _defined(result: EvaluationResult, headlines: Mapping[str, tuple[str, str]]) -> list[Headline]:
    return [
        Headline(label, meaning, result.metrics[name])
        for name, (label, meaning) in headlines.items()
        if result.metrics[name].value is not None
    ]


def outcome_bars(result: EvaluationResult) -> list[Bar]:
    """Outcomes with their counts, right first, without those that did not occur."""
    total = max(1, len(result.questions))
    counts = {outcome: result.outcomes.get(outcome, 0) for outcome in OUTCOMES}
    return [
        Bar(outcome, OUTCOMES[outcome], count, count / total)
        for outcome, count in counts.items()
        if count
    ]


def measure_rows(result: EvaluationResult) -> list[MeasureRow]:
    """Every measure, in groups; of statements only where the gold set expects any."""
    return [
        MeasureRow(
            measure.group,
            measure.name,
            result.metrics[measure.name],
            1 if measure.group == "latency" else 3,
        )
        for measure in MEASURES
        if measure.group != "statements" or result.metrics[measure.name].questions
    ]


def stage_times(result: EvaluationResult) -> list[tuple[str, list[float]]]:
    """Milliseconds of each stage at p50, p95 and p99, where measured."""
    rows = [
        (stage, [result.metrics[f"{stage}_p{percent}_ms"].value for percent in (50, 95, 99)])
        for stage in _STAGES
    ]
    return [
        (stage, [value for value in values if value is not None])
        for stage, values in rows
        if None not in values
    ]


def tag_names(result: EvaluationResult) -> list[str]:
    """Every tag once, sorted; the page refers to them by position."""
    return sorted({tag for question in result.questions for tag in question.tags})


def question_views(result: EvaluationResult) -> list[QuestionView]:
    """All questions, worst first: by outcome, then by confidence."""
    places = {tag: place for place, tag in enumerate(tag_names(result))}
    ordered = sorted(
        result.questions,
        key=lambda question: (_WORST_FIRST.index(question.outcome), -(question.confidence or 0.0)),
    )
    return [
        QuestionView(
            number=number,
            result=question,
            label=OUTCOMES[question.outcome],
            tags=tuple(places[tag] for tag in dict.fromkeys(question.tags)),
            expected=() if question.details is None else question.details.expected_answers,
            given=question.details.answers[0].text
            if question.details and question.details.answers
            else None,
            why=explain(question, result),
        )
        for number, question in enumerate(ordered, start=1)
    ]


def explain(question: QuestionResult, result: EvaluationResult) -> str:
    """The result of a question in one sentence, and where it failed."""
    sure = "" if question.confidence is None else f" with a confidence of {question.confidence:.2f}"
    least = result.settings.threshold
    needed = "" if least is None else f"; {least:.2f} is needed"
    read = f"the {result.settings.top_k} passages that were read"
    done = f"{'it was answered otherwise' if question.answered else 'it abstained'}{sure}"
    ranks = () if question.articles is None else question.articles.ranks
    later = (
        f"the first one is article {ranks[0]} of the ranking"
        if ranks
        else f"nor among the first {result.settings.search_depth}"
    )
    left_open = "The articles do not answer it, and it abstained."
    return {
        Outcome.RIGHT: f"Answered as expected{sure}." if question.answerable else left_open,
        Outcome.RETRIEVAL_MISSED: f"No gold article is among {read}, {later}; {done}.",
        Outcome.READER_MISSED: f"A gold article is among {read}, but the best candidate is "
        f"wrong; {done}.",
        Outcome.WRONGLY_ABSTAINED: f"The best candidate is right, but was withheld{sure}{needed}.",
        Outcome.WRONGLY_ANSWERED: f"The articles do not answer it, but it was answered{sure}.",
        Outcome.FAILED: f"There was no reply: {question.error}",
    }[question.outcome]


def mark_quote(citation: GivenCitation) -> Marked:
    """Cut the cited sentence at the quote; a quote that is not in it stands alone."""
    start = citation.start - citation.sentence_start
    end = citation.end - citation.sentence_start
    sentence = citation.sentence
    if 0 <= start <= end <= len(sentence) and sentence[start:end] == citation.quote:
        return Marked(sentence[:start], citation.quote, sentence[end:])
    return Marked("", citation.quote, "")


def mark_answers(passage: RetrievedPassage, answers: Sequence[str]) -> list[tuple[str, bool]]:
    """The pieces of a passage cut at its gold answers, and whether each is an answer."""
    wanted = sorted((answer for answer in answers if answer), key=len, reverse=True)
    pieces: list[tuple[str, bool]] = []
    rest = passage.text
    while rest:
        matches = [(rest.find(answer), -len(answer), answer) for answer in wanted if answer in rest]
        if not matches:
            pieces.append((rest, False))
            break
        at, _, answer = min(matches)
        if at:
            pieces.append((rest[:at], False))
        pieces.append((answer, True))
        rest = rest[at + len(answer) :]
    return pieces
