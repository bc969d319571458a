"""What replies must look like, as design and documentation promise it."""

from __future__ import annotations

import datetime as dt
from typing import Any

Json = dict[str, Any]
NUMBER = (int, float)
NONE = type(None)

_ARTICLE: dict[str, Any] = {
    "id": str,
    "title": (str, NONE),
    "url": (str, NONE),
    "source": (str, NONE),
    "author": (str, NONE),
    "published_at": (str, NONE),
    "published_at_from": (str, NONE),
    "tags": list,
    "sha256": str,
}
_SCORES: dict[str, Any] = {
    "dense": (*NUMBER, NONE),
    "lexical": (*NUMBER, NONE),
    "fused": NUMBER,
    "reader": (*NUMBER, NONE),
}
_NEAREST: dict[str, Any] = {
    "number": int,
    "article": dict,
    "sentence": str,
    "sentence_start": int,
    "sentence_end": int,
    "passage_start": int,
    "passage_end": int,
    "page": (int, NONE),
    "scores": dict,
}
_CITATION: dict[str, Any] = {
    **_NEAREST,
    "quote": str,
    "quote_sha256": str,
    "before": (str, NONE),
    "before_start": (int, NONE),
    "before_end": (int, NONE),
    "start": int,
    "end": int,
}
_TIMINGS: dict[str, Any] = {
    **dict.fromkeys(("encode", "retrieve", "read", "total"), NUMBER),
    "cache": (*NUMBER, NONE),
}
_ASK: dict[str, Any] = {
    "status": str,
    "question": str,
    "answer": (str, NONE),
    "confidence": (*NUMBER, NONE),
    "answers": list,
    "citations": list,
    "abstention": (dict, NONE),
    "names": dict,
    "context": dict,
    "agreement": (str, NONE),
    "timeline": list,
    "question_time": (dict, NONE),
    "listing": (dict, NONE),
    "comparison": (dict, NONE),
    "index_version": str,
    "undated_left_out": int,
    "timings_ms": dict,
}
_ABSTENTION: dict[str, Any] = {
    "reason": str,
    "nearest": list,
    "best_candidate": (str, NONE),
    "best_confidence": (*NUMBER, NONE),
}


def check_types(found: Json, expected: dict[str, Any]) -> None:
    assert found.keys() == expected.keys()
    for name, types in expected.items():
        assert isinstance(found[name], types), name
        assert not isinstance(found[name], bool), name


ORIGINAL: dict[str, Any] = {"original": (str, NONE), "original_type": (str, NONE)}


def check_article(article: Json, **extra: Any) -> None:
    check_types(article, _ARTICLE | extra)
    assert len(article["sha256"]) == 64
    if article["published_at"] is not None:
        dt.date.fromisoformat(article["published_at"])


def _check_place(place: Json, texts: dict[str, str]) -> None:
    check_article(place["article"])
    check_types(place["scores"], _SCORES)
    text = texts[place["article"]["id"]]
    first, last = place["sentence_start"], place["sentence_end"]
    assert text[first:last] == place["sentence"] != ""
    assert 0 <= place["passage_start"] <= first < last <= place["passage_end"] <= len(text)


def check_ask(body: Json, texts: dict[str, str]) -> Json:
    """Check an answered or abstained reply against the texts of the articles."""
    check_types(body, _ASK)
    check_types(body["timings_ms"], _TIMINGS)
    check_types(body["names"], {"absent": list, "read_as": dict, "offered": dict})
    if body["listing"] is not None:
        listing = {"complete": str, "articles_searched": int, "below_the_bar": list}
        check_types(body["listing"], listing)
    if body["comparison"] is not None:
        comparison = {"by": str, "sides": list, "greater": (int, NONE), "statement": str}
        check_types(body["comparison"], comparison)
    if body["status"] == "answered":
        _check_answered(body, texts)
    else:
        assert body["status"] == "abstained"
        assert (body["answer"], body["confidence"]) == (None, None)
        assert (body["answers"], body["citations"]) == ([], [])
        check_types(body["abstention"], _ABSTENTION)
        assert body["abstention"]["reason"]
        best, sure = (body["abstention"][f"best_{name}"] for name in ("candidate", "confidence"))
        assert (best is None) == (sure is None)
        assert sure is None or 0 <= sure <= 1
        for number, near in enumerate(body["abstention"]["nearest"], start=1):
            check_types(near, _NEAREST)
            assert near["number"] == number
            _check_place(near, texts)
    return body


def _check_answered(body: Json, texts: dict[str, str]) -> None:
    assert body["abstention"] is None
    quotes = []
    for number, citation in enumerate(body["citations"], start=1):
        check_types(citation, _CITATION)
        assert citation["number"] == number
        _check_place(citation, texts)
        start, end = citation["start"], citation["end"]
        quotes.append(texts[citation["article"]["id"]][start:end])
        assert quotes[-1] == citation["quote"] != ""
        assert citation["sentence_start"] <= start < end <= citation["sentence_end"]
        if citation["before"] is not None:
            text = texts[citation["article"]["id"]]
            assert text[citation["before_start"] : citation["before_end"]] == citation["before"]
            assert citation["before_end"] <= citation["sentence_start"]
    cited: list[int] = []
    for answer in body["answers"]:
        assert answer.keys() == {"text", "confidence", "value", "as_of", "standing", "citations"}
        assert 0 <= answer["confidence"] <= 1
        _check_value(answer["value"])
        assert answer["text"] == quotes[answer["citations"][0] - 1]
        cited.extend(answer["citations"])
    cited.extend(sorted({point["citation"] for point in body["timeline"]} - set(cited)))
    several = body["listing"] is not None or body["comparison"] is not None
    agreements = {None} if several else {"single", "agree", "revised", "disagree"}
    assert body["agreement"] in agreements
    assert cited == list(range(1, len(quotes) + 1))
    assert quotes
    best = body["answers"][0]
    assert (body["answer"], body["confidence"]) == (best["text"], best["confidence"])
    sure = [answer["confidence"] for answer in body["answers"]]
    assert body["comparison"] is not None or sure == sorted(sure, reverse=True)


def _check_value(value: Json | None) -> None:
    if value is None:
        return
    assert value.keys() == {"kind", "low", "high", "unit", "approximate"}
    assert value["kind"] in {"money", "percent", "count", "number", "date", "duration"}
    assert value["low"] <= value["high"]
    expected = str if value["kind"] == "date" else float
    assert isinstance(value["low"], expected)
    assert isinstance(value["high"], expected)


def check_problem(reply: Any, status: int) -> Json:
    """Check an RFC 9457 problem."""
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    body: Json = reply.json()
    assert body["status"] == status
    assert body.keys() >= {"type", "title", "detail", "instance", "request_id"}
    assert body["request_id"] == reply.headers["x-request-id"]
    return body
