"""Quotes of earlier citations over HTTP, after the index was rebuilt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.answering.verifying import sha256_of
from tests.api.shapes import check_problem
from tests.conftest import ARTICLES, META, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi.testclient import TestClient

    from index.building.builder import BuildSummary

META_TEXT: str = ARTICLES[0]["text"]
AMOUNT = "$64 billion to $72 billion"
START = META_TEXT.index(AMOUNT)
QUOTE = {"article_id": "meta", "quote": AMOUNT, "start": START, "end": START + len(AMOUNT)}


def _verify(client: TestClient, *quotes: dict[str, Any]) -> list[dict[str, Any]]:
    reply = client.post("/v1/verify", json={"quotes": quotes})
    assert reply.status_code == 200, reply.text
    body = reply.json()
    assert body.keys() == {"quotes", "index_version"}
    assert body["index_version"] == client.get("/readyz").json()["index_version"]
    found: list[dict[str, Any]] = body["quotes"]
    return found


def test_citations_of_a_reply_are_intact_and_have_a_hash(client: TestClient) -> None:
    asked = {"question": "How much capital expenditure at Meta?"}
    cited = client.post("/v1/ask", json=asked).json()["citations"]
    assert [citation["quote_sha256"] for citation in cited] == [
        sha256_of(citation["quote"]) for citation in cited
    ]
    fields = ("quote", "start", "end", "quote_sha256")
    quotes = [
        {"article_id": citation["article"]["id"], **{name: citation[name] for name in fields}}
        for citation in cited
    ]
    assert _verify(client, *quotes) == [
        {"status": "intact", "start": quote["start"], "end": quote["end"], "page": None}
        for quote in quotes
    ]


def test_rebuilt_index_says_what_became_of_every_quote(
    client: TestClient, corpus_dir: Path, build: Callable[[], BuildSummary]
) -> None:
    rain = {"article_id": "rain", "quote": "Dublin", "start": 13, "end": 19}
    microsoft = {"article_id": "microsoft", "quote": "$80 billion", "start": 25, "end": 36}
    assert {found["status"] for found in _verify(client, QUOTE, rain, microsoft)} == {"intact"}
    edited = [
        {**ARTICLES[0], "text": f"😀 An edit elsewhere. {META_TEXT}"},
        {**ARTICLES[1], "text": ARTICLES[1]["text"].replace("$80", "$81")},
    ]
    write_articles(corpus_dir, edited)
    build()
    client.app.state.service.serving.refresh()  # type: ignore[attr-defined]  # it is an ASGI app
    moved, gone, changed = _verify(client, QUOTE, rain, microsoft)
    assert moved["status"] == "moved"
    assert client.get("/v1/articles/meta").json()["text"][moved["start"] : moved["end"]] == AMOUNT
    nowhere = {"start": None, "end": None, "page": None}
    assert (gone, changed) == ({"status": "gone", **nowhere}, {"status": "changed", **nowhere})


def test_quote_of_a_copy_is_looked_up_in_the_text_that_it_shares(
    client: TestClient, corpus_dir: Path, build: Callable[[], BuildSummary]
) -> None:
    write_articles(corpus_dir, [*ARTICLES, {**ARTICLES[0], "id": "copy"}])
    build()
    client.app.state.service.serving.refresh()  # type: ignore[attr-defined]  # it is an ASGI app
    (found,) = _verify(client, {**QUOTE, "article_id": "copy"})
    assert found["status"] == "intact"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quote": ""}, "quote"),
        ({"quote": "x" * 5001}, "quote"),
        ({"quote": None}, "quote"),
        ({"start": -1}, "start"),
        ({"start": 10**400}, "start"),
        ({"start": "1"}, "start"),
        ({"end": START}, "end"),
        ({"end": START + len(AMOUNT) + 1}, "end"),
        ({"article_id": ""}, "article_id"),
        ({"quote_sha256": sha256_of(META)}, "quote_sha256"),
        ({"quote_sha256": "f"}, "quote_sha256"),
        ({"sentence": META}, "sentence"),
    ],
)
def test_wrong_quote_is_named(client: TestClient, changes: dict[str, Any], field: str) -> None:
    body = {"quotes": [QUOTE, {**QUOTE, **changes}]}
    problem = check_problem(client.post("/v1/verify", json=body), 422)
    assert f"body.quotes.1.{field}" in [error["field"] for error in problem["errors"]]


@pytest.mark.parametrize("quotes", [[], [QUOTE] * 101, None, "x"])
def test_wrong_number_of_quotes_is_refused(client: TestClient, quotes: Any) -> None:
    problem = check_problem(client.post("/v1/verify", json={"quotes": quotes}), 422)
    assert "body.quotes" in problem["detail"]
