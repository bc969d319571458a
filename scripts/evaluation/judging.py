"""One gold question: ask it, and judge the reply against what was expected."""

from __future__ import annotations

import hashlib
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import ValidationError

from api.answering.values.normal_form import normalise_answer
from api.schemas import (
    MAX_TOP_K,
    AskRequest,
    CitationOut,
    PassageOut,
    SearchRequest,
)
from index.errors import ArticleQAError
from index.field_faults import first_fault
from index.records import Filters
from scripts.evaluation.metrics.columns import STAGES
from scripts.evaluation.metrics.squad_metrics import exact_match, token_f1
from scripts.evaluation.metrics.statement_scores import score_statements
from scripts.evaluation.relevance import found_articles, found_passages, is_relevant
from scripts.evaluation.results import (
    RIGHT_F1,
    DatedStatement,
    Details,
    Found,
    GivenAnswer,
    GivenCitation,
    Outcome,
    QuestionResult,
    RetrievedPassage,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.schemas import AnswerOut, AskResponse, TimelineEntryOut
    from index.loading.gold import GoldQuestion
    from index.loading.gold_statements import GoldStatement
    from scripts.evaluation.asking import System

SEARCH_DEPTH: Final = MAX_TOP_K
_KEPT_ARTICLES: Final = 512
_LATER_FIELDS: Final = ("kind", "value", "as_of", "timeline", "comparison")
_Place = TypeVar("_Place", CitationOut, PassageOut)


class Judge:
    """Asks gold questions and judges the replies.

    Args:
        system: What to ask.
        top_k: Passages to read.

    Attributes:
        asking_seconds: Time spent in `System.ask` so far.
        versions: The generations that replied.
    """

    def __init__(self, system: System, top_k: int) -> None:
        self._system = system
        self._top_k = top_k
        self._text = lru_cache(maxsize=_KEPT_ARTICLES)(system.text)
        self._passages = lru_cache(maxsize=_KEPT_ARTICLES)(system.passages)
        self._original = lru_cache(maxsize=_KEPT_ARTICLES)(system.original)
        self.asking_seconds = 0.0
        self.versions = set[str]()

    def judge(self, gold: GoldQuestion) -> QuestionResult:
        """Ask one question; an error of this project becomes a failed result that names it."""
        try:
            request = AskRequest(
                question=gold.question,
                top_k=self._top_k,
                filters=gold.filters,
            )
        except ValidationError as error:
            return failed(gold, first_fault(error))
        try:
            started = time.perf_counter()
            response = self._system.ask(request)
            seconds = time.perf_counter() - started
            found = self._system.search(
                SearchRequest(
                    question=request.question, top_k=SEARCH_DEPTH, filters=request.filters
                )
            )
            passages = found.passages
            if gold.filters.to_filters() != Filters():  # under filters, copies may be cited
                response, passages = self._of_originals(response, passages)
            result = self._result(gold, response, passages, seconds * 1e3)
        except ArticleQAError as error:
            return failed(gold, str(error))
        self.asking_seconds += seconds
        self.versions |= {response.index_version, found.index_version}
        return result

    def _with_originals(self, gold: GoldQuestion) -> GoldQuestion:
        """Name articles as they are indexed: those with the same text as the first of them."""
        known = dict.fromkeys(map(self._indexed_as, gold.articles))
        return gold.model_copy(update={"articles": tuple(known)})

    def _of_originals(
        self, response: AskResponse, passages: list[PassageOut]
    ) -> tuple[AskResponse, list[PassageOut]]:
        """Name articles in replies as they are indexed; offsets are the same in all copies."""

        def renamed(place: _Place) -> _Place:
            article = place.article.model_copy(update={"id": self._indexed_as(place.article.id)})
            return place.model_copy(update={"article": article})

        citations = [renamed(citation) for citation in response.citations]
        return (
            response.model_copy(update={"citations": citations}),
            [renamed(passage) for passage in passages],
        )

    def _indexed_as(self, article: str) -> str:
        original = self._original(article)
        return article if original is None else original

    def _result(
        self,
        gold: GoldQuestion,
        response: AskResponse,
        passages: list[PassageOut],
        milliseconds: float,
    ) -> QuestionResult:
        """Score a reply."""
        question_fingerprint, gold = fingerprint(gold), self._with_originals(gold)
        best = response.answers[0] if response.answers else None
        candidate, confidence = _best_candidate(response)
        right = candidate is not None and token_f1(candidate, gold.answers) >= RIGHT_F1
        exact, f1 = _scores(None if best is None else best.text, gold.answers)
        answers = self._answers(response)
        citations = [citation for answer in answers for citation in answer.citations]
        relevant = [is_relevant(passage, gold) for passage in passages]
        read = [
            _retrieved(passage, relevant=hit)
            for passage, hit in zip(passages[: self._top_k], relevant, strict=False)
        ]
        return QuestionResult(
            id=gold.id,
            fingerprint=question_fingerprint,
            tags=gold.tags,
            answerable=bool(gold.answers),
            outcome=_outcome(
                gold,
                answered=best is not None,
                right=right,
                found=any(passage.article in gold.articles for passage in read),
            ),
            answered=best is not None,
            exact=exact,
            f1=f1,
            confidence=None if confidence is None else round(confidence, 6),
            candidate_right=right,
            answer_digest=None if best is None else _digest(normalise_answer(best.text)),
            articles=found_articles(passages, gold),
            passages=found_passages(relevant, gold, self._passages),
            cited=len(citations),
            verified=sum(citation.verified for citation in citations),
            citation_precision=_precision(answers[0], gold) if answers else None,
            citation_recall=_recall(answers, gold),
            kind=gold.kind,
            statements=score_statements(gold, response),
            timings_ms=_timings(response, milliseconds),
            error=None,
            details=_details(gold, response, answers, read),
        )

    def _answers(self, response: AskResponse) -> tuple[GivenAnswer, ...]:
        """The answers of a reply, with their citations checked."""
        by_number = {citation.number: self._citation(citation) for citation in response.citations}
        return tuple(
            _given(answer, [by_number[number] for number in answer.citations])
            for answer in response.answers
        )

    def _citation(self, citation: CitationOut) -> GivenCitation:
        """Check a citation against the article's text, not against what the reply says of it."""
        text = self._text(citation.article.id)
        return GivenCitation(
            article=citation.article.id,
            title=citation.article.title,
            quote=citation.quote,
            start=citation.start,
            end=citation.end,
            sentence=citation.sentence,
            sentence_start=citation.sentence_start,
            sentence_end=citation.sentence_end,
            verified=text is not None
            and citation.quote != ""
            and text[citation.start : citation.end] == citation.quote
            and text[citation.sentence_start : citation.sentence_end] == citation.sentence,
        )


def failed(gold: GoldQuestion, error: str) -> QuestionResult:
    """The result of a question that could not be answered: nothing in everything."""
    return QuestionResult(
        id=gold.id,
        fingerprint=fingerprint(gold),
        tags=gold.tags,
        answerable=bool(gold.answers),
        outcome=Outcome.FAILED,
        answered=False,
        exact=0.0,
        f1=0.0,
        confidence=None,
        candidate_right=False,
        answer_digest=None,
        articles=Found(relevant=len(set(gold.articles)), ranks=()) if gold.articles else None,
        passages=Found(relevant=1, ranks=()) if gold.answers else None,
        cited=0,
        verified=0,
        citation_precision=0.0,
        citation_recall=0.0 if gold.articles else None,
        kind=gold.kind,
        statements=score_statements(gold, None),
        timings_ms={},
        error=error,
        details=Details(
            question=gold.question,
            expected_answers=gold.answers,
            expected_articles=gold.articles,
            answers=(),
            best_candidate=None,
            reason=None,
            passages=(),
            expected_timeline=_dated(gold.timeline),
        ),
    )


def fingerprint(gold: GoldQuestion) -> str:
    """Name what a gold question asks and expects, in 12 hex digits; tags and marks do not count.

    Fields that came later count only where they are set: results of before stay comparable.
    """
    unset = {name for name in _LATER_FIELDS if getattr(gold, name) in (None, ())}
    return _digest(gold.model_dump_json(exclude={"tags", "mark", *unset}))


def _dated(
    timeline: Sequence[GoldStatement] | Sequence[TimelineEntryOut],
) -> tuple[DatedStatement, ...]:
    return tuple(DatedStatement(as_of=entry.as_of, text=entry.text) for entry in timeline)


def _timings(response: AskResponse, milliseconds: float) -> dict[str, float]:
    stages = {stage: getattr(response.timings_ms, stage) for stage in STAGES if stage != "request"}
    return {**stages, "request": round(milliseconds, 3)}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _scores(answer: str | None, expected: tuple[str, ...]) -> tuple[float, float]:
    """Exact match and token F1; both 1 where both abstain, both 0 where only one does."""
    if answer is None or not expected:
        agree = float(answer is None and not expected)
        return agree, agree
    return exact_match(answer, expected), round(token_f1(answer, expected), 6)


def _best_candidate(response: AskResponse) -> tuple[str | None, float | None]:
    """Words and confidence of the first answer, or of the candidate that was withheld."""
    if response.answers:
        return response.answers[0].text, response.answers[0].confidence
    withheld = response.abstention
    return (None, None) if withheld is None else (withheld.best_candidate, withheld.best_confidence)


def _outcome(gold: GoldQuestion, *, answered: bool, right: bool, found: bool) -> Outcome:
    """Say how it went; the first stage that went wrong is named."""
    if not gold.answers:
        return Outcome.WRONGLY_ANSWERED if answered else Outcome.RIGHT
    if right:
        return Outcome.RIGHT if answered else Outcome.WRONGLY_ABSTAINED
    return Outcome.READER_MISSED if found else Outcome.RETRIEVAL_MISSED


def _given(answer: AnswerOut, citations: list[GivenCitation]) -> GivenAnswer:
    """An answer with its citations; the first must be what it says."""
    first, *others = citations
    if first.quote != answer.text:
        first = first.model_copy(update={"verified": False})
    return GivenAnswer(text=answer.text, confidence=answer.confidence, citations=(first, *others))


def _precision(answer: GivenAnswer, gold: GoldQuestion) -> float:
    hits = sum(citation.article in gold.articles for citation in answer.citations)
    return hits / len(answer.citations)


def _recall(answers: Sequence[GivenAnswer], gold: GoldQuestion) -> float | None:
    """The share of the gold articles that the first answer cites; None where there are none."""
    if not gold.articles:
        return None
    cited = {citation.article for citation in answers[0].citations} if answers else set()
    return len(cited & set(gold.articles)) / len(set(gold.articles))


def _details(
    gold: GoldQuestion,
    response: AskResponse,
    answers: tuple[GivenAnswer, ...],
    read: Sequence[RetrievedPassage],
) -> Details:
    """The texts of a question and of its reply, for people to look at."""
    withheld = response.abstention
    return Details(
        question=gold.question,
        expected_answers=gold.answers,
        expected_articles=gold.articles,
        answers=answers,
        best_candidate=_best_candidate(response)[0],
        reason=None if withheld is None else withheld.reason,
        passages=tuple(read),
        agreement=response.agreement,
        expected_timeline=_dated(gold.timeline),
        timeline=_dated(response.timeline),
    )


def _retrieved(passage: PassageOut, *, relevant: bool) -> RetrievedPassage:
    return RetrievedPassage(
        rank=passage.number,
        article=passage.article.id,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        dense=passage.scores.dense,
        lexical=passage.scores.lexical,
        fused=passage.scores.fused,
        relevant=relevant,
    )
