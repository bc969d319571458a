"""A question is answered from a file of each format, with the right quote and page."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any
from urllib.parse import quote as quote_url

import pytest

from tests.api.shapes import check_ask
from tests.conftest import FILES

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi.testclient import TestClient

MADE = "ferry.docx ferry.pdf orchard-saved.html orchard.pdf locked.pdf".split()
OF_SEVERAL = {
    "harbour.csv": ("log-1", "log-2"),
    "harbour.rss": ("tag:skerry-log.example,2025-03-02:/second-cable.html",),
    "harbour.atom": ("tag:skerry-log.example,2025-05-19:/seals.html",),
}
RSS, ATOM = OF_SEVERAL["harbour.rss"][0], OF_SEVERAL["harbour.atom"][0]
LATIN = "Süderoog gets a lighthouse keeper. Her name is Käthe Sørensen, and she is a painter."


@pytest.fixture
def corpus_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in (*MADE, *OF_SEVERAL):
        shutil.copy(FILES / name, folder)
    (folder / "log.csv").write_text("id;text\nlog-9;\n", encoding="utf-8")
    (folder / "keeper.txt").write_text(LATIN, encoding="cp1252")
    return folder


BUFFER = (
    "The charging station will be fed by a buffer battery of 2.4 megawatt-hours, "
    "which fills up slowly at night."
)


@pytest.mark.parametrize(
    ("article_id", "question", "quote", "page"),
    [
        ("ferry.docx", "charging station buffer battery", BUFFER, None),
        ("ferry.pdf", "charging station buffer battery", BUFFER, 2),
        ("ferry.pdf", "single ticket cost", "A single ticket will cost 38 crowns, two more", 1),
        ("orchard-saved.html", "fence the site", "The county will fence the site in for", None),
        ("orchard.pdf", "fence the site", "The county will fence the site in for 18,500", 2),
        ("orchard.pdf", "trees years old", "The trees are about 140 years old.", 1),
        ("log-1", "crowns a month", 'She pays 900 crowns a month, and says: "The chimney', None),
        ("log-2", "storm tore bollards", "The storm of 29 October tore three bollards", None),
        (RSS, "cost of crowns", "It will cost 4.1 million crowns and carry", None),
        (RSS, "smokehouse meter", "The smokehouse & the ice plant get a meter each.", None),
        (ATOM, "grey seals counted", "Fourteen grey seals were counted on the", None),
        ("keeper.txt", "name Käthe Sørensen", "Her name is Käthe Sørensen, and she", None),
    ],
)
def test_ask_quotes_a_file_of_each_format_and_its_page(
    client: TestClient,
    corpus_dir: Path,
    article_id: str,
    question: str,
    quote: str,
    page: int | None,
) -> None:
    asked = {
        "question": question,
        "min_confidence": 0,
        "filters": {"article_ids": [article_id]},
    }
    reply = client.post("/v1/ask", json=asked).json()
    article = client.get(f"/v1/articles/{quote_url(article_id, safe='')}").json()
    text = article["text"]
    citation = check_ask(reply, {article_id: text})["citations"][0]
    assert citation["quote"].startswith(quote)
    assert citation["page"] == page
    (file,) = [
        name
        for name in (*MADE, *OF_SEVERAL, "keeper.txt")
        if article_id in (name, *OF_SEVERAL.get(name, ()))
    ]
    assert client.get(article["original"]).content == (corpus_dir / file).read_bytes()
    found = client.post(
        "/v1/search", json={"question": question, "filters": asked["filters"], "top_k": 1}
    ).json()["passages"][0]
    assert (found["page"] is None) == (page is None)


def test_article_of_a_document_has_the_metadata_that_it_states(client: TestClient) -> None:
    known: dict[str, dict[str, Any]] = {
        article["id"]: article for article in client.get("/v1/articles").json()["articles"]
    }
    several = [article_id for ids in OF_SEVERAL.values() for article_id in ids]
    assert known.keys() == {*MADE[:-1], *several, "keeper.txt"}
    seals = known[ATOM]
    assert (seals["title"], seals["source"]) == ("Seals return to the breakwater", "The Skerry Log")
    assert (seals["author"], seals["published_at"]) == ("Marit Vold", "2025-05-19")
    assert seals["url"] == "https://skerry-log.example/seals.html"
    assert known[RSS]["tags"] == ["misc", "harbour", "power"]
    assert (known["log-1"]["published_at"], known["log-1"]["tags"]) == (
        "2025-02-11",
        ["harbour", "trade"],
    )
    page = known["orchard-saved.html"]
    assert (page["title"], page["author"]) == ("Old orchard yields a lost pear", "Tobias Lindqvist")
    assert (page["source"], page["published_at"]) == ("The Vale Courier", "2025-10-07")
    assert page["url"] == "https://vale-courier.example/2025/10/lost-pear"
    for name in ("ferry.docx", "ferry.pdf"):
        assert known[name]["title"] == "Skerry Sound gets an electric ferry"
        assert known[name]["author"] == "Ines Aldous"
    made = known["ferry.pdf"]
    assert (made["published_at"], made["published_at_from"]) == ("2026-11-23", "metadata")
    assert known["ferry.docx"]["published_at"] is None


def test_text_of_a_page_is_without_what_stands_around_it(client: TestClient) -> None:
    text = client.get("/v1/articles/orchard-saved.html").json()["text"]
    for around in ("Subscribe", "Most read", "Choir", "readers", "rights reserved", "Cookies"):
        assert around not in text
    for within in (
        "# Old orchard",
        "## Why it vanished",
        "- Guided walks",
        "- Tree: By the wall; Girth: 187 cm",
    ):
        assert within in text


def test_documents_keep_headings_items_and_rows(client: TestClient) -> None:
    text = client.get("/v1/articles/ferry.docx").json()["text"]
    for part in (
        "\n\n## Power from the north quay\n\n",
        "\n- Dogs travel free.\n",
        "- Boat: Auk; Built: 1978; Fate: scrapped",
    ):
        assert part in text
    printed = client.get("/v1/articles/ferry.pdf").json()["text"]
    assert "\n\n## Power from the north quay\n\nThe charging station" in printed
    assert "Bryde & Nilsen, a family firm in the next fjord that has built fishing boats" in printed
    assert "Gazette, page" not in printed


def test_what_cannot_be_read_is_named(client: TestClient) -> None:
    assert client.get("/v1/index").json()["skipped"] == [
        {"where": "locked.pdf", "reason": "encrypted: it opens with a password only"},
        {"where": "log.csv:2", "reason": "empty: there is no text in it"},
    ]
