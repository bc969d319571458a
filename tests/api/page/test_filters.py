"""Filters on the page, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.api.page.conftest import PHONE

if TYPE_CHECKING:
    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser

RANGE = "$64 billion to $72 billion"


def _open_filters(visit: Visit, path: str = "/") -> None:
    visit.open(path)
    # An answer that comes moves the filters: none is to be clicked meanwhile.
    expect(visit.page.locator("#results[aria-busy]")).to_have_count(0)
    visit.page.locator("#filters summary").click()
    expect(visit.page.get_by_label("From", exact=True)).to_be_visible()


def test_a_source_narrows_the_answers_at_once(visit: Visit) -> None:
    _open_filters(visit, "/?q=2025+billion")
    expect(visit.page.get_by_role("region", name="Or, less likely")).to_be_visible()
    visit.page.get_by_label("Sample Markets").check()
    expect(visit.words).to_have_text("$80 billion")
    expect(visit.page.get_by_role("region", name="Or, less likely")).to_have_count(0)
    expect(visit.page.get_by_label("Sample Markets")).to_be_focused()
    assert visit.page.url.endswith("?q=2025+billion&source=Sample+Markets")
    visit.page.get_by_role("button", name="Clear filters").click()
    expect(visit.page.get_by_label("Sample Markets")).not_to_be_checked()
    expect(visit.page.get_by_role("region", name="Or, less likely")).to_be_visible()
    assert visit.page.url.endswith("?q=2025+billion")


def test_counts_follow_the_filters_on_other_fields(visit: Visit) -> None:
    _open_filters(visit)
    count = visit.page.locator(".choice", has_text="social").locator(".count")
    wire = visit.page.locator(".choice", has_text="Sample Wire").locator(".count")
    expect(count).to_have_text("1")
    visit.page.get_by_label("Sample Markets").check()
    expect(count).to_have_text("0")
    expect(wire).to_have_text("1")  # what it would add
    visit.page.get_by_label("To", exact=True).fill("2025-02-01")
    expect(wire).to_have_text("0")
    visit.page.get_by_role("button", name="Clear filters").click()
    expect(count).to_have_text("1")


def test_days_and_tags_narrow_the_answers(visit: Visit) -> None:
    _open_filters(visit)
    visit.page.get_by_label("To", exact=True).fill("2025-02-01")
    visit.page.get_by_label("capex").check()
    visit.ask("2025 billion")
    expect(visit.words).to_have_text("$80 billion")
    expect(visit.page.locator("#filters-active")).to_have_text("until 1 February 2025, capex")
    visit.page.get_by_label("To", exact=True).fill("")
    visit.page.get_by_label("From", exact=True).fill("2025-02-01")
    expect(visit.words).to_have_text(RANGE)
    assert visit.page.url.endswith("?q=2025+billion&from=2025-02-01&tag=capex")


def test_a_year_being_typed_is_not_a_filter(visit: Visit) -> None:
    _open_filters(visit, "/?q=2025+billion")
    visit.page.get_by_label("From", exact=True).focus()
    expect(visit.page.get_by_role("region", name="Or, less likely")).to_be_visible()
    visit.page.keyboard.type("02012025")
    visit.page.wait_for_url("**from=2025-02-01")
    expect(visit.page.get_by_role("region", name="Or, less likely")).to_have_count(0)
    expect(visit.words).to_have_text(RANGE)
    assert len([url for url in visit.requests if url.endswith("/v1/ask")]) == 2


def test_linked_filters_are_set_and_said(visit: Visit) -> None:
    _open_filters(visit, "/?q=2025+billion&from=2025-01-01&to=2025-02-01&source=Gone&tag=capex")
    expect(visit.page.get_by_label("From", exact=True)).to_have_value("2025-01-01")
    expect(visit.page.get_by_label("capex")).to_be_checked()
    expect(visit.page.get_by_label("Gone")).to_be_checked()  # though no article has it
    active = "1 January 2025 to 1 February 2025, Gone, capex"
    expect(visit.page.locator("#filters-active")).to_have_text(active)
    visit.page.get_by_role("link", name="Ask without filters").click()
    expect(visit.words).to_be_visible()
    expect(visit.page.locator("#filters-active")).to_be_empty()


def test_filters_leave_a_question_that_is_being_written_alone(visit: Visit) -> None:
    _open_filters(visit, "/?q=2025+billion")
    expect(visit.words).to_be_visible()
    visit.page.get_by_label("Your question").fill("How much in fiscal 2025 does Microsoft spend?")
    visit.page.get_by_label("Sample Markets").check()
    visit.page.get_by_role("button", name="Ask", exact=True).click()
    expect(visit.words).to_have_text("$80 billion")
    assert visit.page.url.endswith("Microsoft+spend%3F&source=Sample+Markets")
    assert len([url for url in visit.requests if url.endswith("/v1/ask")]) == 2


def test_going_back_takes_filters_back(visit: Visit) -> None:
    _open_filters(visit, "/?q=2025+billion")
    visit.page.get_by_label("Sample Markets").check()
    expect(visit.words).to_have_text("$80 billion")
    visit.page.go_back()
    expect(visit.page.get_by_label("Sample Markets")).not_to_be_checked()
    expect(visit.page.get_by_role("region", name="Or, less likely")).to_be_visible()


def test_days_the_wrong_way_round_are_said_in_the_words_of_the_service(visit: Visit) -> None:
    visit.expected = "422"
    visit.open("/?q=2025+billion&from=2025-02-01&to=2025-01-01")
    expect(visit.page.get_by_role("heading", name="cannot take this question")).to_be_visible()
    expect(visit.page.locator(".problem")).to_contain_text(
        "2025-01-01 is before published_from (2025-02-01)"
    )


def test_escape_closes_the_filters(visit: Visit) -> None:
    _open_filters(visit)
    visit.page.get_by_label("From", exact=True).focus()
    visit.page.keyboard.press("Escape")
    expect(visit.page.get_by_label("From", exact=True)).not_to_be_visible()
    expect(visit.page.locator("#filters summary")).to_be_focused()


@pytest.mark.parametrize("visit", [PHONE], ids=["phone"], indirect=True)
def test_answers_stay_in_view_below_open_filters_on_a_phone(visit: Visit) -> None:
    _open_filters(visit, "/?q=2025+billion")
    visit.page.get_by_label("Sample Markets").check()
    expect(visit.words).to_have_text("$80 billion")
    expect(visit.words).to_be_in_viewport(ratio=1)
    assert visit.page.evaluate("scrollY") == 0
    boxes = [visit.page.get_by_label(name, exact=True).bounding_box() for name in ("From", "To")]
    first, second = (box for box in boxes if box is not None)
    assert (first["y"], first["width"]) == (second["y"], second["width"])
