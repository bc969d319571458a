"""The index being served, and rebuilds of it."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from api.keys import Scope
from api.problems import problem_responses
from api.routes.access import needs
from api.routes.dependencies import LOOKUP, Running, ServedIndex
from api.routes.job_reply import from_job, name_job
from api.schemas import IndexResponse, JobResponse
from api.service.articles.originals import originals_folder
from api.translation.index import from_index
from index.loading.corpus_files import is_folder

router = APIRouter(
    tags=["index"],
    responses=problem_responses(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS
    ),
)
_ASK, _ADMIN = Depends(needs(Scope.ASK)), Depends(needs(Scope.ADMIN))


@router.get(
    "/v1/index",
    dependencies=[_ASK, LOOKUP],
    responses=problem_responses(HTTPStatus.SERVICE_UNAVAILABLE),
)
def read_index(service: Running, served: ServedIndex) -> IndexResponse:
    """Say what the index that is being served was built from and with, and what reads."""
    settings = service.settings
    originals = settings.originals and is_folder(originals_folder(served, settings))
    return from_index(served.generation, served.ranker, originals=originals)


@router.post(
    "/v1/index/rebuild",
    dependencies=[_ADMIN],
    status_code=HTTPStatus.ACCEPTED,
    responses=problem_responses(HTTPStatus.CONFLICT),
)
async def rebuild(request: Request, response: Response, service: Running) -> JobResponse:
    """Start a rebuild from the corpus folder; asking goes on from the old index meanwhile."""
    job = service.rebuilder.start()
    name_job(request, response, job)
    return from_job(job)


@router.get(
    "/v1/index/jobs/{job_id}",
    dependencies=[_ADMIN],
    responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
async def read_job(job_id: str, service: Running) -> JobResponse:
    """Say how far a rebuild is."""
    job = service.rebuilder.job(job_id)
    if job is None:
        raise HTTPException(
            HTTPStatus.NOT_FOUND, f"job '{job_id}': no such job, or one that was deleted"
        )
    return from_job(job)
