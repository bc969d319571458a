"""One question of many: POST /v1/ask/table, whole and as events."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.main import create_app
from tests.api.holding import ask_and_leave, metric, read_events, wait_until
from tests.api.shapes import check_problem
from tests.conftest import META, MICROSOFT

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary
    from tests.api.holding import FailingReader

EVENTS = {"Accept": "text/event-stream"}
ASKED = {"question": "How much capital expenditure at {company}?", "names": ["Meta", "Google"]}


def test_table_has_the_answer_to_each_question(one_slot: TestClient) -> None:
    body = one_slot.post("/v1/ask/table", json=ASKED).json()
    assert (body["labels"], body["left_out"]) == (["Meta", "Google"], 0)
    meta, google = body["rows"]
    alone = one_slot.post("/v1/ask", json={"question": meta["question"]}).json()
    assert meta["question"] == "How much capital expenditure at Meta?"
    assert (meta["number"], meta["label"], meta["status"]) == (1, "Meta", "answered")
    assert (meta["answer"], meta["confidence"]) == (META, alone["confidence"])
    assert meta["citation"] == alone["citations"][0]
    assert (google["status"], google["answer"], google["citation"]) == ("abstained", None, None)
    assert "Google" in google["reason"]
    assert (google["best_candidate"], google["best_confidence"]) == (None, None)


def test_row_without_an_answer_has_the_best_candidate(one_slot: TestClient) -> None:
    unsure = one_slot.post("/v1/ask/table", json={**ASKED, "min_confidence": 1}).json()["rows"][0]
    sure = one_slot.post("/v1/ask/table", json=ASKED).json()["rows"][0]
    assert (unsure["status"], unsure["answer"], unsure["confidence"]) == ("abstained", None, None)
    assert unsure["best_candidate"] == sure["answer"]
    assert unsure["best_confidence"] == sure["confidence"]


def test_events_are_the_labels_then_each_row(one_slot: TestClient) -> None:
    reply = one_slot.post("/v1/ask/table", json=ASKED, headers=EVENTS)
    assert reply.headers["content-type"].startswith("text/event-stream")
    (first, head), *rows = read_events(reply.text)
    whole = one_slot.post("/v1/ask/table", json=ASKED).json()
    assert (first, head) == ("rows", {key: whole[key] for key in head})
    assert rows == [("row", row) for row in whole["rows"]]


def test_table_by_group_asks_only_articles_of_it(one_slot: TestClient) -> None:
    asked = {"question": "How much in 2025?", "by": "source"}
    rows = one_slot.post("/v1/ask/table", json=asked).json()["rows"]
    assert {row["label"]: row["answer"] for row in rows} == {
        "Sample Markets": MICROSOFT,
        "Sample Wire": META,
    }
    assert {row["citation"]["article"]["source"] for row in rows} == {row["label"] for row in rows}


def test_table_of_no_article_has_no_rows(one_slot: TestClient) -> None:
    asked = {"question": "How much?", "by": "tag", "filters": {"sources": ["None"]}}
    assert one_slot.post("/v1/ask/table", json=asked).json()["rows"] == []
    reply = one_slot.post("/v1/ask/table", json=asked, headers=EVENTS)
    assert [name for name, _ in read_events(reply.text)] == ["rows"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"question": "How much?"}, "either names or by"),
        ({**ASKED, "by": "source"}, "either names or by"),
        ({"question": "How much at Meta?", "names": ["Meta"]}, "no slot"),
        ({"question": "How much at {company}?", "by": "tag"}, "{company} is a slot"),
        ({"question": "{a}" * 10, "names": ["x" * 200]}, "2000 characters"),
        ({**ASKED, "names": [str(number) for number in range(101)]}, "100"),
        ({**ASKED, "names": [" "]}, "names.0"),
        ({"question": "How much?", "by": "author"}, "'source', 'tag', 'month' or 'article'"),
        ({**ASKED, "max_answers": 3}, "max_answers"),
    ],
)
def test_wrong_table_says_what_was_expected(
    one_slot: TestClient, wrong: dict[str, Any], said: str
) -> None:
    problem = check_problem(one_slot.post("/v1/ask/table", json=wrong), 422)
    assert said in problem["detail"]


def test_repeated_name_is_asked_once(one_slot: TestClient) -> None:
    asked = {**ASKED, "names": ["Meta", " Meta ", "Google"]}
    assert one_slot.post("/v1/ask/table", json=asked).json()["labels"] == ["Meta", "Google"]


def test_row_without_room_fails_alone_and_a_first_one_the_table(
    one_slot: TestClient, reader: FailingReader
) -> None:
    known = one_slot.post("/v1/ask", json={"question": "Does Meta spend?"}).json()  # cached by now
    asked = {"question": "Does {company} spend?", "names": ["Meta", "Google"]}
    with ThreadPoolExecutor(1) as threads:
        holding = threads.submit(one_slot.post, "/v1/ask", json={"question": "Does Meta hold?"})
        wait_until(lambda: len(reader.begun) == 2)
        meta, google = one_slot.post("/v1/ask/table", json=asked).json()["rows"]
        refused = one_slot.post(
            "/v1/ask/table", json={**asked, "names": ["Google"]}, headers=EVENTS
        )
        reader.go.set()
    assert holding.result().status_code == 200
    assert (meta["answer"], google["status"]) == (known["answer"], "failed")
    assert google["reason"].startswith("too many questions")
    check_problem(refused, 503)


def test_reader_that_throws_ends_the_events_with_a_problem(one_slot: TestClient) -> None:
    asked = {"question": "Does {company} spend?", "names": ["Meta", "throw", "Google"]}
    reply = one_slot.post("/v1/ask/table", json=asked, headers=EVENTS)
    (_, (second, _), (third, problem)) = read_events(reply.text)
    assert (second, third, problem["status"]) == ("row", "problem", 500)
    assert "secret" not in reply.text


def test_no_further_row_is_asked_once_the_client_has_left(
    settings: Settings,
    failing_models: Models,
    reader: FailingReader,
    build: Callable[[], BuildSummary],
) -> None:
    build()
    asked = {"question": "Does {company} spend?", "names": ["Meta", "hold", "Google"]}
    with TestClient(create_app(settings, failing_models)) as client:
        sent = ask_and_leave(client, "/v1/ask/table", asked, lambda _: len(reader.begun) > 1)
        bodies = [message.get("body", b"") for message in sent[1:]]
        assert [body.split(b"\n")[0] for body in bodies] == [b"event: rows", b"event: row"]
        reader.go.set()
        wait_until(lambda: metric(client, "qa_questions_in_flight") == 0)
        assert len(reader.begun) == 2
