"""A table of answers on the page, in a real browser."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.api.page.test_several import check_access

if TYPE_CHECKING:
    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser


def test_a_question_of_names_fills_a_table_that_is_sorted_and_saved(visit: Visit) -> None:
    visit.open()
    visit.page.locator("#many summary").click()
    visit.page.get_by_label("For each name in a list").check()
    visit.page.get_by_label("Names, one per line").fill("Meta\nMicrosoft\n\nGoogle")
    visit.ask("How much billion at {name} in 2025?")
    rows = visit.page.locator(".many tbody tr")
    expect(visit.page.locator(".many > .hint")).to_have_text("2 of 3 rows answered.")
    expect(visit.page.get_by_role("status")).to_have_text("2 of 3 rows answered.")
    expect(rows.locator("th")).to_have_text(["Meta", "Microsoft", "Google"])
    expect(rows.nth(1).locator("td.answer")).to_have_text("$80 billion Planned")
    expect(rows.nth(2)).to_contain_text("No answer. No article mentions 'Google'")
    assert "name=Meta&name=Microsoft&name=Google" in visit.page.url
    header = visit.page.get_by_role("columnheader", name="Answer")
    for direction, labels in (
        ("ascending", ["Meta", "Microsoft", "Google"]),
        ("descending", ["Microsoft", "Meta", "Google"]),
    ):
        header.get_by_role("button").click()
        expect(header).to_have_attribute("aria-sort", direction)
        expect(rows.locator("th")).to_have_text(labels)
    with visit.page.expect_download() as saving:
        visit.page.get_by_role("button", name="Save as CSV").click()
    with Path(saving.value.path()).open(encoding="utf-8-sig", newline="") as saved:
        read = list(csv.DictReader(saved))
    assert [row["asked of"] for row in read] == ["Meta", "Microsoft", "Google"]
    assert (read[1]["answer"], read[1]["low"], read[1]["unit"]) == (
        "$80 billion",
        "80000000000",
        "USD",
    )
    guarded = visit.page.evaluate(
        """async () => {
            const { writeCsv } = await import("/page/csv.js");
            return writeCsv([["=1+1", -1, null, '-a "b", c', "@x", "\\ty", "z"]]);
        }"""
    )
    assert guarded == '\ufeff\'=1+1,-1,,"\'-a ""b"", c",\'@x,\'\ty,z\r\n'
    check_access(visit)
    rows.first.locator(".article a").click()
    expect(visit.article.locator("mark")).to_have_text("$80 billion")
    visit.page.keyboard.press("Escape")
    rows.nth(1).get_by_role("link", name="Meta", exact=True).click()
    expect(visit.words).to_have_text("$64 billion to $72 billion")
    expect(visit.page.get_by_label("Once")).to_be_checked()
