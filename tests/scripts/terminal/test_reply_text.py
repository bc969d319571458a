"""What a reply looks like on a terminal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rich.console import Console

from api.schemas import AskResponse
from api.schemas.examples import ASK
from scripts.terminal import reply_text
from scripts.terminal.reply_text import print_reply


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (
            {"kind": "money", "low": 64e9, "high": 72e9, "unit": "USD"},
            "64,000,000,000 to 72,000,000,000 USD",
        ),
        ({"kind": "percent", "low": -0.25, "high": -0.25, "unit": "percent"}, "-0.25 percent"),
        ({"kind": "number", "low": 12, "high": 12, "unit": None}, "12"),
        (
            {"kind": "date", "low": "2025-01-01", "high": "2025-03-31", "unit": None},
            "2025-01-01 to 2025-03-31",
        ),
    ],
)
def test_print_reply_shows_the_value_in_full(
    capsys: pytest.CaptureFixture[str], value: dict[str, Any], shown: str
) -> None:
    answer = {**ASK["answers"][0], "value": {**value, "approximate": False}}
    print_reply(AskResponse.model_validate_json(json.dumps({**ASK, "answers": [answer]})))
    first = capsys.readouterr().out.splitlines()[0]
    assert first == f"$64 billion to $72 billion  (93%, forecast as of 2025-05-02)  = {shown}"


def test_articles_are_links_on_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cited = ASK["citations"][0]
    article = {**cited["article"], "url": "https://example.org/meta"}
    reply = {**ASK, "citations": [{**cited, "article": article}, *ASK["citations"][1:]]}
    response = AskResponse.model_validate_json(json.dumps(reply))
    print_reply(response)
    plain = capsys.readouterr().out
    assert "\x1b" not in plain
    assert "https://example.org/meta" not in plain
    terminal = Console(highlight=False, force_terminal=True, color_system="standard", width=200)
    monkeypatch.setattr(reply_text, "Console", lambda **_: terminal)
    print_reply(response)
    shown = capsys.readouterr().out
    assert ";https://example.org/meta\x1b\\" in shown
    assert "\x1b[1;32m" in shown  # the quote


def test_print_reply_says_how_complete_a_list_is(capsys: pytest.CaptureFixture[str]) -> None:
    below = [{"text": "$9 billion", "confidence": 0.2}]
    listing = {"complete": "unknown", "articles_searched": 65, "below_the_bar": below}
    print_reply(AskResponse.model_validate_json(json.dumps({**ASK, "listing": listing})))
    said = "65 articles searched. The list may not be complete; not sure enough: $9 billion (20%)."
    assert said in capsys.readouterr().out


def test_print_reply_says_what_was_compared_and_whose_answer_each_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sides = [{"subject": "Meta", "answer": 0}, {"subject": "Apple", "answer": None}]
    comparison = {"by": "value", "sides": sides, "greater": None, "statement": "Compared: Meta."}
    print_reply(AskResponse.model_validate_json(json.dumps({**ASK, "comparison": comparison})))
    printed = capsys.readouterr().out
    assert printed.startswith("Compared: Meta.\nMeta: $64 billion to $72 billion")
