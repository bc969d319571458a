"""Answers marked right or wrong become gold questions beside the articles."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.keys import Keyring, digest_of
from api.main import create_app
from index.loading.gold import load_gold
from index.loading.local_gold import reviewed_gold
from tests.api.shapes import check_problem
from tests.conftest import META

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

AMOUNT = "$64 billion to $72 billion"
START = META.index(AMOUNT)
WORDS = {"article_id": "meta", "quote": AMOUNT, "start": START, "end": START + len(AMOUNT)}
MARK = {"question": "How much at Meta?", "filters": {"tags": ["capex"]}, "words": [WORDS]}
READER, ADMIN = {"Authorization": "Bearer reads"}, {"Authorization": "Bearer runs"}


@pytest.fixture
def keyed(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> Iterator[TestClient]:
    build()
    ring = Keyring.parse(
        f"ann:ask:sha256:{digest_of('reads').hex()} ops:admin:sha256:{digest_of('runs').hex()}"
    )
    with TestClient(create_app(settings.model_copy(update={"api_keys": ring}), models)) as opened:
        yield opened


def _lines(corpus_dir: Path) -> list[dict[str, Any]]:
    text = (corpus_dir / "gold.local.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_marked_words_are_a_gold_question_with_who_and_when(
    client: TestClient, corpus_dir: Path
) -> None:
    reply = client.post("/v1/gold", json=MARK)
    marked = reply.json()
    assert reply.status_code == 201
    assert (marked["answers"], marked["articles"]) == ([AMOUNT], ["meta"])
    assert (marked["marked_by"], marked["reviewed"]) == (None, True)
    (question,) = load_gold(corpus_dir / "gold.local.jsonl")
    assert (question.question, question.answers) == ("How much at Meta?", (AMOUNT,))
    assert question.filters.tags == ["capex"]
    assert question.mark is not None
    assert question.mark.at.isoformat().replace("+00:00", "Z") == marked["marked_at"]
    assert reviewed_gold(corpus_dir) == [question]


def test_question_marked_again_is_replaced_and_under_other_filters_is_another(
    client: TestClient, corpus_dir: Path
) -> None:
    client.post("/v1/gold", json=MARK)
    client.post("/v1/gold", json={**MARK, "question": "how much  at META?", "words": []})
    client.post("/v1/gold", json={**MARK, "filters": {}})
    answers = [(line["answers"], line.get("filters")) for line in _lines(corpus_dir)]
    assert answers == [([], {"tags": ["capex"]}), ([AMOUNT], None)]


def test_reader_marks_and_admin_reviews(keyed: TestClient, corpus_dir: Path) -> None:
    marked = keyed.post("/v1/gold", json=MARK, headers=READER).json()
    assert (marked["marked_by"], marked["reviewed"]) == ("ann", False)
    assert reviewed_gold(corpus_dir) == []
    check_problem(keyed.get("/v1/gold", headers=READER), 403)
    (listed,) = keyed.get("/v1/gold", headers=ADMIN).json()["questions"]
    assert listed == marked
    check_problem(keyed.post("/v1/gold", json=MARK), 401)
    reviewed = keyed.post(f"/v1/gold/{marked['id']}/review", headers=ADMIN).json()
    assert (reviewed["marked_by"], reviewed["reviewed"]) == ("ann", True)
    keyed.post("/v1/gold", json={**MARK, "words": []}, headers=READER)  # replaces no reviewed one
    assert [gold.answers for gold in reviewed_gold(corpus_dir)] == [(AMOUNT,)]
    for listed in keyed.get("/v1/gold", headers=ADMIN).json()["questions"]:
        assert keyed.delete(f"/v1/gold/{listed['id']}", headers=ADMIN).status_code == 204
    assert _lines(corpus_dir) == []
    check_problem(keyed.delete(f"/v1/gold/{marked['id']}", headers=ADMIN), 404)


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"quote": "$65 billion to $72 billion"}, 409, "does not stand at"),
        ({"article_id": "none"}, 404, "not in the index"),
        ({"end": START}, 422, "code points"),
        ({"quote": " ", "end": START + 1}, 422, "white space"),
        ({"quote": ""}, 422, "quote"),
    ],
)
def test_words_that_do_not_stand_there_are_refused(
    client: TestClient, corpus_dir: Path, changes: dict[str, Any], status: int, said: str
) -> None:
    body = {**MARK, "words": [{**WORDS, **changes}]}
    assert said in check_problem(client.post("/v1/gold", json=body), status)["detail"]
    assert not (corpus_dir / "gold.local.jsonl").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b'{"id": 3}', ", line 1"), (b"{}\n{", ", line 1"), (b"\xff", ": byte 0 is not UTF-8")],
)
def test_malformed_file_is_left_alone_and_named_without_its_place(
    client: TestClient, corpus_dir: Path, content: bytes, said: str
) -> None:
    (corpus_dir / "gold.local.jsonl").write_bytes(content)
    for reply in (client.post("/v1/gold", json=MARK), client.get("/v1/gold")):
        assert check_problem(reply, 409)["detail"].startswith(f"gold.local.jsonl{said}")
    assert (corpus_dir / "gold.local.jsonl").read_bytes() == content


def test_file_that_cannot_be_read_is_said_without_its_place(
    client: TestClient, corpus_dir: Path
) -> None:
    (corpus_dir / "gold.local.jsonl").mkdir()
    problem = check_problem(client.post("/v1/gold", json=MARK), 409)
    assert problem["detail"] == "gold.local.jsonl: it cannot be read (Is a directory)"


def test_marks_are_bounded_in_bytes(
    client: TestClient, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may ask may mark, and each mark reads and writes the whole file."""
    assert client.post("/v1/gold", json=MARK).status_code == 201
    size = (corpus_dir / "gold.local.jsonl").stat().st_size
    monkeypatch.setattr("index.loading.local_gold.MAX_MARKED_BYTES", size + 10)
    problem = check_problem(client.post("/v1/gold", json={**MARK, "question": "Who?"}), 409)
    assert f"expected at most {size + 10}, so remove some first" in problem["detail"]
    assert client.post("/v1/gold", json=MARK).status_code == 201


def test_folder_that_cannot_be_written_is_said(
    client: TestClient, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("index.loading.local_gold.os.fsync", refuse)
    problem = check_problem(client.post("/v1/gold", json=MARK), 503)
    assert "gold.local.jsonl: it cannot be written (Read-only file system)" in problem["detail"]
    assert [path.name for path in corpus_dir.iterdir()] == ["articles.jsonl"]
