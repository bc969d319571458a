"""The service over an index in shards."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from fastapi.testclient import TestClient

from api.main import create_app
from index.building.builder import build_index
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from tests.conftest import META

if TYPE_CHECKING:
    from pathlib import Path

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary
    from tests.conftest import FakeEncoder


def _build(settings: Settings, corpus: Path, encoder: FakeEncoder, shards: int) -> BuildSummary:
    options = BuildOptions(shards=shards)
    return build_index(corpus, settings.index_dir, encoder, ChunkingParameters(), options)


def test_fleet_is_served_as_one_index_and_switched_as_a_whole(
    settings: Settings, models: Models, corpus_dir: Path, encoder: FakeEncoder
) -> None:
    _build(settings, corpus_dir, encoder, 2)
    with TestClient(create_app(settings, models)) as client:
        fleet = client.get("/v1/index").json()["fleet"]
        assert fleet["shards"] == 2
        assert sum(shard["articles"] for shard in fleet["generations"]) == 3
        assert [one["id"] for one in client.get("/v1/articles").json()["articles"]] == [
            *("meta", "microsoft", "rain")
        ]
        assert client.get("/v1/articles/meta").json()["text"].startswith(META)
        assert client.get("/v1/originals/rain").status_code == 200
        question = {"question": "How much capital expenditure does Meta expect?"}
        before = client.post("/v1/ask", json=question).json()
        assert before["citations"][0]["article"]["id"] == "meta"
        version = _build(settings, corpus_dir, encoder, 3).index_version
        end = time.monotonic() + 240
        while client.get("/readyz").json()["index_version"] != version:
            assert time.monotonic() < end
            time.sleep(0.02)
        after = client.post("/v1/ask", json=question).json()
        assert after["answers"] == before["answers"]
        assert after["citations"] == before["citations"]
        assert client.get("/v1/index").json()["fleet"]["shards"] == 3
