"""The state of the index, and rebuilding it, in a real browser."""

from __future__ import annotations

import json
import re
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from api.main import create_app
from api.service.jobs import rebuilding
from tests.api.page.conftest import plain_reply, serve, until, visiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

    from api.service.models import Models
    from api.settings import Settings
    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser

# Stands at half until the test lets it go on.
BUILD = """
import json, pathlib, time
print(json.dumps({"progress": {"done": 20, "total": 40, "unit": "file"}}), flush=True)
while not pathlib.Path(%r).exists():
    time.sleep(0.02)
print(json.dumps({"index_version": "v", "articles": 1234, "skipped": []}))
"""


def _keeps(page: Page, key: str) -> bool:
    """Whether the tab keeps a key for rebuilding."""
    return bool(page.evaluate("sessionStorage.getItem('article-qa.key.admin')") == key)


def test_the_corner_says_how_much_and_how_fresh(visit: Visit) -> None:
    visit.open()
    corner = visit.page.get_by_role("button", name="7 articles")
    expect(corner).to_have_text(re.compile("^7 articles to 30 Apr 2025indexed (just now|.* ago)$"))
    corner.click()
    card = visit.page.get_by_role("dialog", name="What is searched")
    expect(card).to_contain_text("3 January 2025 to 30 April 2025")
    button = card.get_by_role("button", name="Rebuild the index")
    expect(button).to_be_visible()
    expect(button).to_have_css("background-color", "rgba(0, 0, 0, 0)")  # it calls nobody
    visit.page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(corner).to_be_focused()


@pytest.fixture
def building(
    settings: Settings, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Path]]:
    """A service without an index, and the file that lets its build go on."""
    go_on = tmp_path / "go on"
    command = [sys.executable, "-c", BUILD % str(go_on)]
    monkeypatch.setattr(rebuilding, "BUILD_COMMAND", command)
    with serve(create_app(settings, models)) as address:
        yield address, go_on


def test_rebuilding_shows_progress_also_after_a_reload(
    browser: Browser, building: tuple[str, Path]
) -> None:
    address, go_on = building
    with visiting(browser, address) as visit:
        visit.expected = "503"
        visit.open()
        visit.page.get_by_role("button", name="No index yet").click()
        card = visit.page.get_by_role("dialog", name="What is searched")
        expect(card).to_contain_text("build one with")
        card.get_by_role("button", name="Rebuild the index").click()
        expect(card).to_contain_text("20 of 40 files")
        bar = card.get_by_role("progressbar", name="Rebuilding")
        assert bar.evaluate("bar => bar.position") == 0.5
        visit.page.reload()
        visit.page.get_by_role("button", name="No index yet").click()
        expect(card).to_contain_text("20 of 40 files")
        go_on.touch()
        expect(card).to_contain_text("Done: 1,234 articles.")
        expect(card.get_by_role("button", name="Rebuild the index")).to_be_enabled()


def test_a_rebuild_that_fails_is_said_in_its_own_words(
    browser: Browser, building: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "import sys; sys.exit('corpus folder x: nothing could be indexed')"
    monkeypatch.setattr(rebuilding, "BUILD_COMMAND", [sys.executable, "-c", script])
    with visiting(browser, building[0]) as visit:
        visit.expected = "503"
        visit.open()
        visit.page.get_by_role("button", name="No index yet").click()
        visit.page.get_by_role("button", name="Rebuild the index").click()
        expect(visit.page.get_by_role("alert")).to_have_text(
            "The rebuild failed: corpus folder x: nothing could be indexed"
        )


def _held_state(visit: Visit) -> Route:
    """Open the dialog; its state is being asked for, and is not told before it is let go."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    expect(visit.page.get_by_role("button", name="7 articles")).to_be_visible()
    visit.page.route("**/v1/index", hold)
    visit.page.get_by_role("button", name="7 articles").click()
    return until(visit.page, lambda: held)[0]


def _draw(visit: Visit, state: Route) -> None:
    """Let the state of the index be told, and wait until it is drawn."""
    visit.page.evaluate("document.querySelector('#index dl').id = 'before'")
    state.continue_()
    expect(visit.page.locator("#index dl")).not_to_have_id("before")


def test_rebuilding_asks_for_a_key_that_may(visit: Visit) -> None:
    visit.expected = "401|403"
    job = {
        "id": "j",
        "status": "succeeded",
        "progress": {},
        "summary": {"articles": 7},
        "error": None,
    }
    keys: list[str | None] = []

    def guard(route: Route) -> None:
        key = route.request.headers.get("authorization")
        keys.append(key)
        if key == "Bearer admin":
            route.fulfill(status=202, body=json.dumps(job), content_type="application/json")
        else:
            status = 401 if key is None else 403
            problem = {"title": "Refused", "status": status, "detail": "lacks the scope 'admin'"}
            route.fulfill(status=status, json=problem)

    visit.page.route("**/v1/index/rebuild", guard)
    visit.page.route("**/v1/index/jobs/j", guard)
    visit.open()
    state = _held_state(visit)
    visit.page.get_by_role("button", name="Rebuild the index").click()
    expect(visit.page.get_by_label("Key that may rebuild")).to_be_focused()
    _draw(visit, state)
    for key, refusal in [("mere", "Ask whoever runs it"), ("admin", "lacks the scope 'admin'")]:
        field = visit.page.get_by_label("Key that may rebuild")
        expect(field).to_be_focused()
        expect(visit.page.get_by_role("dialog")).to_contain_text(refusal)
        field.fill(key)
        visit.page.keyboard.press("Enter")
        until(
            visit.page,
            partial(_keeps, visit.page, key),
        )
        if key == "mere":
            expect(visit.page.get_by_role("heading", name="This is not allowed")).to_be_visible()
    expect(visit.page.get_by_role("dialog")).to_contain_text("Done: 7 articles.")
    assert keys == [None, "Bearer mere", "Bearer admin", "Bearer admin"]


def test_a_new_index_renews_what_the_page_knows(visit: Visit) -> None:
    visit.open()
    expect(visit.page.get_by_role("button", name="7 articles")).to_be_visible()

    def renew(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), "index_version": "newer", "articles": 8})

    visit.page.route("**/v1/index", renew)
    visit.page.route(
        "**/v1/ask",
        lambda route: route.fulfill(json={**plain_reply(route), "index_version": "newer"}),
    )
    visit.ask("How much capital expenditure at Meta?")
    expect(visit.page.get_by_role("button", name="8 articles")).to_be_visible()
