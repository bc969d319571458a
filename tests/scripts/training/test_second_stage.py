from __future__ import annotations

from pathlib import Path

import pytest

from api.answering.reading.cascade_reader import CascadeConfig, CascadeReader
from api.answering.reading.reader import ReaderFacts, ScoredSpan, Unit
from index.records import Span
from scripts.calibrate_reader import write_cascade
from scripts.evaluation.calibration import JudgedCandidate
from scripts.training.second_stage import JudgedStages, fit_sure_margin


def _judged(margin: float, *, right: bool) -> list[JudgedCandidate]:
    return [
        JudgedCandidate({"first_margin": margin}, right, 0),
        JudgedCandidate({"first_margin": margin - 1.0}, not right, 1),
    ]


def _stages(rows: list[tuple[float, bool, bool]]) -> JudgedStages:
    """Of questions' margins, and whether the first stage's and the second's best span is right."""
    return JudgedStages(
        first=[_judged(margin, right=first) for margin, first, _ in rows],
        both=[_judged(margin, right=second) for margin, _, second in rows],
    )


def test_margin_is_the_lowest_from_which_nothing_is_lost() -> None:
    same = [(10.0 - at / 10, at % 3 == 0, at % 3 == 0) for at in range(40)]
    lost = [(5.0, False, True), (4.0, True, True)]
    assert fit_sure_margin([_stages(same), _stages(lost)]) == pytest.approx(6.1)


def test_margin_counts_what_only_the_first_stage_gets_right() -> None:
    rows = [(9.0, True, False), (8.0, False, True), *((7.0 - at, True, True) for at in range(30))]
    assert fit_sure_margin([_stages(rows)]) == -22.0


def test_questions_of_one_margin_go_together() -> None:
    rows = [*((9.0, True, True) for _ in range(30)), (9.0, False, True)]
    assert fit_sure_margin([_stages(rows)]) is None


@pytest.mark.parametrize("count", [0, 19])
def test_few_questions_show_nothing(count: int) -> None:
    assert fit_sure_margin([_stages([(9.0, True, True)] * count)]) is None


def test_second_stage_is_left_out_from_the_margin_on() -> None:
    stages = _stages([(9.0, True, False), (2.0, True, False)])
    empty = JudgedStages(first=[*stages.first, []], both=[*stages.both, []])
    assert empty.served(9.0) == [stages.first[0], stages.both[1], []]
    assert empty.served(None) == empty.both


class _Stage:
    """A reader that is of no account: only how the cascade is put together is looked at."""

    facts = ReaderFacts("stage", "1", Unit.SPAN, reads_apart=True, own_weights=True)
    threads = 1

    def use_threads(self, count: int) -> None:
        raise AssertionError

    def read_many(self, questions: object) -> list[list[ScoredSpan]]:
        return [[ScoredSpan(0, Span(0, 1), 1.0, 0.0, 0.0)]]


def test_cascade_is_judged_with_one_stage_and_with_both() -> None:
    asked = []

    def judge(reader: object) -> list[list[JudgedCandidate]]:
        assert isinstance(reader, CascadeReader)
        asked.append((reader.reread, reader.sure_margin))
        return [_judged(float(reader.reread), right=True)]

    cascade = CascadeReader(_Stage(), _Stage(), reread=3, sure_margin=1.0)
    stages = JudgedStages.judge(cascade, judge)
    assert asked == [(0, 1.0), (3, None)]
    assert stages.both[0][0].features["first_margin"] == 3.0


def test_cascade_with_a_fitted_margin_finds_the_same_stages(tmp_path: Path) -> None:
    shipped, own = tmp_path / "readers" / "cascade", tmp_path / "own"
    for folder in (shipped, own, tmp_path / "readers" / "model"):
        folder.mkdir(parents=True)
    CascadeConfig(first=Path("../model"), second=tmp_path / "large").save(shipped)
    for out in (own, shipped):
        write_cascade(shipped, out, 4.5)
        config = CascadeConfig.load(out)
        assert config.sure_margin == 4.5
        assert (out / config.first).resolve() == tmp_path / "readers" / "model"
        assert (out / config.second).resolve() == tmp_path / "large"
