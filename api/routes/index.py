"""The index: what is in it, rebuilding it, and whether it is there."""

from __future__ import annotations

import dataclasses
from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request, Response

from api.dependencies import RunningRebuilder, ServedIndex
from api.problems import problem_responses
from api.rebuilding import Job
from api.schemas import HealthResponse, IndexResponse, JobResponse, ReadyResponse

router = APIRouter(tags=["index"])


@router.get("/v1/index", responses=problem_responses(HTTPStatus.SERVICE_UNAVAILABLE))
def read_index(served: ServedIndex) -> IndexResponse:
    """Say what the index that is being served was built from and with."""
    return IndexResponse.model_validate(
        served.generation.manifest.model_dump(exclude={"corpus_dir", "files", "sequence", "code"})
    )


@router.post(
    "/v1/index/rebuild",
    status_code=HTTPStatus.ACCEPTED,
    responses=problem_responses(HTTPStatus.CONFLICT),
)
async def rebuild(request: Request, response: Response, rebuilder: RunningRebuilder) -> JobResponse:
    """Start a rebuild from the corpus folder; asking goes on from the old index meanwhile."""
    job = rebuilder.start()
    response.headers["Location"] = str(request.app.url_path_for("read_job", job_id=job.id))
    return _job(job)


@router.get(
    "/v1/index/jobs/{job_id}",
    responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
async def read_job(job_id: str, rebuilder: RunningRebuilder) -> JobResponse:
    """Say how far a rebuild is."""
    job = rebuilder.job(job_id)
    if job is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"job '{job_id}': not known here")
    return _job(job)


@router.get("/healthz")
async def health() -> HealthResponse:
    """Say that the process is up."""
    return HealthResponse(status="ok")


@router.get("/readyz", responses=problem_responses(HTTPStatus.SERVICE_UNAVAILABLE))
async def ready(served: ServedIndex) -> ReadyResponse:
    """Say whether questions can be answered."""
    return ReadyResponse(status="ready", index_version=served.generation.version)


def _job(job: Job) -> JobResponse:
    return JobResponse.model_validate(dataclasses.asdict(job))
