"""The copy menu of a citation, and links that find their words again, in a real browser."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from api.answering.verifying import sha256_of
from tests.api.page.conftest import EMOJI_TEXT, until

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
PAID = "How much was paid in Köln?"
AMOUNT = "$7 billion"
START = EMOJI_TEXT.index(AMOUNT)
# What is said for three seconds stays until a test lets it go.
STAYING = """
window.staying = new Map();
const { setTimeout: set, clearTimeout: clear } = window;
window.setTimeout = (act, after) => {
    if (after !== 3000) { return set(act, after); }
    const id = -1 - staying.size;
    staying.set(id, act);
    return id;
};
window.clearTimeout = (id) => { staying.delete(id) || clear(id); };
"""


def _menu(visit: Visit) -> Locator:
    return visit.page.locator(".answer .copy [role=menu]").first


def _copy(visit: Visit, item: str) -> str:
    """What is on the clipboard after an item of the first citation's menu was clicked."""
    button = visit.page.locator(".answer .copy > button").first
    visit.page.evaluate("navigator.clipboard.writeText('')")
    button.click()
    _menu(visit).get_by_role("menuitem", name=item, exact=True).click()
    expect(button).to_have_text("Copied")
    # It may say so of the item before.
    read = "navigator.clipboard.readText()"
    copied: str = until(visit.page, lambda: visit.page.evaluate(read))
    return copied


@pytest.mark.parametrize("visit", [CLIPBOARD], ids=["desk"], indirect=True)
def test_a_citation_is_copied_in_every_format(visit: Visit) -> None:
    visit.page.add_init_script(STAYING)
    visit.open()
    visit.ask(PAID)
    assert _copy(visit, "Quotation") == f"“{EMOJI_TEXT.removesuffix(' 🎉')}” (🚀 Köln)"
    assert _copy(visit, "Answer as Markdown").startswith(f"**{PAID}**\n\n\\{AMOUNT} [1] (")
    assert _copy(visit, "BibTeX").startswith("@misc{emoji,\n  title = {{🚀 Köln}},\n")
    assert _copy(visit, "RIS").startswith("TY  - ELEC\r\nID  - emoji\r\n")
    (item,) = json.loads(_copy(visit, "CSL-JSON"))
    assert (item["id"], item["URL"]) == ("emoji", "https://example.org/koeln")
    expect(visit.page.get_by_role("status")).to_have_text("Copied")
    # What is said of an item is not taken away as what was said of those before would be.
    assert visit.page.evaluate("staying.size") == 1
    visit.page.evaluate("[...staying.values()].forEach((act) => act())")
    expect(visit.page.locator(".answer .copy > button").first).to_have_text("Copy")
    visit.page.goto(_copy(visit, "Link to this answer"))
    expect(visit.article.locator("mark")).to_have_text(AMOUNT)
    expect(visit.article.locator(".notice")).to_have_count(0)
    visit.page.keyboard.press("Escape")
    expect(visit.words).to_have_text(AMOUNT)
    expect(visit.page).not_to_have_url(re.compile(r"[?&]sha256="))


@pytest.mark.parametrize("visit", [CLIPBOARD], ids=["desk"], indirect=True)
def test_the_menu_is_operated_by_keys(visit: Visit) -> None:
    visit.page.add_init_script(STAYING)
    visit.open()
    visit.ask(PAID)
    button = visit.page.locator(".answer .copy > button").first
    button.focus()
    keys = visit.page.keyboard
    keys.press("Enter")
    item = _menu(visit).get_by_role("menuitem")
    expect(item.nth(0)).to_be_focused()
    for key, at in (("ArrowUp", 5), ("ArrowDown", 0), ("End", 5), ("Home", 0), ("ArrowDown", 1)):
        keys.press(key)
        expect(item.nth(at)).to_be_focused()
    keys.press("Escape")
    expect(_menu(visit)).to_be_hidden()
    expect(button).to_be_focused()
    keys.press("ArrowUp")
    expect(item.nth(5)).to_be_focused()
    keys.press("Tab")
    expect(_menu(visit)).to_be_hidden()
    button.focus()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(button).to_have_text("Copied")
    expect(button).to_be_focused()
    assert visit.page.evaluate("navigator.clipboard.readText()").endswith("(🚀 Köln)")


def test_a_page_that_may_not_use_the_clipboard_copies_by_a_selection(visit: Visit) -> None:
    visit.open()
    visit.page.evaluate(STAYING)
    visit.page.evaluate(
        """() => {
            navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"));
            document.execCommand = () => {
                window.selected = getSelection().toString();
                return true;
            };
        }"""
    )
    visit.ask(PAID)
    visit.page.locator(".answer .copy > button").first.click()
    _menu(visit).get_by_role("menuitem", name="Quotation").click()
    expect(visit.page.locator(".answer .copy > button").first).to_have_text("Copied")
    assert visit.page.evaluate("window.selected").endswith("(🚀 Köln)")


def _link(article: str, quote: str, start: int, **changes: str) -> str:
    place = {"article": article, "start": start, "end": start + len(quote), "quote": quote}
    return f"/?{urlencode({**place, 'sha256': sha256_of(quote), **changes})}"


def test_a_link_finds_its_words_where_they_are_now(visit: Visit) -> None:
    visit.open(_link("emoji", AMOUNT, START + 30))  # before the article lost 30 code points
    expect(visit.article.locator("mark")).to_have_text(AMOUNT)
    expect(visit.article.locator("mark")).to_be_focused()
    expect(visit.article.locator(".notice")).to_have_count(0)


def test_a_link_says_when_its_words_are_gone(visit: Visit) -> None:
    visit.expected = "404|422"
    visit.open(_link("emoji", "$8 billion", START))
    notice = visit.article.locator(".notice")
    expect(notice).to_have_text("“$8 billion” does not stand in this article any more.")
    expect(visit.article.locator("mark")).to_have_count(0)
    visit.open(_link("none", "$8 billion", START))
    expect(visit.article).to_contain_text("article 'none': not in the index")
    expect(visit.article).to_contain_text("It was cited with “$8 billion”.")
    visit.open(_link("emoji", AMOUNT, START, sha256=sha256_of("$8 billion")))
    expect(notice).to_have_text("The link is not whole, so nothing is marked.")
    expect(visit.article.locator("mark")).to_have_count(0)
