"""Asking over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conftest import META

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


def test_ask_answers_with_the_slice_of_the_article(client: TestClient) -> None:
    reply = client.post("/v1/ask", json={"question": "How much capital expenditure at Meta?"})
    assert reply.status_code == 200
    body = reply.json()
    assert body["status"] == "answered"
    citation = body["citations"][0]
    article = client.get(f"/v1/articles/{citation['article']['id']}").json()
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"] == META
    assert citation["article"]["sha256"] == article["sha256"]
