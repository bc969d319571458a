"""Asking questions and searching passages."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response

from api.answering.answerer import AskParameters
from api.answering.question import Question
from api.keys import Scope
from api.middleware.observing import note_questions
from api.problems import ASKING_PROBLEMS, problem_responses
from api.routes.access import needs
from api.routes.dependencies import Running, ServedIndex
from api.routes.events import AnswerEvents, unless_gone, wants_events
from api.routes.json_body import JsonRoute
from api.schemas import (
    AskRequest,
    AskResponse,
    BatchRequest,
    BatchResponse,
    SearchRequest,
    SearchResponse,
)
from api.translation import from_reply, from_retrieval, to_parameters

_STREAMED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The answer; as events for 'Accept: text/event-stream'",
        "content": {
            AnswerEvents.media_type: {
                "schema": {
                    "type": "string",
                    "description": "Event 'passages' with what /v1/search returns, then event "
                    "'answer' with what this endpoint returns as JSON, or event 'problem'.",
                }
            }
        },
    }
}

router = APIRouter(
    prefix="/v1",
    tags=["asking"],
    route_class=JsonRoute,
    dependencies=[Depends(needs(Scope.ASK))],
    responses=problem_responses(
        *ASKING_PROBLEMS,
    ),
)


@router.post("/ask", response_model=AskResponse, responses=_STREAMED)
async def ask(
    body: AskRequest, request: Request, service: Running, served: ServedIndex
) -> AskResponse | Response:
    """Answer a question with the exact words of an article and where they stand, or abstain.

    With ``Accept: text/event-stream`` the passages come first, as soon as they are found.
    """
    note_questions(request, [body.question], with_text=service.settings.log_questions)
    question, parameters = Question.parse(body.question), to_parameters(body)
    if wants_events(request):
        return AnswerEvents(request, service.asking, served, question, parameters)
    (reply,) = await unless_gone(request, service.asking.ask(served, [question], parameters))
    return from_reply(reply.reply, reply.cache_ms)


@router.post("/ask/batch")
async def ask_batch(
    body: BatchRequest, request: Request, service: Running, served: ServedIndex
) -> BatchResponse:
    """Answer several questions from one generation of the index."""
    note_questions(request, body.questions, with_text=service.settings.log_questions)
    questions = [Question.parse(question) for question in body.questions]
    replies = await unless_gone(request, service.asking.ask(served, questions, to_parameters(body)))
    return BatchResponse(responses=[from_reply(reply.reply, reply.cache_ms) for reply in replies])


@router.post("/search")
async def search(
    body: SearchRequest, request: Request, service: Running, served: ServedIndex
) -> SearchResponse:
    """Retrieve the passages that best match a question, without reading them."""
    note_questions(request, [body.question], with_text=service.settings.log_questions)
    parameters = AskParameters(top_k=body.top_k, filters=body.filters.to_filters())
    question = Question.parse(body.question)
    found = await unless_gone(request, service.asking.search(served, question, parameters))
    return from_retrieval(body.question, found, served.generation.version)
