"""The API reference at /docs, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.api.page.conftest import Visit

pytestmark = pytest.mark.browser


def test_reference_shows_paths_fields_and_a_command_that_can_be_sent(visit: Visit) -> None:
    visit.open("/docs")
    page = visit.page
    expect(page.get_by_role("heading", level=2)).to_contain_text("Article QA")
    page.get_by_label("Find in the API").fill("max_answers confidence")
    shown = page.locator(".operation:visible")
    expect(shown).to_have_count(4)  # a question, several, and both ways to ask as OpenAI's API is
    shown.first.locator("summary").first.click()
    expect(shown.first).to_contain_text("min_confidence")
    command = shown.first.locator("pre", has_text="curl")
    expect(command).to_contain_text(f"curl -X POST {visit.address}/v1/ask -H")
    expect(shown.first).to_contain_text("422 Unprocessable")
    page.get_by_label("Find in the API").fill("")
    upload = page.locator(".operation", has_text="POST/v1/articles").first
    upload.locator("summary").first.click()
    expect(upload).to_contain_text("multipart/form-data")
