"""Citations of a reply as text, over HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

import pytest

from api.citation_formats import FORMATS
from api.client import write_citations
from api.schemas import AskResponse, CitationFormat
from api.schemas.examples import ASK, WRITTEN_CITATIONS
from tests.api.shapes import check_problem

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


SENT = {"format": "quotation", "reply": ASK, "numbers": [1]}


@pytest.fixture
def client(shared_client: TestClient) -> TestClient:
    """One service for all tests: they change nothing of it."""
    return shared_client


def test_example_is_what_is_returned(client: TestClient) -> None:
    assert client.post("/v1/citations", json=SENT).json() == WRITTEN_CITATIONS


def test_whole_number_in_any_spelling_is_a_number_of_a_citation(client: TestClient) -> None:
    sent = {**SENT, "numbers": [1.0]}
    assert client.post("/v1/citations", json=sent).json() == WRITTEN_CITATIONS


@pytest.mark.parametrize("form", get_args(CitationFormat))
def test_reply_as_it_came_is_written_as_the_function_does(
    client: TestClient, form: CitationFormat
) -> None:
    asked = {"question": "How much capital expenditure at Meta?"}
    reply = client.post("/v1/ask", json=asked).json()
    sent = client.post("/v1/citations", json={"format": form, "reply": reply})
    assert sent.json() == {
        "format": form,
        "media_type": FORMATS[form].media_type,
        "text": write_citations(AskResponse.model_validate(reply), form),
    }
    assert reply["citations"][0]["sentence"].split("$")[0] in sent.json()["text"]


def test_csl_is_json_of_its_own(client: TestClient) -> None:
    body = {"format": "csl", "reply": ASK, "numbers": [1]}
    (item,) = json.loads(client.post("/v1/citations", json=body).json()["text"])
    assert item["id"] == "cloud-spring-2025-results"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"format": "docx"}, "body.format"),
        ({"reply": {**ASK, "citations": []}}, "body.reply"),
        ({"reply": {**ASK, "answers": 5}}, "body.reply.answers"),
        ({"numbers": [1, 2]}, "body.numbers"),
        ({"numbers": []}, "body.numbers"),
    ],
)
def test_wrong_field_is_named(client: TestClient, changes: dict[str, Any], field: str) -> None:
    problem = check_problem(client.post("/v1/citations", json={**SENT, **changes}), 422)
    assert field in [error["field"] for error in problem["errors"]]
