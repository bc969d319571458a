"""The process that judges an evaluation of the running service."""

from __future__ import annotations

import io
import json
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from api.client import ServiceError
from api.service.local import LocalService
from api.service.serving import Serving
from scripts.served_evaluation import __main__ as served
from scripts.served_evaluation.piped_service import PipedService
from tests.conftest import META

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

GOLD = [
    {"id": "meta", "question": "How much capital expenditure at Meta?", "answers": [META]},
    {"id": "none", "question": "Who runs Google?", "answers": []},
    {"id": "rain", "question": "Who minded the weather?", "answers": ["Everybody"]},
]


@contextmanager
def _piped(service: LocalService) -> Iterator[PipedService]:
    """The service of this process behind pipes, as the service answers its other process."""
    asks, calls = _pipe()
    hears, replies = _pipe()

    def answer() -> None:
        for line in asks:
            call = json.loads(line)
            reply = getattr(service, call["method"])(*call["arguments"], **call["options"])
            print(json.dumps({"reply": reply.model_dump(mode="json")}), file=replies, flush=True)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield PipedService(calls, hears)
    finally:
        calls.close()
        thread.join()
        for stream in (asks, hears, replies):
            stream.close()


def _pipe() -> tuple[Any, Any]:
    reading, writing = os.pipe()
    return open(reading), open(writing, "w")  # noqa: PTH123 - descriptors, closed above


@pytest.fixture
def local(settings: Settings, models: Models, build: Callable[[], BuildSummary]) -> LocalService:
    build()
    return LocalService(Serving(settings.index_dir, models).current)


def test_process_of_an_evaluation_judges_reports_and_compares(
    local: LocalService, corpus_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [json.dumps({**line, "articles": ["meta"] if line["answers"] else []}) for line in GOLD]
    (corpus_dir / "gold.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with _piped(local) as piped:
        served._run(corpus_dir, 2, tmp_path / "new", piped)
    *progress, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert progress[-1] == {"progress": {"questions_done": 2, "questions": 2}}
    figures = last["evaluation"]
    assert (figures["questions"], figures["of"], figures["reader"]) == (2, 3, "fake")
    assert figures["outcomes"]["right"] == 1
    (missed,) = last["missed"]
    assert (missed["id"], missed["expected"]) == ("rain", ["Everybody"])
    assert "Who minded the weather?" in (tmp_path / "new.html").read_text(encoding="utf-8")
    file = str(tmp_path / "new.json")
    assert served.main(["compare", file, file]) == 0
    compared = json.loads(capsys.readouterr().out)
    assert (compared["compared"], compared["changes"]) == (2, [])
    assert served.main(["compare", file, str(corpus_dir)]) == 1
    assert "error: " in capsys.readouterr().err


def test_service_that_has_gone_is_said() -> None:
    piped = PipedService(io.StringIO(), io.StringIO())
    with pytest.raises(ServiceError, match="gone"):
        piped.index()
