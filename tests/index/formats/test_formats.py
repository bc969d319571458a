"""The file parsers of the article formats: bytes to metadata and text."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from index.errors import ArticleError
from index.formats.fields import ArticleFields, parse_fields
from index.formats.raw_article import Entry, RawArticle
from index.formats.text.jsonl import read_jsonl
from index.formats.text.markdown import read_markdown
from index.formats.text.plain import read_plain

FULL = b"""---
id: 2025
title: "Meta: a budget"
url: https://example.org/a
source: Sample Wire
author: A. Writer
published_at: 2025-04-30T23:59:00+02:00
tags: [capex, 2025]
other: ignored
---

Text.
"""


def test_plain_keeps_every_character_but_the_byte_order_mark() -> None:
    assert read_plain(b"\xef\xbb\xbf a\r\nb\x00\xe2\x98\x82 \n") == RawArticle(
        ArticleFields(), " a\r\nb\x00☂ \n"
    )


def test_bytes_of_no_encoding_are_named_with_their_place() -> None:
    wrong = "not UTF-8: byte 0xff at offset 2"
    with pytest.raises(ArticleError, match=wrong):
        read_markdown(b"ab\xff")
    (entry,) = read_jsonl(b"ab\xff")
    assert wrong in str(entry.content)


def test_markdown_reads_every_field() -> None:
    read = read_markdown(FULL)
    assert read.text == "Text.\n"
    assert read.fields == ArticleFields(
        id="2025",
        title="Meta: a budget",
        url="https://example.org/a",
        source="Sample Wire",
        author="A. Writer",
        published_at=dt.date(2025, 4, 30),
        tags=["capex", "2025"],
    )


def test_markdown_with_mark_and_windows_lines_reads_the_same_and_keeps_them() -> None:
    read = read_markdown(b"\xef\xbb\xbf---\r\ntitle: T\r\n---\r\n\r\nOne.\r\nTwo.\r\n")
    assert (read.fields.title, read.text) == ("T", "One.\r\nTwo.\r\n")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Text.\n---\nmore", "Text.\n---\nmore"),
        (b"\n---\nid: a\n---\nText.", "\n---\nid: a\n---\nText."),
        (b"---\n---\nText.", "Text."),
        (b"---\n# only a comment\n---  \n \n\n  Text.", "  Text."),
        (b"---\nid: a\n---", ""),
    ],
)
def test_markdown_text_begins_behind_the_front_matter(raw: bytes, text: str) -> None:
    assert read_markdown(raw).text == text


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        (b"# Title\n\nText", "Title"),
        (b"Text\n# All about C# ##  \r\nText", "All about C#"),
        (b"# Title\rText", "Title"),
        (b"---\ntitle: ''\n---\n# Title", "Title"),
        (b"---\ntitle: Mine\n---\n# Title", "Mine"),
        (b"## Title\n#Title\nText # Title", None),
    ],
)
def test_markdown_without_title_takes_the_first_heading(raw: bytes, title: str | None) -> None:
    assert read_markdown(raw).fields.title == title


def test_markdown_title_search_takes_no_quadratic_time() -> None:
    assert read_markdown(b"# a" + b" " * 100_000 + b"x").fields.title is not None


@pytest.mark.parametrize(
    ("block", "wrong"),
    [
        (b"title: [unclosed", "front matter: field 'title': while parsing"),
        (b"title: a: b", "front matter: field 'title': mapping values are not allowed"),
        (b"\ttitle: a\nid: b", "front matter: field 'source': while scanning"),
        (b"published_at: 2025-13-45", "front matter: field 'published_at': month must be in 1..12"),
        (b"title: \x00", "front matter: field 'title': unacceptable character"),
        (b"tags: *c", "front matter: field 'tags': found undefined alias"),
        (b"tags: !!python/object/apply:os.system [x]", "front matter: field 'tags': could not"),
        (b"source: !!int ''", "front matter: field 'source': "),
        (b"tags: !!bool maybe", "front matter: field 'tags': 'maybe'"),
        (b"date: !!timestamp soon", "front matter: field 'date': "),
        (b"tags: " + b"[" * 20_000, "front matter: field 'tags': nested more than 20 deep"),
        (b"a: " + b"x" * 70_000, "front matter: 70024 characters, at most 65536 are read"),
        (b"title: [a]", "front matter: field 'title': Input should be a valid string"),
        (b'title: "\\ud800"', "front matter: field 'title'"),
        (b"published_at: 3/4/2025", "front matter: field 'published_at': '3/4/2025'"),
        (b"author: {age: 3}", "front matter: field 'author': expected one name or several"),
        (b"tags: [ok, {a: b}]", "front matter: field 'tags': {'a': 'b'} is not a tag"),
    ],
)
def test_odd_value_in_front_matter_is_named_and_the_text_kept(block: bytes, wrong: str) -> None:
    read = read_markdown(b"---\nsource: Sample Wire\n" + block + b"\n---\nText.")
    assert read.text == "Text."
    message, *_ = read.left_out
    assert message.startswith(wrong)
    assert "\n" not in message


def test_front_matter_that_is_no_metadata_is_text() -> None:
    for block in (b"- a\n- b", b"just words"):
        raw = b"---\n" + block + b"\n---\nText."
        read = read_markdown(raw)
        assert read.text == raw.decode()
        assert read.left_out == ("front matter: expected 'key: value' lines, so it is text",)


def test_front_matter_that_does_not_end_is_read_up_to_its_blank_line() -> None:
    read = read_markdown(b"---\ntitle: a\n\nText -- with dashes\n --- \n")
    assert (read.fields.title, read.text) == ("a", "Text -- with dashes\n --- \n")
    assert read.left_out == ("front matter: the closing '---' line is missing",)
    rule = read_markdown(b"---\nText after a rule.\n")
    assert rule.text == "---\nText after a rule.\n"


def test_every_wrong_field_is_named() -> None:
    raw = {"title": True, "published_at": "soon", "tags": ["ok", 1.5], "author": "a" * 2001}
    with pytest.raises(ArticleError) as raised:
        parse_fields(raw)
    named = [f"field '{name}'" for name in ("title", "author", "published_at", "tags.1")]
    assert all(name in str(raised.value) for name in named)
    assert "'soon' is not a date such as 2025-01-31" in str(raised.value)
    assert "source" not in str(raised.value)


@pytest.mark.parametrize("tags", ["capex", {"a": 1}, 5, ["a"] * 101, [""], [None]])
def test_wrong_tags_are_named(tags: object) -> None:
    with pytest.raises(ArticleError, match="field 'tags"):
        parse_fields({"tags": tags})


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_blank_fields_are_missing_ones(blank: object) -> None:
    names = ("id", "title", "url", "source", "author", "published_at", "tags")
    assert parse_fields(dict.fromkeys(names, blank)) == ArticleFields()


def test_front_matter_with_an_empty_tags_line_has_no_tags() -> None:
    assert read_markdown(b"---\nid: a\ntags:\n---\nText.").fields.tags == []


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-01-31", dt.date(2025, 1, 31)),
        (" 2025-01-31T23:00:00Z ", dt.date(2025, 1, 31)),
        (dt.datetime(2025, 1, 31, 12, tzinfo=dt.UTC), dt.date(2025, 1, 31)),
        (dt.date(2025, 1, 31), dt.date(2025, 1, 31)),
    ],
)
def test_day_is_kept_of_dates_and_moments(written: object, day: dt.date) -> None:
    assert parse_fields({"published_at": written}).published_at == day


@pytest.mark.parametrize("written", [20250131, "31.13.2025", "2025-02-30", "3/4/2025", True])
def test_wrong_day_is_named(written: object) -> None:
    with pytest.raises(ArticleError, match="field 'published_at'"):
        parse_fields({"published_at": written})


def test_json_line_reads_fields_and_keeps_the_text() -> None:
    raw = b'\xef\xbb\xbf{"id": 7, "text": " a\\r\\n\\u2602", "tags": null}\r\n'
    assert list(read_jsonl(raw)) == [Entry(1, RawArticle(ArticleFields(id="7"), " a\r\n☂"))]


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        (b"{", "not JSON: "),
        (b'{"text": "a"} extra', "not JSON: Extra data"),
        (b"[" * 100_000, "not JSON: "),
        (b'{"id": ' + b"9" * 5000 + b', "text": "a"}', "not JSON: "),
        (b'{"text": "a"}\n["text"]', "expected a JSON object, got list"),
        (b"null", "expected a JSON object, got NoneType"),
        (b"{}", "field 'text': required, and it must be a string"),
        (b'{"text": ["a"]}', "field 'text': required"),
        (b'{"text": "a", "id": 1.5}', "field 'id': "),
        (b'{"text": "a", "id": "a\\nb"}', "field 'id': 'a\\nb' holds a control char"),
        (b'{"text": "a", "id": "a/../b"}', "field 'id': 'a/../b' has a segment '.'"),
    ],
)
def test_broken_json_line_is_an_error_that_says_why(raw: bytes, wrong: str) -> None:
    *_, entry = read_jsonl(raw)
    assert isinstance(entry.content, ArticleError)
    assert str(entry.content).startswith(wrong)


def test_jsonl_of_news_programs_has_text_day_and_source() -> None:
    line = {
        "maintext": "Dogs.",
        "date_publish": "2024-05-20 06:30:00",
        "date_modify": "2025-01-01",
        "source": {"id": None, "name": "Quay"},
    }
    (entry,) = read_jsonl(json.dumps(line).encode())
    assert isinstance(entry.content, RawArticle)
    assert entry.content.text == "Dogs."
    assert entry.content.fields.source == "Quay"
    assert entry.content.fields.published_at == dt.date(2024, 5, 20)


def test_jsonl_text_that_was_cut_says_so() -> None:
    (entry,) = read_jsonl(b'{"publishedAt": "2024-05-20", "content": "Dogs\\u2026 [+2113 chars]"}')
    assert isinstance(entry.content, RawArticle)
    assert entry.content.text == "Dogs"
    assert entry.content.left_out == ("characters that the file does not hold: 2113",)
