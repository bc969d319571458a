"""Asking questions and searching passages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response

from api.answering.answerer import AskParameters
from api.answering.questions.question import Question
from api.keys import Scope
from api.middleware.observing import note_questions
from api.problems import ASKING_PROBLEMS, problem_responses
from api.routes.access import needs
from api.routes.asking.table_events import TableEvents
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
    TableRequest,
    TableResponse,
    TableRowOut,
)
from api.service.tables import ask_rows
from api.translation.passages import from_retrieval
from api.translation.replies import from_reply, to_parameters
from api.translation.tables import from_rows, to_rows

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

_STREAMED_TABLE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The table; as events for 'Accept: text/event-stream'",
        "content": {
            TableEvents.media_type: {
                "schema": {
                    "type": "string",
                    "description": "Event 'rows' with the labels, then an event 'row' for each as "
                    "JSON; event 'problem' where the rest cannot be asked.",
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
    question, parameters = Question.parse(body.asked), to_parameters(body)
    note_questions(request, [question.verbatim], with_text=service.settings.log_questions)
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


@router.post("/ask/table", response_model=TableResponse, responses=_STREAMED_TABLE)
async def ask_table(
    body: TableRequest, request: Request, service: Running, served: ServedIndex
) -> TableResponse | Response:
    """Ask one question of many names, or of every source, tag, month or article.

    With ``Accept: text/event-stream`` each row comes as soon as it is answered. Each is admitted as
    a question of its own; when the client leaves, no further one is asked.
    """
    with service.lookups.slot():  # counting groups may read all articles
        table = await to_thread.run_sync(to_rows, body, served.generation)
    questions = [row.question for row in table.rows]
    note_questions(request, questions, with_text=service.settings.log_questions)
    head = from_rows(table, served.generation)
    rows = ask_rows(service.asking, served, table, to_parameters(body))
    if wants_events(request):
        return TableEvents(request, head, rows)
    return TableResponse(**dict(head), rows=await unless_gone(request, _all(rows)))


async def _all(rows: AsyncIterator[TableRowOut]) -> list[TableRowOut]:
    return [row async for row in rows]


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
