"""Tables that ask for all they can, many at once, and clients that leave or take nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from tests.api.holding import Stalled, ask_and_leave, metric, read_events, wait_until
from tests.api.shapes import check_problem

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from tests.api.holding import FailingReader

EVENTS = {"Accept": "text/event-stream"}
ASKED = {"question": "How much at {company}?", "names": ["Meta", "Google"]}
QUESTION = {"question": "How much does Meta expect?"}


def _fill(client: TestClient, stack: ExitStack) -> None:
    """Take every look-up but none of the slots of questions."""
    limit = client.app.state.service.lookups  # type: ignore[attr-defined]
    for _ in range(limit._most):
        stack.enter_context(limit.slot())


@pytest.mark.parametrize("by", ["source", "tag", "month", "article"])
@pytest.mark.parametrize("headers", [EVENTS, {}], ids=["events", "whole"])
def test_groups_of_a_table_are_counted_as_a_look_up(
    one_slot: TestClient, by: str, headers: dict[str, str]
) -> None:
    """Each may read all articles, and there was no bound on how many did."""
    asked = {"question": "How much?", "by": by}
    with ExitStack() as stack:
        _fill(one_slot, stack)
        reply = one_slot.post("/v1/ask/table", json=asked, headers=headers)
        assert "too many look-ups" in check_problem(reply, 503)["detail"]
        assert reply.headers["retry-after"] == "5"
        assert one_slot.post("/v1/ask", json=QUESTION).status_code == 200
    assert one_slot.post("/v1/ask/table", json=asked, headers=headers).status_code == 200


def test_table_of_the_most_and_longest_rows_is_answered(one_slot: TestClient) -> None:
    odd = ["x", "é", "“", "{a}", "\u202e", "A of ", "$1 ", "1.1 and "]
    names = [f"{number}{odd[number % len(odd)] * 200}"[:197] for number in range(100)]
    asked = {"question": "How much at {company} {firm} {a} {b}?", "names": names}
    rows = one_slot.post("/v1/ask/table", json=asked).json()["rows"]
    assert len(rows) == len({each.strip() for each in names})
    assert {row["status"] for row in rows} <= {"answered", "abstained"}


def test_many_tables_at_once_share_the_slot(one_slot: TestClient) -> None:
    names = [f"Meta {number}" for number in range(5)]

    def ask(number: int) -> Any:
        headers = EVENTS if number % 2 else {}
        return one_slot.post("/v1/ask/table", json={**ASKED, "names": names}, headers=headers)

    with ThreadPoolExecutor(10) as threads:
        replies = list(threads.map(ask, range(20)))
    for reply in replies:
        if reply.status_code == 503:
            assert reply.headers["retry-after"] == "5"
        elif "event: " in reply.text:
            (_, head), *rows = read_events(reply.text)
            assert [name for name, _ in rows] == ["row"] * len(head["labels"])
        else:
            statuses = {row["status"] for row in reply.json()["rows"]}
            assert statuses <= {"answered", "abstained", "failed"}
    wait_until(lambda: metric(one_slot, "qa_questions_in_flight") == 0)
    assert one_slot.post("/v1/ask", json=QUESTION).status_code == 200


def test_client_that_takes_no_row_keeps_no_slot(one_slot: TestClient) -> None:
    assert one_slot.portal is not None
    stalled = Stalled(one_slot, "/v1/ask/table", ASKED)
    asked = one_slot.portal.start_task_soon(stalled.ask)
    wait_until(lambda: stalled.taken == ["http.response.start"])
    wait_until(lambda: metric(one_slot, "qa_questions_in_flight") == 0)
    assert one_slot.post("/v1/ask", json=QUESTION).status_code == 200
    one_slot.portal.call(stalled.go.set)
    asked.result()
    assert stalled.taken == ["http.response.start", *["http.response.body"] * 4]


def test_client_that_leaves_before_the_first_row_ends_the_table(
    one_slot: TestClient, reader: FailingReader
) -> None:
    asked = {**ASKED, "names": ["hold", "Meta"]}
    sent = ask_and_leave(one_slot, "/v1/ask/table", asked, lambda _: bool(reader.begun))
    assert sent[0]["status"] == 499
    reader.go.set()
    wait_until(lambda: metric(one_slot, "qa_questions_in_flight") == 0)
    assert len(reader.begun) == 1
