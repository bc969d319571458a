"""A real rebuild, with the real models, while questions are being asked."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.main import create_app
from tests.api.shapes import check_ask
from tests.conftest import ARTICLES, META, write_articles

if TYPE_CHECKING:
    from pathlib import Path

    from api.settings import Settings

NEW = "Meta expects capital expenditure of $115 billion to $135 billion in 2026."


def _rebuild(client: TestClient, texts: list[dict[str, str]]) -> tuple[str, list[Any]]:
    """Rebuild, asking all the while; returns the new version and the replies."""
    place = client.post("/v1/index/rebuild").headers["location"]
    replies, end = [], time.monotonic() + 240
    while (job := client.get(place).json())["status"] == "running":
        assert time.monotonic() < end, job
        reply = client.post("/v1/ask", json={"question": "How much will Meta spend?"})
        replies.append((reply.status_code, reply.json()))
        time.sleep(0.05)
    assert job["status"] == "succeeded", job["error"]
    assert job["summary"]["articles"] == len(texts[-1])
    assert job["progress"]["files_done"] == job["progress"]["files"] == 1
    version: str = job["summary"]["index_version"]
    assert client.get("/readyz").json()["index_version"] == version
    return version, replies


@pytest.mark.model
def test_rebuild_switches_while_questions_are_answered(
    settings: Settings, corpus_dir: Path
) -> None:
    old = {article["id"]: article["text"] for article in ARTICLES}
    changed = [{"id": "meta", "text": f"It is new. {NEW}"}, *ARTICLES[1:]]
    new = {article["id"]: article["text"] for article in changed}
    with TestClient(create_app(settings)) as client:
        first, replies = _rebuild(client, [old])
        assert replies[0][0] == 503  # later ones may already be answered from the first index
        assert {status for status, _ in replies} <= {200, 503}

        write_articles(corpus_dir, changed)
        second, replies = _rebuild(client, [old, new])
        texts = {first: old, second: new}
        asked = {"question": "How much will Meta spend?", "min_confidence": 0}
        last = client.post("/v1/ask", json=asked)
    assert {status for status, _ in replies} == {200}
    assert replies[0][1]["index_version"] == first
    for body in [*(body for _, body in replies), last.json()]:
        check_ask(body, texts[body["index_version"]])
    (best, *_) = last.json()["citations"]
    assert last.json()["index_version"] == second
    assert best["sentence"] == NEW != META
    assert best["article"]["sha256"] == hashlib.sha256(new["meta"].encode()).hexdigest()
