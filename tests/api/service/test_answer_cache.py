"""The answer cache: what counts as the same question, and that it is bounded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.answering.answerer import AskParameters
from api.answering.answers import Abstention, Reply, Timings
from api.answering.questions.question import Question
from api.main import create_app
from api.service.answer_cache import AnswerCache, memory_bytes
from index.records import Span
from index.stores import article_store
from tests.api.holding import metric, wait_until
from tests.api.shapes import check_ask
from tests.conftest import ARTICLES, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

QUESTION = "How much capital expenditure at Meta?"
TEXTS = {article["id"]: article["text"] for article in ARTICLES}
BASE: dict[str, Any] = {
    "question": QUESTION,
    "top_k": 5,
    "max_answers": 2,
    "min_confidence": 0.1,
    "filters": {"sources": ["Sample Wire"], "tags": ["capex", "social"]},
}


def _ask(client: TestClient, **body: Any) -> dict[str, Any]:
    reply = client.post("/v1/ask", json=body)
    assert reply.status_code == 200
    return check_ask(reply.json(), TEXTS)


def _hit(body: dict[str, Any]) -> bool:
    timings = body["timings_ms"]
    if timings["cache"] is None:
        return False
    assert (timings["encode"], timings["retrieve"], timings["read"]) == (0, 0, 0)
    assert timings["total"] == timings["cache"] >= 0
    return True


def test_same_question_is_answered_from_the_cache(client: TestClient) -> None:
    first, second = _ask(client, **BASE), _ask(client, **BASE)
    assert (_hit(first), _hit(second)) == (False, True)
    assert {**first, "timings_ms": None} == {**second, "timings_ms": None}
    assert metric(client, 'qa_cache_total{result="hit"}') == 1
    assert metric(client, 'qa_cache_total{result="miss"}') == 1
    assert metric(client, 'qa_questions_total{status="answered"}') == 2


@pytest.mark.parametrize(
    "same",
    [
        {"question": f"  {QUESTION}\n"},
        {"question": QUESTION.replace(" ", " \t ")},
        {"filters": {"tags": ["social", "capex", "social"], "sources": ["Sample Wire"]}},
    ],
)
def test_question_that_asks_the_same_is_a_hit_with_its_own_words(
    client: TestClient, same: dict[str, Any]
) -> None:
    _ask(client, **BASE)
    body = _ask(client, **{**BASE, **same})
    assert _hit(body)
    assert body["question"] == {**BASE, **same}["question"].strip()


@pytest.mark.parametrize(
    "other",
    [
        {"question": QUESTION.lower()},
        {"question": QUESTION.replace("Meta", "Microsoft")},
        {"top_k": 4},
        {"max_answers": 1},
        {"min_confidence": 0.2},
        {"min_confidence": None},
        {"filters": {}},
        {"filters": {"sources": ["Sample Wire"], "tags": ["capex"]}},
        {"filters": {**BASE["filters"], "published_from": "2025-01-01"}},
        {"filters": {**BASE["filters"], "article_ids": ["meta"]}},
    ],
)
def test_question_that_asks_otherwise_is_no_hit(client: TestClient, other: dict[str, Any]) -> None:
    _ask(client, **BASE)
    assert not _hit(_ask(client, **{**BASE, **other}))


def test_batch_shares_the_cache(client: TestClient) -> None:
    _ask(client, question=QUESTION)
    questions = ["Who runs Google?", QUESTION, "Who runs Google?"]
    reply = client.post("/v1/ask/batch", json={"questions": questions})
    assert [_hit(body) for body in reply.json()["responses"]] == [False, True, False]
    assert _hit(_ask(client, question="Who runs Google?"))


def test_new_index_is_asked_anew(
    client: TestClient, corpus_dir: Path, build: Callable[[], BuildSummary]
) -> None:
    old = _ask(client, **BASE)["index_version"]
    write_articles(corpus_dir, ARTICLES[:2])
    new = build().index_version
    wait_until(lambda: client.get("/readyz").json()["index_version"] == new)
    body = _ask(client, **BASE)
    assert not _hit(body)
    assert body["index_version"] == new != old


def test_cache_can_be_turned_off(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> None:
    build()
    with TestClient(create_app(settings.model_copy(update={"cache_size": 0}), models)) as client:
        assert [_hit(_ask(client, **BASE)) for _ in range(2)] == [False, False]
        assert metric(client, 'qa_cache_total{result="miss"}') == 0


def _reply(question: str) -> Reply:
    return Reply(question, (), Abstention("none", (), None, None), "v", Timings(0, 0, 0, 0))


def test_cache_keeps_no_more_than_its_size_and_forgets_what_was_not_used() -> None:
    cache, asked = AnswerCache(2), AskParameters()
    a, b, c = map(Question.parse, "abc")
    for question in (a, b):
        cache.put(question, asked, _reply(question.text))
    assert cache.get("v", a, asked) == _reply("a")
    cache.put(c, asked, _reply("c"))
    assert len(cache) == 2
    assert cache.get("v", b, asked) is None
    assert cache.get("v", a, asked) == _reply("a")
    assert cache.get("w", a, asked) is None


def test_cache_is_bounded_in_bytes() -> None:
    asked = [Question.parse(f"Who runs company {number}?") for number in range(50)]
    reply = _reply("v")
    one = memory_bytes(("v", asked[0], AskParameters(), reply))
    cache = AnswerCache(1000, 10 * one)
    for question in asked:
        cache.put(question, AskParameters(), replace(reply, question="x" * 100))
    assert 5 <= len(cache) <= 12
    assert cache.get("v", asked[-1], AskParameters()) is not None
    small = AnswerCache(1000, 100)
    small.put(asked[0], AskParameters(), reply)
    assert len(small) == 0


def test_reply_keeps_no_pages_of_its_articles(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies: list[Reply] = []
    put = AnswerCache.put

    def noted(cache: AnswerCache, question: Question, asked: AskParameters, reply: Reply) -> None:
        replies.append(reply)
        put(cache, question, asked, reply)

    monkeypatch.setattr(AnswerCache, "put", noted)
    paged = Span(0, 1_000_000)
    info = article_store._info
    monkeypatch.setattr(
        article_store, "_info", lambda row: replace(info(row), pages=(paged,) * 5000)
    )
    for question in (QUESTION, "Who runs Google?"):
        reply = client.post("/v1/ask", json={"question": question}).json()
        assert all(item["page"] for item in reply["citations"])
    assert [memory_bytes(reply) < 50_000 for reply in replies] == [True, True]
