"""Health, readiness and metrics."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Depends, Response

from api.middleware.access import METRICS_PATH
from api.observing.metrics import CONTENT_TYPE
from api.problems import problem_responses
from api.routes.access import needs_to_read_metrics
from api.routes.dependencies import Running, ServedIndex
from api.schemas import HealthResponse, ReadyResponse

router = APIRouter(tags=["monitoring"])


@router.get("/healthz")
async def health() -> HealthResponse:
    """Say that the process is up."""
    return HealthResponse(status="ok")


@router.get("/readyz", responses=problem_responses(HTTPStatus.SERVICE_UNAVAILABLE))
async def ready(served: ServedIndex, service: Running) -> ReadyResponse:
    """Say whether questions can be answered."""
    if service.cluster_watch is not None:
        service.cluster_watch.check()
    return ReadyResponse(status="ready", index_version=served.generation.version)


@router.get(
    METRICS_PATH,
    dependencies=[Depends(needs_to_read_metrics)],
    response_class=Response,
    responses={
        200: {"description": "Counts", "content": {"text/plain": {"schema": {"type": "string"}}}},
        **problem_responses(
            HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS
        ),
    },
)
def read_metrics(service: Running) -> Response:
    """Count what the service does, in the text format of Prometheus."""
    served = service.serving.served
    manifest = None if served is None else served.generation.manifest
    return Response(service.metrics.text(manifest), media_type=CONTENT_TYPE)
