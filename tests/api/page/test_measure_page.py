"""Measuring the page from the outside, as a person would see it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.api.page.conftest import find_chromium
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_measure_page_prints_percentiles(browser: Browser, served: str, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    lines = [
        {"id": str(number), "question": f"{number} billion in 2025?", "answers": []}
        for number in (64, 72, 80)
    ]
    gold.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    command = [sys.executable, "-m", "scripts.measure_page", "--url", served]
    ended = subprocess.run(
        [
            *(*command, "--gold", str(gold), "--questions", "2", "--json"),
            *("--chromium", str(find_chromium())),
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    measured = json.loads(ended.stdout)
    assert measured["questions"] == 2
    for part in ("key_press_to_answer_ms", "service_ms", "page_and_network_ms"):
        assert 0 < measured[part]["p50"] <= measured[part]["p95"]
    assert measured["service_ms"]["p50"] < measured["key_press_to_answer_ms"]["p50"]
