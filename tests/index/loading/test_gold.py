"""Loading gold questions."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from index.errors import GoldError
from index.loading.gold import load_gold
from index.records import Filters

if TYPE_CHECKING:
    from pathlib import Path


def _gold(**changes: Any) -> dict[str, Any]:
    return {"id": "g1", "question": "Who?", "answers": ["Li"], "articles": ["meta"], **changes}


def _write(folder: Path, *questions: dict[str, Any]) -> Path:
    path = folder / "gold.jsonl"
    lines = [json.dumps(question, ensure_ascii=False) for question in questions]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_load_gold_reads_every_field(tmp_path: Path) -> None:
    filters = {"published_from": "2025-01-01", "sources": ["Wire"]}
    (question,) = load_gold(_write(tmp_path, _gold(tags=["t"], filters=filters)))
    assert (question.id, question.question) == ("g1", "Who?")
    assert (question.answers, question.articles, question.tags) == (("Li",), ("meta",), ("t",))
    assert question.filters.to_filters() == Filters(
        published_from=dt.date(2025, 1, 1), sources=frozenset({"Wire"})
    )


def test_load_gold_takes_empty_answers_for_unanswerable(tmp_path: Path) -> None:
    (question,) = load_gold(_write(tmp_path, _gold(answers=[], articles=[])))
    assert question.answers == ()
    assert question.filters.to_filters().is_empty


def test_load_gold_passes_over_blank_lines_and_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(f"\n{json.dumps(_gold())}\n  \r\n{{}}\n", encoding="utf-8")
    with pytest.raises(GoldError, match=r"gold\.jsonl, line 4: field 'id': Field required"):
        load_gold(path)


@pytest.mark.parametrize("mark", ["\u2028", "\u0085", "\x0b", "\ufeff"])
def test_load_gold_ends_lines_at_line_feeds_only(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "gold.jsonl"
    line = json.dumps(_gold(question=f"a{mark}b"), ensure_ascii=False)
    path.write_text(line, encoding="utf-8")
    (question,) = load_gold(path)
    assert question.question == f"a{mark}b"


def test_load_gold_passes_over_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(_gold()), encoding="utf-8-sig")
    assert [question.id for question in load_gold(path)] == ["g1"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"question": " "}, "field 'question': .*at least 1 character"),
        ({"answers": "Li"}, "field 'answers'"),
        ({"answers": [""]}, r"field 'answers\.0'"),
        ({"articles": []}, "answers and articles go together"),
        ({"answers": []}, "answers and articles go together"),
        ({"difficulty": 1}, "field 'difficulty': Extra"),
        ({"filters": {"source": []}}, r"field 'filters\.source': Extra"),
        (
            {"filters": {"published_from": "2025-02-01", "published_to": "2025-01-01"}},
            r"field 'filters\.published_to': .*is before published_from",
        ),
    ],
)
def test_load_gold_names_line_and_field(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(GoldError, match=rf"gold\.jsonl, line 2: .*{message}"):
        load_gold(_write(tmp_path, _gold(id="g0"), _gold(**changes)))


def test_load_gold_refuses_a_repeated_id(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="line 2: field 'id': 'g1' is repeated; it is in line 1"):
        load_gold(_write(tmp_path, _gold(), _gold()))


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_load_gold_refuses_a_file_without_questions(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(content)
    with pytest.raises(GoldError, match="no gold question; expected"):
        load_gold(path)


@pytest.mark.parametrize("line", [b"{", b"[]", b"\xff", b"null"])
def test_load_gold_names_the_file_that_is_not_json_lines(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(line)
    with pytest.raises(GoldError, match=r"gold\.jsonl"):
        load_gold(path)


def test_load_gold_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"none\.jsonl"):
        load_gold(tmp_path / "none.jsonl")
