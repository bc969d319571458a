"""Follow-ups on the page, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.api.page.test_several import check_access

if TYPE_CHECKING:
    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser


def test_a_follow_up_takes_names_and_time_over_and_says_what_it_asked(visit: Visit) -> None:
    visit.open()
    visit.ask("How much billion at Meta in 2025?")
    chips = visit.page.locator("#context button")
    expect(chips).to_have_text(["Meta×", "in 2025×"])
    check_access(visit)
    visit.ask("And Microsoft?")
    expect(visit.page.locator(".rewritten")).to_have_text(
        "Asked: How much billion at Microsoft in 2025?"
    )
    expect(visit.words).to_have_text("$80 billion")
    expect(chips).to_have_text(["Microsoft×", "in 2025×"])
    visit.page.get_by_role("button", name="Leave out in 2025").click()
    expect(chips).to_have_text(["Microsoft×"])
    expect(chips.first).to_be_focused()
    visit.ask("And for Meta?")
    expect(visit.page.locator(".rewritten")).to_have_text("Asked: How much billion at Meta?")
    visit.page.go_back()
    expect(visit.words).to_have_text("$80 billion")
    visit.page.locator(".rewritten a").click()
    expect(visit.page.get_by_label("Your question")).to_have_value(
        "How much billion at Microsoft in 2025?"
    )
    expect(visit.page.locator(".rewritten")).to_have_count(0)
