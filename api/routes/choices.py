"""What there is to choose from: values to filter by, and questions to start from."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from api.keys import Scope
from api.problems import problem_responses
from api.routes.access import needs
from api.routes.dependencies import LOOKUP, ServedIndex
from api.schemas import ExamplesResponse, FacetOut, FacetsResponse
from api.service.example_questions import ExampleQuestions
from api.service.originals import originals_folder

router = APIRouter(
    prefix="/v1/index",
    tags=["index"],
    dependencies=[Depends(needs(Scope.ASK)), LOOKUP],
    responses=problem_responses(
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
)


@router.get("/facets", responses=problem_responses(HTTPStatus.UNPROCESSABLE_ENTITY))
def read_facets(
    served: ServedIndex,
    limit: Annotated[int, Query(ge=1, le=1000, description="Most values per field.")] = 200,
) -> FacetsResponse:
    """Say which sources and tags the articles have, and from when to when they are."""
    facets = served.generation.articles.facets(limit)
    return FacetsResponse(
        sources=[FacetOut(**value._asdict()) for value in facets.sources],
        tags=[FacetOut(**value._asdict()) for value in facets.tags],
        first_day=facets.first_day,
        last_day=facets.last_day,
        index_version=served.generation.version,
    )


@router.get("/examples")
def read_examples(request: Request, served: ServedIndex) -> ExamplesResponse:
    """List the gold questions of the corpus that are tagged ``example``."""
    known: ExampleQuestions = request.app.state.example_questions
    version = served.generation.version
    return ExamplesResponse(
        examples=known.of(version, originals_folder(served, request.app.state.settings)),
        index_version=version,
    )
