"""Asking on the page, in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.api.page.conftest import EMOJI_TEXT, plain_reply, until

if TYPE_CHECKING:
    from playwright.sync_api import Route

    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser

META = "How much capital expenditure at Meta?"
RANGE = "$64 billion to $72 billion"


def test_asking_shows_the_words_the_sentence_and_the_source(visit: Visit) -> None:
    visit.open()
    expect(visit.page.get_by_label("Your question")).to_be_focused()
    visit.ask(META)
    expect(visit.words).to_have_text(RANGE)
    citation = visit.page.locator(".answer .citation").first
    expect(citation.locator("mark")).to_have_text(RANGE)
    expect(citation.locator("blockquote")).to_have_text(
        f"Meta expects capital expenditure of {RANGE} in 2025."
    )
    expect(citation.get_by_role("link")).to_have_text(["Meta raises its budget", "Original file"])
    expect(citation.locator(".origin")).to_have_text("Sample Wire30 April 2025")
    expect(visit.page.locator(".answer .confidence")).to_have_text(
        re.compile(r"^99 in 100Almost certain: the estimated chance of being right\.An estimate")
    )
    expect(visit.page.get_by_role("status")).to_have_text(
        re.compile(
            rf"^Answer: {re.escape(RANGE)}\. Almost certain, .* From Meta raises its budget\.$"
        )
    )
    assert parse_qs(urlsplit(visit.page.url).query) == {"q": [META]}
    assert visit.page.title() == f"{META} · Article QA"


def test_asking_by_the_button_lists_further_answers(visit: Visit) -> None:
    visit.open()
    visit.page.get_by_label("Your question").fill("billion 2025")
    visit.page.get_by_role("button", name="Ask", exact=True).click()
    expect(visit.words).to_have_count(1)
    others = visit.page.get_by_role("region", name="Or, less likely").get_by_role("listitem")
    expect(others).to_have_count(2)
    expect(others.locator(".citation mark")).to_have_count(2)


@pytest.mark.parametrize("key", ["Shift+Enter", "Enter"])
def test_only_enter_alone_asks(visit: Visit, key: str) -> None:
    visit.open()
    visit.page.get_by_label("Your question").fill("How much capital")
    visit.page.keyboard.press(key)
    visit.page.keyboard.type("expenditure at Meta?")
    if key == "Shift+Enter":
        expect(visit.page.locator("#results")).to_be_empty()
        visit.page.keyboard.press("Enter")
        expect(visit.words).to_have_text(RANGE)
        assert "q=How+much+capital+expenditure+at+Meta" in visit.page.url
    else:
        expect(visit.words).to_be_visible()
        assert visit.page.url.endswith("?q=How+much+capital")


def test_an_empty_question_is_not_asked(visit: Visit) -> None:
    visit.open()
    visit.ask("  \n ")
    expect(visit.page.get_by_label("Your question")).to_be_focused()
    assert not [url for url in visit.requests if url.endswith("/v1/ask")]


def test_a_linked_question_is_asked_at_once(visit: Visit) -> None:
    visit.open("/?q=How+much+capital+expenditure+at+Meta%3F")
    expect(visit.words).to_have_text(RANGE)
    expect(visit.page.get_by_label("Your question")).to_have_value(META)


def test_going_back_shows_what_was_there_without_asking_again(visit: Visit) -> None:
    visit.open()
    visit.ask(META)
    expect(visit.words).to_have_text(RANGE)
    visit.ask("How much was paid in Köln?")
    expect(visit.words).to_have_text("$7 billion")
    asked = len([url for url in visit.requests if url.endswith("/v1/ask")])
    visit.page.go_back()
    expect(visit.words).to_have_text(RANGE)
    expect(visit.page.get_by_label("Your question")).to_have_value(META)
    visit.page.go_back()
    expect(visit.page.locator("#results")).to_be_empty()
    expect(visit.page.get_by_role("heading", name="Try")).to_be_visible()
    visit.page.go_forward()
    expect(visit.words).to_have_text(RANGE)
    assert len([url for url in visit.requests if url.endswith("/v1/ask")]) == asked == 2


def test_the_quote_is_marked_behind_characters_of_two_code_units(visit: Visit) -> None:
    visit.open()
    visit.ask("How much was paid in Köln?")
    expect(visit.page.locator(".answer mark")).to_have_text("$7 billion")
    expect(visit.page.locator(".answer blockquote")).to_have_text(EMOJI_TEXT.removesuffix(" 🎉"))


def test_abstaining_says_why_and_what_came_nearest(visit: Visit) -> None:
    visit.open()
    visit.ask("Who runs Google?")
    expect(visit.page.get_by_role("heading", name="do not seem to answer this")).to_be_visible()
    expect(visit.page.get_by_text("No article mentions 'Google'.")).to_have_count(2)
    nearest = visit.page.get_by_role("region", name="What came nearest").locator(".citation")
    expect(nearest).to_have_count(3)
    expect(nearest.get_by_role("link")).to_have_count(3)
    expect(visit.words).to_have_count(0)
    expect(visit.page.get_by_role("link", name="Show the best guess anyway")).to_have_count(0)


def test_a_guess_is_shown_where_it_is_wanted_and_called_so(visit: Visit) -> None:
    visit.open()
    visit.ask("Which weather did nobody mind in 1999 and 1998?")
    guess = visit.page.get_by_role("link", name="Show the best guess anyway")
    expect(guess).to_have_text(re.compile(r"anyway \((less than )?\d+ in \d+\)$"))
    guess.click()
    expect(visit.words).to_have_text("Nobody minded the weather.")
    heading = visit.page.get_by_role("heading", name="Best guess")
    expect(heading).to_be_focused()  # the link that had the focus is gone
    expect(visit.page.locator(".answer .confidence")).to_contain_text("estimated chance")
    assert visit.page.url.endswith("&guess=1")
    visit.page.go_back()
    expect(visit.page.get_by_role("link", name="Show the best guess anyway")).to_be_visible()


def test_abstaining_over_an_unsure_guess_says_it_for_people(visit: Visit) -> None:
    visit.open()
    visit.ask("Does it rain in the gardens where people play cricket all day long?")
    guess = "“It rained in Dublin all day.”"
    odds = "estimated chance of being right: less than 1 in 20"
    why = f"The best guess, {guess}, is too unsure to give ({odds})."
    expect(visit.page.locator(".reason")).to_have_text(why)
    expect(visit.page.get_by_role("status")).to_have_text(f"No answer. {why}")
    expect(visit.page.get_by_role("link", name="Show the best guess anyway")).to_have_text(
        "Show the best guess anyway"  # its odds are said above
    )
    expect(visit.page.locator(".took")).to_have_text(re.compile(r"^Searched in [\d.]+ s$"))


def test_how_sure_is_said_once_and_in_words_on_focus_or_hover(visit: Visit) -> None:
    visit.open(f"/?q={META.replace(' ', '+')}")
    button = visit.page.get_by_role("button", name="Chance of being right: 99 in 100").first
    words = visit.page.locator(".answer .confidence").get_by_role("tooltip")
    expect(button).to_have_text("99 in 100")
    expect(words).to_have_count(0)  # not visible
    button.focus()
    expect(words).to_contain_text("Almost certain: the estimated chance of being right.")
    expect(words).to_contain_text("--calibrate")
    visit.page.keyboard.press("Escape")
    expect(words).to_have_count(0)
    visit.words.hover()
    button.blur()
    button.hover()
    expect(words).to_be_visible()
    expect(visit.page.locator(".took")).to_have_text(re.compile(r"^Answered in [\d.]+ s$"))


def test_words_odds_and_dots_of_every_probability_agree(visit: Visit) -> None:
    visit.open()
    said = visit.page.evaluate(
        """async () => {
            const { sayConfidence } = await import("/page/wording.js");
            return Array.from({ length: 1001 }, (_, at) => sayConfidence(at / 1000));
        }"""
    )
    by_odds: dict[str, set[tuple[str, int]]] = {}
    for at, one in enumerate(said):
        by_odds.setdefault(one["odds"], set()).add((one["sure"], one["dots"]))
        stated = _stated(one["odds"])
        assert abs(stated - at / 1000) <= 0.0501, one
        assert abs(one["dots"] / 10 - stated) <= 0.0501, one
        assert (one["dots"] == 10) == (one["odds"] == "99 in 100")
    assert [len(ways) for ways in by_odds.values()] == [1] * 12
    assert [one["dots"] for one in said] == sorted(one["dots"] for one in said)


def _stated(odds: str) -> float:
    right, of = map(int, re.findall(r"\d+", odds))
    return right / of


def test_the_page_of_a_document_is_said(visit: Visit) -> None:
    def number(route: Route) -> None:
        body = plain_reply(route)
        body["citations"][0]["page"] = 12
        route.fulfill(json=body)

    visit.page.route("**/v1/ask", number)
    visit.open()
    visit.ask(META)
    origin = visit.page.locator(".answer .citation .origin")
    expect(origin).to_have_text("Sample Wire30 April 2025page 12")
    file = visit.page.locator(".answer .citation .file")
    expect(file).to_have_text("Original file, page 12")
    assert file.get_attribute("href") == "v1/originals/meta#page=12"


def test_examples_are_asked_with_their_filters(visit: Visit) -> None:
    visit.open()
    visit.page.get_by_role("link", name="2025 billion").click()
    expect(visit.words).to_have_text(RANGE)
    expect(visit.page.get_by_role("heading", name="Answer", exact=True)).to_be_focused()
    expect(visit.page.get_by_role("region", name="Or, less likely")).to_have_count(0)
    expect(visit.page.locator("#filters-active")).to_have_text("social")


def test_recent_questions_are_kept_in_the_browser_until_cleared(visit: Visit) -> None:
    visit.open()
    visit.ask(META)
    expect(visit.words).to_be_visible()
    visit.ask("Who runs Google?")
    expect(visit.page.locator(".abstained")).to_be_visible()
    visit.open()
    recent = visit.page.get_by_role("region", name="Asked here before")
    expect(recent.get_by_role("link")).to_have_text(["Who runs Google?", META])
    # The examples have come, and all of this is not drawn again while it is clicked.
    expect(visit.page.get_by_role("heading", name="Try")).to_be_visible()
    recent.get_by_role("link", name=META).click()
    expect(visit.words).to_have_text(RANGE)
    visit.page.get_by_role("link", name="Article QA").click()
    expect(recent.get_by_role("link")).to_have_text([META, "Who runs Google?"])
    recent.get_by_role("button", name="Clear").click()
    expect(recent).to_have_count(0)
    expect(visit.page.get_by_label("Your question")).to_be_focused()
    visit.page.reload()
    expect(visit.page.get_by_role("heading", name="Try")).to_be_visible()
    expect(recent).to_have_count(0)


def test_blocked_storage_hinders_nothing(visit: Visit) -> None:
    for name in ("localStorage", "sessionStorage"):
        visit.page.add_init_script(
            f"Object.defineProperty(window, '{name}', "
            "{get() { throw new DOMException('blocked', 'SecurityError'); }})"
        )
    visit.open()
    visit.ask(META)
    expect(visit.words).to_have_text(RANGE)


def test_slash_goes_to_the_field_and_is_typed_in_it(visit: Visit) -> None:
    visit.open(f"/?q={META.replace(' ', '+')}")
    expect(visit.words).to_be_visible()
    visit.page.get_by_role("button", name="articles").focus()
    visit.page.keyboard.press("/")
    field = visit.page.get_by_label("Your question")
    expect(field).to_be_focused()
    visit.page.keyboard.type("either/or")
    expect(field).to_have_value("either/or")


def test_only_the_last_of_two_questions_is_shown(visit: Visit) -> None:
    held: list[Route] = []
    visit.open()
    visit.page.route(
        "**/v1/ask",
        lambda route: (
            held.append(route) if "Meta" in str(route.request.post_data) else route.continue_()
        ),
    )
    visit.ask(META)
    until(visit.page, lambda: held)
    expect(visit.page.locator("#results")).to_have_attribute("aria-busy", "true")
    visit.ask("How much was paid in Köln?")
    expect(visit.words).to_have_text("$7 billion")
    (first,) = held
    first.abort()
    expect(visit.words).to_have_text("$7 billion")
    expect(visit.page.locator("#results")).not_to_have_attribute("aria-busy", "true")
