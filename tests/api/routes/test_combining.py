"""Several statements of one thing, and their time, over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.answering.ranking.ranker import Ranker
from api.main import create_app
from api.service.models import Models
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from tests.conftest import FakeEncoder, fake_calibration, write_articles
from tests.money_reader import MoneyReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from api.settings import Settings


@pytest.fixture
def served(
    tmp_path: Path, settings: Settings, encoder: FakeEncoder
) -> Iterator[Callable[..., TestClient]]:
    """Serve an index of articles, each given by its text and day, with a reader of money."""
    opened: list[TestClient] = []

    def serve(*articles: tuple[str, str]) -> TestClient:
        folder = tmp_path / "figures"
        folder.mkdir()
        write_articles(
            folder,
            [
                {"id": f"a{number}", "text": text, "published_at": day}
                for number, (text, day) in enumerate(articles, start=1)
            ],
        )
        build_index(folder, settings.index_dir, encoder, ChunkingParameters())
        models = Models(encoder, Ranker(MoneyReader(), fake_calibration()))
        opened.append(TestClient(create_app(settings, models)))
        return opened[-1].__enter__()

    yield serve
    for client in opened:
        client.__exit__(None, None, None)


def ask(client: TestClient, question: str, **options: object) -> dict[str, Any]:
    reply = client.post("/v1/ask", json={"question": question, **options})
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    return body


ONE = "Harbour Rovers made a profit of €3.5 million in the year 2024.", "2025-02-03"
OTHER = "In the year 2024 Harbour Rovers made a profit of €35 million.", "2025-02-20"


def test_figures_that_contradict_each_other_are_said_and_both_cited(
    served: Callable[..., TestClient],
) -> None:
    body = ask(served(ONE, OTHER), "What profit did Harbour Rovers make in 2024?")
    assert body["agreement"] == "disagree"
    entries = [(entry["text"], entry["as_of"], entry["value"]["low"]) for entry in body["timeline"]]
    assert sorted(entries) == [
        ("€3.5 million", "2024-12-31", 3.5e6),
        ("€35 million", "2024-12-31", 35e6),
    ]
    cited = {citation["number"]: citation["article"]["id"] for citation in body["citations"]}
    assert {cited[entry["citation"]] for entry in body["timeline"]} == {"a1", "a2"}
    assert all(len(answer["citations"]) == 1 for answer in body["answers"])


def test_citations_of_answers_and_timeline_are_numbered_from_one(
    served: Callable[..., TestClient],
) -> None:
    body = ask(served(ONE, OTHER), "What profit did Harbour Rovers make in 2024?", max_answers=1)
    numbers = [citation["number"] for citation in body["citations"]]
    assert numbers == [1, 2]
    assert body["answers"][0]["citations"] == [1]


def test_an_answer_says_as_of_when_it_holds_and_how_it_stands(
    served: Callable[..., TestClient],
) -> None:
    text = "Harbour Rovers will spend €9 million on a stand in 2027."
    body = ask(served((text, "2025-02-03")), "How much will Harbour Rovers spend?")
    answer = body["answers"][0]
    assert (answer["as_of"], answer["standing"]) == ("2025-02-03", "planned")
    assert (body["agreement"], body["timeline"]) == ("single", [])


def test_the_time_of_a_question_is_echoed(served: Callable[..., TestClient]) -> None:
    client = served(ONE, OTHER)
    assert ask(client, "What profit did Harbour Rovers make in 2024?")["question_time"] == {
        "from": "2024-01-01",
        "to": "2024-12-31",
        "words": "in 2024",
        "use": "filter",
    }
    assert ask(client, "What profit do Harbour Rovers make?")["question_time"] is None


def test_a_relative_time_counts_from_as_of(served: Callable[..., TestClient]) -> None:
    client = served(ONE, OTHER)
    body = ask(client, "What profit did Harbour Rovers make last year?", as_of="2025-06-30")
    assert (body["question_time"]["from"], body["question_time"]["to"]) == (
        "2024-01-01",
        "2024-12-31",
    )


def test_what_was_published_after_as_of_does_not_answer(served: Callable[..., TestClient]) -> None:
    client = served(ONE, OTHER)
    body = ask(client, "What profit did Harbour Rovers make?", as_of="2025-02-10")
    assert [citation["article"]["id"] for citation in body["citations"]] == ["a1"]
    assert body["agreement"] == "single"


@pytest.mark.parametrize("as_of", ["2025-13-01", "yesterday", 20250101])
def test_a_malformed_as_of_is_refused(served: Callable[..., TestClient], as_of: object) -> None:
    client = served(ONE)
    reply = client.post("/v1/ask", json={"question": "What profit?", "as_of": as_of})
    assert reply.status_code == 422
    assert "as_of" in reply.text


def test_an_as_of_in_the_future_is_refused(served: Callable[..., TestClient]) -> None:
    day = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=2)
    reply = served(ONE).post("/v1/ask", json={"question": "What profit?", "as_of": str(day)})
    assert reply.status_code == 422
    assert "in the future" in reply.text


def test_an_abstention_has_no_agreement(served: Callable[..., TestClient]) -> None:
    body = ask(served(("It rained in Dublin.", "2025-01-01")), "What profit did they make?")
    assert (body["status"], body["agreement"], body["timeline"]) == ("abstained", None, [])


def test_spellings_near_an_absent_name_are_offered(served: Callable[..., TestClient]) -> None:
    text = "The board met Ferdinand Ketter and Ferdinand Kester."
    body = ask(served((text, "2025-01-01")), "What did Ferdinand Keter say?")
    assert body["names"]["absent"] == ["Ferdinand Keter"]
    assert list(body["names"]["offered"]) == ["Keter"]
    assert set(body["names"]["offered"]["Keter"]) == {"Ketter", "Kester"}
    assert body["abstention"]["reason"].startswith("No article mentions 'Ferdinand Keter'. Did you")
