"""What there is to choose from: facets, and example questions."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.main import create_app
from tests.api.shapes import check_problem
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

MARKED = {
    "id": "1",
    "question": "How much at Meta?",
    "answers": ["$1"],
    "articles": ["meta"],
    "tags": ["example"],
}
LONG = {**MARKED, "id": "3", "question": "Why? " * 300}
OTHER = {"id": "2", "question": "And at Microsoft?", "answers": [], "tags": ["amount"]}


def _write_gold(corpus_dir: Path, *lines: Any) -> None:
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (corpus_dir / "gold.jsonl").write_text("\n".join(written), encoding="utf-8")


def _examples(client: TestClient) -> Any:
    return client.get("/v1/index/examples").json()["examples"]


def test_facets_count_articles_with_the_commonest_first(client: TestClient) -> None:
    body = client.get("/v1/index/facets").json()
    version = client.get("/v1/index").json()["index_version"]
    assert body == {
        "sources": [
            {"value": "Sample Markets", "articles": 1},
            {"value": "Sample Wire", "articles": 1},
        ],
        "tags": [{"value": "capex", "articles": 2}, {"value": "social", "articles": 1}],
        "months": [{"value": "2025-04", "articles": 1}, {"value": "2025-01", "articles": 1}],
        "first_day": "2025-01-03",
        "last_day": "2025-04-30",
        "index_version": version,
    }


def test_facets_are_limited(client: TestClient) -> None:
    body = client.get("/v1/index/facets?limit=1").json()
    assert [len(body["sources"]), len(body["tags"])] == [1, 1]
    check_problem(client.get("/v1/index/facets?limit=0"), 422)


def test_facets_count_what_the_filters_on_other_fields_leave(client: TestClient) -> None:
    body = client.get("/v1/index/facets?source=Sample+Markets&published_to=2025-02-01").json()
    counted = {
        name: {facet["value"]: facet["articles"] for facet in body[name]}
        for name in ("sources", "tags", "months")
    }
    assert counted == {
        "sources": {"Sample Markets": 1, "Sample Wire": 0},
        "tags": {"capex": 1, "social": 0},
        "months": {"2025-04": 0, "2025-01": 1},
    }
    check_problem(
        client.get("/v1/index/facets?published_from=2025-02-01&published_to=2025-01-01"), 422
    )


@pytest.mark.parametrize("path", ["facets", "examples"])
def test_choices_need_an_index(settings: Settings, models: Models, path: str) -> None:
    with TestClient(create_app(settings, models)) as client:
        check_problem(client.get(f"/v1/index/{path}"), 503)


def test_examples_are_the_gold_questions_tagged_so(client: TestClient, corpus_dir: Path) -> None:
    _write_gold(corpus_dir, OTHER, "", {**MARKED, "filters": {"tags": ["capex"]}})
    filters = {"published_from": None, "published_to": None, "sources": [], "tags": ["capex"]}
    assert _examples(client) == [{"question": "How much at Meta?", "filters": filters}]


def test_examples_are_none_without_gold_questions(client: TestClient) -> None:
    assert _examples(client) == []


def test_examples_are_a_few(client: TestClient, corpus_dir: Path) -> None:
    _write_gold(corpus_dir, *[{**MARKED, "id": str(number)} for number in range(20)])
    assert len(_examples(client)) == 8


@pytest.mark.parametrize(
    "wrong",
    ["{", "[]", "3", '{"tags": 3}', '{"tags": ["example"], "question": 5}', "[" * 100_000, LONG],
)
def test_examples_with_a_wrong_line_are_none_and_it_is_named(
    client: TestClient, corpus_dir: Path, caplog: pytest.LogCaptureFixture, wrong: Any
) -> None:
    _write_gold(corpus_dir, MARKED, wrong)
    with caplog.at_level(logging.WARNING):
        assert _examples(client) == []
    assert "no example questions: " in caplog.text
    assert "gold.jsonl, line 2: " in caplog.text


def test_examples_are_read_again_with_a_new_index(
    client: TestClient, corpus_dir: Path, build: Callable[[], BuildSummary]
) -> None:
    assert _examples(client) == []
    _write_gold(corpus_dir, MARKED)
    assert _examples(client) == []
    build()
    client.app.state.service.serving.refresh()  # type: ignore[attr-defined]
    assert len(_examples(client)) == 1


def test_the_sample_corpus_has_examples() -> None:
    lines = (REPOSITORY / "corpus" / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    marked = [gold for gold in map(json.loads, lines) if "example" in gold["tags"]]
    assert 4 <= len(marked) <= 8
    assert any(not gold["answers"] for gold in marked)  # one of them shows what abstaining is
