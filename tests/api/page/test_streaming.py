"""What was found is seen while the reader still reads, in a real browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from api.answering.ranking.ranker import Ranker
from api.main import create_app
from api.service.models import Models
from api.settings import Settings
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from tests.api.holding import HoldingReader
from tests.api.page.conftest import PHONE, plain_reply, serve, until, visiting
from tests.conftest import ARTICLES, FakeEncoder, fake_calibration, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Route

    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser

HELD = "What does Susan Li hold of data centres at Meta?"
FINDING = ".finding"
# What the screen reader is told, in order.
WATCH = """
() => {
  window.told = [];
  new MutationObserver(() => window.told.push(document.getElementById("announcer").textContent))
    .observe(document.getElementById("announcer"), { childList: true });
}
"""
# Hands the reply of the service over until a string, and then breaks off.
BREAKING = """
(() => {
  const real = window.fetch;
  window.accepts = [];
  window.fetch = async (address, options) => {
    const reply = await real(address, options);
    if (!address.endsWith("v1/ask")) { return reply; }
    window.accepts.push(new Headers(options.headers).get("Accept"));
    if (!reply.headers.get("Content-Type").startsWith("text/event-stream")) { return reply; }
    const text = await reply.text();
    const part = text.slice(0, text.indexOf(UNTIL));
    return new Response(new ReadableStream({
      start(stream) {
        stream.enqueue(new TextEncoder().encode(part));
        if (CLEANLY) { stream.close(); } else { stream.error(new TypeError("network error")); }
      },
    }), { headers: reply.headers });
  };
})()
"""


@pytest.fixture(scope="module")
def holding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, HoldingReader]]:
    """A service whose reader waits until it is let go."""
    folder = tmp_path_factory.mktemp("streaming")
    (folder / "corpus").mkdir()
    write_articles(folder / "corpus", ARTICLES)
    encoder, reader = FakeEncoder(), HoldingReader()
    build_index(folder / "corpus", folder / "index", encoder, ChunkingParameters())
    settings = Settings(corpus_dir=folder / "corpus", index_dir=folder / "index", cache_size=0)
    app = create_app(settings, Models(encoder, Ranker(reader, fake_calibration(0.0))))
    with serve(app) as address:
        yield address, reader
        reader.go.set()


@pytest.fixture(params=[{}, PHONE], ids=["desk", "phone"])
def held(
    browser: Browser, holding: tuple[str, HoldingReader], request: pytest.FixtureRequest
) -> Iterator[tuple[Visit, Callable[[], None]]]:
    """A tab, and what lets the reader go on."""
    address, reader = holding
    reader.go.clear()
    with visiting(browser, address, **request.param) as visit:
        visit.open()
        yield visit, reader.go.set
        reader.go.set()


def _top(visit: Visit) -> float:
    box = visit.page.locator(".citation").first.bounding_box()
    assert box is not None
    return box["y"]


def test_what_was_found_is_seen_before_the_answer_in_whose_place_it_stands(
    held: tuple[Visit, Callable[[], None]],
) -> None:
    visit, let_go = held
    visit.page.evaluate(WATCH)
    visit.ask(HELD)
    finding = visit.page.locator(FINDING)
    expect(finding.locator(".eyebrow")).to_have_text("Reading 3 passages of 3 articles")
    expect(finding.locator("figcaption").first).to_contain_text("Meta raises its budget")
    expect(finding.get_by_role("link")).to_have_count(0)  # it is about to go
    expect(visit.page.locator("#results")).to_have_attribute("aria-busy", "true")
    expect(visit.page.get_by_label("Your question")).to_be_focused()
    until(
        visit.page, lambda: visit.page.evaluate("document.getAnimations().length <= 1")
    )  # the field's
    assert Axe().run(visit.page).response["violations"] == []
    assert visit.page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
    before = _top(visit)
    assert visit.page.evaluate("window.told") == []
    let_go()
    expect(visit.words).to_be_visible()
    expect(finding).to_have_count(0)
    expect(visit.page.locator("#results")).not_to_have_attribute("aria-busy", "true")
    told = visit.page.evaluate("window.told")
    assert len(told) == 1
    assert told[0].startswith("Answer: ")
    # The answer of this reader is a sentence, which may take two lines more or fewer than a few
    # words, and a row says what a follow-up is on.
    assert abs(_top(visit) - before) < 100


def test_going_back_while_it_is_read_shows_what_was_there(
    held: tuple[Visit, Callable[[], None]],
) -> None:
    visit, let_go = held
    visit.ask("How much capital expenditure at Meta?")
    expect(visit.words).to_have_text(ARTICLES[0]["text"].partition(" Susan")[0])
    visit.ask(HELD)
    expect(visit.page.locator(FINDING)).to_be_visible()
    visit.page.go_back()
    expect(visit.page.locator(FINDING)).to_have_count(0)
    expect(visit.words).to_contain_text("Meta expects capital expenditure")
    visit.ask(HELD)
    expect(visit.page.locator(FINDING)).to_be_visible()
    let_go()
    expect(visit.words).to_contain_text("Susan Li")


@pytest.mark.parametrize(
    ("until", "cleanly"),
    [
        ("event: passages", True),  # nothing at all
        ("event: answer", True),
        ("event: answer", False),
        ('"citations"', True),  # in the middle of a word
        ('"citations"', False),
    ],
)
def test_a_stream_that_breaks_off_is_asked_for_in_one_piece(
    visit: Visit, until: str, cleanly: bool
) -> None:
    script = BREAKING.replace("UNTIL", f"'{until}'").replace("CLEANLY", str(cleanly).lower())
    visit.page.add_init_script(script)
    visit.open()
    visit.ask("How much capital expenditure at Meta?")
    expect(visit.words).to_have_text("$64 billion to $72 billion")
    visit.ask("How much was paid in Köln?")
    expect(visit.words).to_have_text("$7 billion")
    stream, plain = "text/event-stream, application/json", "application/json"
    assert visit.page.evaluate("window.accepts") == [stream, plain, plain]


def test_a_stream_that_breaks_off_is_no_reason_against_streams_if_one_piece_fails_too(
    visit: Visit,
) -> None:
    visit.expected = "503"
    accepted: list[str] = []

    def answer(route: Route) -> None:
        accepted.append(route.request.headers["accept"])
        if len(accepted) == 1:
            route.fulfill(body="event: pass", content_type="text/event-stream")
        elif len(accepted) == 2:
            route.fulfill(status=503, json={"title": "Service Unavailable", "status": 503})
        else:
            route.continue_()

    visit.page.route("**/v1/ask", answer)
    visit.open()
    visit.ask("How much capital expenditure at Meta?")
    expect(visit.page.get_by_role("heading", name="cannot answer now")).to_be_visible()
    visit.page.get_by_role("button", name="Ask again").click()
    expect(visit.words).to_have_text("$64 billion to $72 billion")
    stream, plain = "text/event-stream, application/json", "application/json"
    assert accepted == [stream, plain, stream]


@pytest.mark.parametrize("passages", ["{}", "null"])
def test_passages_of_another_shape_are_an_error_of_the_page_and_asked_for_once(
    visit: Visit, passages: str
) -> None:
    accepted: list[str] = []

    def answer(route: Route) -> None:
        accepted.append(route.request.headers["accept"])
        reply = json.dumps(plain_reply(route))
        shape = passages if len(accepted) == 1 else '{"passages": []}'
        events = f"event: passages\ndata: {shape}\n\nevent: answer\ndata: {reply}\n\n"
        route.fulfill(body=events, content_type="text/event-stream")

    visit.page.route("**/v1/ask", answer)
    visit.open()
    visit.ask("How much capital expenditure at Meta?")
    expect(visit.page.get_by_role("heading", name="went wrong in this page")).to_be_visible()
    visit.page.get_by_role("button", name="Ask again").click()
    expect(visit.words).to_have_text("$64 billion to $72 billion")
    assert accepted == ["text/event-stream, application/json"] * 2


def test_a_browser_that_cannot_stream_asks_in_one_piece(visit: Visit) -> None:
    visit.page.add_init_script("delete Response.prototype.body")
    asked: list[Any] = []
    visit.page.on(
        "request", lambda sent: asked.append(sent) if sent.url.endswith("/v1/ask") else None
    )
    visit.open()
    visit.ask("How much capital expenditure at Meta?")
    expect(visit.words).to_have_text("$64 billion to $72 billion")
    assert [sent.headers["accept"] for sent in asked] == ["application/json"]


def test_a_problem_after_the_passages_is_said(visit: Visit) -> None:
    found = '{"passages": []}'
    problem = '{"title": "Service Unavailable", "status": 503, "detail": "reading took too long"}'
    visit.page.route(
        "**/v1/ask",
        lambda route: route.fulfill(
            body=f"event: passages\r\ndata: {found}\r\n\r\n: kept alive\nevent: problem\n"
            f"data: {problem}\n\n",
            content_type="text/event-stream",
        ),
    )
    visit.open()
    visit.ask("How much capital expenditure at Meta?")
    expect(visit.page.get_by_role("heading", name="cannot answer now")).to_be_visible()
    expect(visit.page.locator(".problem")).to_contain_text("reading took too long")
    expect(visit.page.get_by_role("button", name="Ask again")).to_be_enabled()


def test_an_answer_in_one_piece_is_shown_as_well(visit: Visit) -> None:
    def plainly(route: Route) -> None:
        route.fulfill(json=plain_reply(route))

    visit.page.route("**/v1/ask", plainly)
    visit.open()
    visit.ask("How much capital expenditure at Meta?")
    expect(visit.words).to_have_text("$64 billion to $72 billion")
