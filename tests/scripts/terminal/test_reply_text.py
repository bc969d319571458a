"""What a reply looks like on a terminal."""

from __future__ import annotations

import json
from typing import Any

import pytest

from api.schemas import AskResponse
from api.schemas.examples import ASK
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
