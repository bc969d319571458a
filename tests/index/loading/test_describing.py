"""Day and title of articles whose files state none."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from index.formats.fields import ArticleFields
from index.formats.raw_article import RawArticle
from index.formats.registry import FORMATS
from index.loading.articles import load_articles
from index.loading.corpus_folder import Skipped
from index.loading.describing import find_day, find_title
from index.records import Article

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2025, 3, 4)
TXT = FORMATS[".txt"]


def _raw(text: str = "Text.", **fields: object) -> RawArticle:
    return RawArticle(ArticleFields.model_validate(fields), text)


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2025-03-04-quay.txt", DAY),
        ("quay_20250304.txt", DAY),
        ("quay 04.03.2025.txt", DAY),
        ("2025/03/04/quay.txt", DAY),
        ("2024-12-31/quay-2025_03_04.txt", DAY),
        ("quay-2025-03.txt", None),
        ("quay-2025-13-04.txt", None),
        ("order-120250304.txt", None),
        ("2999-03-04.txt", None),
    ],
)
def test_day_is_read_from_the_path(path: str, day: dt.date | None) -> None:
    found = find_day(_raw(), path, TXT)
    assert found == (None if day is None else (day, "file name"))


@pytest.mark.parametrize(
    "head",
    [
        "The quay closes\n\n4 March 2025\n\nIt closes.",
        "# The quay closes\n\n*March 4, 2025*\n\nIt closes.",
        "The quay closes\nPublished: Tuesday, 4 March 2025\nIt closes.",
        "Date: 2025-03-04\n\nIt closes.",
        "By Ines Aldous | March 4, 2025 | 3 min read\n\nIt closes.",
        "SKERRY SOUND, March 4, 2025 – The quay closes on Friday, the board said on Tuesday.",
        "The quay closes\n\nInes Aldous, 4 March 2025\n\nIt closes.",
        "The quay closes\n\nBy Ines Aldous and Jo Ray March 4, 2025\n\nIt closes.",
        "LONDON, 4 March 2025 (Wire) -- The quay closes.",
        "Last updated 5 June 2025\nPosted on 4 March 2025\nIt closes.",
    ],
)
def test_day_is_read_from_the_first_lines(head: str) -> None:
    assert find_day(_raw(head), "quay.txt", TXT) == (DAY, "text")


@pytest.mark.parametrize(
    "text",
    [
        "The quay closed on 4 March 2025, the board said.",
        "Last updated: 4 March 2025\n\nIt closes.",
        "3/4/2025\n\nIt closes.",
        "March 2025\n\nIt closes.",
        "It closed at noon on 4 March 2025\n\nIt closes.",
        "It closes.\n\n" * 20 + "4 March 2025\n",
        "1. 4 March 2999\n",
    ],
)
def test_day_in_a_sentence_or_of_a_change_is_not_taken(text: str) -> None:
    assert find_day(_raw(text), "quay.txt", TXT) is None


def test_stated_day_comes_first_and_that_of_the_file_last() -> None:
    other = dt.date(2020, 1, 1)
    text = "4 March 2025\n\nIt closes."
    stated = _raw(text, published_at=other)
    assert find_day(stated, "2019-01-01.md", FORMATS[".md"]) == (other, "front matter")
    assert find_day(stated, "a.html", FORMATS[".html"]) == (other, "metadata")
    made = replace(_raw(text), created=other)
    assert find_day(made, "a.txt", TXT) == (DAY, "text")
    assert find_day(replace(made, text="Text."), "a.txt", TXT) == (other, "metadata")


@pytest.mark.parametrize(
    ("text", "path", "title"),
    [
        ("The quay closes\n\nIt closes on Friday, said the board.", "a.txt", "The quay closes"),
        ("It closes on Friday, said the board.", "harbour-fees_2025-03-04.txt", "harbour fees"),
        ("It closes on Friday.", "scan0001.txt", None),
        ("It closes on Friday.", "a.md", None),
        ("Price: 55 crowns\n\nIt closes on Friday, said the board.", "a.txt", None),
    ],
)
def test_title_is_the_first_heading_or_the_words_of_the_name(
    text: str, path: str, title: str | None
) -> None:
    row = FORMATS[f".{path.rpartition('.')[2]}"]
    assert find_title(_raw(text), path, row) == title


@pytest.mark.parametrize(
    "junk", ["Microsoft Word - fares.doc", "untitled", "fares.indd", "Document1"]
)
def test_title_that_a_program_wrote_is_none(junk: str) -> None:
    pdf = FORMATS[".pdf"]
    assert find_title(_raw("It closes on Friday.", title=junk), "ferry-fares.pdf", pdf) == (
        "ferry fares"
    )
    assert find_title(_raw(title="Document of the year"), "a.pdf", pdf) == "Document of the year"


def _infos(folder: Path) -> list[tuple[object, ...]]:
    articles = list(load_articles(folder))
    assert all(isinstance(article, Article) for article in articles), articles
    return [
        (article.info.title, article.info.published_at, article.info.published_at_from)
        for article in articles
        if isinstance(article, Article)
    ]


@pytest.mark.parametrize("sidecar", ["quay.txt.meta.yml", "quay.meta.yml"])
def test_sidecar_sets_what_it_states(tmp_path: Path, sidecar: str) -> None:
    (tmp_path / "quay.txt").write_text("5 May 2025\n\nIt closes.")
    (tmp_path / sidecar).write_text(
        "title: The quay\ndate: 2025-03-04\ntags: a, b\nauthor: Ines\nid: q1\nurl: [x]\n"
    )
    (article,) = load_articles(tmp_path)
    assert isinstance(article, Article)
    info = article.info
    assert (info.id, info.title, info.author, info.tags) == ("q1", "The quay", "Ines", ("a", "b"))
    assert (info.published_at, info.published_at_from) == (DAY, "metadata")
    (message,) = info.left_out
    assert message.startswith(f"{sidecar}: field 'url'")


def test_sidecar_without_its_file_or_of_several_articles_is_named(tmp_path: Path) -> None:
    (tmp_path / "gone.pdf.meta.yml").write_text("title: Gone")
    (tmp_path / "log.csv").write_text("text\nIt closes.\n")
    (tmp_path / "log.csv.meta.yml").write_text("title: Log")
    (tmp_path / "quay.txt").write_text("It closes.")
    (tmp_path / "quay.txt.meta.yml").write_text("- a\n")
    _, several, quay, gone = load_articles(tmp_path)
    assert several == Skipped(
        "log.csv.meta.yml", "metadata of a file with several articles; each of them states its own"
    )
    assert gone == Skipped("gone.pdf.meta.yml", "metadata of an article file that is not beside it")
    assert isinstance(quay, Article)
    assert quay.info.left_out == ("quay.txt.meta.yml: expected 'key: value' lines",)


def test_dates_of_files_without_front_matter(tmp_path: Path) -> None:
    (tmp_path / "2025-03-04-quay.md").write_text("# The quay\n\nIt closes.")
    (tmp_path / "fares.txt").write_text("Fares\n\n4 March 2025\n\nThey rise, said the board.")
    assert _infos(tmp_path) == [
        ("The quay", DAY, "file name"),
        ("Fares", DAY, "text"),
    ]
