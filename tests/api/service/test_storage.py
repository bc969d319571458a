"""The service of a machine that follows what another one publishes in a storage."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlparse

import pytest
from fastapi.testclient import TestClient

from api.main import create_app
from index.building.builder import build_index
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.errors import StorageError
from index.generations.generation import current_folder, current_version
from index.generations.published import PublishedIndex
from tests.api.shapes import check_problem
from tests.conftest import ARTICLES, FakeEncoder, write_articles
from tests.storage import folder_storage

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.service.models import Models
    from api.settings import Settings

QUESTION = {"question": "How much capital expenditure at Meta?"}


@pytest.fixture
def server(settings: Settings, tmp_path: Path) -> Settings:
    """The settings of a machine that has no articles, and no index yet."""
    url = folder_storage(tmp_path / "storage")
    return settings.model_copy(update={"storage": url, "corpus_dir": None})


@pytest.fixture
def publish(server: Settings, corpus_dir: Path, tmp_path: Path) -> Callable[..., str]:
    """Builds, on another machine, what says how many billions it is."""

    def build(billions: int, shards: int = 1, name: str = "fake") -> str:
        text = f"Meta expects capital expenditure of ${billions} billion in 2025."
        write_articles(corpus_dir, [{**ARTICLES[0], "text": text}, *ARTICLES[1:]])
        index = tmp_path / "builder"
        publication = PublishedIndex(str(server.storage)).begin(index, 2)
        encoder, options = FakeEncoder(name=name), BuildOptions(shards=shards)
        chunking = ChunkingParameters()
        return build_index(
            corpus_dir, index, encoder, chunking, options, before_switch=publication
        ).index_version

    return build


def _wait(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 20  # only a bound
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def test_service_follows_the_storage_and_goes_on_where_that_fails(
    server: Settings,
    models: Models,
    publish: Callable[..., str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = Path(urlparse(str(server.storage)).path)
    away = folder.with_name("away")
    folder.rename(away)
    with TestClient(create_app(server, models)) as client:

        def answer() -> str:
            return str(client.post("/v1/ask", json=QUESTION).json().get("answer"))

        check_problem(client.post("/v1/ask", json=QUESTION), 503)
        assert "what is published cannot be fetched: storage file:" in caplog.text
        away.rename(folder)
        first = publish(7)
        _wait(lambda: "$7 billion" in answer())
        second = publish(8, shards=2)
        _wait(lambda: "$8 billion" in answer())
        # Of another model: nothing is fetched, and the old index stays.
        publish(9, name="another")
        _wait(lambda: "was built with encoder 'another'" in caplog.text)
        assert "$8 billion" in answer()
        folder.rename(away)
        assert client.get("/readyz").status_code == 200
        assert "$8 billion" in answer()
        detail = check_problem(client.post("/v1/index/rollback"), 503)["detail"]
        assert "cannot read CURRENT: there is no such folder" in detail
        away.rename(folder)
        version = {"index_version": first}
        assert check_problem(client.post("/v1/index/rollback", json=version), 409)
        assert client.post("/v1/index/rollback").json()["generations"][0]["current"]
        assert "$8 billion" in answer()
    assert PublishedIndex(str(server.storage)).has(second)
    assert current_version(server.index_dir) == second


def test_service_that_starts_fetches_damaged_files_again(
    server: Settings, models: Models, publish: Callable[..., str]
) -> None:
    publish(7, shards=2)
    PublishedIndex(str(server.storage)).follow(server.index_dir, 2)
    folder = current_folder(server.index_dir)
    (folder / "manifest.json").write_text("{")
    damaged = next(folder.glob("shards/*/vectors.faiss"))
    damaged.unlink()
    with TestClient(create_app(server, models)) as client:
        reply = client.post("/v1/ask", json=QUESTION).json()
        assert "$7 billion" in reply["answer"]
        assert reply["shards"]["answered"] == reply["shards"]["of"]
    assert damaged.exists()


def test_service_does_not_start_with_a_wrong_address(server: Settings, models: Models) -> None:
    wrong = server.model_copy(update={"storage": "ftp://host/index"})
    with pytest.raises(StorageError, match="expected s3://"), TestClient(create_app(wrong, models)):
        pass
