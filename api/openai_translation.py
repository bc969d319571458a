"""Replies in the shapes of OpenAI's API, whole and as the events of a stream."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from uuid import uuid4

from fastapi.sse import format_sse_event

from api.cited_text import cited_text
from api.schemas.openai_replies import (
    ChatChoice,
    ChatChunk,
    ChatCompletion,
    ChatDelta,
    ChatMessage,
    ChatUsage,
    ChunkChoice,
    FileCitation,
    ModelResponse,
    OutputMessage,
    OutputText,
    ResponseUsage,
    UrlAnnotation,
    UrlCitation,
    UrlPlace,
)
from api.schemas.openai_requests import MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.cited_text import Mark
    from api.schemas import AskResponse

_OUTPUT: Final[dict[str, Any]] = {"output_index": 0, "content_index": 0}


def to_completion(reply: AskResponse, question: str, base_url: str) -> ChatCompletion:
    """A reply as a chat completion.

    Args:
        reply: The reply.
        question: The last message of the chat.
        base_url: Address of the service, for articles without one of their own; ends in a slash.
    """
    cited = cited_text(reply, question)
    annotations = [_url_annotation(mark, base_url) for mark in cited.marks]
    return ChatCompletion(
        id=f"chatcmpl-{uuid4().hex}",
        created=int(time.time()),
        model=MODEL,
        system_fingerprint=reply.index_version,
        choices=[ChatChoice(message=ChatMessage(content=cited.text, annotations=annotations))],
        article_qa=reply,
    )


def to_response(reply: AskResponse, question: str) -> ModelResponse:
    """A reply as a response to the last message of a conversation."""
    cited = cited_text(reply, question)
    text = OutputText(text=cited.text, annotations=[_annotation(mark) for mark in cited.marks])
    name = uuid4().hex
    return ModelResponse(
        id=f"resp_{name}",
        created_at=int(time.time()),
        status="completed",
        model=MODEL,
        output=[OutputMessage(id=f"msg_{name}", content=[text])],
        usage=ResponseUsage(),
        article_qa=reply,
    )


def chat_events(completion: ChatCompletion, *, with_usage: bool) -> Iterator[bytes]:
    """The events of a streamed chat completion: role, lines, citations, end."""
    message = completion.choices[0].message

    def event(*choices: ChunkChoice, **more: Any) -> bytes:
        chunk = ChatChunk(
            id=completion.id,
            created=completion.created,
            model=completion.model,
            system_fingerprint=completion.system_fingerprint,
            choices=list(choices),
            **more,
        )
        return format_sse_event(data_str=chunk.model_dump_json())

    yield event(ChunkChoice(delta=ChatDelta(role="assistant", content="")))
    for line in message.content.splitlines(keepends=True):
        yield event(ChunkChoice(delta=ChatDelta(content=line)))
    if message.annotations:
        delta = ChatDelta(annotations=message.annotations)
        yield event(ChunkChoice(delta=delta))
    last = ChunkChoice(delta=ChatDelta(), finish_reason="stop")
    yield event(last, article_qa=completion.article_qa)
    if with_usage:
        yield event(usage=ChatUsage())
    yield format_sse_event(data_str="[DONE]")


def response_events(response: ModelResponse) -> Iterator[bytes]:
    """The events of a streamed response: lines, citations, end."""
    (message,) = response.output
    (text,) = message.content
    begun = response.model_copy(
        update={"status": "in_progress", "output": [], "usage": None, "article_qa": None}
    ).model_dump(mode="json")
    opened = message.model_copy(update={"status": "in_progress", "content": []})
    empty = text.model_copy(update={"text": "", "annotations": []}).model_dump(mode="json")
    whole = text.model_dump(mode="json")
    place = {"item_id": message.id, **_OUTPUT}
    events: list[tuple[str, dict[str, Any]]] = [
        ("response.created", {"response": begun}),
        ("response.in_progress", {"response": begun}),
        ("response.output_item.added", {"output_index": 0, "item": opened.model_dump(mode="json")}),
        ("response.content_part.added", {**place, "part": empty}),
        *(
            ("response.output_text.delta", {**place, "delta": line, "logprobs": []})
            for line in text.text.splitlines(keepends=True)
        ),
        *(
            (
                "response.output_text.annotation.added",
                {**place, "annotation_index": index, "annotation": annotation},
            )
            for index, annotation in enumerate(whole["annotations"])
        ),
        ("response.output_text.done", {**place, "text": text.text, "logprobs": []}),
        ("response.content_part.done", {**place, "part": whole}),
        ("response.output_item.done", {"output_index": 0, "item": message.model_dump(mode="json")}),
        ("response.completed", {"response": response.model_dump(mode="json")}),
    ]
    for number, (name, body) in enumerate(events):
        data = json.dumps({"type": name, "sequence_number": number, **body}, ensure_ascii=False)
        yield format_sse_event(event=name, data_str=data)


def _quoted(mark: Mark) -> dict[str, Any]:
    citation = mark.citation
    return {
        "number": citation.number,
        "article_id": citation.article.id,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
    }


def _url_annotation(mark: Mark, base_url: str) -> UrlAnnotation:
    article = mark.citation.article
    own = f"{base_url}v1/articles/{quote(article.id, safe='')}"
    return UrlAnnotation(
        url_citation=UrlPlace(
            **_quoted(mark),
            start_index=mark.start,
            end_index=mark.end,
            title=article.shown_title,
            url=own if article.url is None else article.url,
        )
    )


def _annotation(mark: Mark) -> UrlCitation | FileCitation:
    article = mark.citation.article
    if article.url is None:
        return FileCitation(
            **_quoted(mark), file_id=article.id, filename=article.shown_title, index=mark.start
        )
    return UrlCitation(
        **_quoted(mark),
        start_index=mark.start,
        end_index=mark.end,
        title=article.shown_title,
        url=article.url,
    )
