"""Files written here as newspapers and word processors write theirs: words lost and words added.

Formats are read better by looking at those in the folder, and never by looking at those in `shut`.
"""

from __future__ import annotations

from typing import Any

import pytest

from scripts.benchmarks.formats import compare_folder
from tests.conftest import FILES


@pytest.mark.parametrize(
    ("folder", "suffix", "precision", "recall"),
    [
        ("written", ".html", 0.95, 0.98),
        ("written", ".rtf", 1.0, 1.0),
        ("written/shut", ".html", 0.89, 1.0),
        ("written/shut", ".rtf", 0.93, 0.93),
    ],
)
def test_words_of_written_files_are_read(
    folder: str, suffix: str, precision: float, recall: float
) -> None:
    figures: dict[str, Any] = compare_folder(FILES / folder)[suffix]
    assert figures["control_characters"] == 0
    assert figures["precision"] >= precision
    assert figures["recall"] >= recall
