"""Evaluations of the gold questions: run, watched, cancelled, compared."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response

from api.keys import Scope
from api.middleware.access import caller_of
from api.problems import ASKING_PROBLEMS, problem_responses
from api.routes.access import needs
from api.routes.dependencies import LOOKUP, Running, ServedIndex
from api.routes.json_body import JsonRoute
from api.schemas import (
    ComparisonResponse,
    EvaluateRequest,
    EvaluationJobResponse,
    EvaluationOut,
    EvaluationsResponse,
)
from api.service.jobs.job import JobStatus

if TYPE_CHECKING:
    from api.service.evaluating.evaluations import Evaluations
    from api.service.jobs.job import Job

router = APIRouter(
    prefix="/v1/evaluations",
    tags=["evaluations"],
    route_class=JsonRoute,
    dependencies=[Depends(needs(Scope.ADMIN)), LOOKUP],
    responses=problem_responses(*ASKING_PROBLEMS),
)
_MISSING = problem_responses(HTTPStatus.NOT_FOUND)
_Id = Annotated[str, Query(min_length=1, max_length=100)]


@router.post("", status_code=HTTPStatus.ACCEPTED, responses=problem_responses(HTTPStatus.CONFLICT))
async def start_evaluation(
    request: Request,
    response: Response,
    service: Running,
    served: ServedIndex,
    body: EvaluateRequest | None = None,
) -> EvaluationJobResponse:
    """Start asking the gold questions of the corpus, one at a time, where questions leave room.

    They are those of ``gold.jsonl`` beside the articles, and the marked ones that were reviewed;
    all are asked of the generation that is served now. One evaluation runs at a time.
    """
    wanted = EvaluateRequest() if body is None else body
    by = caller_of(request.scope).name
    job = service.evaluations.start(served, wanted.questions, by=by)
    response.headers["Location"] = str(
        request.app.url_path_for("read_evaluation", evaluation_id=job.id)
    )
    return _job_out(job, service.evaluations)


@router.get("")
def list_evaluations(service: Running) -> EvaluationsResponse:
    """List all evaluations with their figures, the latest first, and the one that runs."""
    evaluations = service.evaluations
    latest = evaluations.latest()
    running = latest is not None and latest.status is JobStatus.RUNNING
    return EvaluationsResponse(
        running=_job_out(latest, evaluations) if running and latest is not None else None,
        evaluations=[
            _evaluation_out(record, evaluations)
            for record in reversed(evaluations.history.records())
        ],
    )


@router.get("/comparison", responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT))
async def compare_evaluations(service: Running, old: _Id, new: _Id) -> ComparisonResponse:
    """Compare two evaluations by their ids, over the questions that both asked in the same way."""
    compared = await service.evaluations.compare(old, new)
    return ComparisonResponse.model_validate(compared, extra="ignore")


@router.get("/{evaluation_id}", responses=_MISSING)
def read_evaluation(evaluation_id: str, service: Running) -> EvaluationJobResponse:
    """Say how far an evaluation is, or what came of it."""
    return _job_out(service.evaluations.job(evaluation_id), service.evaluations)


@router.post("/{evaluation_id}/cancel", responses=_MISSING)
def cancel_evaluation(evaluation_id: str, service: Running) -> EvaluationJobResponse:
    """End an evaluation that runs; it leaves no figures. One that has ended stays as it is."""
    return _job_out(service.evaluations.cancel(evaluation_id), service.evaluations)


@router.get(
    "/{evaluation_id}/report",
    response_class=Response,
    responses={
        HTTPStatus.OK: {"content": {"text/html": {"schema": {"type": "string"}}}},
        **_MISSING,
    },
)
async def read_report(evaluation_id: str, service: Running) -> Response:
    """Fetch the report of an evaluation: one HTML file that loads nothing, to be kept."""
    path = await to_thread.run_sync(service.evaluations.history.report, evaluation_id)
    content = await to_thread.run_sync(path.read_bytes)
    name = f'attachment; filename="evaluation-{evaluation_id}.html"'
    return Response(content, media_type="text/html", headers={"Content-Disposition": name})


def _job_out(job: Job, evaluations: Evaluations) -> EvaluationJobResponse:
    summary = {} if job.summary is None else job.summary
    record = summary.get("evaluation")
    return EvaluationJobResponse.model_validate(
        {
            "id": job.id,
            "status": job.status,
            "started_at": job.started_at,
            "finished_at": job.finished_at,
            "progress": job.progress or None,
            "error": job.error,
            "evaluation": None if record is None else _evaluation_out(record, evaluations),
            "missed": summary.get("missed", []),
        }
    )


def _evaluation_out(record: dict[str, Any], evaluations: Evaluations) -> EvaluationOut:
    whole = evaluations.history.is_whole(record["id"])
    return EvaluationOut.model_validate({**record, "whole": whole}, extra="ignore")
