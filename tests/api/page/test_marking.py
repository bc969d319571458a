"""Marking an answer wrong, selecting the right words, and reviewing that, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.api.page.conftest import EMOJI_TEXT
from tests.api.page.test_several import check_access

if TYPE_CHECKING:
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
