"""Sweeping settings over a gold set: the same figures as one by one, with less work."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker
from api.service.models import Models
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.errors import GoldError
from index.generations.generation import open_current
from index.loading.gold import load_gold_set
from index.retriever import RetrievalParameters, Retriever
from scripts import gold
from scripts.evaluation.asking import LocalSystem
from scripts.evaluation.errors import EvaluationError
from scripts.evaluation.evaluating import evaluate
from scripts.evaluation.metrics.bootstrap import Bootstrap
from scripts.evaluation.metrics.measures import BY_NAME
from scripts.evaluation.sweep.grid import make_grid, parse_numbers, parse_shares
from scripts.evaluation.sweep.remembering import RememberingEncoder, RememberingReader
from scripts.evaluation.sweep.rows import Setting, Sweep
from scripts.evaluation.sweep.sweeping import Sweeper
from tests.conftest import META, MICROSOFT, FakeEncoder, FakeReader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from api.answering.reading.reader import ScoredSpan
    from index.building.builder import BuildSummary
    from index.records import Passage

BOOTSTRAP = Bootstrap(replicates=50)
QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "meta",
        "question": "How much capital expenditure does Meta expect in 2025?",
        "answers": [META],
        "articles": ["meta"],
    },
    {
        "id": "microsoft",
        "question": "What does Microsoft plan to spend on data centres?",
        "answers": [MICROSOFT],
        "articles": ["microsoft"],
    },
    {"id": "open", "question": "Who leads Oracle?", "answers": [], "articles": []},
]


@pytest.fixture
def gold_file(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in QUESTIONS), encoding="utf-8")
    return path


class CountingReader(FakeReader):
    def __init__(self) -> None:
        self.passages: list[tuple[str, str]] = []

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        self.passages += [(question.text, passage.chunk.text) for passage in passages]
        return super().read(question, passages)


def _sweep(
    gold_file: Path, corpus_dir: Path, models: Models, measure: str = "f1", **grid: Any
) -> Sweep:
    settings: dict[str, Any] = {
        "max_tokens": [20, 100],
        "overlap_tokens": [0],
        "top_ks": [1, 3],
        "dense_weights": [0.2, 0.8],
        **grid,
    }
    sweeper = Sweeper(
        load_gold_set(gold_file), corpus_dir, models, BY_NAME[measure], timed=1, bootstrap=BOOTSTRAP
    )
    return sweeper.run(
        make_grid(**settings, language="en"), on_build=lambda _: None, on_question=lambda: None
    )


def test_sweep_has_a_row_for_every_setting(
    gold_file: Path, corpus_dir: Path, models: Models
) -> None:
    sweep = _sweep(gold_file, corpus_dir, models)
    settings = {tuple(row.setting.model_dump().values()) for row in sweep.rows}
    assert len(sweep.rows) == 8
    assert settings == {
        (size, 0, top_k, weight) for size in (20, 100) for top_k in (1, 3) for weight in (0.2, 0.8)
    }
    assert {row.setting.max_tokens: row.chunks for row in sweep.rows} == {20: 5, 100: 3}
    assert sweep.recommended in [row.setting for row in sweep.rows if row.is_as_good_as_best]
    assert all(row.p50_ms > 0 and row.index_seconds >= 0 for row in sweep.rows)


def test_sweep_measures_what_evaluation_measures(
    gold_file: Path, corpus_dir: Path, models: Models, tmp_path: Path
) -> None:
    for row in _sweep(gold_file, corpus_dir, models).rows:
        chunking = ChunkingParameters(row.setting.max_tokens, row.setting.overlap_tokens)
        folder = tmp_path / f"index-{row.setting.max_tokens}"
        build_index(corpus_dir, folder, models.encoder, chunking)
        asked = LocalSystem(
            "index",
            open_current(folder, models.encoder),
            models,
            RetrievalParameters(dense_weight=row.setting.dense_weight),
        )
        alone = evaluate(
            load_gold_set(gold_file), asked, top_k=row.setting.top_k, bootstrap=BOOTSTRAP
        )
        assert row.metrics == {
            name: known for name, known in alone.metrics.items() if not name.endswith("_ms")
        }


def test_sweep_embeds_each_text_once_and_reads_each_passage_once(
    gold_file: Path, corpus_dir: Path, encoder: FakeEncoder, models: Models
) -> None:
    reader = CountingReader()
    sweep = _sweep(
        gold_file,
        corpus_dir,
        Models(encoder, Ranker(reader, models.ranker.calibration)),
        max_tokens=[100, 101],
    )
    assert len(encoder.encoded) == len(set(encoder.encoded)) == 3
    assert sorted({(row.embedded, row.reused) for row in sweep.rows}) == [(0, 3), (3, 0)]
    # Of each setting one question is asked again to measure its time: at most 3 passages.
    read_to_measure = sum(row.setting.top_k for row in sweep.rows)
    distinct = len(set(reader.passages))
    assert len(reader.passages) <= 2 * distinct + read_to_measure


def test_rows_are_ranked_and_compared_with_the_best(
    gold_file: Path, corpus_dir: Path, models: Models
) -> None:
    rows = _sweep(gold_file, corpus_dir, models, "passage_success@1").rows
    values = [row.metrics["passage_success@1"].value or 0.0 for row in rows]
    assert values == sorted(values, reverse=True)
    assert (rows[0].behind, rows[0].p) == (0.0, 1.0)
    for row, value in zip(rows, values, strict=True):
        assert row.behind == pytest.approx(values[0] - value, abs=1e-6)
        assert row.p is not None
        assert 0 < row.p <= 1


def test_lower_is_ranked_first_where_it_is_better(
    gold_file: Path, corpus_dir: Path, models: Models
) -> None:
    rows = _sweep(gold_file, corpus_dir, models, "ece").rows
    values = [row.metrics["ece"].value or 0.0 for row in rows]
    assert values == sorted(values)
    assert all(row.behind is not None and row.behind >= 0 for row in rows)


def test_sweep_refuses_a_measure_that_is_not_defined(
    tmp_path: Path, corpus_dir: Path, models: Models
) -> None:
    path = tmp_path / "answerable.jsonl"
    path.write_text(json.dumps(QUESTIONS[0]), encoding="utf-8")
    with pytest.raises(
        EvaluationError, match=r"'abstention_recall' is not defined on .*answerable"
    ):
        _sweep(path, corpus_dir, models, "abstention_recall")


def test_sweep_refuses_a_gold_set_of_another_corpus(
    tmp_path: Path, corpus_dir: Path, models: Models
) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text(json.dumps({**QUESTIONS[0], "articles": ["elsewhere"]}), encoding="utf-8")
    with pytest.raises(GoldError, match="of another corpus"):
        _sweep(path, corpus_dir, models)


@given(st.lists(st.lists(st.sampled_from(["a", "bb", "a b", "ccc"]), max_size=5), max_size=5))
def test_remembered_vectors_are_the_encoders(batches: list[list[str]]) -> None:
    plain = FakeEncoder()
    remembering = RememberingEncoder(FakeEncoder())
    for texts in batches:
        vectors = remembering.encode_chunks(texts)
        assert vectors.shape == (len(texts), plain.dimension)
        for text, vector in zip(texts, vectors, strict=True):
            np.testing.assert_array_equal(vector, plain.encode_question(text))
    tally = remembering.tally
    assert tally.embedded == len({text for texts in batches for text in texts})
    assert tally.embedded + tally.reused == sum(map(len, batches))
    assert tally.charged_seconds >= tally.spent_seconds - 1e-9


def test_remembered_readings_are_the_readers(
    build: Callable[[], BuildSummary], index_dir: Path, encoder: FakeEncoder
) -> None:
    build()
    retriever = Retriever(open_current(index_dir, encoder), encoder)
    counting = CountingReader()
    remembering = RememberingReader(counting)
    question = Question.parse("How much does Meta or Microsoft plan to spend?")
    passages = retriever.retrieve(question.text, 3).passages
    for some in (passages[1:], passages, passages[::-1], passages[:0]):
        assert remembering.read(question, some) == FakeReader().read(question, some)
    assert len(counting.passages) == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"max_tokens": [0]}, "max_tokens 0: expected at least 1"),
        ({"overlap_tokens": [-1]}, "overlap_tokens -1: expected at least 0"),
        ({"top_ks": [51]}, "top_k 51: expected 1 to 50"),
        ({"dense_weights": [float("nan")]}, "dense_weight nan: expected 0 to 1"),
        ({"max_tokens": [30], "overlap_tokens": [30, 40]}, "every overlap .30, 40. is as long"),
    ],
)
def test_grid_names_what_is_out_of_range(changes: dict[str, Any], message: str) -> None:
    settings: dict[str, Any] = {
        "max_tokens": [60],
        "overlap_tokens": [0],
        "top_ks": [8],
        "dense_weights": [0.5],
    }
    with pytest.raises(EvaluationError, match=message):
        make_grid(**{**settings, **changes}, language="en")


def test_grid_leaves_out_overlaps_that_are_too_long_and_repeats() -> None:
    grid = make_grid([20, 60, 20], [0, 30], [4, 8, 4], [0.5], language="en")
    assert [(one.max_tokens, one.overlap_tokens) for one in grid.chunkings] == [
        (20, 0),
        (60, 0),
        (60, 30),
    ]
    assert grid.left_out == ((20, 30),)
    assert grid.top_ks == (8, 4)
    assert len(grid) == 6


def test_numbers_are_parsed_or_the_option_is_named() -> None:
    assert parse_numbers("--top-k", "4,8") == [4, 8]
    assert parse_shares("--dense-weight", "0.5, 1") == [0.5, 1.0]
    with pytest.raises(EvaluationError, match=r"--top-k '4,x': expected whole numbers"):
        parse_numbers("--top-k", "4,x")


def test_command_prints_a_table_and_a_recommendation(
    gold_file: Path, corpus_dir: Path, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gold, "load_models", lambda settings: models)
    arguments = ["sweep", "--gold", str(gold_file), "--corpus", str(corpus_dir), "--timed", "1"]
    arguments += ["--max-tokens", "20", "--overlap-tokens", "0,20", "--dense-weight", "0.8"]
    ran = CliRunner().invoke(gold.app, arguments)
    assert ran.exit_code == 0, ran.output
    assert "left out: chunks of 20 tokens overlapping by 20" in ran.stderr
    assert "3 questions; by f1, 2 of 2 settings cannot be told from the best" in " ".join(
        ran.stdout.split()
    )
    ran = CliRunner().invoke(gold.app, [*arguments, "--json"])
    sweep = Sweep.model_validate_json(ran.stdout)
    assert sweep.recommended in [
        Setting(max_tokens=20, overlap_tokens=0, top_k=top_k, dense_weight=0.8) for top_k in (4, 8)
    ]


def test_command_refuses_an_unknown_measure(gold_file: Path) -> None:
    ran = CliRunner().invoke(gold.app, ["sweep", "--gold", str(gold_file), "--measure", "beauty"])
    assert ran.exit_code == 1
    assert "--measure 'beauty': expected one of exact_match, f1" in ran.stderr
