"""Rebuild jobs, kept in the index folder so that every worker knows of them."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from filelock import FileLock, Timeout

from index.errors import BuildInProgressError

if TYPE_CHECKING:
    from pathlib import Path

JOBS_FILE: Final = "jobs.sqlite"
LOCK_FILE: Final = "rebuild.lock"
_KEPT_JOBS: Final = 100
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    progress TEXT NOT NULL,
    summary TEXT,
    error TEXT
)"""
_COLUMNS: Final = "id, status, started_at, finished_at, progress, summary, error"
ENDED_EARLY: Final = "the rebuild was ended before it was done"


class JobStatus(StrEnum):
    """Where a job stands."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass
class Job:
    """One rebuild: how far it is, and in the end its summary or its error."""

    id: str
    started_at: dt.datetime
    status: JobStatus = JobStatus.RUNNING
    finished_at: dt.datetime | None = None
    progress: dict[str, Any] = field(default_factory=dict)
    summary: dict[str, Any] | None = None
    error: str | None = None


class JobStore:
    """Reads and writes the jobs of one index folder; the oldest are forgotten.

    A worker holds a lock for as long as its job runs. The system frees it when the worker ends in
    whatever way, so a job that is said to run while nobody holds the lock has ended early.

    Args:
        folder: Folder of the index; made when the first job begins.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / JOBS_FILE
        self._lock = FileLock(folder / LOCK_FILE)

    def begin(self, job: Job) -> None:
        """Take the lock and note the job.

        Raises:
            BuildInProgressError: If a worker runs one.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # A moment's wait, since `find` takes the lock too to see whether it is free.
            self._lock.acquire(timeout=0.1)
        except Timeout as error:
            raise BuildInProgressError("a rebuild is running; wait for it to end") from error
        try:
            self._insert(job)
        except BaseException:
            self._lock.release()
            raise

    def save(self, job: Job) -> None:
        """Note how far the job is."""
        with closing(self._open()) as connection, connection:
            connection.execute(
                "UPDATE jobs SET status = ?, started_at = ?, finished_at = ?, progress = ?, "
                "summary = ?, error = ? WHERE id = ?",
                (*_row(job)[1:], job.id),
            )

    def end(self, job: Job) -> None:
        """Note how the job ended, and free the lock."""
        try:
            self.save(job)
        finally:
            self._lock.release()

    def find(self, job_id: str) -> Job | None:
        """Look up a job of any worker."""
        if not self._path.exists():
            return None
        with closing(self._open()) as connection, connection:
            found = _find(connection, job_id)
            if found is not None and found.status is JobStatus.RUNNING and self._nobody_runs_it():
                _end_early(connection)
                found = _find(connection, job_id)
        return found

    def _insert(self, job: Job) -> None:
        with closing(self._open()) as connection, connection:
            _end_early(connection)
            connection.execute(f"INSERT INTO jobs ({_COLUMNS}) VALUES (?,?,?,?,?,?,?)", _row(job))
            connection.execute(
                "DELETE FROM jobs WHERE number <= (SELECT max(number) FROM jobs) - ?",
                (_KEPT_JOBS,),
            )

    def _nobody_runs_it(self) -> bool:
        if self._lock.is_locked:
            return False
        try:
            with self._lock.acquire(timeout=0):
                return True
        except Timeout:
            return False

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=10)
        # What jobs there were need not survive a power cut, and nobody should wait for the disk.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(_SCHEMA)
        return connection


def _end_early(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE jobs SET status = ?, error = ?, finished_at = ? WHERE status = ?",
        (JobStatus.FAILED, ENDED_EARLY, dt.datetime.now(dt.UTC).isoformat(), JobStatus.RUNNING),
    )


def _find(connection: sqlite3.Connection, job_id: str) -> Job | None:
    row = connection.execute(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", (job_id,)).fetchone()
    if row is None:
        return None
    known_id, status, started, finished, progress, summary, error = row
    return Job(
        id=known_id,
        started_at=dt.datetime.fromisoformat(started),
        status=JobStatus(status),
        finished_at=None if finished is None else dt.datetime.fromisoformat(finished),
        progress=json.loads(progress),
        summary=None if summary is None else json.loads(summary),
        error=error,
    )


def _row(job: Job) -> tuple[object, ...]:
    return (
        job.id,
        job.status,
        job.started_at.isoformat(),
        None if job.finished_at is None else job.finished_at.isoformat(),
        json.dumps(job.progress),
        None if job.summary is None else json.dumps(job.summary),
        job.error,
    )
