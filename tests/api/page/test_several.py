"""Lists and comparisons on the page, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.api.page.conftest import PHONE, until_still

if TYPE_CHECKING:
    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser

LIST = "Which products 2025 billion?"
COMPARISON = "Who plans to spend more billion in 2025, Meta or Microsoft?"


def check_access(visit: Visit) -> None:
    """Nothing for axe to find, and nothing wider than the phone."""
    until_still(visit.page)
    found = Axe().run(visit.page)
    assert found.response["violations"] == [], found.generate_report()
    assert visit.page.evaluate(
        "document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth"
    )


@pytest.mark.parametrize("visit", [PHONE], ids=["phone"], indirect=True)
def test_a_list_shows_every_item_with_its_source_and_how_complete_it_is(visit: Visit) -> None:
    visit.open()
    visit.ask(LIST)
    shown = visit.page.locator(".several")
    items = shown.locator("ol > li")
    expect(items.first).to_be_visible()
    count = items.count()
    assert count > 1
    expect(shown.get_by_role("heading")).to_have_text(f"{count} answers")
    assert items.locator(".citation mark").count() >= count
    expect(shown.locator("> .hint")).to_contain_text("articles searched. The list ")
    expect(visit.page.get_by_role("status")).to_contain_text(f"{count} answers: $")
    check_access(visit)


@pytest.mark.parametrize("visit", [PHONE], ids=["phone"], indirect=True)
def test_a_comparison_shows_both_sides_cited_the_one_asked_for_first(visit: Visit) -> None:
    visit.open()
    visit.ask(COMPARISON)
    sides = visit.page.locator(".several ol > li")
    expect(sides).to_have_count(2)
    expect(sides.locator(".subject")).to_have_text(["Microsoftgreater", "Meta"])
    expect(sides.locator(".words")).to_have_text(["$80 billion", "$64 billion to $72 billion"])
    expect(sides.nth(1).locator("figcaption a").first).to_have_text("Meta raises its budget")
    said = "Compared by value: Microsoft, $80 billion, is above Meta, $64 billion to $72 billion."
    expect(visit.page.locator(".statement")).to_have_text(said)
    expect(visit.page.get_by_role("status")).to_have_text(said)
    check_access(visit)


def test_a_yes_or_no_is_not_guessed(visit: Visit) -> None:
    visit.open()
    visit.ask("Did Meta expect capital expenditure?")
    expect(visit.page.locator(".reason")).to_contain_text("A yes or no is not given")
    expect(visit.page.get_by_role("link", name="Show the best guess")).to_have_count(0)
    expect(visit.page.locator(".citation").first).to_contain_text("Meta expects capital")
