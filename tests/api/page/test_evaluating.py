"""Evaluating, comparing and going back on the page, in a real browser."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from api.main import create_app
from api.service.evaluating import evaluations
from api.service.evaluating.history import EvaluationHistory
from tests.api.page.conftest import serve, visiting
from tests.api.page.test_several import check_access
from tests.api.routes.test_evaluating import FIGURES
from tests.conftest import META, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary
    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser

MISSED = {"id": "m", "question": "Who minded?", "outcome": "reader_missed"}
EVALUATED = {
    "evaluation": {**FIGURES, "outcomes": {"right": 2, "reader_missed": 1}, "questions": 3},
    "missed": [{**MISSED, "expected": ["Everybody"], "given": "Nobody", "error": None}],
}
COMPARED = {
    "old_version": "v",
    "new_version": "v",
    "compared": 3,
    "only_old": [],
    "only_new": [],
    "asked_otherwise": [],
    "measures": [
        {"name": "f1", "higher_is_better": True, "old": 0.5, "new": 0.75, "delta": 0.25}
        | {"low": 0.0, "high": 0.5, "p": 0.04}
    ],
    "changes": [
        {"id": "m", "question": "Who minded?", "verdict": "better", "old_outcome": "right"}
        | {"new_outcome": "right", "old_answer": None, "new_answer": "Nobody"}
    ],
}
# What the process of an evaluation, or of a comparison, says.
SAYS = f"""
import sys
print({json.dumps(EVALUATED)!r} if "run" in sys.argv else {json.dumps(COMPARED)!r})
"""


def _open_evaluation(visit: Visit) -> Locator:
    visit.open()
    visit.page.get_by_role("button", name="1 article").click()
    card = visit.page.get_by_role("dialog", name="What is searched")
    card.get_by_text("Evaluation", exact=True).click()
    return card


def test_admin_evaluates_compares_and_goes_back(
    browser: Browser,
    settings: Settings,
    models: Models,
    corpus_dir: Path,
    build: Callable[[], BuildSummary],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    build()
    write_articles(corpus_dir, [{"id": "new", "text": META}])
    build()
    history = EvaluationHistory(settings.index_dir)
    for suffix in (".json", ".html"):
        (history.folder() / f"before{suffix}").write_text("<p>The report.")
    history.add({**FIGURES, "id": "before"})
    monkeypatch.setattr(evaluations, "EVALUATE_COMMAND", (sys.executable, "-S", "-c", SAYS))
    with (
        serve(create_app(settings, models)) as address,
        visiting(browser, address) as visit,
    ):
        card = _open_evaluation(visit)
        with visit.page.expect_download() as saved:
            card.get_by_role("button", name="Save the report").click()
        assert saved.value.path().read_text() == "<p>The report."
        card.get_by_role("button", name="Evaluate now").click()
        expect(card).to_contain_text("Done: 2 of 3 questions right.")
        card.get_by_text("1 question not answered right").click()
        expect(card).to_contain_text("Expected: “Everybody”")
        rows = card.locator(".evaluating tbody tr")
        expect(rows).to_have_count(2)
        (done,) = (record["id"] for record in history.records()[1:])
        for suffix in (".json", ".html"):
            (history.folder() / f"{done}{suffix}").write_text("{}")
        card.get_by_text("Evaluation", exact=True).click()
        card.get_by_text("Evaluation", exact=True).click()
        for row in (0, 1):
            rows.nth(row).get_by_role("checkbox").check()
        card.get_by_role("button", name="Compare the two").click()
        expect(card).to_contain_text("+25.0% (p .040)")
        expect(card).to_contain_text("Better: no answer, now “Nobody”")
        check_access(visit)
        back = card.get_by_role("button", name="Go back to that of")
        back.click()
        card.get_by_role("button", name="Serve that of").click()
        expect(card.locator(".generations li").nth(1)).to_contain_text("Served now")
        expect(card.locator("dl")).to_contain_text("Articles3")


def test_admin_refuses_what_is_served_and_allows_it_again_by_keyboard(
    browser: Browser,
    settings: Settings,
    models: Models,
    corpus_dir: Path,
    build: Callable[[], BuildSummary],
) -> None:
    build()
    write_articles(corpus_dir, [{"id": "new", "text": META}])
    build()
    with (
        serve(create_app(settings, models)) as address,
        visiting(browser, address) as visit,
    ):
        card = _open_evaluation(visit)
        items = card.locator(".generations li")
        latest, before = items.nth(0), items.nth(1)
        latest.get_by_role("button", name="Refuse that of").focus()
        visit.page.keyboard.press("Enter")
        expect(latest.get_by_label("Why that of")).to_be_focused()
        visit.page.keyboard.press("Enter")  # without a reason nothing is sent
        visit.page.keyboard.type("It finds less.")
        check_access(visit)
        visit.page.keyboard.press("Enter")
        expect(before).to_contain_text("Served now")
        expect(latest).to_contain_text(": It finds less.")
        expect(latest.get_by_role("button", name="Go back")).to_have_count(0)
        expect(card.locator("dl")).to_contain_text("Articles3")
        check_access(visit)
        before.get_by_role("button", name="Refuse that of").click()
        before.get_by_label("Why that of").fill("That too.")
        with visit.page.expect_response("**/refusal"):
            visit.page.keyboard.press("Enter")
        expect(card).to_contain_text("no earlier generation is kept")
        latest.get_by_role("button", name="Allow that of").click()
        latest.get_by_role("button", name="Go back to that of").click()
        latest.get_by_role("button", name="Serve that of").click()
        expect(card.locator("dl")).to_contain_text("Articles1")
        visit.expected = "409"
