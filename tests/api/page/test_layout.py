"""Accessibility by axe-core, and no sideways scrolling, in all that the page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.api.page.conftest import DESK, PHONE, until_still

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import ViewportSize

    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser

LINK = "/?q=2025+billion"
SMALL_ROUNDING = 1
ZOOMED = {side: pixels // 2 for side, pixels in DESK.items()}  # a desk at 200%
# The rules of axe-core that look at colours and sizes; what others look at is the same everywhere.
SEEN = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]


def _start(visit: Visit) -> None:
    visit.open(LINK)
    expect(visit.words).to_be_visible()
    visit.open()
    expect(visit.page.get_by_role("heading", name="Asked here before")).to_be_visible()
    expect(visit.page.get_by_role("heading", name="Try")).to_be_visible()
    expect(visit.page.get_by_role("button", name="7 articles")).to_be_visible()


def _answered(visit: Visit) -> None:
    visit.open(LINK)
    expect(visit.words).to_be_visible()
    expect(visit.page.get_by_role("button", name="7 articles")).to_be_visible()


def _broad(visit: Visit) -> None:
    visit.open("/?q=What+is+the+broadest+word%3F+" + "x" * 200 + "&guess=1")
    expect(visit.words).to_be_visible()


def _abstained(visit: Visit) -> None:
    visit.open("/?q=Who+runs+Google%3F")
    expect(visit.page.locator(".abstained")).to_be_visible()


def _filtering(visit: Visit) -> None:
    visit.open(f"{LINK}&tag=capex")
    visit.page.locator("#filters summary").click()
    expect(visit.page.get_by_label("capex")).to_be_checked()


def _reading(visit: Visit) -> None:
    _answered(visit)
    visit.page.locator(".answer .citation a").first.click()
    expect(visit.article.locator("mark")).to_be_visible()


def _copying(visit: Visit) -> None:
    _answered(visit)
    visit.page.locator(".answer .copy > button").first.click()
    expect(visit.page.get_by_role("menuitem", name="BibTeX")).to_be_visible()


def _reading_broad(visit: Visit) -> None:
    visit.open("/?article=broad&start=0&end=600")
    expect(visit.article.locator("mark")).to_be_visible()


def _index(visit: Visit) -> None:
    visit.open()
    visit.page.get_by_role("button", name="7 articles").click()
    expect(visit.page.get_by_role("button", name="Rebuild the index")).to_be_visible()


def _key_wanted(visit: Visit) -> None:
    visit.expected = "401"
    problem = {"title": "Unauthorized", "status": 401, "detail": "no API key"}
    visit.page.route("**/v1/**", lambda route: route.fulfill(status=401, json=problem))
    visit.open(LINK)
    expect(visit.page.get_by_label("Key")).to_be_visible()


# An answer is seen whole beside its filters and its menu.
VIEWS = [
    *(_start, _broad, _abstained, _filtering, _copying, _reading, _reading_broad, _index),
    _key_wanted,
]
IDS = [view.__name__.strip("_") for view in VIEWS]


@pytest.mark.parametrize("show", VIEWS, ids=IDS)
@pytest.mark.parametrize(
    "visit",
    [{"color_scheme": "dark", "reduced_motion": "no-preference", **PHONE}],
    ids=["phone"],
    indirect=True,
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    visit: Visit, show: Callable[[Visit], None]
) -> None:
    show(visit)
    assert len(_check_layout(visit, {})) > 10
    visit.page.emulate_media(color_scheme="light")
    visit.page.set_viewport_size(cast("ViewportSize", DESK))
    assert _check_layout(visit, {"runOnly": SEEN})
    visit.page.set_viewport_size(cast("ViewportSize", ZOOMED))
    assert _check_layout(visit, {"runOnly": SEEN})


def _check_layout(visit: Visit, options: dict[str, Any]) -> list[Any]:
    """Check what is shown as it is shown now; the rules of axe-core that it passes."""
    until_still(visit.page)
    found = Axe().run(visit.page, options=options)
    assert found.response["violations"] == [], found.generate_report()
    width = cast("dict[str, int]", visit.page.viewport_size)["width"]
    too_wide = visit.page.evaluate(
        """() => [document.scrollingElement, ...document.querySelectorAll("dialog[open]")]
            .map((element) => element.scrollWidth - Math.min(element.clientWidth, innerWidth))"""
    )
    assert max(too_wide) <= SMALL_ROUNDING
    assert visit.page.evaluate("innerWidth") == width
    return list(found.response["passes"])


@pytest.mark.parametrize("show", [_start, _answered], ids=["short", "long"])
@pytest.mark.parametrize("visit", [{"viewport": {"width": 900, "height": 420}}], indirect=True)
def test_the_page_stays_where_it_is_under_a_dialog(
    visit: Visit, show: Callable[[Visit], None]
) -> None:
    show(visit)
    field = visit.page.locator("#ask .field")
    before = field.bounding_box()
    visit.page.get_by_role("button", name="7 articles").click()
    expect(visit.page.get_by_role("dialog")).to_be_visible()
    page_width = visit.page.evaluate("document.documentElement.getBoundingClientRect().width")
    assert page_width < 900  # its scroll bar takes room
    assert field.bounding_box() == before
    card = visit.page.get_by_role("dialog")
    card.evaluate("card => card.scrollTo(0, card.scrollHeight)")
    assert card.evaluate("card => card.scrollTop") > 0
    expect(card.get_by_role("button", name="Close")).to_be_in_viewport()
    edges = "[card, card.firstElementChild].map((part) => part.getBoundingClientRect().top)"
    top, header = card.evaluate(f"card => {edges}")
    assert header == pytest.approx(top, abs=1)
