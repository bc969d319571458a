"""Replies of OpenAI's API: chat completions, responses, models, and what streams bring.

Citations have further fields beside OpenAI's, and ``article_qa`` is the reply of ``/v1/ask``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from api.schemas import examples
from api.schemas.answers import AskResponse
from api.schemas.base import Response, with_examples


class _Quote(Response):
    """What an annotation quotes: ``article.text[start:end] == quote``, in code points."""

    number: int
    article_id: str
    quote: str
    start: int
    end: int


class UrlPlace(_Quote):
    """An annotated number in the text, at ``[start_index, end_index)``, and the address cited.

    Where an article has no address, that is its place on this service.
    """

    start_index: int
    end_index: int
    title: str
    url: str


class UrlAnnotation(Response):
    """A citation, as chat completions have it."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlPlace


class UrlCitation(UrlPlace):
    """A citation of an article with an address, as responses have it."""

    type: Literal["url_citation"] = "url_citation"


class FileCitation(_Quote):
    """A citation of an article without an address; its number stands in the text at ``index``."""

    type: Literal["file_citation"] = "file_citation"
    file_id: str
    filename: str
    index: int


Annotation = Annotated[UrlCitation | FileCitation, Field(discriminator="type")]


class ChatUsage(Response):
    """Tokens of a language model: there is none, so all are zero."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class ChatMessage(Response):
    """The answer with numbered citations, or why there is none."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[UrlAnnotation]


class ChatChoice(Response):
    """The one choice of a completion."""

    index: int = 0
    message: ChatMessage
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class ChatCompletion(Response):
    """A chat completion; ``system_fingerprint`` is the version of the index."""

    model_config = with_examples(examples.CHAT_COMPLETION)

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    system_fingerprint: str
    choices: list[ChatChoice]
    usage: ChatUsage = Field(default_factory=ChatUsage)
    article_qa: AskResponse


class ChatDelta(Response):
    """What a chunk adds to the message."""

    role: Literal["assistant"] | None = None
    content: str | None = None
    annotations: list[UrlAnnotation] | None = None

    @model_serializer(mode="wrap")
    def _only_what_is_added(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in serialize(self).items() if value is not None}


class ChunkChoice(Response):
    """The one choice of a chunk."""

    index: int = 0
    delta: ChatDelta
    finish_reason: Literal["stop"] | None = None


class ChatChunk(Response):
    """An event of a streamed completion; the reply of ``/v1/ask`` is in the last with a choice."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str
    system_fingerprint: str
    choices: list[ChunkChoice]
    usage: ChatUsage | None = None
    article_qa: AskResponse | None = None


class InputTokenDetails(Response):
    """Kinds of input tokens."""

    cached_tokens: int = 0
    cache_write_tokens: int = 0


class OutputTokenDetails(Response):
    """Kinds of output tokens."""

    reasoning_tokens: int = 0


class ResponseUsage(Response):
    """Tokens of a language model: there is none, so all are zero."""

    input_tokens: int = 0
    input_tokens_details: InputTokenDetails = Field(default_factory=InputTokenDetails)
    output_tokens: int = 0
    output_tokens_details: OutputTokenDetails = Field(default_factory=OutputTokenDetails)
    total_tokens: int = 0


class OutputText(Response):
    """The text of a message, with its annotations."""

    type: Literal["output_text"] = "output_text"
    text: str
    annotations: list[Annotation]
    logprobs: list[None] = Field(default_factory=list)


class OutputMessage(Response):
    """The one message of a response."""

    id: str
    type: Literal["message"] = "message"
    role: Literal["assistant"] = "assistant"
    status: Literal["in_progress", "completed"] = "completed"
    content: list[OutputText]


class ModelResponse(Response):
    """A response; ``article_qa`` is null until it is completed."""

    model_config = with_examples(examples.MODEL_RESPONSE)

    id: str
    object: Literal["response"] = "response"
    created_at: int
    status: Literal["in_progress", "completed"]
    model: str
    output: list[OutputMessage]
    error: None = None
    incomplete_details: None = None
    instructions: str | None = None
    parallel_tool_calls: bool = False
    tool_choice: Literal["none"] = "none"
    tools: list[None] = Field(default_factory=list)
    usage: ResponseUsage | None = None
    article_qa: AskResponse | None = None


class ModelOut(Response):
    """A model that can be named in a request."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str


class ModelsResponse(Response):
    """The one model; ``created`` is when the index was built, in seconds since 1970."""

    model_config = with_examples(examples.MODELS)

    object: Literal["list"] = "list"
    data: list[ModelOut]
