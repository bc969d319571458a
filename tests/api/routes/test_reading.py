"""Searching passages, listing and reading articles, and the state of the service."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.main import create_app
from tests.api.shapes import (
    NONE,
    NUMBER,
    ORIGINAL,
    check_article,
    check_ask,
    check_problem,
    check_types,
)
from tests.conftest import ARTICLES, META, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

TEXTS = {article["id"]: article["text"] for article in ARTICLES}


@pytest.fixture
def client(shared_client: TestClient) -> TestClient:
    """One service for all tests: they change nothing of it."""
    return shared_client


def test_search_returns_numbered_slices_best_first(client: TestClient) -> None:
    reply = client.post("/v1/search", json={"question": META, "top_k": 2})
    assert reply.status_code == 200
    body = reply.json()
    assert body.keys() == {*"question passages index_version undated_left_out timings_ms".split()}
    assert body["question"] == META
    check_types(body["timings_ms"], dict.fromkeys(("encode", "retrieve"), NUMBER))
    assert [passage["number"] for passage in body["passages"]] == [1, 2]
    assert body["passages"][0]["article"]["id"] == "meta"
    for passage in body["passages"]:
        assert passage.keys() == {*"number article text start end context page scores".split()}
        check_article(passage["article"])
        optional = (*NUMBER, NONE)
        check_types(
            passage["scores"],
            {"dense": optional, "lexical": optional, "fused": NUMBER, "reader": NONE},
        )
        text = TEXTS[passage["article"]["id"]]
        assert text[passage["start"] : passage["end"]] == passage["text"]
    fused = [passage["scores"]["fused"] for passage in body["passages"]]
    assert fused == sorted(fused, reverse=True)


def test_search_finds_only_what_the_filters_allow(client: TestClient) -> None:
    body = {"question": META, "filters": {"tags": ["capex"], "published_to": "2025-02-01"}}
    reply = client.post("/v1/search", json=body).json()
    assert [passage["article"]["id"] for passage in reply["passages"]] == ["microsoft"]
    assert reply["undated_left_out"] == 0  # the one without a day has not the tag either


@pytest.mark.parametrize(
    ("filters", "count"), [({"published_from": "2025-01-01"}, 1), ({"tags": ["capex"]}, 0), ({}, 0)]
)
def test_filter_by_day_says_how_many_articles_have_none(
    client: TestClient, filters: dict[str, Any], count: int
) -> None:
    asked = client.post("/v1/ask", json={"question": META, "filters": filters}).json()
    found = client.post("/v1/search", json={"question": META, "filters": filters}).json()
    listed = client.get("/v1/articles", params={**filters, "tag": filters.get("tags", [])}).json()
    assert [reply["undated_left_out"] for reply in (asked, found, listed)] == [count] * 3


def test_articles_are_listed_in_corpus_order(client: TestClient) -> None:
    body = client.get("/v1/articles").json()
    assert body.keys() == {
        *"articles total offset limit next_cursor undated_left_out index_version".split()
    }
    assert [article["id"] for article in body["articles"]] == ["meta", "microsoft", "rain"]
    assert (body["total"], body["offset"], body["limit"]) == (3, 0, 100)
    for article in body["articles"]:
        check_article(article)
        assert article["sha256"] == hashlib.sha256(TEXTS[article["id"]].encode()).hexdigest()


@pytest.mark.parametrize(
    ("query", "ids", "total"),
    [
        ("limit=1", ["meta"], 3),
        ("offset=1&limit=1", ["microsoft"], 3),
        ("offset=3", [], 3),
        ("offset=2147483648&limit=1000", [], 3),
        ("tag=capex&limit=1", ["meta"], 2),
        ("tag=social", ["meta"], 1),
        ("tag=social&tag=capex", ["meta", "microsoft"], 2),
        ("source=Sample%20Wire&source=Sample%20Markets", ["meta", "microsoft"], 2),
        ("source=Sample%20Wire&published_to=2025-02-01", [], 0),
        ("published_from=2025-01-03&published_to=2025-01-03", ["microsoft"], 1),
        ("source=", [], 0),
    ],
)
def test_articles_are_filtered_and_paged(
    client: TestClient, query: str, ids: list[str], total: int
) -> None:
    body = client.get(f"/v1/articles?{query}").json()
    assert [article["id"] for article in body["articles"]] == ids
    assert body["total"] == total


def test_articles_pages_make_up_the_whole_list(client: TestClient) -> None:
    whole = client.get("/v1/articles").json()["articles"]
    pages: list[Any] = []
    for offset in range(3):
        reply = client.get("/v1/articles", params={"offset": offset, "limit": 1})
        pages.extend(reply.json()["articles"])
    assert pages == whole


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("q=sample", ["meta", "microsoft"]),
        ("q=BUDGET%20wire", ["meta"]),
        ("q=capex&tag=social", ["meta"]),
        ("q=nobody", []),
        ("sort=-id", ["rain", "microsoft", "meta"]),
        ("sort=published_at", ["microsoft", "meta", "rain"]),
        ("sort=-published_at", ["meta", "microsoft", "rain"]),
        ("sort=title&q=m", ["microsoft", "meta"][::-1]),
        ("sort=source&tag=capex", ["microsoft", "meta"]),
        ("sort=source&offset=1&limit=1", ["meta"]),
    ],
)
def test_articles_are_searched_and_sorted(client: TestClient, query: str, ids: list[str]) -> None:
    body = client.get(f"/v1/articles?{query}").json()
    assert [article["id"] for article in body["articles"]] == ids


def test_articles_are_paged_by_cursor_while_the_list_changes(
    settings: Settings, models: Models, corpus_dir: Path, build: Callable[[], BuildSummary]
) -> None:
    build()
    with TestClient(create_app(settings, models)) as client:
        for sort in ({}, {"sort": "title"}, {"sort": "-published_at"}):
            whole = client.get("/v1/articles", params=sort).json()
            assert whole["next_cursor"] is None
            pages, cursor = list[Any](), dict[str, str]()
            while True:
                page = client.get("/v1/articles", params={**sort, **cursor, "limit": 1}).json()
                pages += page["articles"]
                assert page["total"] == 3
                if page["next_cursor"] is None:
                    break
                cursor = {"cursor": page["next_cursor"]}
            assert pages == whole["articles"]
        by_id, plain = (
            client.get("/v1/articles", params={**sort, "limit": 1}).json()["next_cursor"]
            for sort in ({"sort": "id"}, {})
        )
        write_articles(corpus_dir, [article for article in ARTICLES if article["id"] != "meta"])
        build()
        client.app.state.service.serving.refresh()  # type: ignore[attr-defined]
        after = client.get("/v1/articles", params={"sort": "id", "cursor": by_id}).json()
        assert [article["id"] for article in after["articles"]] == ["microsoft", "rain"]
        gone = check_problem(client.get("/v1/articles", params={"cursor": plain}), 404)
        assert "begin anew" in gone["detail"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("sort=colour", "query.sort"),
        ("cursor=nonsense", "query.cursor"),
        ("cursor=W251bGwsICJcdWQ4MDAiLCBudWxsXQ", "query.cursor"),  # half of a character
        ("cursor=é", "query.cursor"),
        ("sort=title&cursor=W251bGwsICJhIiwgbnVsbF0", "query.cursor"),
        ("offset=1&cursor=W251bGwsICJhIiwgbnVsbF0", "query.offset"),
        ("q=" + "x" * 201, "query.q"),
        ("limit=0", "query.limit"),
        ("limit=1001", "query.limit"),
        ("offset=-1", "query.offset"),
        ("offset=x", "query.offset"),
        ("published_from=soon", "query.published_from"),
        ("published_from=0", "query.published_from"),
        ("published_from=2025-02-01&published_to=2025-01-01", "query.published_to"),
    ],
)
def test_articles_refuse_a_wrong_query_by_name(client: TestClient, query: str, field: str) -> None:
    problem = check_problem(client.get(f"/v1/articles?{query}"), 422)
    assert [error["field"] for error in problem["errors"]] == [field]


@pytest.mark.parametrize(
    ("article_id", "path"),
    [
        ("news/2025/meta.md", "news/2025/meta.md"),
        ("news/2025/meta.md", "news%2F2025%2Fmeta.md"),
        ("a b?c#d%e", "a%20b%3Fc%23d%25e"),
        ("é/😀", "%C3%A9/%F0%9F%98%80"),
        ("/", "%2F"),
    ],
)
def test_article_is_read_by_an_id_of_any_characters(
    settings: Settings,
    models: Models,
    build: Callable[[], BuildSummary],
    corpus_dir: Path,
    article_id: str,
    path: str,
) -> None:
    write_articles(corpus_dir, [{"id": article_id, "text": "It is é 😀.\n"}])
    build()
    with TestClient(create_app(settings, models)) as client:
        reply = client.get(f"/v1/articles/{path}")
    assert reply.status_code == 200
    lists = dict.fromkeys("also_at headings left_out near_duplicates page_starts".split(), list)
    check_article(reply.json(), text=str, index_version=str, **lists, **ORIGINAL)
    assert (reply.json()["id"], reply.json()["text"]) == (article_id, "It is é 😀.\n")


@pytest.mark.parametrize("path", ["nobody", "META", "meta/", "%00", "%FF", "a/b/c", "'%20OR%201"])
def test_unknown_article_is_not_found(client: TestClient, path: str) -> None:
    problem = check_problem(client.get(f"/v1/articles/{path}"), 404)
    assert "not in the index" in problem["detail"]


def test_index_says_what_it_was_built_from_and_with(client: TestClient) -> None:
    body = client.get("/v1/index").json()
    assert (body["articles"], body["chunks"], body["skipped"]) == (3, 3, [])
    assert body["encoder"]["model"] == "fake"
    assert body["encoder"]["dimension"] == 64
    assert (body["build"]["since"], body["build"]["added"]["count"]) == (None, 3)
    assert body["chunking"] == {"max_tokens": 100, "overlap_tokens": 30, "language": "en"}
    assert body["index_version"] == client.get("/v1/articles").json()["index_version"]
    assert "corpus_dir" not in body


def test_index_names_skipped_files(
    settings: Settings, models: Models, build: Callable[[], BuildSummary], corpus_dir: Path
) -> None:
    (corpus_dir / "empty.txt").write_text("")
    build()
    with TestClient(create_app(settings, models)) as client:
        skipped = client.get("/v1/index").json()["skipped"]
    assert skipped == [{"where": "empty.txt", "reason": "empty: there is no text in it"}]


def test_service_is_healthy_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    version = client.get("/v1/index").json()["index_version"]
    assert client.get("/readyz").json() == {"status": "ready", "index_version": version}


def test_article_names_its_copies_and_is_found_by_their_ids(
    settings: Settings, models: Models, corpus_dir: Path, build: Callable[[], BuildSummary]
) -> None:
    copies = [{"id": name, "text": "Snow fell.", "source": name} for name in ("one", "two")]
    write_articles(corpus_dir, copies)
    build()
    with TestClient(create_app(settings, models)) as client:
        for name in ("one", "two"):
            article = client.get(f"/v1/articles/{name}").json()
            assert (article["id"], article["source"]) == ("one", "one")
            assert [copy["source"] for copy in article["also_at"]] == ["two"]
            check_article(article["also_at"][0])
        assert client.get("/v1/index").json()["copies"] == 1


def test_citation_under_filters_shows_the_copy_that_passes_them(
    settings: Settings, models: Models, corpus_dir: Path, build: Callable[[], BuildSummary]
) -> None:
    first, text = {"source": "Wire", "published_at": "2025-03-01"}, "Snow fell on Mondays."
    second = {"source": "Post", "published_at": "2025-03-09", "tags": ["late"]}
    write_articles(
        corpus_dir, [{"id": "one", "text": text, **first}, {"id": "two", "text": text, **second}]
    )
    build()
    with TestClient(create_app(settings, models)) as client:
        for filters, shown in (
            ({}, first),
            ({"sources": ["Post", "Wire"]}, first),
            ({"sources": ["Post"]}, second),
            ({"published_from": "2025-03-02"}, second),
            ({"tags": ["late"]}, second),
            ({"article_ids": ["two"]}, second),
        ):
            asked = {"question": "When fell snow?", "filters": filters, "min_confidence": 0}
            body = check_ask(client.post("/v1/ask", json=asked).json(), {"one": text, "two": text})
            (cited,) = [citation["article"] for citation in body["citations"]]
            assert shown.items() <= cited.items()
            nearest = client.post("/v1/ask", json={**asked, "min_confidence": 1}).json()
            assert shown.items() <= nearest["abstention"]["nearest"][0]["article"].items()
            found = client.post("/v1/search", json={"question": "snow", "filters": filters}).json()
            assert [one["article"] for one in found["passages"]] == [cited]
            assert client.get(f"/v1/articles/{cited['id']}").json()["text"] == text


def test_article_names_those_that_are_nearly_the_same(
    settings: Settings, models: Models, corpus_dir: Path, build: Callable[[], BuildSummary]
) -> None:
    text = " ".join(f"Fact {number} is about thing {number * 7}." for number in range(60))
    changed = text.replace("Fact 30 is", "Item 30 was")
    write_articles(
        corpus_dir, [{"id": "one", "text": text}, {"id": "two", "text": changed}, ARTICLES[2]]
    )
    build()
    with TestClient(create_app(settings, models)) as client:
        (near,) = client.get("/v1/articles/two").json()["near_duplicates"]
        check_article(near["article"])
        assert near["article"]["id"] == "one"
        assert 0.8 <= near["similarity"] < 1
        assert client.get("/v1/articles/rain").json()["near_duplicates"] == []
        assert client.get("/v1/index").json()["near_duplicates"] == 2
