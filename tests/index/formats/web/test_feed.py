"""Feeds: escaped titles, several authors, odd entries and encodings."""

from __future__ import annotations

import pytest

from index.errors import ArticleError
from index.formats.encodings import replace_control_references
from index.formats.raw_article import RawArticle
from index.formats.web import feed
from index.formats.web.feed import read_feed
from index.formats.web.markup import fragment_text

CHANNEL = (
    '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>{}</channel></rss>'
)


def _read(channel: str, encoding: str = "utf-8") -> list[RawArticle]:
    entries = [entry.content for entry in read_feed(CHANNEL.format(channel).encode(encoding))]
    assert all(isinstance(content, RawArticle) for content in entries)
    return [content for content in entries if isinstance(content, RawArticle)]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Fares &amp;amp; fines", "Fares & fines"),
        ("Fares &amp; fines", "Fares & fines"),
        ("<![CDATA[Fares &amp; fines]]>", "Fares & fines"),
        ("<![CDATA[<b>Fares</b> &amp; fines]]>", "Fares & fines"),
        ("It&amp;#8217;s blue", "It’s blue"),
        ("Is 3 &lt; 5?", "Is 3 < 5?"),
    ],
)
def test_titles_of_entry_and_feed_are_plain_words(written: str, title: str) -> None:
    (article,) = _read(
        f"<title>{written}</title><item><title>{written}</title><description>x</description></item>"
    )
    assert (article.fields.title, article.fields.source) == (title, title)


def test_every_author_is_kept() -> None:
    (article,) = _read(
        "<item><dc:creator>Ines Aldous</dc:creator><dc:creator>Bo Lund</dc:creator>"
        "<description>It is blue.</description></item>"
    )
    assert article.fields.author == "Ines Aldous, Bo Lund"


def test_broken_entry_is_named_and_the_others_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read = fragment_text

    def refuse(html: str, skip: object) -> str:
        if "broken" in html:
            raise ValueError("a tag of no name")
        return read(html)

    monkeypatch.setattr(feed, "fragment_text", refuse)
    items = "".join(f"<item><description>{word}</description></item>" for word in ("broken", "ok"))
    first, second = read_feed(CHANNEL.format(items).encode())
    assert str(first.content) == "the entry cannot be read: a tag of no name"
    assert isinstance(second.content, RawArticle)


def test_entry_nested_without_end_is_named_and_the_others_read() -> None:
    nested = "&lt;div&gt;" * 5000 + "deep"
    items = "".join(f"<item><description>{word}</description></item>" for word in (nested, "ok"))
    first, second = read_feed(CHANNEL.format(items).encode())
    assert isinstance(first.content, ArticleError) or first.content.text in {"", "deep"}
    assert isinstance(second.content, RawArticle)
    assert second.content.text == "ok"


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "us-ascii"])
def test_old_label_means_windows_1252(label: str) -> None:
    channel = CHANNEL.format(
        "<item><description>Caf\u00e9, \u20ac5 \u201ceach\u201d</description></item>"
    )
    raw = f'<?xml version="1.0" encoding="{label}"?>{channel}'.encode("cp1252")
    (entry,) = read_feed(raw)
    assert isinstance(entry.content, RawArticle)
    assert entry.content.text == "Café, €5 “each”"


def test_guid_that_no_address_can_hold_is_left_out_and_named() -> None:
    (article,) = _read("<item><guid>a/../b</guid><description>It is blue.</description></item>")
    assert article.fields.id is None
    assert article.left_out == (
        "its id: 'a/../b' has a segment '.' or '..', which addresses leave out",
    )


def test_feed_without_entries_has_none() -> None:
    assert _read("<title>Log</title>") == []


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("a&#128;b &#x80; &#X0080", "a€b € €"),
        ("&#1;&#x1f;&#127;&#x7F&#0008;&#12;&#xc", ""),
        ("&#x8FD9;&#1281;&#x1F600;&#10;&#9;", "&#x8FD9;&#1281;&#x1F600;&#10;&#9;"),
    ],
)
def test_references_to_controls_are_what_browsers_show(markup: str, shown: str) -> None:
    assert replace_control_references(markup) == shown


def test_entry_that_begins_with_a_reference_to_a_control_is_read() -> None:
    assert fragment_text("&#1;Rain&#x8; fell.") == "Rain fell."


def test_description_of_a_picture_is_no_content() -> None:
    caption = (
        "<media:content url='a.jpg'><media:description type='plain'>A quay.</media:description>"
        "</media:content>"
    )
    raw = (
        "<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/' "
        "xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>Quay</title>"
        f"<item><title>A</title>{caption}<description>Dogs travel free.</description></item>"
        f"<item><title>B</title>{caption}<content:encoded>&lt;p&gt;Cats, too.&lt;/p&gt;"
        "&lt;ul&gt;&lt;li&gt;&lt;a href='/x'&gt;RELATED: Horses pay a long fare on the boat, "
        "they say&lt;/a&gt;&lt;/li&gt;&lt;/ul&gt;</content:encoded></item></channel></rss>"
    )
    texts = [getattr(entry.content, "text", None) for entry in read_feed(raw.encode())]
    assert texts == ["Dogs travel free.", "Cats, too."]
