"""Asking over HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from fastapi.testclient import TestClient

from api.answering.ranking.ranker import Ranker
from api.answering.reading.reader import ScoredSpan
from api.main import create_app
from api.service.models import Models
from index.records import Span
from tests.api.shapes import check_problem
from tests.conftest import META, FakeReader, fake_calibration, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from api.answering.questions.question import Question
    from api.settings import Settings
    from index.building.builder import BuildSummary
    from index.records import Passage
    from tests.conftest import FakeEncoder

Json: TypeAlias = dict[str, Any]


def test_ask_answers_with_the_slice_of_the_article(client: TestClient) -> None:
    reply = client.post("/v1/ask", json={"question": "How much capital expenditure at Meta?"})
    assert reply.status_code == 200
    body = reply.json()
    assert body["status"] == "answered"
    citation = body["citations"][0]
    article = client.get(f"/v1/articles/{citation['article']['id']}").json()
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"] == META
    assert citation["article"]["sha256"] == article["sha256"]


class AmountReader(FakeReader):
    """Reads every amount of euros as an answer."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        spans = []
        for index, passage in enumerate(passages):
            chunk = passage.chunk
            for amount in re.finditer(r"€[\d.]+ million|[\d,]+ euros", chunk.text):
                span = Span(chunk.start + amount.start(), chunk.start + amount.end())
                spans.append(ScoredSpan(index, span, 10.0 - index, 0.0, 5.0))
        return spans


@pytest.fixture
def ask_amounts(
    settings: Settings, encoder: FakeEncoder, corpus_dir: Path, build: Callable[[], BuildSummary]
) -> Callable[..., Json]:
    """Ask what the harbour cost, of articles of one sentence each."""
    models = Models(encoder, Ranker(AmountReader(), fake_calibration()))

    def ask(*sentences: str) -> Json:
        write_articles(
            corpus_dir,
            [{"id": f"harbour-{at}", "text": text} for at, text in enumerate(sentences)],
        )
        build()
        with TestClient(create_app(settings, models)) as client:
            reply = client.post("/v1/ask", json={"question": "What did the harbour cost in 2024?"})
        assert reply.status_code == 200
        body: Json = reply.json()
        return body

    return ask


def test_ask_never_counts_one_figure_as_support_for_another(
    ask_amounts: Callable[..., Json],
) -> None:
    body = ask_amounts(
        "The harbour cost €3.5 million in 2024, the mayor said.",
        "The harbour cost €35 million in 2024, an audit found.",
    )
    answers = {answer["text"]: answer for answer in body["answers"]}
    assert answers.keys() == {"€3.5 million", "€35 million"}
    assert all(len(answer["citations"]) == 1 for answer in answers.values())
    assert answers["€3.5 million"]["value"] == {
        "kind": "money",
        "low": 3.5e6,
        "high": 3.5e6,
        "unit": "EUR",
        "approximate": False,
    }
    assert answers["€35 million"]["value"]["low"] == 35e6


def test_ask_cites_one_figure_in_two_styles_under_one_answer(
    ask_amounts: Callable[..., Json],
) -> None:
    body = ask_amounts(
        "The harbour cost €3.5 million in 2024, the mayor said.",
        "In 2024 the harbour cost 3,500,000 euros in all.",
    )
    (answer,) = body["answers"]
    assert answer["citations"] == [1, 2]


def test_follow_up_is_asked_with_what_it_lacks(client: TestClient) -> None:
    first = client.post("/v1/ask", json={"question": "How much billion at Meta in 2025?"}).json()
    assert first["context"] == {"names": ["Meta"], "time": "in 2025"}
    body = {"question": "And Microsoft?", "previous_question": first["question"]}
    reply = client.post("/v1/ask", json=body).json()
    assert reply["question"] == "How much billion at Microsoft in 2025?"
    assert reply["context"] == {"names": ["Microsoft"], "time": "in 2025"}
    assert reply["citations"][0]["article"]["id"] == "microsoft"
    timeless = client.post("/v1/ask", json={**body, "without": ["in 2025"]}).json()
    assert timeless["question"] == "How much billion at Microsoft?"


def test_nothing_is_left_out_of_no_previous_question(client: TestClient) -> None:
    body = {"question": "And Microsoft?", "without": ["Meta"]}
    problem = check_problem(client.post("/v1/ask", json=body), 422)
    assert "expected a previous_question" in problem["detail"]


def test_follow_up_that_takes_over_too_much_is_refused(client: TestClient) -> None:
    previous = f"How much {'and how soon ' * 70}at Meta?"
    body = {"question": f"And Microsoft, {'or near ' * 70}it?", "previous_question": previous}
    problem = check_problem(client.post("/v1/ask", json=body), 422)
    assert "previous_question: with what is taken over from it the question has" in str(problem)
    assert "characters; expected at most 1000" in problem["detail"]
    new = {"question": "Who runs Microsoft?", "previous_question": previous}
    assert client.post("/v1/ask", json=new).json()["question"] == new["question"]
