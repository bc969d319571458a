"""The article behind a citation, open at its place, in a real browser."""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

from tests.api.page.conftest import (
    EMOJI_TEXT,
    HARD_ARTICLES,
    HOSTILE_ID,
    LIGHTHOUSE,
    PHONE,
    plain_reply,
    visiting,
)
from tests.api.page.test_several import check_access
from tests.index.making import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Route

    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser

TOWER = "What does the lighthouse of Zanzibar cost?"


def _open_citation(visit: Visit, question: str) -> None:
    visit.open()
    visit.ask(question)
    visit.page.locator(".answer .citation a").first.click()


def test_a_citation_opens_the_article_at_the_marked_quote(visit: Visit) -> None:
    _open_citation(visit, TOWER)
    expect(visit.article.get_by_role("heading", name="lighthouse.txt")).to_be_visible()
    mark = visit.article.locator("mark")
    expect(mark).to_have_text("$9 billion")
    expect(mark).to_be_in_viewport()
    expect(mark).to_be_focused()
    item = visit.article.get_by_role("listitem")
    expect(item).to_have_text(LIGHTHOUSE, use_inner_text=True)
    assert item.text_content() == f"- {LIGHTHOUSE}"  # as in the text that offsets refer to
    heading = visit.article.get_by_role("heading", name="Zanzibar")
    expect(heading).to_have_text("Zanzibar", use_inner_text=True)
    expect(visit.article.get_by_role("button", name="Close")).to_be_in_viewport()


@pytest.mark.parametrize("visit", [{"viewport": {"width": 550, "height": 400}}], indirect=True)
def test_what_is_marked_is_not_under_the_header_of_a_low_window(visit: Visit) -> None:
    _open_citation(visit, TOWER)
    mark = visit.article.locator("mark")
    expect(mark).to_be_focused()
    header = visit.article.locator("header").bounding_box()
    place = mark.bounding_box()
    assert header is not None
    assert place is not None
    assert header["y"] + header["height"] <= place["y"]
    assert place["y"] + place["height"] <= 400


@pytest.mark.parametrize("way", ["Escape", "button", "beside", "back"])
def test_closing_the_article_goes_back_to_the_answer(visit: Visit, way: str) -> None:
    _open_citation(visit, TOWER)
    expect(visit.article).to_be_visible()
    assert "&article=lighthouse.txt&start=" in visit.page.url
    if way == "Escape":
        visit.page.keyboard.press("Escape")
    elif way == "button":
        visit.article.get_by_role("button", name="Close").click()
    elif way == "beside":
        visit.page.mouse.click(20, 400)
    else:
        visit.page.go_back()
    expect(visit.article).to_have_count(0)
    expect(visit.words).to_have_text("$9 billion")
    expect(visit.page.locator(".answer .citation a").first).to_be_focused()
    expect(visit.page).not_to_have_url(re.compile(r"[?&]article="))
    visit.page.go_back()
    expect(visit.page.locator("#results")).to_be_empty()


def test_a_linked_place_is_opened_above_its_answer(visit: Visit) -> None:
    _open_citation(visit, TOWER)
    expect(visit.article).to_be_visible()
    visit.page.reload()
    expect(visit.article.locator("mark")).to_have_text("$9 billion")
    visit.page.keyboard.press("Escape")
    expect(visit.words).to_have_text("$9 billion")
    visit.page.wait_for_url("**/?q=What+does+the+lighthouse+of+Zanzibar+cost%3F")


def test_a_linked_article_opens_without_a_question(visit: Visit) -> None:
    start = EMOJI_TEXT.index("$7")
    visit.open(f"/?article=emoji&start={start}&end={start + 10}")
    expect(visit.article.locator("mark")).to_have_text("$7 billion")
    original = visit.article.get_by_role("link", name="Published at example.org")
    expect(original).to_have_attribute("href", "https://example.org/koeln")
    expect(original).to_have_attribute("rel", "noopener noreferrer")
    visit.page.keyboard.press("Escape")
    expect(visit.page.get_by_role("heading", name="Try")).to_be_visible()


def test_an_article_that_is_not_there_is_said_so(visit: Visit) -> None:
    visit.expected = "404"
    visit.open("/?article=none&start=0&end=1")
    expect(visit.article).to_contain_text("article 'none': not in the index")
    expect(visit.article.get_by_role("heading")).to_be_focused()


@pytest.mark.parametrize("place", ["start=x&end=-1", "start=99999&end=3", ""])
def test_a_wrong_place_marks_nothing(visit: Visit, place: str) -> None:
    visit.open(f"/?article=emoji&{place}")
    expect(visit.article.locator(".text")).to_have_text(EMOJI_TEXT)
    expect(visit.article.locator("mark")).to_have_count(0)


def test_an_article_that_changed_since_is_not_marked(visit: Visit) -> None:
    def change(route: Route) -> None:
        body = route.fetch().json()
        route.fulfill(json={**body, "text": f"New. {body['text']}", "sha256": "0" * 64})

    visit.page.route("**/v1/articles/**", change)
    _open_citation(visit, TOWER)
    expect(visit.article).to_contain_text("This article has changed since it was cited")
    expect(visit.article.locator("mark")).to_have_count(0)


def test_hostile_text_is_shown_as_text(visit: Visit) -> None:
    hostile = HARD_ARTICLES[0]
    visit.open()
    visit.page.locator("#filters summary").click()
    expect(visit.page.get_by_label(hostile["source"])).to_be_visible()
    expect(visit.page.get_by_role("checkbox", name=f"{hostile['tags'][0]} 1")).to_have_count(2)
    visit.ask("Who took it, hostile pirates, from banks?")
    expect(visit.page.locator(".answer blockquote")).to_have_text(hostile["text"])
    expect(visit.page.locator(".answer .citation a").first).to_have_text(hostile["title"])
    expect(visit.page.locator(".answer .origin")).to_have_text(hostile["source"])
    visit.page.locator(".answer .citation a").first.click()
    expect(visit.article.locator(".text")).to_have_text(hostile["text"])
    expect(visit.article.locator("mark")).to_have_text("$13 billion")
    expect(visit.article.locator(".origin")).to_contain_text(hostile["author"])
    expect(visit.article.get_by_role("link")).to_have_text(["Original file"])  # no javascript:
    expect(visit.page.locator("body script, body img")).to_have_count(0)
    visit.page.reload()
    expect(visit.article.locator("mark")).to_have_text("$13 billion")
    assert visit.page.evaluate("new URLSearchParams(location.search).get('article')") == HOSTILE_ID


def test_a_hostile_question_is_shown_as_text(visit: Visit) -> None:
    question = "<script>window.hacked=1</script>\"><img src=x onerror='window.hacked=1'>"
    visit.open(f"/?q={quote(question)}&source={quote(question)}")
    expect(visit.page.locator(".abstained")).to_be_visible()
    expect(visit.page.locator("#filters-active")).to_have_text(question)
    visit.open()
    expect(visit.page.get_by_role("link", name=question)).to_be_visible()


def _change_article(visit: Visit, **changes: object) -> None:
    def change(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), **changes})

    visit.page.route("**/v1/articles/**", change)


def test_a_title_that_begins_the_text_is_shown_once(visit: Visit) -> None:
    titled = [{"start": 2, "end": 6, "level": 1}, {"start": 11, "end": 15, "level": 2}]
    text = "# Gold\n\n## Gold\n\nIt shines."
    _change_article(visit, title="Gold", text=text, headings=titled)
    visit.open("/?article=emoji&start=17&end=19")
    expect(visit.article.locator("mark")).to_have_text("It")
    headings = visit.article.get_by_role("heading", name="Gold")
    expect(headings).to_have_text(["Gold", "Gold"], use_inner_text=True)
    visit.open("/?article=emoji&start=2&end=6")  # unless it is what is cited
    expect(visit.article.locator("mark")).to_have_text("Gold")
    expect(headings).to_have_count(3)


def test_items_are_listed_without_their_signs(visit: Visit) -> None:
    text = "Two:\n\n- one\n  * deeper\n\nThen:\n1. first\n2) second"
    _change_article(visit, text=text)
    visit.open(f"/?article=emoji&start=6&end={len(text)}")
    items = visit.article.get_by_role("listitem")
    shown = ["one", "deeper", "1. first", "2) second"]
    expect(items).to_have_text(shown, use_inner_text=True)
    expect(visit.article.get_by_role("list")).to_have_count(2)
    marked = visit.article.locator("mark").all_text_contents()
    assert marked == ["- one", "  * deeper", "Then:", "1. first", "2) second"]


TABLE = """Sales

- Country: Sweden; Boats: 184; Nights: 420
- Country: Denmark; Nights: 265
- Country: Norway; Boats: 107; Nights: 198

- Tea: hot; milk: cold.

Fares

Part One

Adults pay 5, children pay 2."""


@pytest.mark.parametrize("visit", [PHONE], ids=["phone"], indirect=True)
def test_headings_tables_and_pages_are_laid_out_as_such(visit: Visit) -> None:
    headings = [
        {"start": TABLE.index(words), "end": TABLE.index(words) + len(words), "level": level}
        for words, level in (("Sales", 1), ("Fares", 1), ("Part One", 3))
    ]
    pages = [0, TABLE.index("Fares"), TABLE.index("children")]
    _change_article(visit, text=TABLE, headings=headings, page_starts=pages)
    start = TABLE.index("107")
    visit.open(f"/?article=emoji&start={start}&end={start + 3}")
    view = visit.article.locator(".text")
    expect(view.locator("td mark")).to_be_focused()
    expect(view.locator("td mark")).to_have_text("107")
    expect(view.get_by_role("columnheader")).to_have_text(["Country", "Boats", "Nights"])
    rows = view.locator("tbody tr")
    assert rows.all_inner_texts() == ["Sweden\t184\t420", "Denmark\t\t265", "Norway\t107\t198"]
    expect(view.get_by_role("listitem")).to_have_count(1)
    expect(view.get_by_role("heading", level=3)).to_have_text(["Sales", "Fares"])
    expect(view.get_by_role("heading", level=4)).to_have_text("Part One")
    second = view.get_by_role("separator", name="Page 2")
    expect(second.locator("+ h3")).to_have_text("Fares")
    expect(view.locator("p").get_by_role("separator", name="Page 3")).to_be_visible()
    selected = visit.page.evaluate(
        """async () => {
            const range = document.createRange();
            range.setStart(document.querySelector("#article td mark").firstChild, 0);
            range.setEndAfter(document.querySelector("#article p:last-child").lastChild);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            const { selectedWords } = await import("/page/marking.js");
            const article = await (await fetch("v1/articles/emoji")).json();
            return selectedWords(article, document.querySelector("#article .text"));
        }"""
    )
    assert selected["quote"] == TABLE[start:] == TABLE[selected["start"] : selected["end"]]
    check_access(visit)


def test_a_row_of_a_table_is_cited_as_one(visit: Visit) -> None:
    sentence = "Country: Sweden; Boats: 184"

    def change(route: Route) -> None:
        reply = plain_reply(route)
        place = {"quote": "184", "start": 24, "end": 27, "sentence_start": 0, "before": "Boats."}
        reply["citations"][0].update({"sentence": sentence, "sentence_end": 27, **place})
        route.fulfill(json=reply)

    visit.page.route("**/v1/ask", change)
    visit.open(f"/?q={quote_plus(TOWER)}")
    cited = visit.page.locator(".answer .citation").first
    expect(cited.get_by_role("columnheader")).to_have_text(["Country", "Boats"])
    expect(cited.get_by_role("rowheader")).to_have_text("Sweden")
    expect(cited.locator("td mark")).to_have_text("184")
    expect(cited.locator(".before")).to_have_text("Boats.")
    check_access(visit)


@pytest.mark.parametrize("visit", [PHONE], ids=["phone"], indirect=True)
def test_a_name_in_the_origin_is_never_broken(visit: Visit) -> None:
    _change_article(visit, source="Sample Markets Daily", author="Augusta Lovelace-Byron")
    visit.open("/?article=meta&start=0&end=1")
    expect(visit.article.locator("mark")).to_be_visible()
    for part in visit.article.locator(".origin > *").all():
        assert part.evaluate("part => part.offsetHeight") < 30


@pytest.fixture(scope="module")
def blank(browser: Browser, served: str) -> Iterator[Visit]:
    """One tab for many texts."""
    with visiting(browser, served) as opened:
        opened.open()
        yield opened


def _run(visit: Visit, script: str, *values: Any) -> Any:
    return visit.page.evaluate(f"async (given) => {{ {script} }}", json.dumps(values))


@settings(suppress_health_check=list(HealthCheck))
@given(text=texts, cuts=st.lists(st.integers(0, 400), max_size=4).map(sorted))
def test_cuts_are_those_of_code_points(blank: Visit, text: str, cuts: list[int]) -> None:
    script = """
        const [text, cuts] = JSON.parse(given);
        const { cutAt, countCodePoints } = await import("/page/code_points.js");
        return JSON.stringify([cutAt(text, cuts), countCodePoints(text)]);
    """
    ends = [0, *cuts, len(text)]
    pieces = [text[first:last] for first, last in itertools.pairwise(ends)]
    assert json.loads(_run(blank, script, text, cuts)) == [pieces, len(text)]


@settings(suppress_health_check=list(HealthCheck))
@given(text=texts, place=st.tuples(st.integers(0, 200), st.integers(0, 200)).map(sorted))
def test_what_is_marked_in_an_article_is_its_slice(
    blank: Visit, text: str, place: list[int]
) -> None:
    script = """
        const [text, start, end] = JSON.parse(given);
        const { textView } = await import("/page/article_text.js");
        const article = { text, title: null, headings: [], page_starts: [0, start] };
        const view = textView(article, { start, end }).text;
        const marks = [...view.querySelectorAll("mark")].map((mark) => mark.textContent);
        return JSON.stringify([marks.join(""), view.textContent]);
    """
    marked, shown = json.loads(_run(blank, script, text, *place))
    assert marked == "".join(_lines(text, *place))
    # All of the article is there, what is hidden too; only line breaks are not.
    assert _bare(shown) == _bare(text)


def _lines(text: str, start: int, end: int) -> Iterator[str]:
    """The parts of a slice in the lines of a text that are not blank, as JavaScript sees blank."""
    at = 0
    for line in text.split("\n"):
        if line.strip("\t\v\f\r \u00a0\u2028\u2029\ufeff"):
            yield line[max(start - at, 0) : max(end - at, 0)]
        at += len(line) + 1


def _bare(text: str) -> str:
    return "".join(
        character for character in text if not character.isspace() and character != "\ufeff"
    )
