"""Rebuilding over HTTP, with a small command in the place of the build."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
import typer
from fastapi.testclient import TestClient

from api.errors import SettingsError
from api.main import create_app
from api.service.jobs import rebuilding
from api.service.jobs.rebuilding import build_environment
from api.settings import Settings, read_settings
from scripts import build_index
from tests.api.shapes import check_problem
from tests.conftest import REPOSITORY, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.service.models import Models
    from index.building.builder import BuildSummary

PROGRESS = {"files_done": 1, "files": 2, "chunks": 3}
SUMMARY = {"index_version": "v", "articles": 1, "skipped": []}
Job = dict[str, Any]
WAIT = 240  # seconds: only a bound, so that a broken test ends


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Replace the build by a Python script."""

    def replace(script: str) -> None:
        monkeypatch.setattr(rebuilding, "BUILD_COMMAND", [sys.executable, "-c", script])

    return replace


@pytest.fixture
def client(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> Iterator[TestClient]:
    """A client of a service that does not follow the index folder by itself."""
    build()
    patient = settings.model_copy(update={"reload_seconds": 3600.0})
    with TestClient(create_app(patient, models)) as opened:
        yield opened


def _start(client: TestClient) -> str:
    reply = client.post("/v1/index/rebuild")
    assert reply.status_code == 202
    job: Job = reply.json()
    assert job.keys() == {
        *("id", "status", "started_at", "finished_at", "progress", "summary", "error", "changes"),
    }
    assert (job["status"], job["finished_at"], job["summary"]) == ("running", None, None)
    assert reply.headers["location"] == f"/v1/index/jobs/{job['id']}"
    return reply.headers["location"]


def _wait(client: TestClient, place: str, reached: Callable[[Job], bool]) -> Job:
    """Poll a job; the time is only a bound."""
    end = time.monotonic() + WAIT
    while True:
        job: Job = client.get(place).json()
        if reached(job):
            return job
        assert time.monotonic() < end, job
        time.sleep(0.02)


def _finish(client: TestClient, place: str) -> Job:
    job = _wait(client, place, lambda known: known["status"] != "running")
    assert job["finished_at"] >= job["started_at"]
    return job


def test_rebuild_shows_progress_then_its_summary(
    client: TestClient, command: Callable[[str], None], tmp_path: Path
) -> None:
    go = tmp_path / "go"
    command(
        "import pathlib, time\n"
        f"print({json.dumps(json.dumps({'progress': PROGRESS}))}, flush=True)\n"
        f"end = time.monotonic() + {WAIT}\n"
        f"while not pathlib.Path({str(go)!r}).exists() and time.monotonic() < end:\n"
        "    time.sleep(0.02)\n"
        f"print({json.dumps(json.dumps(SUMMARY))})\n"
    )
    place = _start(client)
    job = _wait(client, place, lambda known: known["progress"] != {})
    assert (job["status"], job["progress"]) == ("running", PROGRESS)
    problem = check_problem(client.post("/v1/index/rebuild"), 409)
    assert "a rebuild is running" in problem["detail"]
    go.touch()
    job = _finish(client, place)
    assert (job["status"], job["summary"], job["error"]) == ("succeeded", SUMMARY, None)
    assert job["progress"] == PROGRESS


def test_rebuild_switches_before_it_says_that_it_succeeded(
    client: TestClient,
    command: Callable[[str], None],
    corpus_dir: Path,
    build: Callable[[], BuildSummary],
) -> None:
    old = client.get("/v1/index").json()["index_version"]
    write_articles(corpus_dir, [{"id": "new", "text": "It is new."}])
    version = build().index_version
    assert client.get("/v1/index").json()["index_version"] == old
    command("print('{}')")
    assert _finish(client, _start(client))["status"] == "succeeded"
    assert client.get("/v1/index").json()["index_version"] == version


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("import sys; print('skipped a', file=sys.stderr); sys.exit('error: no disk')", "no disk"),
        ("raise SystemExit(3)", "the build ended silently"),
        ("print('Loading')", "the build printed 'Loading'; expected JSON objects"),
        ("print('[]')", "expected JSON objects"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "the build ended silently"),
    ],
    ids=["message", "silent", "not JSON", "no object", "killed"],
)
def test_rebuild_that_fails_says_why_and_the_next_one_may_start(
    client: TestClient, command: Callable[[str], None], script: str, error: str
) -> None:
    before = client.get("/v1/index").json()
    command(script)
    job = _finish(client, _start(client))
    assert (job["status"], job["summary"]) == ("failed", None)
    assert error in job["error"]
    assert client.get("/v1/index").json() == before
    command("print('{}')")
    assert _finish(client, _start(client))["status"] == "succeeded"


def test_rebuild_that_a_preflight_refuses_says_which_answers_changed(
    client: TestClient, command: Callable[[str], None]
) -> None:
    report = {"preflight": {"passed": False, "changes": [{"id": "g1", "verdict": "worse"}]}}
    command(
        f"import sys; print({json.dumps(json.dumps(report))}); "
        "sys.exit('error: index v does not go live: exact_match lost 0.1')"
    )
    job = _finish(client, _start(client))
    assert (job["status"], job["summary"]) == ("failed", report)
    assert job["error"] == "error: index v does not go live: exact_match lost 0.1"


def test_rebuild_command_that_is_not_there_fails(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(rebuilding, "BUILD_COMMAND", [str(tmp_path / "none")])
    job = _finish(client, _start(client))
    assert job["status"] == "failed"
    assert "No such file" in job["error"]


def test_rebuild_survives_more_output_than_a_pipe_holds(
    client: TestClient, command: Callable[[str], None]
) -> None:
    command(
        "import json, sys\n"
        "sys.stderr.write('x' * 1_000_000)\n"
        "print(json.dumps({'skipped': ['y' * 1_000_000]}))\n"
    )
    job = _finish(client, _start(client))
    assert job["summary"] == {"skipped": ["y" * 1_000_000]}


def test_rebuild_may_be_started_without_an_index(
    settings: Settings, models: Models, command: Callable[[str], None]
) -> None:
    command("import sys; sys.exit('error: corpus folder x: not a folder')")
    with TestClient(create_app(settings, models)) as client:
        job = _finish(client, _start(client))
    assert job["error"] == "error: corpus folder x: not a folder"


def test_rebuild_ends_with_the_service(
    settings: Settings, models: Models, command: Callable[[str], None], tmp_path: Path
) -> None:
    process = tmp_path / "process"
    command(
        "import os, pathlib, time\n"
        f"pathlib.Path({str(process)!r}).write_text(str(os.getpid()))\n"
        'print(\'{"progress": {"chunks": 1}}\', flush=True)\n'
        f"time.sleep({WAIT})\n"
    )
    with TestClient(create_app(settings, models)) as client:
        _wait(client, _start(client), lambda known: known["progress"] != {})
    assert not psutil.pid_exists(int(process.read_text()))


@pytest.mark.parametrize("name", ["none", "%00", "é"])
def test_unknown_job_is_not_found(client: TestClient, name: str) -> None:
    problem = check_problem(client.get(f"/v1/index/jobs/{name}"), 404)
    assert "no such job" in problem["detail"]


def test_build_environment_says_what_the_settings_say(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QA_KEEP_GENERATIONS", "5")  # for the build alone
    monkeypatch.setenv("QA_DEVICE", "cuda")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    settings = Settings(
        corpus_dir=Path("articles"), index_dir=tmp_path, encoder="some/model", device=None
    )
    environment = build_environment(settings)
    assert {name: text for name, text in environment.items() if name.startswith("QA_")} == {
        "QA_KEEP_GENERATIONS": "5",
        "QA_CORPUS_DIR": "articles",
        "QA_INDEX_DIR": str(tmp_path),
        "QA_ENCODER": "some/model",
        "QA_PRECISION": "float32",
        "QA_PREFLIGHT_NO_WORSE_THAN": "current",
        "QA_READER": "cascade",
        "QA_READER_PRECISION": "auto",
        "QA_MODELS_DIR": "var/models",
        "QA_REREAD": "8",
    }
    assert environment["PYTHONPATH"] == f"{REPOSITORY}{os.pathsep}elsewhere"
    chosen = settings.model_copy(
        update={
            "corpus_dir": None,  # the build reads the folder that the index was built from
            "faiss": "SQ8",
            "recall": 0.5,
            "shards": 4,
            "preflight_gold": Path("gold.jsonl"),
            "preflight_fail_under": "em=0.5",
            "calibration": tmp_path / "mine.json",
        }
    )
    environment = build_environment(chosen)
    assert "QA_CORPUS_DIR" not in environment
    assert (environment["QA_FAISS"], environment["QA_RECALL"]) == ("SQ8", "0.5")
    assert environment["QA_SHARDS"] == "4"
    assert environment["QA_PREFLIGHT_GOLD"] == "gold.jsonl"
    assert environment["QA_PREFLIGHT_FAIL_UNDER"] == "em=0.5"
    assert environment["QA_CALIBRATION"] == str(tmp_path / "mine.json")


def test_every_setting_of_a_build_is_an_option_that_reads_it_from_the_environment() -> None:
    variables = {
        option.envvar
        for option in typer.main.get_command(build_index.app).params
        if isinstance(option.envvar, str)
    }
    chosen = Settings(
        corpus_dir=Path(),
        device="cpu",
        faiss="auto",
        recall=0.9,
        shards=2,
        ray="auto",
        storage="file:///srv/index",
    )
    passed = build_environment(chosen)
    ours = {name for name in passed if name.startswith("QA_")} - os.environ.keys()
    assert ours <= variables | {  # read where models are loaded
        "QA_MODELS_DIR",
        "QA_READER_PRECISION",
        "QA_REREAD",
    }


def test_build_is_started_where_the_service_was(
    settings: Settings,
    models: Models,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Relative paths mean the same to both, and a folder there named as ours hides nothing."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "__init__.py").write_text("raise SystemExit('not ours')")
    monkeypatch.chdir(tmp_path)
    chosen = settings.model_copy(
        update={"corpus_dir": Path("none"), "index_dir": Path("index"), "encoder": "no/model"}
    )
    with TestClient(create_app(chosen, models)) as client:
        job = _finish(client, _start(client))
    assert "none" in job["error"]
    assert "not ours" not in job["error"]


def test_settings_of_a_rebuild_come_from_the_environment_and_are_checked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("QA_INDEX_DIR", str(tmp_path))
    monkeypatch.setenv("QA_FAISS", "HNSW32,SQ8")
    monkeypatch.setenv("QA_RECALL", "0.95")
    settings = read_settings()
    assert (settings.faiss, settings.recall) == ("HNSW32,SQ8", 0.95)
    monkeypatch.setenv("QA_FAISS", "Nothing")
    with pytest.raises(
        SettingsError, match=r"QA_FAISS='Nothing': .* expected 'auto', or a factory string of FAISS"
    ):
        read_settings()
    monkeypatch.setenv("QA_FAISS", "auto")
    monkeypatch.setenv("QA_RECALL", "1.5")
    with pytest.raises(SettingsError, match=r"QA_RECALL='1\.5'"):
        read_settings()
