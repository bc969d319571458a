"""Browsing, adding and removing articles on the page, in a real browser."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from api.main import create_app
from api.service.jobs import rebuilding
from tests.api.page.conftest import serve, visiting
from tests.api.page.test_several import check_access
from tests.conftest import ARTICLES, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

pytestmark = pytest.mark.browser

BUILT = json.dumps({"index_version": "v", "articles": 4, "skipped": []})


def test_articles_are_found_opened_added_and_removed(
    browser: Browser,
    settings: Settings,
    models: Models,
    corpus_dir: Path,
    tmp_path: Path,
    build: Callable[[], BuildSummary],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    again = {**ARTICLES[0], "id": "again", "title": "Meta again"}
    write_articles(corpus_dir, [*ARTICLES, {**again, "text": f"{ARTICLES[0]['text']} So it is."}])
    build()
    command = [sys.executable, "-c", f"print({BUILT!r})"]
    monkeypatch.setattr(rebuilding, "BUILD_COMMAND", command)
    with (
        serve(create_app(settings, models)) as address,
        visiting(browser, address) as visit,
    ):
        visit.open()
        visit.page.get_by_role("button", name="4 articles").click()
        card = visit.page.get_by_role("dialog", name="What is searched")
        card.get_by_text("Browse the articles").click()
        items = card.locator(".articles li")
        expect(items).to_have_count(4)
        check_access(visit)
        card.get_by_label("Find articles").fill("meta")
        expect(items).to_have_count(2)
        items.get_by_role("link", name="Meta again").click()
        expect(visit.article.locator(".near")).to_have_text(
            "Nearly the same: Meta raises its budget"
        )
        visit.page.keyboard.press("Escape")
        (tmp_path / "quay.txt").write_text("The quay cost $1.")
        (tmp_path / "bad.pdf").write_text("no PDF")
        card.locator("input[type=file]").set_input_files(
            [tmp_path / "quay.txt", tmp_path / "bad.pdf"]
        )
        expect(card).to_contain_text("Added: 1 article. 1 file or entry left out:")
        expect(card).to_contain_text("bad.pdf")
        expect(card).to_contain_text("Done: 4 articles.")
        assert (corpus_dir / "quay.txt").read_text() == "The quay cost $1."
        card.get_by_role("button", name="Remove Meta again").click()
        card.get_by_role("button", name="Remove Meta again for good").click()
        expect(card).to_contain_text("Removed: 1 article.")
        assert '"again"' not in (corpus_dir / "articles.jsonl").read_text()
        visit.open("/?tag=social")
        visit.page.get_by_role("button", name="4 articles").click()
        card.get_by_text("Browse the articles").click()
        expect(card.get_by_role("status").first).to_have_text(
            "2 articles, of those that pass the filters: social"
        )
