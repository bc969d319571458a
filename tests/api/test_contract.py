"""Every reply to a question has the promised shape, and every citation is a slice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.shapes import check_ask
from tests.conftest import ARTICLES, META, MICROSOFT

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

TEXTS = {article["id"]: article["text"] for article in ARTICLES}
CAPEX = "How much capital expenditure at Meta?"


@pytest.fixture
def client(shared_client: TestClient) -> TestClient:
    """One service for all tests: they change nothing of it."""
    return shared_client


def _ask(client: TestClient, question: str, **options: Any) -> dict[str, Any]:
    reply = client.post("/v1/ask", json={"question": question, **options})
    assert reply.status_code == 200, reply.text
    return check_ask(reply.json(), TEXTS)


def test_ask_answered_has_the_promised_shape(client: TestClient) -> None:
    body = _ask(client, CAPEX)
    assert (body["status"], body["question"], body["answer"]) == ("answered", CAPEX, META)
    assert body["citations"][0]["article"] == {
        "id": "meta",
        "title": "Meta raises its budget",
        "url": None,
        "source": "Sample Wire",
        "author": None,
        "published_at": "2025-04-30",
        "published_at_from": "metadata",
        "tags": ["capex", "social"],
        "sha256": body["citations"][0]["article"]["sha256"],
    }


def test_ask_numbers_citations_from_one_through_all_answers(client: TestClient) -> None:
    body = _ask(client, "data centres in 2025", min_confidence=0, max_answers=3)
    assert [answer["citations"][0] for answer in body["answers"]] == [1, 2, 3]
    assert [citation["number"] for citation in body["citations"]] == [1, 2, 3]


def test_ask_abstained_has_the_promised_shape(client: TestClient) -> None:
    body = _ask(client, "Who runs Google?")
    assert body["status"] == "abstained"
    assert body["abstention"]["reason"] == "No article mentions 'Google'."
    assert len(body["abstention"]["nearest"]) == 3


def test_ask_abstains_with_nothing_near_where_the_filters_leave_nothing(
    client: TestClient,
) -> None:
    body = _ask(client, CAPEX, filters={"sources": ["Nobody"]})
    assert body["abstention"]["nearest"] == []


def test_ask_strips_the_question(client: TestClient) -> None:
    assert _ask(client, f" \n{CAPEX}\t")["question"] == CAPEX


@pytest.mark.parametrize(
    ("filters", "answers"),
    [
        ({"article_ids": ["microsoft"]}, [MICROSOFT]),
        ({"sources": ["Sample Wire"]}, [META]),
        ({"tags": ["social"]}, [META]),
        ({"published_from": "2025-04-30"}, [META]),
        ({"published_to": "2025-01-03"}, [MICROSOFT]),
        ({"published_from": "2025-01-03", "published_to": "2025-04-30"}, [META, MICROSOFT]),
        ({"tags": ["capex"], "sources": ["Sample Markets"]}, [MICROSOFT]),
        ({"tags": ["social"], "sources": ["Sample Markets"]}, []),
        ({"published_from": None, "sources": [], "article_ids": []}, [META, MICROSOFT]),
    ],
)
def test_ask_answers_only_from_what_the_filters_allow(
    client: TestClient, filters: dict[str, Any], answers: list[str]
) -> None:
    body = _ask(client, "2025 billion", filters=filters, min_confidence=0)
    assert sorted(answer["text"] for answer in body["answers"]) == answers


def test_ask_batch_replies_in_order_from_one_generation(client: TestClient) -> None:
    questions = [CAPEX, "Who runs Google?", CAPEX]
    reply = client.post("/v1/ask/batch", json={"questions": questions, "max_answers": 1})
    assert reply.status_code == 200
    assert reply.json().keys() == {"responses"}
    bodies = [check_ask(body, TEXTS) for body in reply.json()["responses"]]
    assert [body["question"] for body in bodies] == questions
    assert [body["status"] for body in bodies] == ["answered", "abstained", "answered"]
    assert len({body["index_version"] for body in bodies}) == 1


def test_ask_batch_replies_as_ask_does(client: TestClient) -> None:
    question = "data centres in 2025"
    options = {"min_confidence": 0, "max_answers": 2, "filters": {"tags": ["social"]}}
    single = client.post("/v1/ask", json={"question": question, **options}).json()
    batch = client.post("/v1/ask/batch", json={"questions": [question], **options}).json()
    assert len(single["answers"]) == 2
    assert [{**body, "timings_ms": None} for body in batch["responses"]] == [
        {**single, "timings_ms": None}
    ]


WORDS = st.lists(
    st.sampled_from("Meta Microsoft Google rained billion 2025 data centres Dublin the ?".split())
).map(" ".join)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "published_from": st.sampled_from([None, "2024-01-01", "2025-02-01"]),
        "published_to": st.sampled_from([None, "2025-04-30", "2026-01-01"]),
        "sources": st.lists(st.sampled_from(["Sample Wire", "Sample Markets", "x", "\0"])),
        "article_ids": st.lists(st.sampled_from([*TEXTS, "'", "a/b"])),
        "tags": st.lists(st.sampled_from(["capex", "social", "é", '"'])),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.one_of(WORDS, st.text(max_size=60)).filter(lambda text: text.strip() != ""),
    top_k=st.integers(1, 50),
    max_answers=st.integers(1, 10),
    min_confidence=st.one_of(st.none(), st.floats(0, 1)),
    filters=FILTERS,
)
def test_ask_always_replies_in_shape_with_cited_slices(
    client: TestClient,
    question: str,
    top_k: int,
    max_answers: int,
    min_confidence: float | None,
    filters: dict[str, Any],
) -> None:
    body = _ask(
        client,
        question,
        top_k=top_k,
        max_answers=max_answers,
        min_confidence=min_confidence,
        filters=filters,
    )
    assert len(body["answers"]) <= max_answers
    for citation in body["citations"]:
        article = citation["article"]
        assert not filters.get("article_ids") or article["id"] in filters["article_ids"]
        assert not filters.get("sources") or article["source"] in filters["sources"]
        assert not filters.get("tags") or set(article["tags"]) & set(filters["tags"])
    if min_confidence is not None:
        assert all(answer["confidence"] >= min_confidence for answer in body["answers"])
