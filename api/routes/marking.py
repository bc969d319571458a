"""Marking answers right or wrong, and reviewing what was marked."""

from __future__ import annotations

from http import HTTPStatus

from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response

from api.answering.verifying import CitedQuote
from api.keys import Scope
from api.middleware.access import caller_of
from api.problems import ASKING_PROBLEMS, problem_responses
from api.routes.access import needs
from api.routes.dependencies import UPLOAD, Running, ServedIndex
from api.routes.json_body import JsonRoute
from api.schemas import MarkedQuestionOut, MarkedQuestionsResponse, MarkRequest
from api.translation.marks import from_marked
from index.loading.gold import GoldQuestion

router = APIRouter(
    prefix="/v1/gold",
    tags=["gold questions"],
    route_class=JsonRoute,
    dependencies=[UPLOAD],
    responses=problem_responses(*ASKING_PROBLEMS),
)
_ASK, _ADMIN = Depends(needs(Scope.ASK)), Depends(needs(Scope.ADMIN))


@router.post(
    "",
    dependencies=[_ASK],
    status_code=HTTPStatus.CREATED,
    responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def mark_answer(
    body: MarkRequest, request: Request, service: Running, served: ServedIndex
) -> MarkedQuestionOut:
    """Keep which words answer a question, or that none do, as a gold question.

    It is written to ``gold.local.jsonl`` beside the articles, in place of an earlier mark. With a
    key of scope ``admin``, or without keys, it counts as reviewed.
    """
    caller = caller_of(request.scope)
    marked = await service.marked_answers.mark(
        body.question,
        body.filters,
        [CitedQuote(place.article_id, place.quote, place.start) for place in body.words],
        served.generation.articles,
        by=caller.name,
        reviewed=Scope.ADMIN in caller.scopes,
    )
    return from_marked(marked)


@router.get("", dependencies=[_ADMIN], response_model=MarkedQuestionsResponse)
async def list_marked(service: Running) -> Response:
    """List the marked questions."""
    marked = await service.marked_answers.marked()
    content = await to_thread.run_sync(_listed, marked)  # up to 8 MiB
    return Response(content, media_type="application/json")


@router.post(
    "/{gold_id}/review", dependencies=[_ADMIN], responses=problem_responses(HTTPStatus.NOT_FOUND)
)
async def review_marked(gold_id: str, service: Running) -> MarkedQuestionOut:
    """Note that a marked question was reviewed: from now on evaluations ask it."""
    return from_marked(await service.marked_answers.review(gold_id))


@router.delete(
    "/{gold_id}",
    dependencies=[_ADMIN],
    status_code=HTTPStatus.NO_CONTENT,
    responses=problem_responses(HTTPStatus.NOT_FOUND),
)
async def remove_marked(gold_id: str, service: Running) -> Response:
    """Remove a marked question."""
    await service.marked_answers.remove(gold_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _listed(marked: list[GoldQuestion]) -> str:
    questions = [from_marked(question) for question in marked]
    return MarkedQuestionsResponse(questions=questions).model_dump_json()
