"""The description of the API can be followed: references, request examples, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.testclient import TestClient


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "$ref":
                yield value
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _resolve(described: dict[str, Any], reference: str) -> Any:
    node: Any = described
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    return node


@pytest.fixture
def client(shared_client: TestClient) -> TestClient:
    """One service for all tests: they change nothing of it."""
    return shared_client


def test_every_reference_leads_somewhere(description: dict[str, Any]) -> None:
    found = set(_references(description))
    assert found
    assert all(_resolve(description, reference) for reference in found)


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/ask", "/v1/ask/batch", "/v1/search", "/v1/verify"),
        *("/v1/chat/completions", "/v1/responses"),
    ],
)
def test_request_examples_can_be_sent(
    client: TestClient, description: dict[str, Any], path: str
) -> None:
    body = description["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    examples = _resolve(description, body["schema"]["$ref"])["examples"]
    assert [client.post(path, json=example).status_code for example in examples] == [200]


def test_declared_problems_fit_what_is_sent(
    client: TestClient, description: dict[str, Any]
) -> None:
    declared = description["paths"]["/v1/ask"]["post"]["responses"]
    assert declared.keys() == set("200 400 401 403 408 413 422 429 503".split())
    schema = declared["422"]["content"]["application/problem+json"]["schema"]
    sent = client.post("/v1/ask", json={"question": ""}).json()
    assert schema["properties"].keys() == sent.keys()
    assert set(schema["required"]) <= sent.keys()
    assert schema["properties"]["errors"]["items"]["properties"].keys() == sent["errors"][0].keys()
    assert Problem.model_validate(schema["example"]).model_dump() == schema["example"]
