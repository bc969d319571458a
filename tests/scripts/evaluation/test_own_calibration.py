"""Calibrating on an operator's own gold set: always out of fold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

import scripts.evaluate as command
from api.answering.errors import ReaderError
from api.answering.ranking.confidence import load_calibration
from api.answering.ranking.features import FEATURES
from api.answering.ranking.ranker import Ranker
from api.answering.reading.reader import ScoredSpan
from api.answering.reading.trained_reader import model_fingerprint
from api.service.models import Models, load_models
from api.settings import Settings
from index.loading.gold import GoldQuestion
from scripts.evaluation.calibration import Candidates, JudgedCandidate
from scripts.evaluation.own_calibration import (
    article_groups,
    cross_validate,
    nested_answered,
)
from tests.conftest import FakeReader, fake_calibration, write_articles
from tests.scripts.evaluation.making import write_gold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from typer.testing import Result

    from api.answering.questions.question import Question
    from index.building.builder import BuildSummary
    from index.embedding.encoder import SentenceTransformerEncoder
    from index.records import Passage

APP = typer.Typer()
APP.command()(command.main)
TOWNS = [f"{first}{last}" for first in ("Al", "Bel", "Cor", "Dun") for last in ("ba", "co", "dy")]


def _question(name: str, *articles: str) -> GoldQuestion:
    answers = ("x",) if articles else ()
    return GoldQuestion(id=name, question="?", answers=answers, articles=articles)


def test_questions_that_share_an_article_are_in_one_group() -> None:
    questions = [
        _question("1", "a"),
        _question("2", "b", "c"),
        _question("3", "c", "d"),
        _question("4", "e"),
        _question("5"),
        _question("6"),
    ]
    groups = article_groups(questions, ["z", None, None, None, "d", None]).tolist()
    assert groups[1] == groups[2] == groups[4]
    assert len({groups[0], groups[1], groups[3], groups[5]}) == 4


def _near_copies(rng: np.random.Generator, groups: int) -> tuple[Candidates, Any]:
    """Questions in groups of near copies: rightness is of the group, chance for all features."""
    judged, numbers = [], []
    for group in range(groups):
        right = bool(rng.random() < 0.5)
        values = rng.standard_normal(len(FEATURES))
        for _ in range(4):
            features = dict(zip(FEATURES, values.tolist(), strict=True))
            judged.append([JudgedCandidate(features, right, 0)])
            numbers.append(group)
    return Candidates.stack(judged), np.array(numbers)


def test_folds_by_group_do_not_learn_from_near_copies() -> None:
    """There is nothing to learn: out of fold the confidence tells right from wrong by chance."""
    rng = np.random.default_rng(5)
    candidates, groups = _near_copies(rng, 60)
    leaking, right, _ = cross_validate(candidates, np.arange(len(groups)), 5)
    apart, _, fold = cross_validate(candidates, groups, 5)
    for group in range(60):
        assert len(set(fold[groups == group].tolist())) == 1

    def gap(confidence: np.ndarray[Any, np.dtype[np.float64]]) -> float:
        return float(confidence[right].mean() - confidence[~right].mean())

    assert gap(apart) < gap(leaking) - 0.05
    assert gap(apart) < 0.05


def test_nested_thresholds_are_picked_on_the_other_folds() -> None:
    """One fold's answers are all wrong: its own threshold would have been told, others are not."""
    fold = np.repeat([0, 1], 50)
    confidence = np.tile(np.linspace(0.1, 0.9, 50), 2)
    right = fold == 1
    given = nested_answered(confidence, right, fold, max_error=0.1)
    assert given[fold == 0].any()  # fold 1 is always right, so everything may be answered
    assert not given[fold == 1].any()  # fold 0 is always wrong


class _Doubtful(FakeReader):
    """Finds the right sentence, with a margin that says little of whether it answers."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        return [
            ScoredSpan(one.passage, one.span, one.score, one.score + 4.0, one.answerable - 9.0)
            for one in super().read(question, passages)
        ]


@pytest.fixture
def calibrate(
    build: Callable[[], BuildSummary],
    corpus_dir: Path,
    index_dir: Path,
    tmp_path: Path,
    models: Models,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Result]:
    """Calibrate on questions about twelve towns, every second about a thing that none has."""
    write_articles(
        corpus_dir,
        [
            {"id": town, "text": f"The mayor of {town} is Ms {town[::-1]}. {town} has a bridge."}
            for town in TOWNS
        ],
    )
    build()
    doubtful = Models(models.encoder, Ranker(_Doubtful(), fake_calibration()))
    monkeypatch.setattr(command, "load_models", lambda settings: doubtful)
    gold = write_gold(
        tmp_path / "towns.jsonl",
        [
            question
            for town in TOWNS
            for question in (
                {
                    "id": f"{town} mayor",
                    "question": f"Who is the mayor of {town}?",
                    "answers": [f"The mayor of {town} is Ms {town[::-1]}."],
                    "articles": [town],
                },
                {
                    "id": f"{town} bridge",
                    "question": f"Is there a bridge in {town}?",
                    "answers": [f"{town} has a bridge."],
                    "articles": [town],
                },
                {
                    "id": f"{town} king",
                    "question": f"Which king ruled {town} and died there in battle?",
                    "answers": [],
                },
            )
        ],
    )

    def run(*options: str, gold: Path = gold) -> Result:
        arguments = ["--gold", str(gold), "--index", str(index_dir), *options]
        return CliRunner().invoke(APP, arguments)

    return run


def test_calibrate_lowers_the_calibration_error_out_of_fold_and_writes_a_file(
    calibrate: Callable[..., Result], tmp_path: Path
) -> None:
    path = tmp_path / "calibration.json"
    result = calibrate("--calibrate", str(path), "--max-error", "0.2")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout.splitlines()[-1])
    assert (report["questions"], report["answerable"], report["groups"]) == (36, 24, 12)
    before, after = report["before"]["measures"]["ece"], report["after"]["measures"]["ece"]
    assert after["value"] < before["value"] - 0.2
    assert report["answered"] >= 20
    assert report["error"] <= 0.2
    assert "few questions: " in report["warnings"][0]
    calibration = load_calibration(path, FakeReader.facts)
    assert calibration.threshold == report["threshold"]
    assert calibration.fitted_on == "towns.jsonl, 8 passages read of each question"
    assert calibration.questions == 36


def test_calibrate_writes_nothing_where_no_threshold_keeps_to_the_error(
    calibrate: Callable[..., Result], tmp_path: Path
) -> None:
    gold = write_gold(
        tmp_path / "wrong.jsonl",
        [
            {
                "id": f"{town} {at}",
                "question": f"Who is the mayor of {town}?",
                "answers": ["nobody" if at else f"The mayor of {town} is Ms {town[::-1]}."],
                "articles": [town],
            }
            for town in TOWNS
            for at in range(3)
        ],
    )
    path = tmp_path / "calibration.json"
    result = calibrate("--calibrate", str(path), "--max-error", "0.05", gold=gold)
    assert result.exit_code == 1
    assert "no threshold with at least 20 answers keeps the share of wrong ones to 0.05" in (
        result.stderr
    )
    assert not path.exists()
    assert json.loads(result.stdout.splitlines()[-1])["threshold"] is None


def test_calibrate_refuses_too_few_questions(
    calibrate: Callable[..., Result], tmp_path: Path
) -> None:
    gold = write_gold(
        tmp_path / "two.jsonl",
        [{"id": "1", "question": "Who?", "answers": [], "articles": []}],
    )
    path = tmp_path / "calibration.json"
    result = calibrate("--calibrate", str(path), gold=gold)
    assert result.exit_code == 1
    assert "two.jsonl: 1 questions about 1 sets of articles" in result.stderr
    assert "expected at least 30 questions" in result.stderr
    assert not path.exists()


def test_fingerprint_of_a_reader_changes_with_its_weights(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"one")
    first = model_fingerprint(tmp_path)
    assert len(first) == 16
    assert model_fingerprint(tmp_path) == first
    (tmp_path / "model.safetensors").write_bytes(b"two")
    assert model_fingerprint(tmp_path) != first
    with pytest.raises(ReaderError, match=r"none.*config\.json"):
        model_fingerprint(tmp_path / "none")


@pytest.mark.model
def test_service_takes_the_calibration_that_the_settings_name(
    tmp_path: Path, real_encoder: SentenceTransformerEncoder
) -> None:
    path = tmp_path / "mine.json"
    mine = fake_calibration().model_copy(update={"reader": "span", "threshold": 0.123})
    path.write_text(mine.model_dump_json(), encoding="utf-8")
    assert (
        load_models(Settings(calibration=path), real_encoder).ranker.calibration.threshold == 0.123
    )
    other = mine.model_copy(update={"reader_fingerprint": "of others"})
    path.write_text(other.model_dump_json(), encoding="utf-8")
    with pytest.raises(ReaderError, match=r"mine\.json: fitted on the scores of other weights"):
        load_models(Settings(calibration=path), real_encoder)
    with pytest.raises(ReaderError, match=r"none\.json: No such file"):
        load_models(Settings(calibration=Path("none.json")), real_encoder)
