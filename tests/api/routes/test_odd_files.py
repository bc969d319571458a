"""Files with odd values, over HTTP: their words are answered from, what is left out is named."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote as quote_url

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi.testclient import TestClient

QUAY = "---\ntitle: Harbour: the quay closes\ndate: 3/4/2025\n---\nThe quay closes on Friday."
NEWS = (
    "<rss version='2.0'><channel><title>Log</title><item><link>https://a.example/n/1?x=2#y</link>"
    "<description>The lighthouse was painted in May.</description></item></channel></rss>"
)
LINK = quote_url("https://a.example/n/1?x=2#y", safe="")


@pytest.fixture
def corpus_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "quay.md").write_text(QUAY)
    (folder / "2025-03-04-swan.txt").write_text("The swan came back to the harbour.")
    (folder / "news.rss").write_text(NEWS)
    (folder / "inn.md").write_text("# The inn\n\nPrice: 55 crowns a night\n\nIt has many rooms.")
    (folder / "empty.csv").write_text("id,text\n")
    (folder / "empty.jsonl").write_text("\n")
    (folder / "empty.rss").write_text(
        "<rss version='2.0'><channel><title>Log</title></channel></rss>"
    )
    return folder


def test_what_was_left_out_of_a_file_is_named(client: TestClient) -> None:
    left_out = client.get("/v1/index").json()["left_out"]
    assert left_out["count"] == 2
    assert {item["where"] for item in left_out["items"]} == {"quay.md"}
    reasons = [item["reason"] for item in left_out["items"]]
    assert [reason.partition(":")[2].split(":")[0] for reason in reasons] == [
        " field 'title'",
        " field 'date'",
    ]
    article = client.get("/v1/articles/quay.md").json()
    assert article["left_out"] == reasons
    assert article["title"] == "Harbour: the quay closes"
    assert (article["published_at"], article["text"]) == (None, "The quay closes on Friday.")


def test_file_with_nothing_in_it_is_named(client: TestClient) -> None:
    assert client.get("/v1/index").json()["skipped"] == [
        {"where": "empty.csv", "reason": "empty: there is no row after the header"},
        {"where": "empty.jsonl", "reason": "empty: there is no article in it"},
        {"where": "empty.rss", "reason": "empty: there is no article in it"},
    ]


def test_day_says_where_it_was_read(client: TestClient) -> None:
    article = client.get("/v1/articles/2025-03-04-swan.txt").json()
    assert (article["published_at"], article["published_at_from"]) == ("2025-03-04", "file name")


def test_entry_without_a_guid_is_fetched_by_its_link(client: TestClient) -> None:
    assert "lighthouse" in client.get(f"/v1/articles/{LINK}").json()["text"]
    assert client.get(f"/v1/originals/{LINK}").text == NEWS


def test_short_line_with_a_value_is_an_answer(client: TestClient) -> None:
    body = client.post("/v1/ask", json={"question": "price crowns a night"}).json()
    assert body["answer"] == "Price: 55 crowns a night"
