"""Lists, comparisons, and what is not worked out, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.answering.ranking.ranker import Ranker
from api.main import create_app
from api.service.models import Models
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from tests.api.shapes import check_ask
from tests.conftest import FakeEncoder, fake_calibration, write_articles
from tests.several_reader import SeveralReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.settings import Settings

TEXTS = {
    "a1": "Acme and Beta Bank signed the code of conduct. Acme spent $5 million on chips.",
    "a2": "Gamma signed the code of conduct as well. Beta Bank spent $7 million on chips.",
    "a3": "Delta refused to sign anything. Delta spent €9 million on chips.",
    "a4": "The Oslo tram opened early. A new depot beside it costs $2 million to run.",
    "a5": "The Skar ferry costs $4 million to run.",
    "a6": "Epsilon Rail spent $2 million more on chips than Zeta Bank.",
}


@pytest.fixture
def client(tmp_path: Path, settings: Settings, encoder: FakeEncoder) -> Iterator[TestClient]:
    folder = tmp_path / "several"
    folder.mkdir()
    write_articles(folder, [{"id": name, "text": text} for name, text in TEXTS.items()])
    build_index(folder, settings.index_dir, encoder, ChunkingParameters())
    models = Models(encoder, Ranker(SeveralReader(), fake_calibration()))
    with TestClient(create_app(settings, models)) as opened:
        yield opened


def ask(client: TestClient, question: str, **options: object) -> dict[str, Any]:
    reply = client.post("/v1/ask", json={"question": question, **options})
    assert reply.status_code == 200, reply.text
    return check_ask(reply.json(), TEXTS)


def words(body: dict[str, Any]) -> list[str]:
    return [answer["text"] for answer in body["answers"]]


LIST = "Which companies signed the code of conduct?"


def test_a_list_has_an_item_for_each_name_in_every_article(client: TestClient) -> None:
    body = ask(client, LIST)
    assert sorted(words(body)) == ["Acme", "Beta Bank", "Gamma"]
    assert body["listing"] == {"complete": "likely", "articles_searched": 6, "below_the_bar": []}
    assert (body["comparison"], body["agreement"]) == (None, None)


def test_a_list_has_as_many_items_as_a_request_allows(client: TestClient) -> None:
    body = ask(client, LIST, max_answers=2)
    assert len(body["answers"]) == 2
    assert body["listing"]["complete"] == "unknown"
    assert len(body["listing"]["below_the_bar"]) == 1


def test_a_list_without_items_abstains(client: TestClient) -> None:
    body = ask(client, LIST, min_confidence=1)
    assert body["status"] == "abstained"
    assert body["listing"]["complete"] == "unknown"


def test_a_list_is_searched_for_in_what_the_filters_pass(client: TestClient) -> None:
    body = ask(client, LIST, filters={"article_ids": ["a2"]})
    assert words(body) == ["Gamma"]
    assert body["listing"]["articles_searched"] == 1


def test_a_comparison_cites_both_sides_the_one_asked_for_first(client: TestClient) -> None:
    body = ask(client, "Who spent more on chips, Acme or Beta Bank?", max_answers=1)
    assert words(body) == ["$7 million", "$5 million"]
    assert body["comparison"] == {
        "by": "value",
        "sides": [{"subject": "Acme", "answer": 1}, {"subject": "Beta Bank", "answer": 0}],
        "greater": 1,
        "statement": "Compared by value: Beta Bank, $7 million, is above Acme, $5 million.",
    }
    assert body["listing"] is None


def test_a_difference_is_not_worked_out_but_both_sides_are_cited(client: TestClient) -> None:
    question = "How much more did Beta Bank spend on chips than Acme?"
    body = ask(client, question, filters={"article_ids": ["a1", "a2"]})
    assert words(body) == ["$7 million", "$5 million"]
    assert body["comparison"]["statement"] == (
        "Compared by value: Beta Bank, $7 million, is above Acme, $5 million. "
        "The difference is not worked out."
    )


def test_a_difference_that_an_article_tells_is_a_fact(client: TestClient) -> None:
    filters = {"article_ids": ["a6"]}
    body = ask(
        client, "How much more did Epsilon Rail spend on chips than Zeta Bank?", filters=filters
    )
    assert words(body) == ["$2 million"]
    assert body["comparison"] is None


def test_values_in_two_currencies_are_cited_but_not_compared(client: TestClient) -> None:
    body = ask(client, "Who spent more on chips, Acme or Delta?")
    assert sorted(words(body)) == ["$5 million", "€9 million"]
    assert body["comparison"]["greater"] is None
    assert "can't be compared" in body["comparison"]["statement"]


def test_what_stands_beside_a_side_has_no_value_of_it(client: TestClient) -> None:
    filters = {"article_ids": ["a4", "a5"]}
    body = ask(client, "Which costs more to run, the tram or the ferry?", filters=filters)
    assert body["abstention"]["reason"] == (
        "Nothing is compared: no value was found for 'the tram'. Found for 'the ferry': $4 million."
    )


def test_a_comparison_without_a_side_abstains_and_says_what_was_found(client: TestClient) -> None:
    filters = {"article_ids": ["a1"]}
    body = ask(client, "Who spent more on chips, Acme or Delta?", filters=filters)
    assert body["status"] == "abstained"
    assert body["abstention"]["reason"] == (
        "Nothing is compared: no value was found for 'Delta'. Found for 'Acme': $5 million."
    )
    assert [side["answer"] for side in body["comparison"]["sides"]] == [None, None]


def test_a_sum_is_not_worked_out_but_its_parts_are_shown(client: TestClient) -> None:
    body = ask(client, "How much did Acme and Beta Bank spend on chips in total?")
    assert body["abstention"]["reason"] == (
        "A sum is not worked out. Found for 'Acme': $5 million; 'Beta Bank': $7 million."
    )
    nearest = [near["sentence"] for near in body["abstention"]["nearest"][:2]]
    assert nearest == ["Acme spent $5 million on chips.", "Beta Bank spent $7 million on chips."]
    assert body["comparison"] is None


@pytest.mark.parametrize("confidence", [None, 0])
def test_a_yes_or_no_is_not_given(client: TestClient, confidence: float | None) -> None:
    body = ask(client, "Did Gamma sign the code of conduct?", min_confidence=confidence)
    assert body["abstention"]["reason"] == (
        "A yes or no is not given; what the articles say stands below."
    )
    assert body["abstention"]["best_candidate"] is None
    assert body["abstention"]["nearest"][0]["sentence"].startswith("Gamma signed the code")


def test_a_change_that_is_not_told_is_not_answered_with_a_name(client: TestClient) -> None:
    body = ask(client, "How did the code of conduct change?", min_confidence=0)
    assert (body["status"], body["comparison"]) == ("abstained", None)
    assert body["abstention"]["reason"] == (
        "No change is told; what the articles say stands below."
    )
    assert body["abstention"]["best_candidate"] in {"Acme", "Gamma"}
    assert "signed the code of conduct" in body["abstention"]["nearest"][0]["sentence"]


def test_a_list_or_comparison_reads_at_most_three_times_the_passages(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    plain = SeveralReader.read

    def counted(self: SeveralReader, question: Any, passages: Any) -> Any:
        read.append(len(passages))
        return plain(self, question, passages)

    monkeypatch.setattr(SeveralReader, "read", counted)
    for question in (
        LIST,
        "Who spent more on chips, Acme or Beta Bank?",
        "Who spent most on chips: Acme, Beta Bank, Gamma or Delta?",
        "How did the price of chips change from 2023 to 2024?",
        "How much did Acme, Beta Bank and Delta spend on chips in total?",
    ):
        read.clear()
        ask(client, question, top_k=2)
        assert 0 < sum(read) <= 3 * 2 + ("Gamma" in question), question


def test_a_list_is_searched_for_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, encoder: FakeEncoder
) -> None:
    encoded: list[str] = []
    plain = encoder.encode_question

    def counted(question: str) -> Any:
        encoded.append(question)
        return plain(question)

    monkeypatch.setattr(encoder, "encode_question", counted)
    assert sorted(words(ask(client, LIST, top_k=1))) == ["Acme", "Beta Bank", "Gamma"]
    assert encoded == [LIST]
