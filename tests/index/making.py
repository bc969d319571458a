"""Records, random texts and random filters for the tests of the index."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from index.records import Article, ArticleInfo, Chunk, Filters, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

DAYS = [dt.date(2024, 12, 31), dt.date(2025, 1, 1), dt.date(2025, 1, 2)]
SOURCES = ["Sample Wire", "sample wire", 'It\'s "quoted", 100%']
TAGS = ["capex", "cap ex", "größe", "*"]
IDS = ["one", "folder/two.md", "lines.jsonl:3", "four ☂", "fünf"]

pieces = st.sampled_from(
    [
        "Meta spent $65 billion. ",
        "Dr. Smith paid 3.5% more in the U.S. last year! ",
        "What happened? ",
        "“It rained,” she said. ",
        "- one item\n",
        "  wrapped line of it\n",
        "1. first thing\n",
        "# Head one\n",
        "## Head two ##\n\n",
        "Plain Heading\n\n",
        "Underlined\n=====\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "| a | b",
        "---\n",
        "* * *\n",
        "Lead in:\n",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\x00",
        "\u2028",
        "\x1c",
        "👩‍👩‍👧 🇩🇪 ",
        "e\u0301a\u0308\u0327 ",
        "東京は雨。明日も雨。",
        "ไม่มีช่องว่าง",
        "averylongwordwithoutanyspacesinit" * 3,
        "unpunctuated words that go on and on ",
        ". . . ",
        "\t",
        "\u00a0",
        "\ufeff",
        "مرحبا بالعالم؟ ",
    ]
)
texts = st.lists(
    pieces | st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=25
).map("".join)

filters = st.builds(
    lambda days, sources, ids, tags: Filters(days[0], days[1], sources, ids, tags),
    st.tuples(st.none() | st.sampled_from(DAYS), st.none() | st.sampled_from(DAYS)).map(
        lambda days: days if None in days else tuple(sorted(day for day in days if day))
    ),
    st.frozensets(st.sampled_from([*SOURCES, "Nobody"]), max_size=2),
    st.frozensets(st.sampled_from([*IDS, "none"]), max_size=3),
    st.frozensets(st.sampled_from([*TAGS, "untagged"]), max_size=2),
)


def info(
    article_id: str = "a",
    *,
    title: str | None = None,
    source: str | None = None,
    day: dt.date | None = None,
    tags: Sequence[str] = (),
    text: str = "",
) -> ArticleInfo:
    return ArticleInfo(
        id=article_id,
        title=title,
        url=None,
        source=source,
        author=None,
        published_at=day,
        tags=tuple(tags),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        path=f"{article_id}.txt",
    )


def article(text: str, title: str | None = None) -> Article:
    return Article(info(title=title, text=text), text)


def chunk(text: str, article_id: str = "a", start: int = 0, context: str = "") -> Chunk:
    end = start + len(text)
    return Chunk(article_id, start, end, text, context, (Span(start, end),))


def filterable_articles() -> list[Article]:
    """Five articles with the same words that differ in all that can be filtered by."""
    kinds = [
        (SOURCES[0], DAYS[0], TAGS[:2]),
        (SOURCES[1], DAYS[1], TAGS[1:3]),
        (SOURCES[2], DAYS[2], [TAGS[3]]),
        (None, None, TAGS[:1]),
        (SOURCES[0], DAYS[1], []),
    ]
    return [
        Article(info(article_id, source=source, day=day, tags=tags), "Rain fell.")
        for article_id, (source, day, tags) in zip(IDS, kinds, strict=True)
    ]
