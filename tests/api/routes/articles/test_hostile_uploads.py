"""Uploads that are meant to do harm, or that nothing has room for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import HTTPException

from api.errors import StateError
from api.routes import json_body
from api.service.articles import changes
from api.service.jobs import corpus_change
from api.service.jobs.rebuilding import Rebuilder
from index.errors import CorpusWriteError
from index.loading.corpus_writing import ArticleFile
from tests.api.holding import Sent, post_scope
from tests.api.shapes import check_problem

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi.testclient import TestClient
    from starlette.types import Message

SNOW = {"id": "snow", "text": "Snow fell."}
FILES = [("files", ("snow.txt", b"Snow fell."))]


@pytest.fixture(autouse=True)
def no_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    """No rebuild is begun: what is tried here is what stands before it."""
    monkeypatch.setattr(Rebuilder, "_follow_queue", lambda _: None)


def test_form_that_finds_no_room_says_so(
    client: TestClient, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    before = list(corpus_dir.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr("starlette.datastructures.UploadFile.write", refuse)
        reply = client.post("/v1/articles", files=FILES)
    said = "the folder for temporary files: No space left on device; check its disk"
    assert said in check_problem(reply, 503)["detail"]
    assert list(corpus_dir.iterdir()) == before
    assert client.post("/v1/articles", files=FILES).status_code == 202


def test_fields_of_a_form_are_not_kept(client: TestClient) -> None:
    reply = client.post("/v1/articles", files=FILES, data={"title": "x" * 5000})
    assert "maximum size of 4KB" in check_problem(reply, 400)["detail"]


def test_change_that_cannot_be_queued_says_that_it_was_made(
    client: TestClient, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise StateError("jobs.sqlite in the index folder: disk is full")

    monkeypatch.setattr(Rebuilder, "request", refuse)
    problem = check_problem(client.post("/v1/articles", files=FILES), 503)
    assert "disk is full; the corpus folder has the change" in problem["detail"]
    assert (corpus_dir / "snow.txt").exists()


def test_article_that_cannot_be_taken_out_of_its_file_is_not_there_twice(
    client: TestClient, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise CorpusWriteError("corpus folder: it cannot be written to (No space left on device)")

    monkeypatch.setattr(ArticleFile, "remove", refuse)
    sent = [("files", ("meta.md", b"---\nid: meta\n---\nSnow fell."))]
    problem = check_problem(client.put("/v1/articles/meta", files=sent), 503)
    assert "No space left on device" in problem["detail"]
    assert [path.name for path in corpus_dir.iterdir()] == ["articles.jsonl"]


def test_changes_wait_for_each_other_only_so_long(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "_LOCK_SECONDS", 0.05)
    assert client.portal is not None
    lock = client.app.state.service.article_changes._changing  # type: ignore[attr-defined]
    client.portal.call(lock.acquire)
    reply = client.post("/v1/articles", json=SNOW)
    assert "another change of articles is taking long" in check_problem(reply, 503)["detail"]
    assert reply.headers["retry-after"] == "5"
    client.portal.call(lock.release)
    assert client.post("/v1/articles", json=SNOW).status_code == 202


def test_reading_what_was_sent_is_bounded_in_time(
    client: TestClient, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = list(corpus_dir.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(corpus_change, "_READING_SECONDS", -1.0)
        reply = client.post("/v1/articles", files=FILES)
    assert "reading what was sent took over -1 s" in check_problem(reply, 422)["detail"]
    assert list(corpus_dir.iterdir()) == before


@pytest.mark.parametrize("values", [b"{},", b"[],", b'"a",', b"1,", b" "])
def test_body_of_many_values_is_refused_before_it_is_parsed(
    values: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parsed, they take twenty times the memory."""
    body = b"[" + values * (json_body._CERTAIN_BYTES + 9) + b"0]"
    with monkeypatch.context() as patch:
        patch.delattr(json, "loads")
        with pytest.raises(HTTPException, match="over 10000 values"):
            json_body._parsed(body)


@pytest.mark.parametrize("words", ["word ", '"', "\\", '\\"', "é\n"])
def test_body_of_one_long_text_is_parsed(words: str) -> None:
    value = {"text": words * (json_body._CERTAIN_BYTES // len(words))}
    assert json_body._parsed(json.dumps(value).encode()) == value
    with pytest.raises(ValueError, match=r"Unterminated|Invalid"):
        json_body._parsed(json.dumps(value).encode()[:-2])


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="f"'),
        ("application/json", b'{"text": "Snow'),
    ],
)
def test_client_that_leaves_while_it_sends_is_no_fault_of_the_service(
    client: TestClient, caplog: pytest.LogCaptureFixture, media_type: str, body: bytes
) -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": body, "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    scope, sent = post_scope("/v1/articles"), Sent()
    scope["headers"] = [(b"host", b"test"), (b"content-type", media_type.encode())]
    assert client.portal is not None
    client.portal.call(client.app, scope, receive, sent)
    assert sent.status == 499
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
