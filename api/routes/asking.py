"""Asking questions and searching passages."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter

from api.dependencies import ServedIndex
from api.problems import problem_responses
from api.schemas import (
    AskRequest,
    AskResponse,
    BatchRequest,
    BatchResponse,
    SearchRequest,
    SearchResponse,
    SearchTimingsOut,
)
from api.translation import from_passage, from_reply, to_parameters

router = APIRouter(
    prefix="/v1",
    tags=["asking"],
    responses=problem_responses(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
)


@router.post("/ask")
def ask(request: AskRequest, served: ServedIndex) -> AskResponse:
    """Answer a question with the exact words of an article and where they stand, or abstain."""
    return from_reply(served.answerer.ask(request.question, to_parameters(request)))


@router.post("/ask/batch")
def ask_batch(request: BatchRequest, served: ServedIndex) -> BatchResponse:
    """Answer several questions from one generation of the index."""
    parameters = to_parameters(request)
    return BatchResponse(
        responses=[
            from_reply(served.answerer.ask(question, parameters)) for question in request.questions
        ]
    )


@router.post("/search")
def search(request: SearchRequest, served: ServedIndex) -> SearchResponse:
    """Retrieve the passages that best match a question, without reading them."""
    found = served.retriever.retrieve(request.question, request.top_k, request.filters.to_filters())
    return SearchResponse(
        question=request.question,
        passages=[from_passage(passage) for passage in found.passages],
        index_version=served.generation.version,
        timings_ms=SearchTimingsOut(encode=found.encode_ms, retrieve=found.search_ms),
    )
