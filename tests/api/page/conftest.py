"""A real browser on a real server, over a small index of articles that are hard to show."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import expect, sync_playwright

from api.answering.ranking.ranker import Ranker
from api.main import create_app
from api.service.models import Models
from api.settings import Settings
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.records import Span
from tests.conftest import ARTICLES, FakeEncoder, FakeReader, fake_calibration, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Browser, BrowserContext, CDPSession, Locator, Page, Route
    from starlette.types import ASGIApp

    from api.answering.questions.question import Question
    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

Value = TypeVar("Value")

# The headless shell draws the same pages without windows, in less than half of the processor time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",
)
PATIENCE_MS = 60_000  # the machine may be busy; nothing passes by waiting
# What Chromium warns of where a script runs seconds after it was fetched: the machine is busy.
LATE = r"was preloaded using link preload but not used within a few seconds"

SCRIPT = "<script>window.hacked = 1</script>"
IMAGE = '"><img src=x onerror="window.hacked = 1">'
HOSTILE_ID = f"odd/id {IMAGE}?#%"
EMOJI_TEXT = (
    "👩\u200d👩\u200d👧 𝒜strologers 🚀🚀 of Köln bought a 🏰 for $7 billion, e\u0301 and all. 🎉"
)
FILLER = "\n\n".join(f"Paragraph {number} says nothing that anybody asks." for number in range(90))
LIGHTHOUSE = "The lighthouse of Zanzibar costs $9 billion."
GOLD: list[dict[str, Any]] = [
    {"id": "1", "question": "How much capital expenditure at Meta?", "tags": ["example"]},
    {"id": "2", "question": "2025 billion", "tags": ["example"], "filters": {"tags": ["social"]}},
]
HARD_ARTICLES: list[dict[str, Any]] = [
    {
        "id": HOSTILE_ID,
        "title": f"{SCRIPT} title {IMAGE}",
        "text": f"The hostile pirates {SCRIPT}{IMAGE} took $13 billion {IMAGE} from banks.",
        "url": "javascript:window.hacked=1",
        "source": f"<b>Source</b> {IMAGE}",
        "author": SCRIPT,
        "tags": [IMAGE],
    },
    {
        "id": "emoji",
        "title": "🚀 Köln",
        "text": EMOJI_TEXT,
        "url": "https://example.org/koeln",
        "tags": ["rockets"],
    },
    {
        "id": "lighthouse.txt",
        "text": f"# Beacons\n\n{FILLER}\n\n## Zanzibar\n\n- {LIGHTHOUSE}\n\n{FILLER}",
    },
    {"id": "broad", "title": "W" * 300, "text": f"The broadest word is {'m' * 500} of $3 billion."},
]


class AmountReader(FakeReader):
    """Marks the amount in a sentence, where there is one."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        narrowed = []
        for found in super().read(question, passages):
            chunk, span = passages[found.passage].chunk, found.span
            sentence = chunk.words(span)
            amount = re.search(r"\$[\d.]+ billion( to \$[\d.]+ billion)?", sentence)
            if amount is not None:
                span = Span(span.start + amount.start(), span.start + amount.end())
            narrowed.append(replace(found, span=span))
        return narrowed


@contextmanager
def serve(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free port of loopback; gives its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server ended before it had started"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def find_chromium() -> str | None:
    """The command of the first browser on the path."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the browser tests.

    It ends with this package: while it runs, no other event loop can run in this thread.
    """
    found = find_chromium()
    if found is None:
        missing = f"no Chromium on the path (looked for {', '.join(BROWSERS)})"
        if os.environ.get("QA_BROWSER_TESTS") == "required":
            pytest.fail(missing)
        pytest.skip(f"{missing}; 'apt-get install chromium-headless-shell' brings one")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield launched
        launched.close()
    _context.cache_clear()


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service over the hard articles."""
    folder = tmp_path_factory.mktemp("page")
    corpus_dir, index_dir = folder / "corpus", folder / "index"
    corpus_dir.mkdir()
    write_articles(corpus_dir, [*ARTICLES, *HARD_ARTICLES])
    gold = "\n".join(json.dumps({"answers": [], **line}) for line in GOLD)
    (corpus_dir / "gold.jsonl").write_text(gold, encoding="utf-8")
    encoder = FakeEncoder()
    build_index(corpus_dir, index_dir, encoder, ChunkingParameters())
    settings = Settings(corpus_dir=corpus_dir, index_dir=index_dir)
    with serve(
        create_app(settings, Models(encoder, Ranker(AmountReader(), fake_calibration())))
    ) as at:
        yield at


@dataclass
class Visit:
    """A tab, and what it has complained of and asked for.

    Attributes:
        page: The tab itself.
        expected: Complaints that the test means to cause.
    """

    page: Page
    address: str
    expected: str = r"(?!)"
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, path: str = "/") -> None:
        self.page.goto(f"{self.address}{path}")

    def ask(self, question: str) -> None:
        self.page.get_by_label("Your question").fill(question)
        self.page.keyboard.press("Enter")

    @property
    def words(self) -> Locator:
        """The best answer."""
        return self.page.locator(".answer .words")

    @property
    def article(self) -> Locator:
        """The article that is open."""
        return self.page.locator("#article[open]")

    def check(self) -> None:
        """Nothing unexpected in the console, nothing asked of another host, nothing run."""
        expected = f"{self.expected}|{LATE}"
        unexpected = [text for text in self.complaints if not re.search(expected, text)]
        assert unexpected == []
        own = urlsplit(self.address).netloc
        assert {urlsplit(url).netloc for url in self.requests} == {own}
        assert self.page.evaluate("window.hacked") is None


def until(page: Page, value: Callable[[], Value]) -> Value:
    """What a function returns, once that is true; meanwhile the events of the tab come in."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not (returned := value()):
        assert time.monotonic() < end, "it never was"
        page.wait_for_timeout(20)
    return returned


def until_still(page: Page) -> None:
    """Wait until nothing on the page moves any more."""
    until(page, lambda: page.evaluate("document.getAnimations().length === 0"))


def plain_reply(route: Route) -> dict[str, Any]:
    """What the service replies to a question, in one piece."""
    headers = {**route.request.headers, "accept": "application/json"}
    return cast("dict[str, Any]", route.fetch(headers=headers).json())


@functools.cache
def _context(browser: Browser, options: str) -> tuple[BrowserContext, CDPSession]:
    """What tabs with the same options share, as a new one takes as long as showing a page.

    A tab of the same site, which no test sees, stays open: its process draws those of all tests,
    and would else start with each of them. Its session clears what they have stored.
    """
    chosen = {"viewport": DESK, "reduced_motion": "reduce", **json.loads(options)}
    context = browser.new_context(**chosen)
    context.set_default_timeout(PATIENCE_MS)
    resident = context.new_page()
    resident.route("**", lambda route: route.fulfill(body=""))
    resident.goto("http://127.0.0.1/")
    return context, context.new_cdp_session(resident)


@contextmanager
def visiting(browser: Browser, address: str, **options: Any) -> Iterator[Visit]:
    """Open a tab with nothing kept from before but files, and check it when it is left."""
    context, session = _context(browser, json.dumps(options, sort_keys=True))
    others = list(context.pages)
    visit = Visit(context.new_page(), address)
    visit.page.on(
        "console",
        lambda message: (
            visit.complaints.append(message.text) if message.type in {"error", "warning"} else None
        ),
    )
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    try:
        yield visit
        visit.check()
    finally:
        context.unroute_all()
        for page in context.pages:
            if page not in [*others, visit.page]:
                page.close()
        visit.page.close()  # first, or a reply that comes late is remembered
        session.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "all"})


@pytest.fixture
def visit(browser: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A tab on a desk; a test may parametrise it with the options of a browser context."""
    options = cast("dict[str, Any]", getattr(request, "param", {}))
    with visiting(browser, served, **options) as opened:
        yield opened


DESK = {"width": 1100, "height": 800}
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
