"""The routes for clients of OpenAI, driven by the official client."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from api.answering.questions.talk import NOTHING, OF_THE_ANSWER
from api.keys import Keyring, digest_of
from api.main import create_app
from api.schemas.openai_requests import ChatRequest, Turn
from tests.api.shapes import check_ask, check_problem
from tests.conftest import ARTICLES, META, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from fastapi.testclient import TestClient
    from openai import OpenAI
    from openai.types.responses import Response

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

QUESTION = "How much capital expenditure at Meta?"
TEXTS = {article["id"]: article["text"] for article in ARTICLES}
ADDRESS = "https://example.org/rain"
NO_ANSWER = "The articles do not answer this. No article mentions 'Google'."
CHAT = "/v1/chat/completions"


@pytest.fixture(scope="module")
def openai() -> ModuleType:
    """The library; imported here, so that only the process that tests it imports it."""
    library: ModuleType = pytest.importorskip("openai", reason="'openai' is not installed")
    return library


@pytest.fixture
def official(client: TestClient, openai: ModuleType) -> OpenAI:
    """The official client; it finds the service by its base URL."""
    made: OpenAI = openai.OpenAI(
        base_url="http://testserver/v1", api_key="none", http_client=client, max_retries=0
    )
    return made


def _chat(question: str) -> dict[str, Any]:
    return {"model": "article-qa", "messages": [{"role": "user", "content": question}]}


def test_model_is_listed(official: OpenAI) -> None:
    assert [model.id for model in official.models.list()] == ["article-qa"]


def test_chat_answers_with_numbered_citations(official: OpenAI, client: TestClient) -> None:
    completion = official.chat.completions.create(**_chat(QUESTION))
    assert completion.model_extra is not None
    reply = check_ask(completion.model_extra["article_qa"], TEXTS)
    assert reply["answer"] == META
    assert completion.system_fingerprint == reply["index_version"]
    (choice,) = completion.choices
    text = choice.message.content
    assert text is not None
    assert text.startswith(f"{META} [1] (99% sure")
    assert "\n\n[1] " in text
    assert text.endswith("(Meta raises its budget, Sample Wire, 2025-04-30)")
    assert choice.message.annotations is not None
    place = choice.message.annotations[0].url_citation
    assert text[place.start_index : place.end_index] == "[1]"
    # The article has no address, so its place on the service is cited.
    assert (place.title, place.url) == (
        "Meta raises its budget",
        "http://testserver/v1/articles/meta",
    )
    cited = place.model_extra
    assert cited is not None
    article = client.get(place.url).json()
    assert article["text"][cited["start"] : cited["end"]] == cited["quote"] == META
    assert cited["article_id"] == "meta"


def test_chat_abstains_in_plain_words(official: OpenAI) -> None:
    completion = official.chat.completions.create(**_chat("Who runs Google?"))
    assert completion.choices[0].message.content == NO_ANSWER
    assert completion.choices[0].message.annotations == []


@pytest.mark.parametrize("question", [QUESTION, "Who runs Google?"])
def test_streamed_chat_adds_up_to_the_whole_one(official: OpenAI, question: str) -> None:
    whole = official.chat.completions.create(**_chat(question)).choices[0].message
    chunks = list(
        official.chat.completions.create(
            **_chat(question), stream=True, stream_options={"include_usage": True}
        )
    )
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    choices = [chunk.choices[0] for chunk in chunks[:-1]]
    assert choices[0].delta.role == "assistant"
    assert "".join(choice.delta.content or "" for choice in choices) == whole.content
    assert [choice.finish_reason for choice in choices[-2:]] == [None, "stop"]
    annotations = [
        annotation
        for choice in choices
        for annotation in (choice.delta.model_extra or {}).get("annotations", [])
    ]
    assert whole.annotations is not None
    assert annotations == [annotation.model_dump() for annotation in whole.annotations]
    assert (chunks[-2].model_extra or {})["article_qa"]["question"] == question


def test_response_answers_with_numbered_citations(official: OpenAI) -> None:
    response = official.responses.create(model="article-qa", input=QUESTION)
    assert response.output_text.startswith(f"{META} [1] (")
    annotation = _first_annotation(response)
    assert annotation["type"] == "file_citation"
    assert (annotation["file_id"], annotation["filename"]) == ("meta", "Meta raises its budget")
    assert response.output_text[annotation["index"] :].startswith("[1]")
    assert TEXTS["meta"][annotation["start"] : annotation["end"]] == annotation["quote"] == META


def test_article_with_an_address_is_cited_by_it(
    corpus_dir: Path, client: TestClient, official: OpenAI, build: Callable[[], BuildSummary]
) -> None:
    write_articles(corpus_dir, [{**ARTICLES[2], "url": ADDRESS}])
    build()
    client.app.state.service.serving.refresh()  # type: ignore[attr-defined]  # it is an ASGI app
    response = official.responses.create(model="article-qa", input="It rained in Dublin?")
    annotation = _first_annotation(response)
    assert (annotation["type"], annotation["url"], annotation["title"]) == (
        "url_citation",
        ADDRESS,
        "rain",
    )
    place = slice(annotation["start_index"], annotation["end_index"])
    assert response.output_text[place] == "[1]"
    chat = official.chat.completions.create(**_chat("It rained in Dublin?")).choices[0].message
    assert chat.annotations is not None
    assert chat.annotations[0].url_citation.url == ADDRESS


def _first_annotation(response: Response) -> dict[str, Any]:
    message = response.output[0].model_dump()
    annotation: dict[str, Any] = message["content"][0]["annotations"][0]
    return annotation


def test_streamed_response_adds_up_to_the_whole_one(official: OpenAI) -> None:
    whole = official.responses.create(model="article-qa", input=QUESTION)
    with official.responses.stream(model="article-qa", input=QUESTION) as stream:
        events = list(stream)
        final = stream.get_final_response()
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert (events[0].type, events[-1].type) == ("response.created", "response.completed")
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert len(deltas) > 1
    assert "".join(deltas) == final.output_text == whole.output_text
    added = [event for event in events if event.type == "response.output_text.annotation.added"]
    assert len(added) == len(whole.output[0].model_dump()["content"][0]["annotations"])


def test_options_of_asking_are_honoured(official: OpenAI) -> None:
    options = {"filters": {"sources": ["Sample Markets"]}, "min_confidence": 0, "max_answers": 1}
    completion = official.chat.completions.create(**_chat("2025 billion"), extra_body=options)
    assert completion.model_extra is not None
    (citation,) = completion.model_extra["article_qa"]["citations"]
    assert citation["article"]["id"] == "microsoft"


def test_last_message_is_the_question(client: TestClient) -> None:
    turns: list[dict[str, Any]] = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]},
        {"role": "assistant", "content": None, "refusal": "No.", "annotations": []},
        {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
    ]
    reply = client.post(CHAT, json={"model": "article-qa", "messages": turns})
    assert reply.json()["article_qa"]["question"] == QUESTION
    turns[-1]["content"] = [{"type": "input_text", "text": QUESTION}]
    reply = client.post("/v1/responses", json={"model": "article-qa", "input": turns})
    assert reply.json()["article_qa"]["question"] == QUESTION


def _turns(*questions: str | list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A conversation of these questions, each but the last with an answer."""
    turns: list[dict[str, Any]] = []
    for question in questions:
        turns.append({"role": "user", "content": question})
        turns.append({"role": "assistant", "content": "Dublin. [1]"})
    return turns[:-1]


@pytest.mark.parametrize(
    ("questions", "asked"),
    [
        (["Who runs Meta?", "And Microsoft?"], "Who runs Microsoft?"),
        (["Who runs Meta?", "And Microsoft?", "In 2023?"], "Who runs Microsoft in 2023?"),
        (["Who runs Meta?", "When did it open?"], "When did Meta open?"),
        (["Who runs Meta?", "Which firms grew?"], "Which firms grew?"),
        (["Who runs Meta?", "Thanks!"], "Thanks!"),
        (["Who runs Meta?", "Thanks!", "And Microsoft?"], "Who runs Microsoft?"),
        (["Who runs Meta?", "Why?", "In 2023?"], "Who runs Meta in 2023?"),
        (["Who runs Meta?", "Thanks. And Microsoft?"], "Who runs Microsoft?"),
        (
            ["Who runs Meta?", "x" * 1001, [{"type": "image_url"}], "In 2023?"],
            "Who runs Meta in 2023?",
        ),
        (["Who runs Meta?", *["Which firms grew?"] * 10, "When did it open?"], "When did it open?"),
    ],
)
def test_follow_up_is_asked_with_what_the_questions_before_named(
    client: TestClient, questions: list[Any], asked: str
) -> None:
    turns = _turns(*questions)
    chat = client.post(CHAT, json={"model": "article-qa", "messages": turns}).json()
    response = client.post("/v1/responses", json={"model": "article-qa", "input": turns}).json()
    assert chat["article_qa"]["question"] == response["article_qa"]["question"] == asked
    texts = [chat["choices"][0]["message"]["content"], response["output"][0]["content"][0]["text"]]
    assert [text.startswith(f"Asked as '{asked}'\n\n") for text in texts] == [
        asked != questions[-1]
    ] * 2


@pytest.mark.parametrize(
    ("said", "text"),
    [("Thanks!", NOTHING), ("Are you sure?", OF_THE_ANSWER), ("Translate that", OF_THE_ANSWER)],
)
def test_turn_that_asks_nothing_is_answered_in_plain_words(
    client: TestClient, said: str, text: str
) -> None:
    turns = _turns("Who runs Meta?", said)
    chat = client.post(CHAT, json={"model": "article-qa", "messages": turns}).json()
    assert chat["choices"][0]["message"]["content"] == text
    reply = chat["article_qa"]
    assert (reply["status"], reply["answers"], reply["citations"]) == ("abstained", [], [])
    assert (reply["abstention"]["reason"], reply["abstention"]["nearest"]) == (text, [])
    asked = client.post("/v1/ask", json={"question": said, "previous_question": "Who runs Meta?"})
    assert asked.json()["question"] == said
    assert asked.json()["abstention"] == reply["abstention"]


def test_follow_up_that_becomes_too_long_is_refused_by_name(client: TestClient) -> None:
    turns = _turns(f"Who runs {'x' * 980} of Meta?", f"And {'y' * 30}?")
    reply = client.post(CHAT, json={"model": "article-qa", "messages": turns})
    error = check_problem(reply, 422)["error"]
    assert error["param"] == "messages"
    assert "with what it takes over from the question before, the question has" in error["message"]
    assert "expected 1 to 1000" in error["message"]


def test_conversation_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    days = iter([dt.date(2025, 1, 1)])
    monkeypatch.setattr("api.schemas.openai_requests.today", lambda: next(days))
    turns = [Turn(role="user", content=words) for words in ("Who runs Meta?", "And Microsoft?")]
    assert ChatRequest(model="article-qa", messages=turns).asked == "Who runs Microsoft?"


@pytest.mark.parametrize(
    "options",
    [
        {"temperature": 0.2, "top_p": 1, "max_tokens": 5, "seed": 1, "user": "u"},
        {"max_completion_tokens": 9, "presence_penalty": 0, "reasoning_effort": "low"},
        {"tools": [], "tool_choice": "auto", "n": 1, "logprobs": False, "stop": None},
        {"response_format": {"type": "text"}, "modalities": ["text"], "store": False},
    ],
)
def test_options_without_effect_are_accepted(client: TestClient, options: dict[str, Any]) -> None:
    assert client.post(CHAT, json={**_chat(QUESTION), **options}).status_code == 200


@pytest.mark.parametrize(
    ("path", "field", "value", "said"),
    [
        (CHAT, "tools", [{"type": "function"}], "this service calls no tools; expected [] or null"),
        (CHAT, "functions", [{"name": "f"}], "calls no tools"),
        (CHAT, "n", 2, "gives one answer, with its confidence; expected 1 or null"),
        (CHAT, "n", True, "expected 1 or null"),
        (CHAT, "logprobs", True, "gives one answer"),
        (CHAT, "top_logprobs", 3, "gives one answer"),
        (CHAT, "response_format", {"type": "json_object"}, "answers in text only"),
        (CHAT, "modalities", ["text", "audio"], "answers in text only"),
        (CHAT, "stop", ["\n"], "writes nothing of its own"),
        (CHAT, "store", True, "keeps no conversations"),
        (CHAT, "model", "gpt-4o", "'article-qa'"),
        (CHAT, "messages", [], "at least 1 item"),
        (CHAT, "top_p", "high", "valid number"),
        (CHAT, "unheard_of", 1, "there is no such field"),
        (CHAT, "filters", 1, "dictionary"),
        ("/v1/responses", "previous_response_id", "resp_1", "keeps no conversations"),
        ("/v1/responses", "background", True, "keeps no conversations"),
        ("/v1/responses", "include", ["file_search_call.results"], "gives one answer"),
        ("/v1/responses", "text", {"format": {"type": "json_schema"}}, "answers in text only"),
        ("/v1/responses", "input", " ", "has 0 characters; expected 1 to 1000"),
        ("/v1/responses", "input", "x" * 1001, "has 1001 characters"),
    ],
)
def test_what_cannot_be_honoured_is_refused_by_name(
    client: TestClient, path: str, field: str, value: Any, said: str
) -> None:
    body = _chat(QUESTION) if path == CHAT else {"model": "article-qa", "input": QUESTION}
    problem = check_problem(client.post(path, json={**body, field: value}), 422)
    error = problem["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert (error["type"], error["code"]) == ("invalid_request_error", None)
    assert error["param"].split(".")[0] == field
    assert said in error["message"]


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        ({"role": "assistant", "content": "Yes."}, "of role 'assistant'; expected 'user'"),
        ({"role": "system", "content": "Be brief."}, "of role 'system'; expected 'user'"),
        (
            {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url"}]},
            "a part of type 'image_url'; expected text alone",
        ),
        ({"role": "user", "content": [{"type": "input_file"}]}, "type 'input_file'"),
        ({"role": "user", "content": [{"text": "a"}]}, "type 'None'"),
        ({"role": "user", "content": None}, "has 0 characters"),
        ({"role": "tool", "content": "3"}, "'system', 'developer', 'user' or 'assistant'"),
    ],
)
def test_last_message_that_is_no_question_is_refused(
    client: TestClient, turn: dict[str, Any], said: str
) -> None:
    turns = [{"role": "user", "content": QUESTION}, turn]
    for path, field in ((CHAT, "messages"), ("/v1/responses", "input")):
        reply = client.post(path, json={"model": "article-qa", field: turns})
        error = check_problem(reply, 422)["error"]
        assert error["param"].startswith(field)
        assert said in error["message"]


def test_official_client_reads_the_errors(
    settings: Settings,
    models: Models,
    build: Callable[[], BuildSummary],
    openai: ModuleType,
) -> None:
    from fastapi.testclient import TestClient  # noqa: PLC0415 - beside the fixture of that name

    build()
    ring = Keyring.parse(f"chat:ask:sha256:{digest_of('the key').hex()}")
    chosen = settings.model_copy(update={"api_keys": ring})
    with TestClient(create_app(chosen, models)) as transport:

        def client(key: str) -> OpenAI:
            made: OpenAI = openai.OpenAI(
                base_url="http://testserver/v1", api_key=key, http_client=transport, max_retries=0
            )
            return made

        assert client("the key").chat.completions.create(**_chat(QUESTION)).choices
        with pytest.raises(openai.AuthenticationError) as refused:
            client("another").models.list()
        assert refused.value.code == "invalid_api_key"
        assert "not one of this service's" in str(refused.value)
        with pytest.raises(openai.UnprocessableEntityError) as wrong:
            client("the key").chat.completions.create(**_chat(QUESTION), n=3)
        assert wrong.value.param == "n"
