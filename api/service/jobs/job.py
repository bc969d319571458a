"""A job, and the row of the database that holds it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

COLUMNS: Final = "id, status, started_at, finished_at, progress, summary, error, changes"
ENDED_EARLY: Final = "it was ended before it was done"


class JobStatus(StrEnum):
    """The state of a job; one that is queued begins when the one before it has ended."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass
class Job:
    """One rebuild or evaluation: its progress, and in the end its summary or its error.

    Attributes:
        changes: The changes of articles that it was asked for, as JSON; none where somebody asked
            for a rebuild.
    """

    id: str
    started_at: dt.datetime
    status: JobStatus = JobStatus.RUNNING
    finished_at: dt.datetime | None = None
    progress: dict[str, Any] = field(default_factory=dict)
    summary: dict[str, Any] | None = None
    error: str | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)


def row_of_job(job: Job) -> tuple[object, ...]:
    """The values of the columns."""
    return (
        job.id,
        job.status,
        job.started_at.isoformat(),
        None if job.finished_at is None else job.finished_at.isoformat(),
        json.dumps(job.progress),
        None if job.summary is None else json.dumps(job.summary),
        job.error,
        json.dumps(job.changes),
    )


def job_of_row(row: tuple[Any, ...]) -> Job:
    """The job that a row holds."""
    stored_id, status, started, finished, progress, summary, error, changes = row
    return Job(
        id=stored_id,
        started_at=dt.datetime.fromisoformat(started),
        status=JobStatus(status),
        finished_at=None if finished is None else dt.datetime.fromisoformat(finished),
        progress=json.loads(progress),
        summary=None if summary is None else json.loads(summary),
        error=error,
        changes=json.loads(changes),
    )
