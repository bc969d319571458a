"""Marking an answer wrong, selecting the right words, and reviewing that, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from api.main import create_app
from index.generations.generation import open_current
from index.loading.corpus_folder import LOCAL_GOLD_FILE
from index.loading.local_gold import gold_beside
from scripts.evaluation.asking import LocalSystem
from scripts.evaluation.evaluating import evaluate
from scripts.evaluation.lint.findings import Severity
from scripts.evaluation.lint.known_articles import from_corpus
from scripts.evaluation.lint.linting import lint
from scripts.evaluation.results import Outcome
from tests.api.page.conftest import EMOJI_TEXT, serve, visiting
from tests.api.page.test_several import check_access
from tests.scripts.evaluation.making import QUICK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary
    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser

SELECT = """(words) => {
    const line = document.querySelector("#article .text p");
    const nodes = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
        const at = node.data.indexOf(words);
        if (at >= 0) {
            range.setStart(node, at);
            range.setEnd(node, at + words.length);
        }
    }
    getSelection().removeAllRanges();
    getSelection().addRange(range);
}"""


def test_wrong_answer_becomes_a_gold_question_by_selecting_the_right_words(visit: Visit) -> None:
    visit.open()
    visit.ask("How much was paid in Köln?")
    visit.page.get_by_role("button", name="Wrong").click()
    expect(visit.page.get_by_role("button", name="No article says it")).to_be_focused()
    check_access(visit)
    visit.page.locator(".marking a").first.click()
    choose = visit.page.get_by_role("button", name="These words are right")
    expect(choose).to_be_disabled()
    visit.page.evaluate(SELECT, " bought a 🏰")
    expect(choose).to_be_enabled()
    with visit.page.expect_request("**/v1/gold") as marking:
        choose.click()
    sent = marking.value.post_data_json
    assert sent is not None
    (words,) = sent["words"]
    assert words["quote"] == "bought a 🏰" == EMOJI_TEXT[words["start"] : words["end"]]
    kept = "Thank you: kept as a gold question."
    expect(visit.article.locator(".selecting")).to_have_text(kept)
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator(".marking")).to_have_text(kept)
    visit.page.get_by_role("button", name="7 articles").click()
    dialog = visit.page.get_by_role("dialog")
    dialog.get_by_text("Marked answers").click()
    expect(dialog.locator(".marked li")).to_contain_text("“bought a 🏰” in emoji")
    check_access(visit)
    visit.expected = "409"
    busy = {"title": "Conflict", "status": 409, "detail": "the file is being written"}
    visit.page.route("**/v1/gold/*", lambda route: route.fulfill(status=409, json=busy))
    dialog.get_by_role("button", name="Remove").click()
    expect(dialog.get_by_role("alert")).to_have_text("Not just now: the file is being written")
    visit.page.unroute("**/v1/gold/*")
    dialog.get_by_role("button", name="Remove").click()
    expect(dialog.locator(".marked")).to_have_count(0)


def test_words_marked_in_another_article_are_seen_by_the_lint_and_by_evaluations(
    browser: Browser,
    settings: Settings,
    models: Models,
    corpus_dir: Path,
    build: Callable[[], BuildSummary],
) -> None:
    build()
    with (
        serve(create_app(settings, models)) as address,
        visiting(browser, address) as visit,
    ):
        visit.open()
        visit.ask("How much did Meta spend?")
        visit.page.get_by_role("button", name="Wrong").click()
        visit.page.get_by_role("button", name="Find another article").focus()
        visit.page.keyboard.press("Enter")
        card = visit.page.get_by_role("dialog", name="What is searched")
        expect(card.get_by_label("Find articles")).to_be_focused()
        visit.page.keyboard.type("rain")
        expect(card.locator(".articles li")).to_have_count(1)
        check_access(visit)
        card.locator(".articles a").click()
        expect(visit.article.locator(".selecting")).to_contain_text("How much did Meta spend?")
        visit.page.evaluate(SELECT, "Dublin")
        visit.page.get_by_role("button", name="These words are right").click()
        expect(visit.article.locator(".selecting")).to_contain_text("kept as a gold question")
    (question,) = gold_beside(corpus_dir).questions
    assert (question.question, question.answers) == ("How much did Meta spend?", ("Dublin",))
    assert question.articles == ("rain",)
    articles = from_corpus(corpus_dir)
    placed, findings = lint(corpus_dir / LOCAL_GOLD_FILE, articles, least_of_tag=1)
    assert len(placed) == 1
    assert [finding.severity for finding in findings] == [Severity.WARNING]  # of a single question
    system = LocalSystem("here", open_current(settings.index_dir, models.encoder), models)
    (evaluated,) = evaluate(gold_beside(corpus_dir), system, top_k=8, bootstrap=QUICK).questions
    assert evaluated.id == question.id
    assert evaluated.outcome is not Outcome.RIGHT
