"""Rebuild jobs, as several workers see them."""

from __future__ import annotations

import datetime as dt
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from api.errors import StateError
from api.service.jobs.job import ENDED_EARLY, Job, JobStatus
from api.service.jobs.store import JOBS_FILE, JobStore
from index.errors import JobInProgressError
from tests.api.shapes import check_problem
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi.testclient import TestClient

NOW = dt.datetime(2025, 5, 2, 8, tzinfo=dt.UTC)


def _ended(store: JobStore, job_id: str) -> Job:
    job = Job(job_id, NOW)
    store.begin(job)
    job.status, job.finished_at, job.summary = JobStatus.SUCCEEDED, NOW, {"articles": 1}
    store.end(job)
    return job


def test_job_is_known_to_every_worker(tmp_path: Path) -> None:
    mine, other = JobStore(tmp_path / "index"), JobStore(tmp_path / "index")
    assert other.find("one") is None
    job = Job("one", NOW)
    mine.begin(job)
    assert mine.find("one") == other.find("one") == job
    job.progress = {"files": 2}
    mine.save(job)
    assert other.find("one") == job
    with pytest.raises(JobInProgressError, match="a rebuild is running"):
        other.begin(Job("two", NOW))
    job.status, job.finished_at, job.error = JobStatus.FAILED, NOW, "no disk"
    mine.end(job)
    assert other.find("one") == job
    _ended(other, "two")


def test_changes_that_wait_for_one_job_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.service.jobs.store._KEPT_CHANGES", 3)
    store = JobStore(tmp_path / "index")
    for number in range(5):
        store.enqueue(Job("one", NOW, status=JobStatus.QUEUED, changes=[{"files": [number]}]))
    job = store.find("one")
    assert job is not None
    assert [change["files"] for change in job.changes] == [[2], [3], [4]]


def test_queued_changes_share_a_job_that_begins_when_no_other_runs(tmp_path: Path) -> None:
    mine, other = JobStore(tmp_path / "index"), JobStore(tmp_path / "index")
    assert not mine.has_queued()
    running = Job("one", NOW)
    mine.begin(running)
    first, second = (
        Job(name, NOW, status=JobStatus.QUEUED, changes=[{"files": [name]}])
        for name in ("two", "three")
    )
    assert (mine.enqueue(first), other.enqueue(second)) == ("two", "two")
    with pytest.raises(JobInProgressError):
        other.begin_queued()
    running.status = JobStatus.SUCCEEDED
    mine.end(running)
    _ended(mine, "four")  # a rebuild that somebody asks for does not end the queued one
    assert other.has_queued()
    begun = other.begin_queued()
    assert begun == mine.find("two")
    assert begun is not None
    assert (begun.status, begun.changes) == ("running", [{"files": ["two"]}, {"files": ["three"]}])
    assert mine.enqueue(Job("five", NOW, status=JobStatus.QUEUED)) == "five"
    other.end(begun)
    last = other.begin_queued()
    assert last is not None
    assert not mine.has_queued()
    other.end(last)
    assert mine.begin_queued() is None


def test_job_of_a_worker_that_died_has_failed(tmp_path: Path) -> None:
    script = (
        "import datetime as dt, os, sys, pathlib\n"
        "from api.service.jobs.store import Job, JobStore\n"
        "JobStore(pathlib.Path(sys.argv[1])).begin(Job('one', dt.datetime.now(dt.UTC)))\n"
        "os._exit(9)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    died = subprocess.run(command, cwd=REPOSITORY, check=False, timeout=240)
    assert died.returncode == 9
    store = JobStore(tmp_path)
    job = store.find("one")
    assert job is not None
    assert (job.status, job.error) == (JobStatus.FAILED, ENDED_EARLY)
    assert job.finished_at is not None
    _ended(store, "two")


def test_oldest_jobs_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.service.jobs.store._KEPT_JOBS", 3)
    store = JobStore(tmp_path)
    for number in range(5):
        _ended(store, str(number))
    assert [store.find(str(number)) is not None for number in range(5)] == [False] * 2 + [True] * 3


@pytest.mark.parametrize("job_id", ["", "../CURRENT", "a' OR '1'='1", "\0"])
def test_unknown_job_is_not_found(tmp_path: Path, job_id: str) -> None:
    store = JobStore(tmp_path)
    _ended(store, "one")
    assert store.find(job_id) is None


@pytest.mark.parametrize(
    "content",
    [b"no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000],
    ids=["text", "cut"],
)
def test_damaged_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    store = JobStore(tmp_path)
    _ended(store, "old")
    (tmp_path / JOBS_FILE).write_bytes(content)
    assert store.find("old") is None
    _ended(store, "new")
    assert store.find("new") is not None


def test_file_of_other_columns_is_made_anew(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / JOBS_FILE)) as connection:
        connection.execute("CREATE TABLE jobs (number INTEGER PRIMARY KEY, other TEXT)")
    store = JobStore(tmp_path)
    _ended(store, "new")
    assert store.find("new") is not None


def test_file_that_cannot_be_opened_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / JOBS_FILE).mkdir()
    with pytest.raises(StateError, match=r"jobs\.sqlite in the index folder: unable to open"):
        JobStore(tmp_path).find("one")
    with pytest.raises(StateError, match="unable to open"):
        JobStore(tmp_path).begin(Job("one", NOW))


def test_full_disk_is_a_problem_that_says_so_and_not_the_end_of_the_jobs(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullDisk:
        def __init__(self, *_: object, **__: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("api.service.jobs.store.sqlite3.connect", FullDisk)
    problem = check_problem(client.post("/v1/index/rebuild"), 503)
    assert "database or disk is full" in problem["detail"]
    monkeypatch.undo()
    assert client.post("/v1/index/rebuild").status_code == 202
