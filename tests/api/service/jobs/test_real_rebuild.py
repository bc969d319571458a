"""A real rebuild, with the real models, while questions are being asked."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from api.main import create_app
from api.service.models import load_models
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from tests.api.shapes import check_ask
from tests.conftest import ARTICLES, META, write_articles

if TYPE_CHECKING:
    from pathlib import Path

    from api.settings import Settings
    from index.embedding.encoder import SentenceTransformerEncoder

NEW = "Meta expects capital expenditure of $115 billion to $135 billion in 2026."


@pytest.mark.model
def test_rebuild_switches_while_questions_are_answered(
    settings: Settings, corpus_dir: Path, real_encoder: SentenceTransformerEncoder
) -> None:
    old = {article["id"]: article["text"] for article in ARTICLES}
    changed = [{"id": "meta", "text": f"It is new. {NEW}"}, *ARTICLES[1:]]
    new = {article["id"]: article["text"] for article in changed}
    first = build_index(corpus_dir, settings.index_dir, real_encoder, ChunkingParameters())
    write_articles(corpus_dir, changed)
    with TestClient(create_app(settings, load_models(settings, real_encoder))) as client:
        place = client.post("/v1/index/rebuild").headers["location"]
        replies, end = [], time.monotonic() + 240
        while (job := client.get(place).json())["status"] == "running":
            assert time.monotonic() < end, job
            replies.append(client.post("/v1/ask", json={"question": "How much will Meta spend?"}))
            time.sleep(1)
        assert job["status"] == "succeeded", job["error"]
        assert job["summary"]["articles"] == len(new)
        assert job["progress"]["files_done"] == job["progress"]["files"] == 1
        second = job["summary"]["index_version"]
        assert client.get("/readyz").json()["index_version"] == second
        asked = {"question": "How much will Meta spend?", "min_confidence": 0}
        last = client.post("/v1/ask", json=asked)
    assert {reply.status_code for reply in replies} == {200}
    assert replies[0].json()["index_version"] == first.index_version
    texts = {first.index_version: old, second: new}
    for reply in [*replies, last]:
        check_ask(reply.json(), texts[reply.json()["index_version"]])
    (best, *_) = last.json()["citations"]
    assert last.json()["index_version"] == second
    assert best["sentence"] == NEW != META
