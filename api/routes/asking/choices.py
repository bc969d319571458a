"""Values to filter by, and example questions."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.keys import Scope
from api.problems import problem_responses
from api.routes.access import needs
from api.routes.dependencies import LOOKUP, Running, ServedIndex
from api.schemas import ExamplesResponse, FacetsRequest, FacetsResponse
from api.service.articles.originals import originals_folder
from api.translation.articles import from_facets

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
def read_facets(served: ServedIndex, request: Annotated[FacetsRequest, Query()]) -> FacetsResponse:
    """Say which sources and tags the articles have, and from when to when they are.

    With filters, each value counts the articles that pass those on the other fields; values that
    count none are listed too.
    """
    return from_facets(served.generation, request)


@router.get("/examples")
def read_examples(service: Running, served: ServedIndex) -> ExamplesResponse:
    """List the gold questions of the corpus that are tagged ``example``."""
    version, folder = served.generation.version, originals_folder(served, service.settings)
    return ExamplesResponse(
        examples=service.example_questions.of(version, folder), index_version=version
    )
