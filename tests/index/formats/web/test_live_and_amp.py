"""Live blogs and AMP pages: the time of each entry, and nothing that stands in for a part."""

from __future__ import annotations

import pytest

from index.formats.web.html_page import read_html
from index.formats.web.markup import fragment_text

WORDS = "The harbour board voted on Tuesday to let all dogs travel free on the ferry. " * 2


def _entry(time: str, heading: str) -> str:
    return f"<li><div>{time}</div><div><h3>{heading}</h3><p>{WORDS}{heading}.</p></div></li>"


def test_entries_of_a_live_blog_keep_their_order_and_time() -> None:
    entries = "".join(
        (
            _entry("<time datetime='2025-03-04T15:05:00-04:00'>3:05 p.m.</time>", "Vote"),
            _entry("<time datetime='2025-03-04T14:10:00Z'>2h ago</time>", "Speech"),
            _entry("<time datetime='2025-03-04T13:00:00Z'>3h ago</time><i>13.00 GMT</i>", "Start"),
            _entry("4 March 2025, 8:30 a.m. ET", "Dawn"),
        )
    )
    page = f"<html><body><main><h1>The vote, live</h1><ul>{entries}</ul></main></body></html>"
    text = read_html(page.encode()).text
    assert [line for line in text.splitlines() if line.startswith("###")] == [
        "### 3:05 p.m. · Vote",
        "### 2025-03-04 14:10 · Speech",
        "### 2025-03-04 13.00 GMT · Start",
        "### 4 March 2025, 8:30 a.m. ET · Dawn",
    ]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ul><li>08:00</li><li>09:30</li></ul><h2>Fares</h2>", "- 08:00\n- 09:30\n\n## Fares"),
        ("<p>It closes.</p><p>16.50 GMT</p><h2>Fares</h2>", "It closes.\n\n16.50 GMT\n\n## Fares"),
        ("<div><time>8:00</time><h2></h2><p>It opens.</p></div>", "8:00\n\nIt opens."),
        (
            "<p>At <time datetime='2025-03-04T08:00'>8:00</time>, it opens.</p>",
            "At 8:00, it opens.",
        ),
        (
            "<p>By Ines Aldous<time datetime='2025-03-04'>2 days ago</time><b>Updated</b></p>",
            "By Ines Aldous 2025-03-04 Updated",
        ),
    ],
)
def test_other_times_stay_where_they_are(html: str, text: str) -> None:
    assert fragment_text(html) == text


@pytest.mark.parametrize(
    "other",
    [
        "<amp-ad><div fallback>No ad today</div></amp-ad>",
        "<amp-twitter><blockquote placeholder>Bees are back</blockquote></amp-twitter>",
        "<amp-sidebar><ul><li>Obituaries</li></ul></amp-sidebar>",
        "<amp-consent><p>We use cookies.</p></amp-consent>",
        "<section amp-access='NOT subscriber' amp-access-hide><p>Ten crowns a month</p></section>",
    ],
)
def test_amp_page_is_its_story(other: str) -> None:
    page = (
        f"<html amp><body><article><h1>Ferry</h1><p>{WORDS}</p>{other}<p>{WORDS}</p>"
        "<amp-img alt=''></amp-img></article></body></html>"
    )
    text = read_html(page.encode()).text
    assert text == f"# Ferry\n\n{WORDS.strip()}\n\n{WORDS.strip()}"
