"""Front matter: the formats and names that people's programs use, and hostile blocks."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from index.errors import ArticleError
from index.formats.text.front_matter import MAX_ALIASES, read_front_matter, read_sidecar
from index.formats.text.markdown import read_markdown

DAY = dt.date(2024, 3, 9)


@pytest.mark.parametrize(
    "block",
    [
        '+++\ntitle = "Harbour: the quay"\ndate = 2024-03-09T10:00:00Z\ntags = ["a", "b"]\n+++\n',
        '+++\r\ntitle = "Harbour: the quay"\r\ndate = "2024-03-09"\r\ntags = ["a", "b"]\r\n+++\r\n',
        '+++\ntitle = "Harbour: the quay"\ndate = 2024-03-09\n[taxonomies]\ntags=["a","b"]\n+++\n',
        '{\n"title": "Harbour: the quay", "date": "2024-03-09", "tags": ["a", "b"]\n}\n',
        '---\ntitle: "Harbour: the quay"\ndate: 2024-03-09 10:00:00 +0100\ntags: [a, b]\n---\n',
        "---\ntitle: Harbour: the quay\nPublishDate: March 9, 2024\ntags: a, b\n...\n",
        (
            "---\ntitle: 'Harbour: the quay'\ndate:\n  created: 2024-03-09\n  updated: 2024-05-01\n"
            "categories: [a]\nkeywords: b; a\n---\n"
        ),
    ],
)
def test_front_matter_of_every_program_gives_title_day_and_tags(block: str) -> None:
    read = read_markdown(f"{block}\nThe quay closes.\n".encode())
    assert read.text == "The quay closes.\n"
    assert (read.fields.title, read.fields.published_at) == ("Harbour: the quay", DAY)
    assert sorted(read.fields.tags) == ["a", "b"]


@pytest.mark.parametrize(
    ("lines", "author"),
    [
        ("author: [Ines Aldous, Bo Lund]", "Ines Aldous, Bo Lund"),
        ("authors:\n  - name: Ines Aldous\n  - Bo Lund", "Ines Aldous, Bo Lund"),
        ("author: {name: Ines Aldous, email: i@example.org}", "Ines Aldous"),
        ("author: Ines Aldous\nauthors: [Bo Lund]", "Ines Aldous"),
        ("author: []", None),
    ],
)
def test_several_authors_are_one_line(lines: str, author: str | None) -> None:
    read = read_markdown(f"---\n{lines}\n---\nText.".encode())
    assert (read.fields.author, read.left_out) == (author, ())


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        ("date: 2024-03-09\nlastmod: 2024-06-01", DAY),
        ("lastmod: 2024-03-09", DAY),
        ("date: Sat, 09 Mar 2024 23:30:00 +0100", DAY),
        ("date: 9th March 2024", DAY),
        ("date: 9.3.2024", DAY),
        ("date: 3/9/2024", None),
        ("date: 3/19/2024", dt.date(2024, 3, 19)),
    ],
)
def test_day_is_taken_where_it_is_sure(lines: str, day: dt.date | None) -> None:
    read = read_markdown(f"---\n{lines}\n---\nText.".encode())
    assert read.fields.published_at == day
    assert bool(read.left_out) == (day is None)


def test_words_stay_as_they_are_written() -> None:
    read = read_markdown(b"---\ntitle: 1.10\nauthor: No\nsource: 2024-03-09\nid: 2025\n---\nText.")
    fields = read.fields
    assert (fields.title, fields.author, fields.source) == ("1.10", "No", "2024-03-09")
    assert fields.id == "2025"


@pytest.mark.parametrize(
    "content",
    [
        "{ include menu }\nText.",
        '{"price": 5} is what it says.',
        "{\nsome code\n}\n",
        "+++\nText without an end.",
        "++++\ntitle = 'a'\n++++\n",
    ],
)
def test_text_that_only_begins_like_front_matter_is_text(content: str) -> None:
    assert read_markdown(content.encode()).text == content


def test_broken_toml_gives_the_fields_that_are_sure() -> None:
    read = read_markdown(b"+++\ntitle = 'Quay'\ntags = [open\ndate = 2024-03-09\n+++\nText.")
    assert (read.fields.title, read.text) == ("Quay", "Text.")
    assert any("field 'tags'" in message for message in read.left_out)


def _merging(depth: int) -> str:
    """Mappings of which each merges the one before it ten times."""
    lines = ["a0: &a0 {k: v}"]
    for level in range(1, depth + 1):
        merged = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(f"a{level}: &a{level} {{<<: [{merged}], k{level}: v}}")
    return "\n".join([*lines, f"title: {{<<: *a{depth}}}"])


@pytest.mark.parametrize("depth", [2, 8, 40])
def test_nested_merge_keys_are_refused_at_once(depth: int) -> None:
    block = f"---\n{_merging(depth)}\n---\nText."
    used = time.process_time()
    matter = read_front_matter(block)
    assert time.process_time() - used < 5
    assert matter.values == {}
    assert matter.left_out[0].startswith(f"front matter: more than {MAX_ALIASES} aliases")
    assert block[matter.end :] == "Text."


def test_a_few_aliases_and_a_merge_key_are_read() -> None:
    read = read_markdown(
        b"---\nbase: &base {author: Ines}\nlist: &list [a]\ntags: *list\n<<: *base\n---\nText."
    )
    assert (read.fields.author, read.fields.tags, read.left_out) == ("Ines", ["a"], ())


def test_value_that_holds_itself_is_named() -> None:
    read = read_markdown(b"---\ntitle: Quay\ntags: &a [*a]\n---\nText.")
    assert (read.fields.title, read.fields.tags) == ("Quay", [])
    assert "field 'tags'" in read.left_out[0]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"- a", "expected 'key: value' lines"),
        (b"a: " + b"x" * 70_000, "70003 characters, at most 65536 are read"),
        (b"id: a/../b", "field 'id'"),
    ],
)
def test_sidecar_that_states_nothing_sure_is_an_error(raw: bytes, reason: str) -> None:
    with pytest.raises(ArticleError) as raised:
        read_sidecar(raw)
    assert str(raised.value).startswith(reason)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_markdown_is_decoded_as_plain_text_is(encoding: str) -> None:
    text = "---\ntitle: Fähre nach Süderoog\n---\nDie Fähre kostet künftig 5 Kronen für Schüler."
    read = read_markdown(text.encode(encoding))
    assert (read.fields.title, read.text[:9]) == ("Fähre nach Süderoog", "Die Fähre")


def test_comment_in_code_is_no_title() -> None:
    text = "```sh\n# The default port is 8123\nserve\n```\n\n# Running it\n\nRun it."
    assert read_markdown(text.encode()).fields.title == "Running it"
    assert read_markdown(b"    # indented code\n\nText.").fields.title is None
