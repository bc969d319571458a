"""One gold question: what its reply is judged to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.answering.errors import ReaderError
from api.answering.ranking.ranker import Ranker
from api.service.models import Models
from index.generations.generation import open_current
from index.loading.gold import GoldQuestion, GoldSet
from scripts.evaluation.asking import LocalSystem
from scripts.evaluation.evaluating import unknown_articles
from scripts.evaluation.judging import Judge, fingerprint
from scripts.evaluation.results import Found, Outcome
from tests.conftest import ARTICLES, META, FakeReader, fake_calibration, write_articles
from tests.scripts.evaluation.making import GOLD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from api.answering.questions.question import Question
    from api.answering.reading.reader import ScoredSpan
    from api.schemas import AskRequest, AskResponse
    from index.building.builder import BuildSummary
    from index.records import Passage
    from scripts.evaluation.results import QuestionResult
    from tests.conftest import FakeEncoder


class _Silent(FakeReader):
    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        return []


class _Broken(FakeReader):
    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        raise ReaderError("out of ink")


@pytest.fixture
def local(
    build: Callable[[], BuildSummary], index_dir: Path, encoder: FakeEncoder
) -> Callable[..., LocalSystem]:
    build()

    def opened(reader: FakeReader | None = None, threshold: float = 0.5) -> LocalSystem:
        ranker = Ranker(FakeReader() if reader is None else reader, fake_calibration(threshold))
        models = Models(encoder, ranker)
        return LocalSystem("here", open_current(index_dir, encoder), models)

    return opened


def _judge(asked: Any, top_k: int = 8, **changes: Any) -> QuestionResult:
    return Judge(asked, top_k).judge(GoldQuestion.model_validate({**GOLD[0], **changes}))


def test_right_answer_scores_everywhere(local: Callable[..., LocalSystem]) -> None:
    known = _judge(local())
    assert known.outcome is Outcome.RIGHT
    assert (known.answered, known.exact, known.f1, known.candidate_right) == (True, 1.0, 1.0, True)
    assert (known.citation_precision, known.citation_recall) == (1.0, 1.0)
    assert known.cited == known.verified >= 1
    assert known.articles == Found(relevant=1, ranks=(1,))
    assert known.passages == Found(relevant=1, ranks=(1,))
    assert known.timings_ms.keys() == {"encode", "retrieve", "read", "total", "request"}
    assert known.details is not None
    assert known.details.passages[0].relevant
    assert known.details.best_candidate == META


def test_withheld_right_candidate_is_a_wrong_abstention(local: Callable[..., LocalSystem]) -> None:
    known = _judge(local(threshold=1.0))
    assert known.outcome is Outcome.WRONGLY_ABSTAINED
    assert (known.answered, known.exact, known.candidate_right) == (False, 0.0, True)
    assert known.confidence is not None
    assert 0.5 < known.confidence < 1
    assert (known.citation_precision, known.citation_recall) == (None, 0.0)
    assert known.details is not None
    assert known.details.reason is not None


def test_wrong_candidate_of_the_right_article_is_the_readers_fault(
    local: Callable[..., LocalSystem],
) -> None:
    known = _judge(local(), answers=["Susan Li"])
    assert (known.outcome, known.answered) == (Outcome.READER_MISSED, True)
    assert _judge(local(_Silent())).outcome is Outcome.READER_MISSED


def test_article_that_was_not_read_is_the_retrievals_fault(
    local: Callable[..., LocalSystem],
) -> None:
    known = _judge(local(), top_k=1, answers=["Nobody minded"], articles=["rain"])
    assert known.outcome is Outcome.RETRIEVAL_MISSED
    assert known.articles is not None
    assert known.articles.ranks[0] > 1
    assert known.citation_precision == 0.0


def test_unanswerable_question_is_right_when_left_open(local: Callable[..., LocalSystem]) -> None:
    open_ = _judge(local(threshold=1.0), answers=[], articles=[])
    assert (open_.outcome, open_.exact, open_.candidate_right) == (Outcome.RIGHT, 1.0, False)
    assert (open_.articles, open_.passages, open_.citation_recall) == (None, None, None)
    answered = _judge(local(), answers=[], articles=[])
    assert (answered.outcome, answered.exact) == (Outcome.WRONGLY_ANSWERED, 0.0)
    assert answered.citation_precision == 0.0


def test_error_of_one_question_is_named_and_counts_as_zero(
    local: Callable[..., LocalSystem],
) -> None:
    known = _judge(local(_Broken()))
    assert (known.outcome, known.error) == (Outcome.FAILED, "out of ink")
    assert (known.exact, known.citation_recall, known.timings_ms) == (0.0, 0.0, {})


class _Lying:
    """Passes everything on, but for what it changes in the citations."""

    def __init__(self, asked: LocalSystem, **changes: Any) -> None:
        self._asked, self._changes = asked, changes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._asked, name)

    def ask(self, request: AskRequest) -> AskResponse:
        reply = self._asked.ask(request)
        citations = [one.model_copy(update=self._changes) for one in reply.citations]
        return reply.model_copy(update={"citations": citations})


@pytest.mark.parametrize("changes", [{"start": 1}, {"quote": ""}, {"sentence_end": 5}])
def test_citation_is_verified_against_the_article_itself(
    local: Callable[..., LocalSystem], changes: dict[str, Any]
) -> None:
    known = _judge(_Lying(local(), **changes))
    assert (known.cited, known.verified) == (1, 0)


class _Rewording(_Lying):
    """Gives other words than it cites."""

    def ask(self, request: AskRequest) -> AskResponse:
        reply = super().ask(request)
        answers = [one.model_copy(update={"text": f"{one.text}!"}) for one in reply.answers]
        return reply.model_copy(update={"answers": answers})


def test_answer_in_other_words_than_its_citation_is_not_verified(
    local: Callable[..., LocalSystem],
) -> None:
    known = _judge(_Rewording(local()))
    assert (known.answered, known.verified) == (True, known.cited - 1)


def test_passages_with_an_answer_are_counted_over_the_whole_article(
    local: Callable[..., LocalSystem],
) -> None:
    """The answer is in normal form, in whole words; in no passage counts as one missed."""
    assert _judge(local(), answers=["the $64 BILLION"]).passages == Found(relevant=1, ranks=(1,))
    assert _judge(local(), answers=["$6"]).passages == Found(relevant=1, ranks=())


def test_evaluation_costs_one_encoding_a_question(
    local: Callable[..., LocalSystem], encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: list[str] = []
    plain = encoder.encode_question

    def counting(question: str) -> Any:
        encoded.append(question)
        return plain(question)

    monkeypatch.setattr(encoder, "encode_question", counting)
    asked = local()
    for question in GOLD:
        Judge(asked, 8).judge(GoldQuestion.model_validate(question))
    assert encoded == [question["question"] for question in GOLD]


def test_fingerprint_is_of_what_is_asked_and_expected() -> None:
    known = GoldQuestion.model_validate(GOLD[0])
    same = GoldQuestion.model_validate({**GOLD[0], "tags": ["other"]})
    other = GoldQuestion.model_validate({**GOLD[0], "answers": ["other"]})
    assert fingerprint(known) == fingerprint(same) != fingerprint(other)


def test_fingerprint_of_a_question_without_later_fields_stays_that_of_older_results() -> None:
    plain = GoldQuestion.model_validate(GOLD[0])
    assert fingerprint(plain) == "76d007bc5a8c"
    assert fingerprint(plain.model_copy(update={"kind": "fact"})) != fingerprint(plain)


def test_a_gold_article_that_is_a_copy_counts_as_the_one_that_is_cited(
    local: Callable[..., LocalSystem],
    build: Callable[[], BuildSummary],
    corpus_dir: Path,
) -> None:
    as_before = _judge(local())
    (name,) = GOLD[0]["articles"]
    known = next(one for one in ARTICLES if one["id"] == name)
    write_articles(corpus_dir, [{**known, "id": "another"}, *ARTICLES])
    build()
    asked = local()
    assert asked.original(name) == "another"
    copied = _judge(asked)
    assert copied.outcome == as_before.outcome == Outcome.RIGHT
    assert copied.citation_recall == as_before.citation_recall == 1
    assert copied.fingerprint == as_before.fingerprint
    gold = GoldSet(corpus_dir / "gold.jsonl", (GoldQuestion.model_validate(GOLD[0]),))
    assert unknown_articles(gold, asked) == ()


def test_a_copy_that_is_cited_under_filters_counts_as_the_article_that_is_indexed(
    local: Callable[..., LocalSystem],
    build: Callable[[], BuildSummary],
    corpus_dir: Path,
) -> None:
    (name,) = GOLD[0]["articles"]
    known = next(one for one in ARTICLES if one["id"] == name)
    write_articles(corpus_dir, [*ARTICLES, {**known, "id": "another", "source": "Other Wire"}])
    build()
    asked = local()
    for filters in ({"sources": ["Other Wire"]}, {"article_ids": ["another"]}):
        for gold_article in (name, "another"):
            judged = _judge(asked, filters=filters, articles=[gold_article])
            assert judged.outcome == Outcome.RIGHT
            assert judged.citation_precision == judged.citation_recall == 1
            assert judged.verified == judged.cited
            assert judged.articles == Found(relevant=1, ranks=(1,))
