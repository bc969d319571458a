"""Files written here as newspapers and word processors write theirs: words lost and words added.

Formats are read better by looking at those in the folder, and never by looking at those in `shut`.
"""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from index.formats.raw_article import RawArticle
from index.formats.registry import FORMATS, read_entries
from scripts.benchmarks.formats import compare_folder
from tests.conftest import FILES


@pytest.mark.parametrize(
    ("folder", "suffix", "precision", "recall"),
    [
        ("written", ".html", 0.99, 0.98),
        ("written", ".rtf", 1.0, 1.0),
        ("written/shut", ".html", 0.92, 1.0),
        ("written/shut", ".rtf", 0.96, 0.96),
        ("pages", ".html", 0.97, 1.0),
        ("pages", ".rtf", 1.0, 1.0),
    ],
)
def test_words_of_written_files_are_read(
    folder: str, suffix: str, precision: float, recall: float
) -> None:
    figures: dict[str, Any] = compare_folder(FILES / folder)[suffix]
    assert figures["control_characters"] == 0
    assert figures["precision"] >= precision
    assert figures["recall"] >= recall


# Of pages that tables lay out, or that name their authors as nothing but words.
MISSES: Final = {"title": 0, "author": 3, "date": 2}


def test_title_author_and_day_of_pages_are_read() -> None:
    folder = FILES / "pages"
    misses = dict.fromkeys(MISSES, 0)
    for name, expected in json.loads((folder / "fields.json").read_text(encoding="utf-8")).items():
        file = folder / name
        article = next(iter(read_entries(FORMATS[file.suffix], file.read_bytes()))).content
        assert isinstance(article, RawArticle)
        fields, day = article.fields, article.fields.published_at or article.created
        read = {"title": fields.title, "author": fields.author, "date": day and day.isoformat()}
        for field, value in expected.items():
            misses[field] += (read[field] or "").replace("; ", ", ").casefold() != value.casefold()
    assert misses == MISSES
