"""Replies as text with numbered citations."""

from __future__ import annotations

from typing import Any

from api.cited_text import cited_text
from api.schemas import AskResponse
from api.schemas.examples import ABSTAINED, ASK

FIRST = {**ASK["citations"][0]}
SECOND = {**FIRST, "number": 2, "sentence": "It was less, of [1].", "page": 7}
SOURCE = "Cloud groups keep their budgets, Sample Wire, 2025-05-02"


def _reply(**changes: Any) -> AskResponse:
    return AskResponse.model_validate({**ASK, **changes})


def test_answer_stands_before_the_sentence_that_is_cited() -> None:
    cited = cited_text(_reply())
    assert cited.text == (
        f"$64 billion to $72 billion [1] (93% sure, forecast)\n\n[1] {FIRST['sentence']} ({SOURCE})"
    )


def test_timeline_cites_what_no_answer_does() -> None:
    entries = [
        {"as_of": "2025-01-30", "text": "$60 billion", "value": None, "citation": 2},
        {"as_of": None, "text": "$72 billion", "value": None, "citation": 1},
    ]
    cited = cited_text(
        _reply(
            citations=[FIRST, SECOND],
            agreement="disagree",
            timeline=[{**entry, "standing": "forecast"} for entry in entries],
        )
    )
    assert cited.text.splitlines() == [
        "The articles disagree: $60 billion [2]; $72 billion [1].",
        "",
        "$64 billion to $72 billion [1] (93% sure, forecast)",
        "",
        "Over time:",
        "",
        "- 2025-01-30: $60 billion [2] (forecast)",
        "- undated: $72 billion [1] (forecast)",
        "",
        f"[1] {FIRST['sentence']} ({SOURCE})",
        "",
        f"[2] It was less, of [1]. ({SOURCE}, page 7)",
    ]
    places = [(mark.citation.number, cited.text[mark.start : mark.end]) for mark in cited.marks]
    assert places == [(1, "[1]"), (2, "[2]")]


def test_list_and_comparison_say_what_they_are() -> None:
    listing = {
        "complete": "unknown",
        "articles_searched": 65,
        "below_the_bar": [{"text": "Intel", "confidence": 0.2}],
    }
    comparison = {
        "sides": [{"subject": "Meta", "answer": 0}, {"subject": "Apple", "answer": None}],
        "greater": None,
        "statement": "Meta and Apple are compared by value.",
    }
    lines = cited_text(_reply(listing=listing, comparison=comparison)).text.splitlines()
    assert lines[0] == "Meta and Apple are compared by value."
    assert lines[2].startswith("Meta: $64 billion to $72 billion [1] (")
    assert (
        "65 articles searched. The list may not be complete; not sure enough: Intel (20%)." in lines
    )


def test_abstention_is_said_in_plain_words() -> None:
    names = {"absent": ["Apple"], "read_as": {"Aple": "Apple"}}
    cited = cited_text(AskResponse.model_validate({**ABSTAINED, "names": names}))
    assert cited.text == (
        "Read 'Aple' as 'Apple'.\n\nThe articles do not answer this. No article mentions 'Apple'."
    )
    assert cited.marks == ()
