"""Replies of the routes that start a rebuild, or say how far one is."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from api.schemas import JobResponse

if TYPE_CHECKING:
    from fastapi import Request, Response

    from api.service.jobs.job import Job


def from_job(job: Job) -> JobResponse:
    """A rebuild on the wire."""
    return JobResponse.model_validate(asdict(job))


def name_job(request: Request, response: Response, job: Job) -> None:
    """Say in the headers where the state of a rebuild is."""
    response.headers["Location"] = str(request.app.url_path_for("read_job", job_id=job.id))
