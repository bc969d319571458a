"""Web pages: all of the article, nothing of the rest, and the metadata of the article itself."""

from __future__ import annotations

import datetime as dt

import pytest

from index.errors import ArticleError
from index.formats.encodings import decode_labelled
from index.formats.web.html_page import read_html
from index.formats.web.markup import fragment_text

LONG = "The ferry will cross the sound in nineteen minutes from May on, the board said. " * 4
P = f"<p>{LONG.strip()}</p>"


def _read(body: str, head: str = "") -> str:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return read_html(page.encode()).text.replace(LONG.strip(), "LONG")


@pytest.mark.parametrize("label", ["iso-8859-1", "ISO8859-1", "latin1", "us-ascii", "windows-1252"])
def test_old_labels_mean_windows_1252(label: str) -> None:
    assert decode_labelled(b"\x93caf\xe9\x94 costs \x805 \x81", label) == "“café” costs €5 "


@pytest.mark.parametrize(
    ("label", "codec"),
    [("gb2312", "gb18030"), ("shift_jis", "cp932"), ("euc-kr", "cp949"), ("iso-8859-9", "cp1254")],
)
def test_other_old_labels_mean_their_supersets(label: str, codec: str) -> None:
    text = {"gb18030": "朱镕基", "cp932": "①㈱", "cp949": "펲시콜라", "cp1254": "“İş” €5"}[codec]
    assert decode_labelled(text.encode(codec), label) == text


def test_references_to_controls_mean_windows_1252() -> None:
    assert fragment_text("<p>&#128;5 &#x93;each&#148;</p>") == "€5 “each”"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<h1>Fares</h1>{P}<ul><li>Adults 38</li></ul>", "# Fares\n\nLONG\n\n- Adults 38"),
        (f"<div>{P}<ol><li>One</li></ol></div>", "LONG\n\n- One"),
        ("<ul><li>The first ferry leaves at six</li></ul>", "- The first ferry leaves at six"),
        (
            (
                f"<article>{P}<table><tr><th>Boat</th><td><ul><li>Auk</li><li>Tern</li></ul></td></tr>"
                "</table></article>"
            ),
            "LONG\n\n- Boat: Auk Tern",
        ),
        (
            f"<article>{P}<p>He said <q>it is blue</q> and left.</p></article>",
            "LONG\n\nHe said “it is blue” and left.",
        ),
        (
            f"<article>{P}<dl><dt>Adult</dt><dd>38 crowns</dd><dt>Dogs</dt></dl></article>",
            "LONG\n\n- Adult: 38 crowns\n- Dogs",
        ),
        (
            f"<article>{P}<pre># The port is 8123\n  serve</pre></article>",
            "LONG\n\n```\n# The port is 8123\n  serve\n```",
        ),
        (
            f"<article>{P}<figure><figcaption>The Auk in 1907</figcaption></figure></article>",
            "LONG\n\nThe Auk in 1907",
        ),
        (f"<article>{P}<p>One<br><br>Two<br>three</p></article>", "LONG\n\nOne\n\nTwo three"),
        (
            (
                f"<article>{P}<p>A field of 5<sup>2</sup> acres, 1<sup><a href='#n'>3</a></sup>, "
                "the 3<sup>rd</sup></p></article>"
            ),
            "LONG\n\nA field of 5² acres, 1, the 3rd",
        ),
    ],
)
def test_everything_in_the_article_is_in_its_text(body: str, text: str) -> None:
    assert _read(body) == text


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>Secret.</p>",
        "<p aria-hidden='true'>Secret.</p>",
        "<p style='display: none'>Secret.</p>",
        "<div hidden><p>Secret.</p></div>",
        "<template><p>Secret.</p></template>",
    ],
)
def test_hidden_text_is_not_in_it(hidden: str) -> None:
    assert _read(f"<article>{P}{hidden}<p>Shown.</p></article>") == "LONG\n\nShown."
    assert fragment_text(f"{hidden}<p>Shown.</p>") == "Shown."


def test_page_that_is_hidden_until_a_script_shows_it_is_read() -> None:
    assert _read(f"<div hidden><article>{P}</article></div>") == "LONG"


@pytest.mark.parametrize(
    "teaser",
    [
        "<div class='related'><h3>Other</h3><p>Revenue rose to 99 million crowns.</p></div>",
        "<aside><p>Revenue rose to 99 million crowns, the firm said.</p></aside>",
        "<p><a href='/y'>Revenue rose to 99 million crowns</a></p>",
        "<ul><li><a href='/y'>Revenue rose to 99 million crowns</a></li></ul>",
        "<p>Read more: <a href='/y'>Revenue rose to 99 million crowns</a></p>",
        "<div><h3><a href='/y'>Firm</a></h3><p>Revenue rose to 99 million.</p></div>",
        "<section class='article-more_stories read-next'><p>Revenue: 99 million.</p></section>",
        "<p><b>More: </b><a href='/y'>Revenue rose to 99 million crowns</a></p>",
        "<div><h3>Mehr zum Thema</h3><ul><li><a href='/y'>Umsatz: 99 Millionen</a></li></ul></div>",
        "<div><p>À lire aussi : <a href='/y'>Le chiffre d’affaires : 99 millions</a></p></div>",
        "<div>Explore more on these topics<ul><li><a href='/y'>Route 99</a></li></ul></div>",
        "<div class='video-resource'><div>Watch: 99 walruses nap</div><span>1:08</span></div>",
        "<div class='product-box'><h3>Boots</h3><p>Boots, £99</p><a href='/y'>Buy now</a></div>",
        "<div class='reader-popup'><h4>Never miss a story</h4><p>Join 99 neighbors.</p></div>",
        "<div><p>Join 99 readers who get us in their inbox.</p><button>Go</button></div>",
    ],
)
def test_teasers_of_other_pages_are_left_out_and_counted(teaser: str) -> None:
    page = f"<html><body><article>{P}{teaser}{P}</article></body></html>"
    read = read_html(page.encode())
    assert "99" not in read.text
    assert read.text.count(LONG.strip()) == 2
    assert read.left_out == ("1 parts that lead to other pages",)


def test_page_that_is_a_list_of_others_keeps_them() -> None:
    cards = [
        f"<div><h2><a href='/{n}'>Story {n}</a></h2><p>It cost {n} crowns, the harbour board "
        f"said in its report on the year.</p></div>"
        for n in range(5)
    ]
    text = _read(f"<main>{''.join(cards)}</main>")
    assert all(f"It cost {n} crowns" in text for n in range(5))


def test_link_in_a_sentence_and_into_the_page_stay() -> None:
    links = "<p>It <a href='/y'>cost 40 crowns</a> before.</p><p><a href='#top'>Top of it</a></p>"
    assert _read(f"<article>{P}{links}</article>") == (
        "LONG\n\nIt cost 40 crowns before.\n\nTop of it"
    )


def test_rest_of_the_page_is_not_in_it() -> None:
    body = (
        "<header><h1>Skerry Gazette</h1></header><nav><ul><li><a href='/'>Home</a></li></ul></nav>"
        f"<div id='content'><h2>Faster ferry</h2>{P}</div>"
        "<div class='sidebar'><p>Subscribe now for 5 crowns.</p></div><footer>Since 1907</footer>"
    )
    assert _read(body) == "## Faster ferry\n\nLONG"


def _fields(body: str, head: str = "") -> dict[str, object]:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return read_html(page.encode()).fields.model_dump()


@pytest.mark.parametrize(
    ("byline", "head", "author"),
    [
        ("<p class='byline'>By Ines Aldous March 4</p>", "", "Ines Aldous"),
        ("", "<meta name='author' content='Ines Aldous, 4 March 2025'>", "Ines Aldous"),
        ("<form><label class='author'>Username</label></form>", "", None),
        ("", "<meta name='author' content='Username'>", None),
        ("", "<meta name='author' content='Augusta Mayer'>", "Augusta Mayer"),
    ],
)
def test_author_is_a_name(byline: str, head: str, author: str | None) -> None:
    assert _fields(f"<article><h1>Fares</h1>{byline}{P}</article>", head)["author"] == author


@pytest.mark.parametrize(
    ("head", "heading"),
    [
        ("<title>Ferry gets faster | Skerry Gazette</title>", "<h2>Ferry gets faster</h2>"),
        ("<title>Skerry Gazette - Ferry gets faster</title>", ""),
        (
            "<title>x</title><meta property='og:title' content='Ferry gets faster'>",
            "<h1>Other</h1>",
        ),
        ("", "<h1>Ferry gets faster</h1>"),
    ],
)
def test_title_is_that_of_the_article_not_of_the_site(head: str, heading: str) -> None:
    banner = "<header><h1>Skerry Gazette</h1></header>"
    fields = _fields(f"{banner}<article>{heading}{P}</article>", head)
    assert fields["title"] == "Ferry gets faster"


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        ("<meta property='article:modified_time' content='2025-06-01'>", "", None),
        ("", "<footer>Copyright 2019-03-04 Gazette</footer>", None),
        ("", "<div>© 2019-03-04 Gazette</div>", None),
        ("", "<time class='updated' datetime='2025-06-01'>1 June</time>", None),
        (
            (
                '<script type=\'application/ld+json\'>{"@type": "NewsArticle", '
                '"dateModified": "2025-06-01", "datePublished": "2025-03-04"}</script>'
            ),
            "",
            dt.date(2025, 3, 4),
        ),
        (
            (
                "<meta property='article:modified_time' content='2025-06-01'>"
                "<meta property='article:published_time' content='2025-03-04T08:00:00Z'>"
            ),
            "",
            dt.date(2025, 3, 4),
        ),
    ],
)
def test_day_is_that_of_publication(head: str, body: str, day: dt.date | None) -> None:
    assert _fields(f"<article><h1>Fares</h1>{P}</article>{body}", head)["published_at"] == day


@pytest.mark.parametrize("size", [1, 8])
def test_page_of_nothing_but_links_or_nested_hidden_parts_is_bounded(size: int) -> None:
    deep = "<div hidden>" * 200 * size + "x" + "</div>" * 200 * size
    assert _read(f"<article>{P}{deep}</article>") == "LONG"


@pytest.mark.parametrize("raw", [b"", b"<html></html>", b"<!-- only -->", b"<?xml version='1.0'?>"])
def test_page_without_text_is_refused(raw: bytes) -> None:
    with pytest.raises(ArticleError, match="no main text was found in the page"):
        read_html(raw)


PROSE = "<p>The harbour board voted on Tuesday to let all dogs travel free on the ferry.</p>" * 3


@pytest.mark.parametrize(
    "other",
    [
        '<div class="ad-slot">Advertisement</div>',
        '<div class="share"><a href="/x">Copy link</a> now</div>',
        (
            '<div class="paywall-barrier"><h2>Continue reading with a subscription</h2>'
            "<p>Only 1 pound for 4 weeks. Cancel anytime during your trial of the paper.</p></div>"
        ),
        "<p>Copyright 2025 The Quay Post</p>",
        "<div>Share <a href='mailto:x'>Email</a></div>",
        "<div><a href='/x'>Reuse this content</a> <a href='/y'>Print</a></div>",
        "<div><span>Anzeige</span></div>",
    ],
)
def test_offers_shares_and_advertisements_are_not_the_article(other: str) -> None:
    page = f"<html><body><article><h1>Ferry</h1>{PROSE}{other}</article></body></html>"
    words = read_html(page.encode()).text
    assert words.count("dogs travel free") == 3
    assert words.endswith("on the ferry.")


def test_site_is_neither_title_nor_author() -> None:
    page = (
        "<html><head><title>The Quay Post - Dogs travel free - Local</title>"
        '<meta name="author" content="The Quay Post"></head><body><h1>The Quay Post</h1>'
        f'<h2>Dogs travel free</h2><span class="by">BY INES ALDOUS</span>{PROSE}</body></html>'
    )
    fields = read_html(page.encode()).fields
    assert (fields.title, fields.author) == ("Dogs travel free", "INES ALDOUS")


@pytest.mark.parametrize(
    "kept",
    [
        "<p>Share prices fell: <a href='/y'>Auk Lines</a> lost 3 per cent of its value.</p>",
        "<p>More: the <a href='/y'>board</a> wants to close the quay for a year and a day.</p>",
        "<div class='player'><p>Jo Ray, goalkeeper</p></div>",
        "<p>Print <a href='/y'>the form</a> and sign it.</p>",
    ],
)
def test_words_that_other_parts_have_too_stay(kept: str) -> None:
    page = f"<html><body><article><h1>Ferry</h1>{PROSE}{kept}{PROSE}</article></body></html>"
    assert fragment_text(kept) in read_html(page.encode()).text


def test_title_has_no_name_of_the_site_behind_it() -> None:
    head = (
        "<title>Ferry gets faster | QP</title><meta property='og:site_name' content='QP'>"
        "<meta property='og:title' content='Ferry gets faster | QP'>"
    )
    assert _fields(f"<article>{PROSE}</article>", head)["title"] == "Ferry gets faster"


def test_title_may_stand_outside_the_article() -> None:
    head = "<title>Ferries, ranked | QP</title><meta property='og:title' content='Ferries, ranked'>"
    body = f"<div><h1>Ferries, ranked</h1><div><h2>1. Auk</h2>{PROSE}</div></div>"
    assert _fields(body, head)["title"] == "Ferries, ranked"


@pytest.mark.parametrize(
    ("head", "byline", "author"),
    [
        (
            (
                "<meta property='og:site_name' content='The Courier'>"
                "<meta name='author' content='Ines Aldous, The Courier'>"
            ),
            "",
            "Ines Aldous",
        ),
        (
            (
                "<title>Fähre - Der Anzeiger</title>"
                "<meta name='author' content='Der Anzeiger, Kiel, Germany'>"
            ),
            "<div class='autor'>Von Änne Holm und Jo Ray</div>",
            "Änne Holm und Jo Ray",
        ),
        (
            (
                '<script type=\'application/ld+json\'>[{"@type": "LiveBlogPosting", "author": '
                '[{"name": "Ines Aldous"}, {"name": "Jo Ray"}]}]</script>'
            ),
            "",
            "Ines Aldous, Jo Ray",
        ),
    ],
)
def test_author_is_no_site_and_no_town(head: str, byline: str, author: str) -> None:
    assert _fields(f"<article><h1>Ferry</h1>{byline}{PROSE}</article>", head)["author"] == author
