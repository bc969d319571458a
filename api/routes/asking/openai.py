"""Asking as OpenAI's API does, for programs that take the address of such a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from api.answering.questions.question import Question
from api.keys import Scope
from api.middleware.observing import note_questions
from api.openai_translation import chat_events, response_events, to_completion, to_response
from api.problems import ASKING_PROBLEMS, OpenAIProblem, problem_responses
from api.routes.access import needs
from api.routes.dependencies import LOOKUP, Running, ServedIndex
from api.routes.events import AnswerEvents, unless_gone
from api.routes.json_body import JsonRoute
from api.schemas import AskResponse
from api.schemas.openai_replies import ChatCompletion, ModelOut, ModelResponse, ModelsResponse
from api.schemas.openai_requests import MODEL, ChatRequest, ResponsesRequest
from api.translation.replies import from_reply, to_parameters

if TYPE_CHECKING:
    from collections.abc import Iterable

_STREAMED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The answer; as events of OpenAI's API where 'stream' is true",
        "content": {AnswerEvents.media_type: {"schema": {"type": "string"}}},
    }
}

router = APIRouter(
    prefix="/v1",
    tags=["for clients of OpenAI"],
    route_class=JsonRoute,
    dependencies=[Depends(needs(Scope.ASK))],
    responses=problem_responses(
        *ASKING_PROBLEMS,
        kind=OpenAIProblem,
    ),
)


@router.post("/chat/completions", response_model=ChatCompletion, responses=_STREAMED)
async def complete_chat(
    body: ChatRequest, request: Request, service: Running, served: ServedIndex
) -> ChatCompletion | Response:
    """Answer the last message of a chat, with numbered citations in the text.

    "And Intel?", say, takes over names and time of the question before, and the text says what was
    asked. Instructions, and what was answered, are not read.
    """
    reply = await _answer(body, request, service, served)
    completion = to_completion(reply, body.question, str(request.base_url))
    if body.stream is not True:
        return completion
    options = body.stream_options
    with_usage = options is not None and options.include_usage is True
    return _events(chat_events(completion, with_usage=with_usage))


@router.post("/responses", response_model=ModelResponse, responses=_STREAMED)
async def respond(
    body: ResponsesRequest, request: Request, service: Running, served: ServedIndex
) -> ModelResponse | Response:
    """Answer a question, or the last message of a conversation, with numbered citations.

    "And Intel?", say, takes over names and time of the question before, and the text says what was
    asked. Instructions, and what was answered, are not read.
    """
    response = to_response(await _answer(body, request, service, served), body.question)
    return _events(response_events(response)) if body.stream is True else response


@router.get("/models", dependencies=[LOOKUP])
async def list_models(served: ServedIndex) -> ModelsResponse:
    """List the one model that a request can name."""
    created = int(served.generation.manifest.created_at.timestamp())
    return ModelsResponse(data=[ModelOut(id=MODEL, created=created, owned_by=MODEL)])


async def _answer(
    body: ChatRequest | ResponsesRequest, request: Request, service: Running, served: ServedIndex
) -> AskResponse:
    question = Question.parse(body.asked)
    note_questions(request, [question.verbatim], with_text=service.settings.log_questions)
    asking = service.asking.ask(served, [question], to_parameters(body))
    (reply,) = await unless_gone(request, asking)
    return from_reply(reply.reply, reply.cache_ms)


def _events(events: Iterable[bytes]) -> Response:
    """The events of an answer that is there: what fails before is a problem with its status."""
    return Response(
        b"".join(events), media_type=AnswerEvents.media_type, headers={"X-Accel-Buffering": "no"}
    )
