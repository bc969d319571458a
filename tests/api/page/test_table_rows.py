"""Rows of tables are read on the page as the service reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.formats.tables import row_values

if TYPE_CHECKING:
    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser

CELLS = """async (lines) => {
    const { cellsOf } = await import("/page/table_rows.js");
    return lines.map((line) => cellsOf(line).map(({ from, to }) => [from, to]));
}"""
LINES = [
    "Country: Sweden; Boats: 184",
    "Sweden; Boats: 184; Crew (2024): 1,040",
    "Sweden; 184",
    "Price: 55 crowns a night",
    "Time: 10:30; Place: Köln: old town",
    "A: ; B: 2",
    f"{'x' * 100}: 1; B: 2",
    f"{'x' * 101}: 1; B: 2",
    " A: 1; B: 2",
    "https://example.org; B: 2",
    "one;two; B: 2",
    "",
]


def test_page_and_service_see_the_same_cells_in_a_line(visit: Visit) -> None:
    visit.open()
    expected = [[[value, end] for _, value, end in row_values(line)] for line in LINES]
    assert visit.page.evaluate(CELLS, LINES) == expected
    assert visit.page.evaluate(CELLS, ["Sweden; Boats: 184 were lost."]) == [[]]  # a sentence
