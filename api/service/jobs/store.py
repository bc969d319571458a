"""Jobs, stored in the index folder, where every worker process sees them."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from api.errors import StateError
from api.service.jobs.job import (
    COLUMNS,
    ENDED_EARLY,
    Job,
    JobStatus,
    job_of_row,
    row_of_job,
)
from index.errors import JobInProgressError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOGGER = logging.getLogger(__name__)
JOBS_FILE: Final = "jobs.sqlite"
LOCK_FILE: Final = "rebuild.lock"
_KEPT_JOBS: Final = 100
_KEPT_CHANGES: Final = 500  # the latest of those that wait for one job
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    progress TEXT NOT NULL,
    summary TEXT,
    error TEXT,
    changes TEXT NOT NULL
)"""


class JobStore:
    """The jobs of one index folder, in SQLite; the oldest are deleted.

    A damaged file is made anew, without the jobs that were in it.

    A worker holds a file lock while its job runs. The system frees the lock however the worker
    ends, so a running job without a lock has ended early.

    Args:
        folder: Folder of the index; made when the first job begins.
        kind: What runs, in messages.
        file, lock: The names of the files.
    """

    def __init__(
        self, folder: Path, kind: str = "rebuild", file: str = JOBS_FILE, lock: str = LOCK_FILE
    ) -> None:
        self._kind = kind
        self._path = folder / file
        self._lock = FileLock(folder / lock)
        self._lock_name = lock

    def begin(self, job: Job) -> None:
        """Take the lock and store the job.

        Raises:
            JobInProgressError: If a worker is running one.
            StateError: If it cannot be stored.
        """
        # A short wait: `find` takes the lock for a moment to see whether it is free.
        self._acquire(seconds=0.1)
        try:
            with self._connection() as connection:
                _end_early(connection)
                _insert(connection, job)
        except BaseException:
            self._lock.release()
            raise

    def enqueue(self, job: Job) -> str:
        """Store a job that begins later, or add its changes to the one that is queued already.

        Returns:
            The id of the job that has the changes.

        Raises:
            StateError: If it cannot be stored.
        """
        self._make_folder()
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            queued = connection.execute(
                "SELECT id, changes FROM jobs WHERE status = ?", (JobStatus.QUEUED,)
            ).fetchone()
            if queued is None:
                _insert(connection, job)
                return job.id
            job_id, changes = queued
            connection.execute(
                "UPDATE jobs SET changes = ? WHERE id = ?",
                (json.dumps([*json.loads(changes), *job.changes][-_KEPT_CHANGES:]), job_id),
            )
            return str(job_id)

    def has_queued(self) -> bool:
        """Whether a job is queued.

        Raises:
            StateError: If the jobs cannot be read.
        """
        if not self._path.exists():
            return False
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT 1 FROM jobs WHERE status = ?", (JobStatus.QUEUED,)
            ).fetchall()
        return bool(rows)

    def begin_queued(self) -> Job | None:
        """Take the lock and begin the queued job; None where there is none any more.

        Raises:
            JobInProgressError: If a worker is running one.
            StateError: If it cannot be stored.
        """
        self._acquire(seconds=0)
        job = None
        try:
            with self._connection() as connection:
                _end_early(connection)
                row = connection.execute(
                    "UPDATE jobs SET status = ?, started_at = ? WHERE status = ? RETURNING id",
                    (JobStatus.RUNNING, _now(), JobStatus.QUEUED),
                ).fetchone()
                job = None if row is None else _find(connection, row[0])
        finally:
            if job is None:
                self._lock.release()
        return job

    def save(self, job: Job) -> bool:
        """Store the state of the job; whether nobody has cancelled it.

        Raises:
            StateError: If it cannot be stored.
        """
        with self._connection() as connection:
            saved = connection.execute(
                "UPDATE jobs SET status = ?, started_at = ?, finished_at = ?, progress = ?, "
                "summary = ?, error = ?, changes = ? WHERE id = ? AND status <> ?",
                (*row_of_job(job)[1:], job.id, JobStatus.CANCELLED),
            )
            return saved.rowcount > 0

    @contextmanager
    def ending(self, job: Job) -> Iterator[None]:
        """Run a job that has begun in the block: it fails with what that raises, and is stored.

        A block that gives the job a status of its own keeps it. What has run is what it is, also
        where the end cannot be stored.
        """
        try:
            yield
            if job.status is JobStatus.RUNNING:
                job.status = JobStatus.SUCCEEDED
        except asyncio.CancelledError:
            job.status, job.error = JobStatus.FAILED, ENDED_EARLY
            raise
        except Exception as error:
            _LOGGER.exception("%s %s failed", self._kind, job.id)
            job.status, job.error = JobStatus.FAILED, str(error)
        finally:
            job.finished_at = dt.datetime.now(dt.UTC)
            try:
                self.end(job)
            except Exception:
                _LOGGER.exception(
                    "%s %s %s, which could not be stored", self._kind, job.id, job.status
                )

    def cancel(self, job_id: str) -> None:
        """Note that a running job is to end; whoever runs it notices when it saves it.

        Raises:
            StateError: If it cannot be stored.
        """
        with self._connection() as connection:
            connection.execute(
                "UPDATE jobs SET status = ?, finished_at = ? WHERE id = ? AND status = ?",
                (JobStatus.CANCELLED, _now(), job_id, JobStatus.RUNNING),
            )

    def latest(self) -> Job | None:
        """The job that began last, of any worker; None where there is none.

        Raises:
            StateError: If the jobs cannot be read.
        """
        if not self._path.exists():
            return None
        with self._connection() as connection:
            row = connection.execute("SELECT id FROM jobs ORDER BY number DESC LIMIT 1").fetchone()
        return None if row is None else self.find(row[0])

    def end(self, job: Job) -> None:
        """Store how the job ended, and free the lock.

        Raises:
            StateError: If it cannot be stored.
        """
        try:
            self.save(job)
        finally:
            self._lock.release()

    def find(self, job_id: str) -> Job | None:
        """The job with this id, of any worker; None where there is none.

        Raises:
            StateError: If the jobs cannot be read.
        """
        if not self._path.exists():
            return None
        with self._connection() as connection:
            job = _find(connection, job_id)
            if job is not None and job.status is JobStatus.RUNNING and self._is_abandoned():
                _end_early(connection)
                job = _find(connection, job_id)
        return job

    def busy_error(self) -> JobInProgressError:
        """The error of a job that cannot begin, since another one runs."""
        article = "an" if self._kind[0] in "aeiou" else "a"
        return JobInProgressError(f"{article} {self._kind} is running; wait for it to end")

    def _make_folder(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _state_error(self._path.parent / self._lock_name, error) from error

    def _acquire(self, seconds: float) -> None:
        """Take the lock.

        Raises:
            JobInProgressError: If a worker holds it.
            StateError: If its file cannot be written.
        """
        self._make_folder()
        try:
            self._lock.acquire(timeout=seconds)
        except Timeout as error:
            raise self.busy_error() from error
        except OSError as error:
            raise _state_error(self._path.parent / self._lock_name, error) from error

    def _is_abandoned(self) -> bool:
        if self._lock.is_locked:
            return False
        try:
            with self._lock.acquire(timeout=0):
                return True
        except Timeout:
            return False
        except OSError as error:
            raise _state_error(self._path.parent / self._lock_name, error) from error

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A transaction on the jobs.

        Raises:
            StateError: If the file cannot be read or written.
        """
        try:
            with closing(self._open()) as connection, connection:
                yield connection
        except (sqlite3.Error, OSError) as error:
            if _is_damaged(error):  # found in the middle of the file: empty for the next request
                self._remove(error)
            raise _state_error(self._path, error) from error

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            if not _is_damaged(error):
                raise
            self._remove(error)
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=10)
        try:
            # Jobs need not survive a power cut, and no request should wait for the disk.
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute(_SCHEMA)
            connection.execute(f"SELECT {COLUMNS} FROM jobs LIMIT 1").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    def _remove(self, error: Exception) -> None:
        _LOGGER.warning("%s: %s; it is made anew, without its jobs", self._path, error)
        for leftover in self._path.parent.glob(f"{self._path.name}*"):
            leftover.unlink(missing_ok=True)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat()


def _is_damaged(error: Exception) -> bool:
    """Whether a file is no database, or one of other columns, rather than out of reach."""
    return isinstance(error, sqlite3.DatabaseError) and (
        not isinstance(error, sqlite3.OperationalError) or "no such column" in str(error)
    )


def _state_error(path: Path, error: Exception) -> StateError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return StateError(f"{path.name} in the index folder: {reason}; check its disk, then retry")


def _end_early(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE jobs SET status = ?, error = ?, finished_at = ? WHERE status = ?",
        (JobStatus.FAILED, ENDED_EARLY, _now(), JobStatus.RUNNING),
    )


def _insert(connection: sqlite3.Connection, job: Job) -> None:
    """Store a job, and delete the oldest."""
    connection.execute(f"INSERT INTO jobs ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?)", row_of_job(job))
    connection.execute(
        "DELETE FROM jobs WHERE number <= (SELECT max(number) FROM jobs) - ?", (_KEPT_JOBS,)
    )


def _find(connection: sqlite3.Connection, job_id: str) -> Job | None:
    row = connection.execute(f"SELECT {COLUMNS} FROM jobs WHERE id = ?", (job_id,)).fetchone()
    if row is None:
        return None
    return job_of_row(row)
