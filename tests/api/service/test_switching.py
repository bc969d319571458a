"""The service follows the index folder; a reply never mixes two generations."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.main import create_app
from api.service.serving import Serving
from index.errors import BuildError
from index.generations.generation import make_current
from tests.api.shapes import check_ask, check_problem
from tests.conftest import ARTICLES, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

QUESTION = {"question": "How much capital expenditure at Meta?"}


def _version(client: TestClient) -> str:
    version: str = client.get("/v1/index").json()["index_version"]
    return version


def _wait(happened: Callable[[], bool], seconds: float = 240) -> None:
    """Wait until something has happened; the time is only a bound."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def _edition(number: int) -> list[dict[str, Any]]:
    """The sample articles with other words at other places."""
    text = f"{'Before. ' * number}Meta expects capital expenditure of ${number} billion in 2025."
    return [{**ARTICLES[0], "text": text}, *ARTICLES[1:]]


def _texts(number: int) -> dict[str, str]:
    return {article["id"]: article["text"] for article in _edition(number)}


def test_service_follows_a_new_generation(
    client: TestClient, corpus_dir: Path, build: Callable[[], BuildSummary]
) -> None:
    old = _version(client)
    write_articles(corpus_dir, _edition(7))
    new = build().index_version
    _wait(lambda: _version(client) != old)
    body = check_ask(client.post("/v1/ask", json=QUESTION).json(), _texts(7))
    assert body["index_version"] == new
    assert "$7 billion" in body["answer"]


def test_service_starts_to_answer_when_the_first_index_is_built(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> None:
    with TestClient(create_app(settings, models)) as client:
        check_problem(client.post("/v1/ask", json=QUESTION), 503)
        build()
        _wait(lambda: client.get("/readyz").status_code == 200)
        assert client.post("/v1/ask", json=QUESTION).json()["status"] == "answered"


def test_service_stays_with_the_old_generation_while_the_new_one_is_damaged(
    client: TestClient,
    index_dir: Path,
    corpus_dir: Path,
    build: Callable[[], BuildSummary],
    caplog: Any,
) -> None:
    old = _version(client)
    current = index_dir / "CURRENT"
    current.write_text("no-such-generation\n")
    _wait(lambda: "the old one stays" in caplog.text)
    assert _version(client) == old
    write_articles(corpus_dir, _edition(3))
    new = build().index_version
    _wait(lambda: _version(client) == new)


def test_service_goes_on_following_when_the_folder_cannot_be_read_for_a_while(
    client: TestClient,
    index_dir: Path,
    corpus_dir: Path,
    build: Callable[[], BuildSummary],
    caplog: Any,
) -> None:
    current = index_dir / "CURRENT"
    current.unlink()
    current.mkdir()
    _wait(lambda: "the old one stays" in caplog.text)
    assert client.get("/readyz").status_code == 200
    current.rmdir()
    write_articles(corpus_dir, _edition(3))
    new = build().index_version
    _wait(lambda: _version(client) == new)


@pytest.mark.parametrize("content", ["a\0b\n", "../../etc\n", "\n", "x" * 5000])
def test_service_goes_on_following_whatever_the_file_of_the_version_holds(
    client: TestClient,
    index_dir: Path,
    corpus_dir: Path,
    build: Callable[[], BuildSummary],
    caplog: Any,
    content: str,
) -> None:
    (index_dir / "CURRENT").write_text(content)
    (index_dir / ".CURRENT.123").write_text("left by a switch that was killed")
    _wait(lambda: "expected the name of a generation" in caplog.text)
    assert client.get("/readyz").status_code == 200
    (index_dir / "CURRENT").unlink()
    write_articles(corpus_dir, _edition(3))
    new = build().index_version
    _wait(lambda: _version(client) == new)
    assert not list(index_dir.glob(".CURRENT.*"))


@pytest.mark.parametrize(
    ("change", "rest"), [("roll_back", ()), ("refuse", ("It finds less.", None))]
)
def test_service_follows_a_switch_after_which_something_fails(
    settings: Settings,
    models: Models,
    build: Callable[[], BuildSummary],
    corpus_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
    rest: tuple[str | None, ...],
) -> None:
    first = build().index_version
    write_articles(corpus_dir, [{"id": "new", "text": "Something else."}])
    second = build().index_version
    serving = Serving(settings.index_dir, models)

    def switch(index_dir: Path, *_: object, **__: object) -> None:
        make_current(index_dir, first)
        raise BuildError("as asked")

    monkeypatch.setattr(f"api.service.serving.{change}", switch)
    with pytest.raises(BuildError, match="as asked"):
        getattr(serving, change)(second, *rest)
    assert serving.current().generation.version == first
