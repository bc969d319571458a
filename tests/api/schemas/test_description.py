"""The API describes itself, with examples that hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api import schemas
from api.cited_text import cited_text
from api.schemas import AskResponse, examples, openai_replies

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from pydantic import BaseModel

ENDPOINTS = {
    ("post", "/v1/ask"),
    ("post", "/v1/ask/batch"),
    ("post", "/v1/ask/table"),
    ("post", "/v1/search"),
    ("post", "/v1/verify"),
    ("post", "/v1/citations"),
    ("post", "/v1/chat/completions"),
    ("post", "/v1/responses"),
    ("get", "/v1/models"),
    ("post", "/v1/gold"),
    ("get", "/v1/gold"),
    ("post", "/v1/gold/{gold_id}/review"),
    ("get", "/v1/articles"),
    ("get", "/v1/articles/{article_id}"),
    ("get", "/v1/index"),
    ("get", "/v1/index/facets"),
    ("get", "/v1/index/examples"),
    ("post", "/v1/index/rebuild"),
    ("get", "/v1/index/generations"),
    ("post", "/v1/index/rollback"),
    ("put", "/v1/index/generations/{index_version}/refusal"),
    ("delete", "/v1/index/generations/{index_version}/refusal"),
    ("post", "/v1/evaluations"),
    ("get", "/v1/evaluations"),
    ("get", "/v1/evaluations/comparison"),
    ("get", "/v1/evaluations/{evaluation_id}"),
    ("post", "/v1/evaluations/{evaluation_id}/cancel"),
    ("get", "/v1/index/jobs/{job_id}"),
    ("get", "/healthz"),
    ("get", "/readyz"),
}
CHANGES = {
    ("post", "/v1/articles"),
    ("put", "/v1/articles/{article_id}"),
    ("delete", "/v1/articles/{article_id}"),
}
REMOVED = ("delete", "/v1/gold/{gold_id}")  # nothing is returned
METRICS = ("get", "/metrics")  # text, with no example to check
ORIGINALS = ("get", "/v1/originals/{article_id}")  # files
REPORTS = ("get", "/v1/evaluations/{evaluation_id}/report")  # the same


@pytest.mark.parametrize(
    ("example", "schema"),
    [
        (examples.ASK, schemas.AskResponse),
        (examples.ABSTAINED, schemas.AskResponse),
        (examples.BATCH, schemas.BatchResponse),
        (examples.TABLE, schemas.TableResponse),
        (examples.MARKED, schemas.MarkedQuestionOut),
        (examples.MARKED_LIST, schemas.MarkedQuestionsResponse),
        (examples.SEARCH, schemas.SearchResponse),
        (examples.VERIFIED, schemas.VerifyResponse),
        (examples.WRITTEN_CITATIONS, schemas.WrittenCitationsResponse),
        (examples.ARTICLES, schemas.ArticlesResponse),
        (examples.ARTICLE, schemas.ArticleWithText),
        (examples.INDEX, schemas.IndexResponse),
        (examples.FACETS, schemas.FacetsResponse),
        (examples.EXAMPLES, schemas.ExamplesResponse),
        (examples.CHAT_COMPLETION, openai_replies.ChatCompletion),
        (examples.MODEL_RESPONSE, openai_replies.ModelResponse),
        (examples.MODELS, openai_replies.ModelsResponse),
        (examples.JOB, schemas.JobResponse),
        (examples.EVALUATION_JOB, schemas.EvaluationJobResponse),
        (examples.EVALUATIONS, schemas.EvaluationsResponse),
        (examples.COMPARISON, schemas.ComparisonResponse),
        (examples.GENERATIONS, schemas.GenerationsResponse),
        (examples.CHANGE, schemas.ChangeResponse),
        (examples.HEALTH, schemas.HealthResponse),
        (examples.READY, schemas.ReadyResponse),
    ],
)
def test_examples_fit_their_schemas(example: dict[str, Any], schema: type[BaseModel]) -> None:
    assert schema.model_validate(example).model_dump(mode="json") == example


def test_cited_example_is_a_slice_of_the_example_article() -> None:
    citation = examples.ASK["citations"][0]
    text = examples.ARTICLE["text"]
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert text[citation["sentence_start"] : citation["sentence_end"]] == citation["sentence"]


def test_cited_example_marks_its_citation_in_the_text() -> None:
    message = examples.CHAT_COMPLETION["choices"][0]["message"]
    assert message["content"] == cited_text(AskResponse.model_validate(examples.ASK)).text
    place = message["annotations"][0]["url_citation"]
    assert message["content"][place["start_index"] : place["end_index"]] == "[1]"


def test_every_endpoint_is_described_with_an_example(description: dict[str, Any]) -> None:
    found = {(method, path) for path, methods in description["paths"].items() for method in methods}
    assert found == {*ENDPOINTS, *CHANGES, REMOVED, METRICS, ORIGINALS, REPORTS}
    for method, path in ENDPOINTS | CHANGES:
        responses = description["paths"][path][method]["responses"]
        success = next(body for status, body in responses.items() if status.startswith("2"))
        reference = success["content"]["application/json"]["schema"]["$ref"]
        assert description["components"]["schemas"][reference.split("/")[-1]]["examples"]
        for status, body in responses.items():
            if not status.startswith("2"):
                assert list(body["content"]) == ["application/problem+json"]


def _names_the_index(schema: dict[str, Any], schemas_by_name: dict[str, Any]) -> bool:
    """Whether a body of this shape always says which index it is from, itself or in its items."""
    if "$ref" in schema:
        schema = schemas_by_name[schema["$ref"].split("/")[-1]]
    if "index_version" in schema.get("required", ()):
        return True
    items = (field["items"] for field in schema["properties"].values() if "items" in field)
    return any(_names_the_index(item, schemas_by_name) for item in items if "$ref" in item)


def test_every_response_over_the_index_names_its_version(description: dict[str, Any]) -> None:
    nameless = set()
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            content = operation["responses"].get("200", {}).get("content", {})
            body = content.get("application/json")
            if body is None or body["schema"].get("format") == "binary":  # an original file
                continue
            if not _names_the_index(body["schema"], description["components"]["schemas"]):
                nameless.add((method, path))
    # What a process does, what a build did, what users marked, what is made of a request alone,
    # what names two indexes or one within a part, and what is in the shapes of another API.
    assert nameless == {
        ("get", "/healthz"),
        ("get", "/v1/evaluations/comparison"),
        ("get", "/v1/evaluations/{evaluation_id}"),
        ("post", "/v1/evaluations/{evaluation_id}/cancel"),
        ("get", "/v1/gold"),
        ("post", "/v1/gold/{gold_id}/review"),
        ("get", "/v1/index/jobs/{job_id}"),
        ("get", "/v1/models"),
        ("post", "/v1/chat/completions"),
        ("post", "/v1/citations"),
        ("post", "/v1/responses"),
    }


def test_version_named_is_that_of_the_index_that_is_served(client: TestClient) -> None:
    version = client.get("/readyz").json()["index_version"]
    asked = {"question": "Meta?"}
    replies = [
        client.post("/v1/ask", json=asked).json(),
        *client.post("/v1/ask/batch", json={"questions": ["Meta?"]}).json()["responses"],
        client.post("/v1/search", json=asked).json(),
        *(
            client.get(f"/v1/{path}").json()
            for path in ("articles", "articles/meta", "index", "index/facets", "index/examples")
        ),
    ]
    assert [reply["index_version"] for reply in replies] == [version] * len(replies)
