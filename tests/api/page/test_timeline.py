"""Figures over time, disagreements, and how a question was read, in a real browser."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus
from xml.etree import ElementTree as ET

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from api.answering.ranking.ranker import Ranker
from api.main import create_app
from api.service.models import Models
from api.settings import Settings
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from tests.api.page.conftest import PHONE, plain_reply, serve, until_still, visiting
from tests.conftest import FakeEncoder, fake_calibration, write_articles
from tests.money_reader import MoneyReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Route

    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser


def _article(title: str, day: str, text: str) -> dict[str, Any]:
    return {"id": title.lower(), "title": title, "published_at": day, "text": text}


SPENDING = "Borealis {} on data centres in 2025."
ARTICLES = [
    _article(
        "Winter", "2025-01-29", SPENDING.format("expects to spend $60 billion to $65 billion")
    ),
    _article("Spring", "2025-04-30", SPENDING.format("plans to spend $64 billion to $72 billion")),
    _article("Autumn", "2025-10-29", SPENDING.format("expects to spend $71 billion")),
    _article("Year", "2026-01-28", SPENDING.format("spent $69 billion")),
    _article("Rovers gain", "2025-02-03", "Harbour Rovers made a profit of €3.5 million in 2024."),
    _article("Rovers win", "2025-02-20", "In 2024 Harbour Rovers made a profit of €35 million."),
    _article("Board", "2025-03-01", "The board met Ferdinand Ketter and Ferdinand Kester."),
]
SPEND = "How much does Borealis spend on data centres in 2025?"
PROFIT = "What profit did Harbour Rovers make in 2024?"


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service over articles of figures that change and contradict each other."""
    folder = tmp_path_factory.mktemp("figures")
    (folder / "corpus").mkdir()
    write_articles(folder / "corpus", ARTICLES)
    encoder = FakeEncoder()
    build_index(folder / "corpus", folder / "index", encoder, ChunkingParameters())
    settings = Settings(corpus_dir=folder / "corpus", index_dir=folder / "index")
    models = Models(encoder, Ranker(MoneyReader(), fake_calibration()))
    with serve(create_app(settings, models)) as at:
        yield at


@pytest.fixture(params=[{}, {**PHONE, "color_scheme": "dark"}], ids=["desk", "phone-dark"])
def visit(browser: Browser, figures: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A tab that axe finds nothing in, and that nothing is too wide for, when a test is done."""
    with visiting(browser, figures, **request.param) as opened:
        yield opened
        until_still(opened.page)
        found = Axe().run(opened.page)
        assert found.response["violations"] == [], found.generate_report()
        assert opened.page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0


@pytest.fixture
def desk(browser: Browser, figures: str) -> Iterator[Visit]:
    """A tab on a desk."""
    with visiting(browser, figures) as opened:
        yield opened


def _ask(visit: Visit, question: str) -> None:
    visit.open(f"/?q={quote_plus(question)}")
    expect(visit.page.locator("#results > .took")).to_be_visible()


def test_a_figure_over_time_is_charted_and_every_point_opens_its_citation(visit: Visit) -> None:
    _ask(visit, SPEND)
    expect(visit.words).to_have_text("$69 billion")
    expect(visit.page.locator(".standing")).to_have_count(0)
    shown = visit.page.get_by_role("region", name="Over time")
    chart = shown.get_by_role("group", name="Chart of 4 figures from 29 January 2025 to 31 Dec")
    points = chart.get_by_role("link")
    assert points.evaluate_all("links => links.map((link) => link.ariaLabel)") == [
        "29 January 2025: $60 billion to $65 billion, forecast. Winter",
        "30 April 2025: $64 billion to $72 billion, planned. Spring",
        "29 October 2025: $71 billion, forecast. Autumn",
        "31 December 2025: $69 billion, reported. Year",
    ]
    marks = chart.locator(".mark")
    assert marks.evaluate_all("marks => marks.map((mark) => mark.tagName)") == [
        *("rect", "rect", "circle", "circle")
    ]
    fills = marks.evaluate_all("marks => marks.map((mark) => getComputedStyle(mark).fill)")
    assert fills[0] == fills[1] == fills[2] != fills[3]
    expect(chart.locator("a text")).to_have_text(["$60–65bn", "$64–72bn", "$71bn", "$69bn"])
    expect(shown.get_by_role("listitem")).to_have_text(
        ["reported", "forecast or planned", "a range"]
    )
    # What was revised is no less likely for that.
    expect(visit.page.get_by_role("region", name="Or, less likely")).to_have_count(0)
    points.nth(1).focus()
    visit.page.keyboard.press("Enter")
    expect(visit.article.locator("mark")).to_have_text("$64 billion to $72 billion")
    visit.page.keyboard.press("Escape")
    expect(visit.article).to_have_count(0)
    shown.get_by_text("As a table").click()
    rows = shown.get_by_role("row")
    expect(rows).to_have_count(5)
    expect(rows.nth(1)).to_have_text("29 Jan 2025$60 billion to $65 billion ForecastWinter")
    with visit.page.expect_download() as saved:
        shown.get_by_role("button", name="Save as SVG").click()
    _check_drawing(ET.parse(saved.value.path()).getroot(), f"{visit.address}/?q=")  # noqa: S314 - our own
    with visit.page.expect_download() as saved:
        shown.get_by_role("button", name="Save as CSV").click()
    with saved.value.path().open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [
        (line["as of"], line["low"], line["standing"], line["title"]) for line in lines[:2]
    ] == [
        ("2025-01-29", "60000000000", "forecast", "Winter"),
        ("2025-04-30", "64000000000", "planned", "Spring"),
    ]


def _check_drawing(drawing: ET.Element, links: str) -> None:
    """It shows and says by itself what the page shows, and links to the page."""
    svg = "{http://www.w3.org/2000/svg}"
    words = [text.text for text in drawing.iter(f"{svg}text")]
    assert words[0] == SPEND
    assert words[-1] == "filled: reported; hollow: forecast or planned; bar: a range"
    assert {"$60–65bn", "$71bn", "29 Jan 2025"} <= set(words)
    marks = [mark for kind in ("rect", "circle") for mark in drawing.iter(f"{svg}{kind}")]
    assert len({mark.get("fill") for mark in marks}) == 2
    assert all((link.get("href") or "").startswith(links) for link in drawing.iter(f"{svg}a"))


def test_a_disagreement_is_said_before_the_answer_with_its_articles(visit: Visit) -> None:
    _ask(visit, PROFIT)
    said = visit.page.locator(".disagreement")
    expect(said).to_have_text(
        "The articles disagree: €35 million in Rovers win, but €3.5 million in Rovers gain."
    )
    expect(visit.page.locator(".disagreement + .answer")).to_be_visible()
    expect(visit.page.get_by_text("The same in")).to_have_count(0)
    expect(visit.page.locator("#results > .hint")).to_have_text(
        "“in 2024” was read as 1 January – 31 December 2024; other times are left out."
    )
    status = visit.page.get_by_role("status")
    expect(status).to_contain_text("The articles disagree: €35 million in Rovers win, but")
    said.get_by_role("link", name="Rovers gain").click()
    expect(visit.article.locator("mark")).to_have_text("€3.5 million")
    visit.page.keyboard.press("Escape")
    expect(visit.article).to_have_count(0)


def test_names_that_are_near_an_absent_one_are_asked_by_a_link(desk: Visit) -> None:
    _ask(desk, "What did Ferdinand Keter say?")
    reason = desk.page.locator(".reason")
    expect(reason).to_have_text(
        "No article mentions “Ferdinand Keter”. Did you mean Kester or Ketter?"
    )
    reason.get_by_role("link", name="Ketter").click()
    question = desk.page.get_by_label("Your question")
    expect(question).to_have_value("What did Ferdinand Ketter say?")
    expect(desk.page.get_by_role("heading", name="Answer", exact=True)).to_be_focused()


def test_how_a_question_was_read_is_said_before_the_answer(desk: Visit) -> None:
    _ask(desk, "How much did Boreelis spend in 2019?")
    expect(desk.page.locator("#results > .hint")).to_have_text("“Boreelis” was read as “Borealis”.")
    expect(desk.page.locator(".caution")).to_have_text(
        "No article answers for “in 2019” (1 January – 31 December 2019)."
    )


def test_what_cannot_be_charted_is_a_table(desk: Visit) -> None:
    def reply_in_words(route: Route) -> None:
        reply = plain_reply(route)
        for number, entry in enumerate(reply["timeline"], start=1):
            entry.update(text=f"Leader {number}", value=None)
        reply["timeline"][0]["as_of"] = None
        route.fulfill(json=reply)

    desk.page.route("**/v1/ask", reply_in_words)
    _ask(desk, SPEND)
    shown = desk.page.get_by_role("region", name="Over time")
    expect(shown.get_by_role("row").nth(1)).to_have_text("UndatedLeader 1 ForecastWinter")
    expect(shown.locator("svg, details")).to_have_count(0)


def test_figures_keep_sign_and_unit(desk: Visit) -> None:
    def reply_in_figures(route: Route) -> None:
        reply = plain_reply(route)
        reply["timeline"] = reply["timeline"][:2]
        for entry, (low, high) in zip(reply["timeline"], [(1118, 1118), (-3, 18693)], strict=True):
            entry["value"] = {"kind": "count", "low": low, "high": high, "unit": "beds"}
        reply["answers"][0]["value"] = reply["timeline"][0]["value"]
        route.fulfill(json=reply)

    desk.page.route("**/v1/ask", reply_in_figures)
    _ask(desk, SPEND)
    expect(desk.page.locator(".chart a text")).to_have_text(["1,118", "-3 – 18.69k"])
    expect(desk.page.locator(".legend li").first).to_have_text("in beds")
