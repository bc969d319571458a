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


MONEY: dict[str, Any] = {"kind": "money", "low": 3.5e6, "high": 3.5e6, "unit": "EUR"}
STATEMENT: dict[str, Any] = {
    "as_of": "2025-08-12",
    "text": "3.5 million euros",
    "value": MONEY,
    "standing": "reported",
    "article": "meta",
}
SIDES: list[dict[str, Any]] = [
    {"subject": subject, "text": "3.5 million euros", "value": MONEY, "article": "meta"}
    for subject in ("Meta", "Oracle")
]


def test_load_gold_reads_what_is_expected_beside_words(tmp_path: Path) -> None:
    (question,) = load_gold(
        _write(
            tmp_path,
            _gold(
                kind="compare",
                value=MONEY,
                as_of="2025-08-12",
                timeline=[STATEMENT],
                comparison={"sides": SIDES, "greater": None},
            ),
        )
    )
    assert (question.kind, question.as_of) == ("compare", dt.date(2025, 8, 12))
    assert question.value is not None
    assert (question.value.low, question.value.unit) == (3.5e6, "EUR")
    assert [(entry.text, entry.value) for entry in question.timeline] == [
        ("3.5 million euros", question.value)
    ]
    assert question.comparison is not None
    assert [side.subject for side in question.comparison.sides] == ["Meta", "Oracle"]


def test_load_gold_reads_the_days_of_a_date(tmp_path: Path) -> None:
    value = {"kind": "date", "low": "2029-06-01", "high": "2029-06-30"}
    (question,) = load_gold(_write(tmp_path, _gold(value=value)))
    assert question.value is not None
    assert question.value.low == dt.date(2029, 6, 1)
    assert question.value.model_dump(mode="json") == value | {"unit": None}
    assert question.kind is None


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
        ({"difficulty": 1}, "field 'difficulty': there is no such field"),
        ({"filters": {"source": []}}, r"field 'filters\.source': there is no such field"),
        (
            {"filters": {"published_from": "2025-02-01", "published_to": "2025-01-01"}},
            r"field 'filters\.published_to': .*is before published_from",
        ),
        ({"kind": "newest"}, "field 'kind': Input should be 'fact', 'latest'"),
        ({"as_of": 2025}, "field 'as_of': .*expected a day such as"),
        ({"value": MONEY | {"low": "much"}}, r"field 'value\.low': .*expected a number, or a day"),
        ({"value": MONEY | {"high": True}}, r"field 'value\.high': .*got True"),
        ({"value": MONEY | {"low": 4e6}}, "field 'value': .*low .* is above high"),
        ({"value": MONEY | {"kind": "date"}}, "field 'value': .*of kind 'date' are days"),
        ({"value": MONEY | {"unit": None}}, "field 'value': .*kind 'money' has a unit"),
        ({"timeline": [STATEMENT | {"standing": "said"}]}, r"field 'timeline\.0\.standing'"),
        (
            {"timeline": [STATEMENT | {"source": "Wire"}]},
            r"field 'timeline\.0\.source': there is no such field",
        ),
        ({"comparison": {"sides": SIDES[:1], "greater": 0}}, r"field 'comparison\.sides'"),
        (
            {"comparison": {"sides": SIDES, "greater": 2}},
            "field 'comparison': .*greater is 2; expected a position of the 2 sides",
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
