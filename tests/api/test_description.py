"""The API describes itself, with examples that hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api import examples, schemas

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from pydantic import BaseModel

ENDPOINTS = {
    ("post", "/v1/ask"),
    ("post", "/v1/ask/batch"),
    ("post", "/v1/search"),
    ("get", "/v1/articles"),
    ("get", "/v1/articles/{article_id}"),
    ("get", "/v1/index"),
    ("get", "/v1/index/facets"),
    ("get", "/v1/index/examples"),
    ("post", "/v1/index/rebuild"),
    ("get", "/v1/index/jobs/{job_id}"),
    ("get", "/healthz"),
    ("get", "/readyz"),
}
METRICS = ("get", "/metrics")  # text, with no example to check
ORIGINALS = ("get", "/v1/originals/{article_id}")  # files


@pytest.mark.parametrize(
    ("example", "schema"),
    [
        (examples.ASK, schemas.AskResponse),
        (examples.ABSTAINED, schemas.AskResponse),
        (examples.BATCH, schemas.BatchResponse),
        (examples.SEARCH, schemas.SearchResponse),
        (examples.ARTICLES, schemas.ArticlesResponse),
        (examples.ARTICLE, schemas.ArticleWithText),
        (examples.INDEX, schemas.IndexResponse),
        (examples.FACETS, schemas.FacetsResponse),
        (examples.EXAMPLES, schemas.ExamplesResponse),
        (examples.JOB, schemas.JobResponse),
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


def test_every_endpoint_is_described_with_an_example(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    found = {(method, path) for path, methods in described["paths"].items() for method in methods}
    assert found == {*ENDPOINTS, METRICS, ORIGINALS}
    for method, path in ENDPOINTS:
        responses = described["paths"][path][method]["responses"]
        success = next(body for status, body in responses.items() if status.startswith("2"))
        reference = success["content"]["application/json"]["schema"]["$ref"]
        assert described["components"]["schemas"][reference.split("/")[-1]]["examples"]
        for status, body in responses.items():
            if not status.startswith("2"):
                assert list(body["content"]) == ["application/problem+json"]
