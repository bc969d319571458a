"""Marks that are meant to do harm, a file of marks that is damaged, and disks without room."""

from __future__ import annotations

import errno
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from filelock import FileLock

from api.keys import Keyring, digest_of
from api.main import create_app
from api.routes import marking
from api.service import marked_answers
from index.loading.gold import GoldQuestion
from tests.api.shapes import check_problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

MARK = {"question": "Who ran Acme?", "words": []}
CALLS = [
    ("POST", "/v1/gold", MARK),
    ("POST", "/v1/gold/local-1/review", None),
    ("DELETE", "/v1/gold/local-1", None),
    ("GET", "/v1/gold", None),
]
CHANGES = CALLS[:3]
READER, ADMIN = {"Authorization": "Bearer reads"}, {"Authorization": "Bearer runs"}


@pytest.fixture
def client(shared_client: TestClient, shared_settings: Settings) -> TestClient:
    """One service for all tests, without marks at the start of each."""
    _file(shared_settings).unlink(missing_ok=True)
    return shared_client


@pytest.fixture
def file(shared_settings: Settings) -> Path:
    return _file(shared_settings)


def _file(settings: Settings) -> Path:
    assert settings.corpus_dir is not None
    return settings.corpus_dir / "gold.local.jsonl"


def _call(client: TestClient, call: tuple[str, str, Any]) -> Any:
    method, path, body = call
    return client.request(method, path, **({} if body is None else {"json": body}))


def _line(**fields: object) -> bytes:
    mark = {"at": "2025-05-02T08:00:00Z", "reviewed": False}
    stated = {"id": "local-1", "question": "Who?", "answers": [], "mark": mark, **fields}
    return json.dumps(stated).encode() + b"\n"


@pytest.mark.parametrize("call", CALLS, ids=["mark", "review", "remove", "list"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[" * 100_000, "line 1"),
        (b'{"a":' * 100_000, "line 1"),
        (b"\x00" * 4096, "line 1"),
        (_line() + _line()[:40], "line 2"),
        (_line() + _line(), "line 2: field 'id': 'local-1' is repeated"),
        (_line(question="\ud800"), "line 1"),
        (_line(mark={"at": "2025-05-02T08:00:00"}), "line 1: field 'mark.at'"),
        (b'{"id": ' + b"1" * 10_000 + b"}", "line 1"),
        ("{}".encode("utf-16"), "byte 0 is not UTF-8"),
        (
            _line(**{f"f{number}": 0 for number in range(30_000)}),
            "characters; expected at most 262144",
        ),
        (_line() + b"\n" * 8 * 1024 * 1024, "bytes; expected at most 8388608"),
    ],
    ids="lists objects NUL cut twice surrogate zone digits UTF-16 fields long".split(),
)
def test_damaged_file_is_said_and_left_alone(
    client: TestClient, file: Path, call: tuple[str, str, Any], content: bytes, said: str
) -> None:
    file.write_bytes(content)
    detail = check_problem(_call(client, call), 409)["detail"]
    assert detail.startswith("gold.local.jsonl")
    assert said in detail
    assert len(detail) < 300
    assert file.read_bytes() == content


def test_line_of_many_unknown_fields_is_not_parsed(
    client: TestClient, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every field would be collected before the first is told: 6 MB of them took 19 seconds."""
    file.write_bytes(_line(**{f"f{number}": 0 for number in range(30_000)}))
    with monkeypatch.context() as patch:
        patch.setattr(GoldQuestion, "model_validate_json", None)
        check_problem(client.get("/v1/gold"), 409)


@pytest.mark.parametrize("call", CHANGES, ids=["mark", "review", "remove"])
@pytest.mark.parametrize("failing", ["os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_disk_that_takes_no_mark_is_said_and_the_file_is_as_it_was(
    client: TestClient,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: tuple[str, str, Any],
    failing: str,
    code: int,
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    file.write_bytes(_line())
    before = sorted(file.parent.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(failing, refuse)
        detail = check_problem(_call(client, call), 503)["detail"]
    assert os.strerror(code) in detail
    assert str(file.parent.parent) not in detail
    assert (file.read_bytes(), sorted(file.parent.iterdir())) == (_line(), before)
    assert _call(client, call).status_code in {200, 201, 204}


@pytest.mark.parametrize("call", CHANGES, ids=["mark", "review", "remove"])
def test_change_waits_for_another_only_so_long(
    client: TestClient,
    shared_settings: Settings,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: tuple[str, str, Any],
) -> None:
    file.write_bytes(_line())
    monkeypatch.setattr(marked_answers, "_LOCK_SECONDS", 0.05)
    with FileLock(shared_settings.index_dir / "gold.lock"):
        reply = _call(client, call)
    assert "another change of marked answers is taking long" in check_problem(reply, 503)["detail"]
    assert reply.headers["retry-after"] == "5"
    assert file.read_bytes() == _line()


@pytest.mark.parametrize("call", CALLS, ids=["mark", "review", "remove", "list"])
def test_calls_beyond_the_slots_are_refused(
    client: TestClient, file: Path, call: tuple[str, str, Any]
) -> None:
    file.write_bytes(_line())
    with ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(client.app.state.service.uploads.slot())  # type: ignore[attr-defined]
        reply = _call(client, call)
        assert "too many uploads" in check_problem(reply, 503)["detail"]
        assert reply.headers["retry-after"] == "5"
        assert client.post("/v1/ask", json={"question": "Who?"}).status_code == 200
    assert _call(client, call).status_code in {200, 201, 204}


def test_marks_at_once_are_all_kept_or_told_to_come_again(client: TestClient, file: Path) -> None:
    def mark(number: int) -> int:
        return client.post("/v1/gold", json={**MARK, "question": f"Who is {number}?"}).status_code

    with ThreadPoolExecutor(12) as threads:
        statuses = list(threads.map(mark, range(36)))
    assert set(statuses) <= {201, 503}
    questions = [json.loads(line)["question"] for line in file.read_text("utf-8").splitlines()]
    kept = [number for number, status in enumerate(statuses) if status == 201]
    assert sorted(questions) == sorted(f"Who is {number}?" for number in kept)


def test_what_a_killed_write_left_is_taken_by_the_next(client: TestClient, file: Path) -> None:
    for name in (".gold-incoming", ".gold-incoming-0a1b2c3d"):
        left = file.with_name(name)
        left.write_bytes(b"x" * 5000)
        os.utime(left, (0, 0))
        assert client.post("/v1/gold", json=MARK).status_code == 201
    assert sorted(path.name for path in file.parent.iterdir()) == [
        "articles.jsonl",
        "gold.local.jsonl",
    ]


def test_mark_of_many_filter_values_is_refused(client: TestClient, file: Path) -> None:
    """A dozen of them filled the file, and no other mark was taken."""
    body = {**MARK, "filters": {"tags": ["x" * 1000 for _ in range(900)]}}
    detail = check_problem(client.post("/v1/gold", json=body), 409)["detail"]
    assert detail.startswith("question: with its words and filters it takes 90")
    assert "expected at most 131072" in detail
    assert not file.exists()


@pytest.mark.parametrize("bound", ["MAX_MARKED", "MAX_MARKED_BYTES"])
def test_marks_that_wait_for_a_review_leave_room_for_reviewed_ones(
    settings: Settings,
    models: Models,
    build: Callable[[], BuildSummary],
    monkeypatch: pytest.MonkeyPatch,
    bound: str,
) -> None:
    """Whoever may ask may mark: one key could keep an admin's marks out."""
    build()
    ring = Keyring.parse(
        f"ann:ask:sha256:{digest_of('reads').hex()} ops:ask+admin:sha256:{digest_of('runs').hex()}"
    )
    with TestClient(create_app(settings.model_copy(update={"api_keys": ring}), models)) as keyed:

        def mark(number: int, sender: dict[str, str]) -> Any:
            body = {**MARK, "question": f"Who is {number}?"}
            return keyed.post("/v1/gold", json=body, headers=sender)

        assert mark(0, READER).status_code == 201
        most = 6 if bound == "MAX_MARKED" else 6 * _file(settings).stat().st_size + 5
        monkeypatch.setattr(f"index.loading.local_gold.{bound}", most)
        replies = [mark(number, READER) for number in range(4)]
        assert [reply.status_code for reply in replies] == [201, 201, 201, 409]
        said = f"expected at most {most // 2}, so review or remove some first"
        assert said in replies[-1].json()["detail"]
        assert mark(9, ADMIN).status_code == 201
        assert mark(0, READER).status_code == 201  # in the place of the earlier one


def test_list_of_marks_is_made_off_the_event_loop(
    client: TestClient, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have 8 MiB, which would hold up every other reply."""
    made: list[threading.Thread] = []
    listed = marking._listed

    def noted(marked: list[GoldQuestion]) -> str:
        made.append(threading.current_thread())
        return listed(marked)

    file.write_bytes(_line())
    monkeypatch.setattr(marking, "_listed", noted)
    (question,) = client.get("/v1/gold").json()["questions"]
    assert (question["id"], question["marked_at"]) == ("local-1", "2025-05-02T08:00:00Z")
    assert "AnyIO worker thread" in made[0].name
