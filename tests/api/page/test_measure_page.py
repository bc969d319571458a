"""Measuring the page from the outside, as a person would see it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from scripts.measure_page import app
from tests.api.page.conftest import find_chromium

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
    arguments = ["--url", served, "--gold", str(gold), "--questions", "2", "--json"]
    chromium = ["--chromium", str(find_chromium())]
    with ThreadPoolExecutor(1) as other:  # this thread's Playwright drives the browser of all tests
        ended = other.submit(CliRunner().invoke, app, [*arguments, *chromium]).result()
    assert ended.exit_code == 0, ended.output
    measured = json.loads(ended.stdout)
    assert measured["questions"] == 2
    for part in ("key_press_to_answer_ms", "service_ms", "page_and_network_ms"):
        assert 0 < measured[part]["p50"] <= measured[part]["p95"]
    assert measured["service_ms"]["p50"] < measured["key_press_to_answer_ms"]["p50"]
