"""Gold questions that users marked, and the gold set that they join."""

from __future__ import annotations

import datetime as dt
import json
import os
from typing import TYPE_CHECKING

import pytest

from index.errors import GoldError
from index.filter_fields import FiltersIn
from index.loading.articles import load_articles
from index.loading.gold import GoldMark, GoldQuestion
from index.loading.local_gold import gold_beside, local_id, put_marked, read_local_gold

if TYPE_CHECKING:
    from pathlib import Path

MOMENT = dt.datetime(2025, 5, 2, 8, tzinfo=dt.UTC)


def _marked(question: str, answer: str, *, reviewed: bool = True) -> GoldQuestion:
    return GoldQuestion(
        id=local_id(question, FiltersIn()),
        question=question,
        answers=(answer,),
        articles=("meta",),
        mark=GoldMark(by="ann", at=MOMENT, reviewed=reviewed),
    )


def _write_gold(folder: Path) -> None:
    lines = [
        {"id": "1", "question": "Who runs it?", "answers": ["Li"], "articles": ["meta"]},
        {"id": "2", "question": "How much?", "answers": [], "articles": []},
    ]
    (folder / "gold.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")


def test_marked_question_takes_the_place_of_the_same_one(tmp_path: Path) -> None:
    _write_gold(tmp_path)
    put_marked(tmp_path, _marked("who runs  it?", "Lee"))
    put_marked(tmp_path, _marked("When?", "May", reviewed=False))
    questions = gold_beside(tmp_path).questions
    assert [(gold.question, gold.answers) for gold in questions] == [
        ("How much?", ()),
        ("who runs  it?", ("Lee",)),
    ]


def test_marked_questions_are_a_gold_set_of_their_own(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"gold\.jsonl"):
        gold_beside(tmp_path)
    put_marked(tmp_path, _marked("When?", "May"))
    assert [gold.id for gold in gold_beside(tmp_path).questions] == [local_id("When?", FiltersIn())]


def test_marked_questions_are_read_as_they_were_written_and_are_no_article(tmp_path: Path) -> None:
    marked = [_marked("Wänn? 😀", "Mai"), _marked("When?", "May", reviewed=False)]
    for question in marked:
        put_marked(tmp_path, question)
    assert read_local_gold(tmp_path) == marked
    assert list(load_articles(tmp_path)) == []
    assert [path.name for path in tmp_path.iterdir()] == ["gold.local.jsonl"]


def test_a_write_leaves_alone_what_another_service_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Services with one corpus may have different index folders, and so different locks."""
    flush = os.fsync

    def meanwhile(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", flush)
        flush(descriptor)
        put_marked(tmp_path, _marked("When?", "May"))

    monkeypatch.setattr(os, "fsync", meanwhile)
    put_marked(tmp_path, _marked("Who?", "Lee"))
    assert [gold.question for gold in read_local_gold(tmp_path)] == ["Who?"]
    assert [path.name for path in tmp_path.iterdir()] == ["gold.local.jsonl"]
