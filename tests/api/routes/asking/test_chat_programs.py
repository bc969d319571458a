"""What Open WebUI and LibreChat send: each request is answered, or refused by name.

The bodies follow `routers/openai.py` of Open WebUI, and LangChain's `ChatOpenAI`, which LibreChat's
custom endpoints use. Neither program was run.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.main import create_app
from tests.api.shapes import check_ask, check_problem
from tests.conftest import ARTICLES, META

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.testclient import TestClient
    from httpx2 import Response

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

CHAT: Final = "/v1/chat/completions"
QUESTION: Final = "How much capital expenditure at Meta?"
TEXTS: Final = {article["id"]: article["text"] for article in ARTICLES}
OPEN_WEBUI: Final[dict[str, Any]] = {
    "stream": True,
    "model": "article-qa",
    "messages": [
        {"role": "system", "content": "You are helpful. Today is 2026-01-02."},
        {"role": "user", "content": "Who runs Microsoft?"},
        {"role": "assistant", "content": "The articles do not answer this."},
        {"role": "user", "content": QUESTION},
    ],
    "stream_options": {"include_usage": True},
    "temperature": 0.8,
    "max_tokens": 512,
    "frequency_penalty": 0,
    "seed": 42,
    "reasoning_effort": "medium",
}
LIBRECHAT: Final[dict[str, Any]] = {
    "model": "article-qa",
    "temperature": 1,
    "top_p": 1,
    "presence_penalty": 0,
    "frequency_penalty": 0,
    "n": 1,
    "user": "66f2c0ffee0123456789abcd",
    "stream": True,
    "stream_options": {"include_usage": True},
    "messages": [
        {"role": "system", "content": "Answer briefly."},
        {"role": "user", "name": "Ada", "content": [{"type": "text", "text": "Hello"}]},
        {"role": "assistant", "content": [{"type": "text", "text": "The articles do not say."}]},
        {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
    ],
}
BOTH: Final = pytest.mark.parametrize("body", [OPEN_WEBUI, LIBRECHAT], ids=["webui", "librechat"])
# The longest of Open WebUI's tasks are about twice as long.
TITLE_TASK: Final = "### Task:\nGenerate a concise, 3-5 word title with an emoji.\n" + "- x\n" * 250


def _events(reply: Response) -> list[dict[str, Any]]:
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["x-accel-buffering"] == "no"
    lines = [line for line in reply.text.splitlines() if line]
    assert lines.pop() == "data: [DONE]"
    return [json.loads(line.removeprefix("data: ")) for line in lines]


@BOTH
def test_turns_with_a_system_prompt_are_streamed_with_usage(
    client: TestClient, body: dict[str, Any]
) -> None:
    events = _events(client.post(CHAT, json=body))
    assert events[-1]["choices"] == []
    assert events[-1]["usage"]["total_tokens"] == 0
    deltas = [event["choices"][0]["delta"] for event in events[:-1]]
    assert "".join(delta.get("content", "") for delta in deltas).startswith(f"{META} [1] (")
    assert events[-2]["choices"][0]["finish_reason"] == "stop"
    reply = check_ask(events[-2]["article_qa"], TEXTS)
    assert reply["question"] == QUESTION


def test_models_are_listed_for_the_menu_of_both(client: TestClient) -> None:
    for address in ("/v1/models", "/v1/models?user=66f2c0ffee0123456789abcd"):
        reply = client.get(address, headers={"Authorization": "Bearer none"}).json()
        assert reply["object"] == "list"
        (model,) = reply["data"]
        assert (model["id"], model["object"]) == ("article-qa", "model")


@pytest.mark.parametrize(
    ("task", "field", "said"),
    [
        # Open WebUI names a chat by its first message then, and suggests and tags nothing.
        ({"max_completion_tokens": 1000, "stream": False}, "messages", "expected 1 to 1000"),
        # LibreChat's titles by the method 'structured', and by functions before.
        ({"tools": [{"type": "function", "function": {"name": "title"}}]}, "tools", "no tools"),
        (
            {"response_format": {"type": "json_schema", "json_schema": {}}},
            "response_format",
            "text",
        ),
    ],
)
def test_tasks_for_a_language_model_are_refused_by_name(
    client: TestClient, task: dict[str, Any], field: str, said: str
) -> None:
    content = TITLE_TASK if field == "messages" else QUESTION
    body = {"model": "article-qa", "messages": [{"role": "user", "content": content}], **task}
    error = check_problem(client.post(CHAT, json=body), 422)["error"]
    assert error["param"].split(".")[0] == field
    assert said in error["message"]


@BOTH
@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "auto"}},
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}},
        {
            "type": "file",
            "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,"},
        },
    ],
)
def test_attached_files_are_refused_by_their_type(
    client: TestClient, body: dict[str, Any], part: dict[str, Any]
) -> None:
    question = {"role": "user", "content": [{"type": "text", "text": QUESTION}, part]}
    reply = client.post(CHAT, json={**body, "messages": [*body["messages"][:-1], question]})
    error = check_problem(reply, 422)["error"]
    assert f"a part of type '{part['type']}'; expected text alone" in error["message"]


def test_direct_connection_from_the_page_of_a_chat_program_needs_its_origin(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> None:
    from fastapi.testclient import TestClient  # noqa: PLC0415 - beside the name for annotations

    build()
    page = "http://127.0.0.1:3000"
    asked = {
        "Origin": page,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    chosen = settings.model_copy(update={"cors_origins": (page,)})
    with TestClient(create_app(chosen, models), base_url="http://127.0.0.1") as allowed:
        preflight = allowed.options(CHAT, headers=asked)
        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == page
        reply = allowed.post(CHAT, json=OPEN_WEBUI, headers={"Origin": page})
        assert len(_events(reply)) > 2
        assert reply.headers["access-control-allow-origin"] == page
    with TestClient(create_app(settings, models), base_url="http://127.0.0.1") as shut:
        reply = shut.post(CHAT, json=OPEN_WEBUI, headers={"Origin": page})
        assert "see QA_CORS_ORIGINS" in check_problem(reply, 403)["error"]["message"]
