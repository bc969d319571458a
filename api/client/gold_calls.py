"""Requests about gold questions: what users marked, and its review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote as percent_encoded

from api.client.calls import Call, as_json, as_quote
from api.client.replies import json_as
from api.schemas import MarkedQuestionOut, MarkedQuestionsResponse

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx2

    from api.client.calls import FilterOptions, Quote
    from api.schemas import CitationOut

_GOLD: Final = "/v1/gold"
_WORDS: Final = ("article_id", "quote", "start", "end")


def mark_answer(
    question: str, words: Sequence[CitationOut | Quote], filters: FilterOptions | None
) -> Call[MarkedQuestionOut]:
    """Mark which words answer a question."""
    body = as_json({"question": question, "words": marked_words(words), "filters": filters})
    return Call("POST", _GOLD, json_as(MarkedQuestionOut), body=body)


def marked_words(words: Sequence[CitationOut | Quote]) -> list[dict[str, Any]]:
    """Words with their places, as `api.schemas.MarkedWordsIn` takes them."""
    quotes = [as_quote(place) for place in words]
    return [{name: quote[name] for name in _WORDS} for quote in quotes]


def review_marked(gold_id: str) -> Call[MarkedQuestionOut]:
    """Note that a marked question was reviewed."""
    return Call("POST", f"{_one(gold_id)}/review", json_as(MarkedQuestionOut))


def remove_marked(gold_id: str) -> Call[None]:
    """Remove a marked question."""
    return Call("DELETE", _one(gold_id), _nothing)


MARKED: Final = Call("GET", _GOLD, json_as(MarkedQuestionsResponse))


def _one(gold_id: str) -> str:
    return f"{_GOLD}/{percent_encoded(gold_id, safe='')}"


def _nothing(_: httpx2.Response) -> None:
    """The parser of a reply without a body."""
