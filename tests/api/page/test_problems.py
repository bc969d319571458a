"""What the page says when something goes wrong, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser

LINK = "/?q=How+much+capital+expenditure+at+Meta%3F"
RANGE = "$64 billion to $72 billion"


def _refuse(route: Route, status: int, detail: str, **headers: str) -> None:
    body = {"type": "about:blank", "title": "Refused", "status": status, "detail": detail}
    route.fulfill(
        status=status, json=body, headers=headers, content_type="application/problem+json"
    )


def test_a_question_too_long_is_said_in_the_words_of_the_service(visit: Visit) -> None:
    visit.expected = "422"
    visit.open()
    visit.ask("w" * 1001)
    expect(visit.page.locator(".problem")).to_contain_text(
        "String should have at most 1000 characters"
    )
    expect(visit.page.get_by_role("status")).to_contain_text("cannot take this question")


@pytest.mark.parametrize(
    ("status", "headline"), [(429, "Too many questions"), (503, "cannot answer now")]
)
def test_a_refusal_for_now_says_when_to_ask_again(visit: Visit, status: int, headline: str) -> None:
    visit.expected = str(status)
    refusing = True

    def answer(route: Route) -> None:
        if refusing:
            _refuse(route, status, "Come back later.", **{"Retry-After": "1"})
        else:
            route.continue_()

    visit.page.route("**/v1/ask", answer)
    visit.open(LINK)
    expect(visit.page.get_by_role("heading", name=headline)).to_be_visible()
    expect(visit.page.locator(".problem")).to_contain_text("Come back later.")
    again = visit.page.locator(".problem button")
    expect(again).to_have_text("Ask again")  # the seconds have run down
    expect(again).to_be_enabled()
    refusing = False
    again.click()
    expect(visit.words).to_have_text(RANGE)


def test_a_refusal_for_now_counts_the_seconds_down(visit: Visit) -> None:
    visit.expected = "429"
    visit.page.route(
        "**/v1/ask", lambda route: _refuse(route, 429, "Slowly.", **{"Retry-After": "900"})
    )
    visit.open(LINK)
    expect(visit.page.get_by_role("button", name="Ask again in 8")).to_be_disabled()


def test_a_service_with_keys_asks_for_one_and_keeps_it_in_the_tab(visit: Visit) -> None:
    visit.expected = "401"
    shown: list[str | None] = []

    def guard(route: Route) -> None:
        key = route.request.headers.get("authorization")
        shown.append(key)
        if key == "Bearer good key":
            route.continue_()
        else:
            detail = (
                "no API key; expected a header" if key is None else "the API key is not known here"
            )
            _refuse(route, 401, detail)

    visit.page.route("**/v1/**", guard)
    visit.open(LINK)
    expect(visit.page.get_by_role("heading", name="This service wants a key")).to_be_visible()
    expect(visit.page.locator(".problem")).to_contain_text("Ask whoever runs it for one.")
    expect(visit.page.locator(".problem")).not_to_contain_text("header")
    expect(visit.page.get_by_role("button", name="wants a key")).to_be_visible()
    visit.page.get_by_label("Key").fill("bad")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".problem")).to_contain_text("not known here")
    visit.page.get_by_label("Key").fill("good key")
    visit.page.get_by_role("button", name="Use it").click()
    expect(visit.words).to_have_text(RANGE)
    expect(visit.page.get_by_role("button", name="7 articles")).to_be_visible()
    visit.page.reload()
    expect(visit.words).to_have_text(RANGE)
    assert {*shown} == {None, "Bearer bad", "Bearer good key"}
    kept: dict[str, Any] = visit.page.evaluate("({...localStorage})")
    assert "good key" not in str(kept)
    assert "good" not in visit.page.url
    visit.page.get_by_role("button", name="7 articles").click()
    visit.page.get_by_role("button", name="Forget the key").click()
    expect(visit.page.get_by_role("button", name="Forget the key")).to_have_count(0)
    assert visit.page.evaluate("sessionStorage.length") == 0


def test_a_service_out_of_reach_is_asked_again_when_the_network_is_back(visit: Visit) -> None:
    visit.expected = "ERR_INTERNET_DISCONNECTED"
    visit.open()
    expect(visit.page.get_by_role("heading", name="Try")).to_be_visible()
    # The network itself stays: cut off, it may be back only after the page was told that it is.
    session = visit.page.context.new_cdp_session(visit.page)
    unlimited = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    visit.page.route("**", lambda route: route.abort("internetdisconnected"))
    session.send("Network.overrideNetworkState", {"offline": True, **unlimited})
    visit.ask("How much capital expenditure at Meta?")
    expect(visit.page.locator(".problem")).to_contain_text("This device is offline.")
    visit.page.unroute("**")
    session.send("Network.overrideNetworkState", {"offline": False, **unlimited})
    expect(visit.words).to_have_text(RANGE)


def test_an_answer_of_something_in_between_is_no_answer(visit: Visit) -> None:
    visit.expected = "502"
    page = "<html><script>window.hacked=1</script>Bad gateway</html>"
    visit.page.route(
        "**/v1/ask", lambda route: route.fulfill(status=502, body=page, content_type="text/html")
    )
    visit.open(LINK)
    expect(visit.page.locator(".problem")).to_contain_text("Something other than the service")
    visit.page.unroute("**/v1/ask")
    visit.page.get_by_role("button", name="Ask again").click()
    expect(visit.words).to_have_text(RANGE)


def test_the_page_runs_under_trusted_types(visit: Visit) -> None:
    policy = httpx2.get(visit.address).headers["content-security-policy"]
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy
    visit.open(LINK)
    visit.page.locator(".answer .citation a").first.click()
    expect(visit.article.locator("mark")).to_have_text(RANGE)
