"""JSON documents: the articles of news services, of sites' programs and of schema.org."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from index.errors import ArticleError
from index.formats.raw_article import Entry, RawArticle
from index.formats.text.json_document import read_json
from index.formats.text.jsonl import read_jsonl

GUARDIAN = {
    "id": "world/ferry",
    "webPublicationDate": "2025-03-04T09:00:12Z",
    "webTitle": "Dogs travel free",
    "webUrl": "https://sentinel.example/ferry",
    "fields": {
        "byline": "Ines Aldous",
        "body": "<p>Dogs.</p><aside><p>Related: <a href='/x'>Cats</a></p></aside><p>Free.</p>",
    },
    "tags": [{"id": "world/x", "webTitle": "Ferries"}],
}
WORDPRESS = {
    "date": "2025-03-04T09:00:12",
    "link": "https://skerry.example/ferry",
    "title": {"rendered": "Dogs &#8217;n&#8217; fares"},
    "content": {"rendered": "<p>Dogs &amp; all.</p>\n<ul>\n<li>Free</li>\n</ul>"},
}
SCHEMA = {
    "@graph": [
        {"@type": "Organization", "name": "Quay"},
        {
            "@type": "NewsArticle",
            "headline": "Dogs travel free",
            "author": [{"@type": "Person", "name": "Ines Aldous"}],
            "datePublished": "2025-03-04T09:00:12Z",
            "publisher": {"name": "Quay"},
            "articleBody": "Dogs.",
        },
    ]
}


def _read(document: object) -> list[Entry]:
    return [*read_json(json.dumps(document).encode())]


def _articles(document: object) -> list[tuple[int, str]]:
    return [
        (entry.number, entry.content.text)
        for entry in _read(document)
        if isinstance(entry.content, RawArticle)
    ]


@pytest.mark.parametrize(
    ("document", "articles"),
    [
        ({"text": "Dogs."}, [(0, "Dogs.")]),
        ([{"text": "Dogs."}, {"body": "Cats."}], [(1, "Dogs."), (2, "Cats.")]),
        ({"status": "ok", "articles": [{"content": "Dogs."}]}, [(1, "Dogs.")]),
        ({"response": {"status": "ok", "results": [GUARDIAN]}}, [(1, "Dogs.\n\nFree.")]),
        ([WORDPRESS], [(1, "Dogs & all.\n\n- Free")]),
        (SCHEMA, [(0, "Dogs.")]),
        ({"hits": {"total": 1, "hits": [{"_source": {"body": "Dogs."}}]}}, [(1, "Dogs.")]),
        ({"items": [{"content_html": "Dogs."}]}, [(1, "Dogs.")]),
        ({"post": {"title": "A", "body": "Dogs.", "comments": [{"body": "No."}]}}, [(0, "Dogs.")]),
        ({"text": "<p>as it stands</p><p>here</p>"}, [(0, "<p>as it stands</p><p>here</p>")]),
        ({"text": "| A | B |\n|---|---|\n| 1 | 2 |\n"}, [(0, "| A | B |\n|---|---|\n| 1 | 2 |\n")]),
        (
            {"content": "Fares.\n\n| Dog | Fare |\n|---|---|\n| Rex | $2 |\n\nThe end."},
            [(0, "Fares.\n\n- Dog: Rex; Fare: $2\n\nThe end.")],
        ),
        ({"body": "A <br> breaks a line."}, [(0, "A <br> breaks a line.")]),
    ],
)
def test_articles_are_found_however_they_are_wrapped(
    document: object, articles: list[tuple[int, str]]
) -> None:
    assert _articles(document) == articles


@pytest.mark.parametrize("document", [GUARDIAN, WORDPRESS, SCHEMA])
def test_fields_are_read_under_the_names_of_services(document: object) -> None:
    (entry,) = _read(document)
    assert isinstance(entry.content, RawArticle)
    fields = entry.content.fields
    assert fields.title in {"Dogs travel free", "Dogs ’n’ fares"}
    assert fields.published_at == dt.date(2025, 3, 4)
    assert fields.url is not None or fields.source == "Quay"
    assert entry.content.left_out == ()


def test_line_of_a_service_is_read_as_a_document_of_it() -> None:
    (line,), (entry,) = read_jsonl(json.dumps(GUARDIAN).encode()), _read(GUARDIAN)
    assert line.content == entry.content
    assert isinstance(line.content, RawArticle)
    assert line.content.fields.tags == ["Ferries"]


def test_article_without_a_text_is_named_and_the_next_one_read() -> None:
    first, second, third = _read([{"title": "A"}, 7, {"text": "Dogs."}])
    assert str(first.content) == "field 'text': required, and it must be a string"
    assert str(second.content) == "expected a JSON object, got int"
    assert isinstance(third.content, RawArticle)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (
            {"response": {"docs": [{"headline": "A", "snippet": "B"}]}},
            "1 articles without a text: expected a text, named 'text', .* got 'headline', 'sn",
        ),
        ({"type": "FeatureCollection", "features": []}, "no article in it: .*got 'type', 'feat"),
        ({}, "no article in it: .* got no key"),
        (7, "no article in it: .* got a JSON int"),
        ({str(at): at for at in range(10)}, "'7' and 2 more"),
    ],
)
def test_document_without_an_article_says_what_there_is(document: object, reason: str) -> None:
    with pytest.raises(ArticleError, match=reason):
        _read(document)


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 100_000, b'{"a":' * 100_000])
def test_what_is_not_json_is_refused(raw: bytes) -> None:
    with pytest.raises(ArticleError, match="not JSON: "):
        read_json(raw)


def test_articles_below_eight_levels_are_not_looked_for() -> None:
    deep: object = [{"text": "Dogs."}]
    for _ in range(9):
        deep = {"articles": deep}
    with pytest.raises(ArticleError, match="no article in it"):
        _read(deep)


def test_file_with_a_document_a_line_is_read_as_lines() -> None:
    entries = [*read_json(b'{"text": "Dogs."}\n{"text": "Cats."}\n')]
    assert [entry.number for entry in entries] == [1, 2]
