import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from api.answering.errors import ReaderError
from api.answering.reading.network import SpanLogits
from api.answering.reading.reader import ReaderOptions
from api.answering.reading.trained_reader import model_fingerprint
from scripts import train_reader
from scripts.training import teacher as teaching
from scripts.training.hard_sequences import hard_sequences
from scripts.training.loss import Distillation, LossWeights, Targets, reader_loss, teacher_loss
from scripts.training.origins import SmallOrigin
from scripts.training.plan import Plan
from scripts.training.questions.bundles import Recipe
from scripts.training.teacher import Teacher
from scripts.training.teacher_logits import Lessons, TeacherLogits
from scripts.training.trainer import Trainer, TrainerConfig, collate
from tests.api.answering.reading.tiny_large import make_adapter, make_base
from tests.scripts.training.tiny_training import UNLABELLED, SureReader, small_model, tiny_plan

CPU = torch.device("cpu")
CONFIG = TrainerConfig(epochs=40, batch_tokens=24, learning_rate=0.01)


def _targets(start: list[int], labelled: list[bool], group: list[int] | None = None) -> Targets:
    passage = torch.zeros(len(start), 5, dtype=torch.bool)
    passage[:, 2:4] = True
    places = torch.tensor(start)
    groups = torch.tensor(group if group is not None else [0] * len(start))
    return Targets(places, places, groups, passage, torch.tensor(labelled))


def _logits(scores: list[list[float]], answerable: list[float]) -> SpanLogits:
    return SpanLogits(torch.tensor(scores), torch.tensor(scores), torch.tensor(answerable))


def _teacher(folder: Path) -> Teacher:
    if not (folder / "base").exists():
        make_base(folder / "base", vocabulary=200)
    make_adapter(folder / "adapter", folder / "base")
    return Teacher(folder / "adapter", ReaderOptions(base=str(folder / "base"), models_dir=folder))


def test_teacher_loss_is_that_of_softened_distributions_by_hand() -> None:
    teacher = _logits([[0.0, 9, 2 * math.log(3), -1e4, 9]], [2 * math.log(3)])
    own = _logits([[0.0, -7, 0, -1e4, 50]], [0.0])
    by_hand = 0.25 * math.log(0.5) + 0.75 * math.log(1.5)  # quarters against halves
    loss = teacher_loss(own, teacher, _targets([0], [True]), LossWeights(answerable=0.5), 2.0)
    assert float(loss) == pytest.approx(4 * (by_hand + 0.5 * by_hand), rel=1e-5)
    same = teacher_loss(teacher, teacher, _targets([0], [True]), LossWeights(), 2.0)
    assert float(same) == pytest.approx(0.0, abs=1e-6)


def test_teacher_speaks_of_sequences_that_have_no_label() -> None:
    scores = [[0.0, 0, 5, 1, 0], [0.0, 0, 1, 7, 0], [3.0, 0, 1, 1, 0]]
    logits = _logits(scores, [1.0, 2.0, -1.0])
    targets = _targets([2, 0, 0], [True, False, True], [0, 1, 2])
    labelled = _logits([scores[0], scores[2]], [1.0, -1.0])
    of_labelled = reader_loss(labelled, _targets([2, 0], [True, True], [0, 1]), LossWeights())
    torch.testing.assert_close(reader_loss(logits, targets, LossWeights()), of_labelled)
    silent = _targets([0], [False])
    assert float(reader_loss(_logits(scores[:1], [1.0]), silent, LossWeights())) == 0.0
    other = _logits([[9.0, 0, 0, 0, 0]], [-9.0])
    assert float(teacher_loss(_logits(scores[:1], [1.0]), other, silent, LossWeights(), 1)) > 1


def test_pair_without_a_label_is_planned_and_never_easy() -> None:
    plan = tiny_plan([UNLABELLED])
    assert plan.start.tolist() == [6, 0, 0, -1, 6]
    _, targets, _ = collate(plan, range(5), CPU)
    assert targets.labelled.tolist() == [True, True, True, False, True]
    assert targets.start.tolist() == [6, 0, 0, 0, 6]


def test_hard_sequences_keep_what_has_no_label() -> None:
    plan = tiny_plan([UNLABELLED] * 50)
    hard = hard_sequences(plan, SureReader(), seed=3)  # type: ignore[arg-type]
    assert int((hard.start < 0).sum()) == 50
    assert int((hard.start == 0).sum()) < int((plan.start == 0).sum())


def test_teacher_gives_the_logits_that_serving_would(tmp_path: Path) -> None:
    plan = tiny_plan([UNLABELLED])
    logits = _teacher(tmp_path).logits(plan, tmp_path / "kept")
    model = make_adapter(tmp_path / "adapter", tmp_path / "base")
    inputs, targets, _ = collate(plan, range(5), CPU)
    with torch.inference_mode():
        expected = model(*inputs)
    given = logits.of(range(5), inputs[0].shape[1], CPU)
    tokens = inputs[2] > 0
    torch.testing.assert_close(given.start[tokens], expected.start[tokens], rtol=0, atol=0.1)
    torch.testing.assert_close(given.end[tokens], expected.end[tokens], rtol=0, atol=0.1)
    torch.testing.assert_close(given.answerable, expected.answerable, rtol=0, atol=0.1)
    assert targets.labelled.sum() == 4


class Interrupted(torch.nn.Module):
    """A teacher that is stopped after some batches, and that counts them.

    Args:
        batches: After how many.
    """

    def __init__(self, batches: int) -> None:
        super().__init__()
        self.left, self.read = batches, 0

    def forward(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> SpanLogits:
        if self.read == self.left:
            raise KeyboardInterrupt
        self.read += 1
        return SpanLogits(ids.float(), -ids.float(), ids.float().sum(1))


def test_teaching_that_broke_off_goes_on_and_another_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teaching, "_BATCH_TOKENS", 24)
    monkeypatch.setattr(teaching, "_KEPT_AFTER", 1)
    plan, teacher = tiny_plan(), _teacher(tmp_path)

    def read(batches: int, plan: Plan, folder: str) -> tuple[TeacherLogits | None, int]:
        network = Interrupted(batches)
        monkeypatch.setattr(teaching, "load_large_network", lambda *_: network)
        try:
            return teacher.logits(plan, tmp_path / folder), network.read
        except KeyboardInterrupt:
            return None, network.read

    whole, read_whole = read(9, plan, "whole")
    assert read_whole == 2
    assert read(1, plan, "part") == (None, 1)
    part, read_rest = read(9, plan, "part")
    assert read_rest == 1
    assert whole is not None
    assert part is not None
    np.testing.assert_array_equal(part.spans, whole.spans)
    np.testing.assert_array_equal(part.answerable, whole.answerable)
    np.testing.assert_array_equal(part.spans[:, 0], plan.ids)
    assert read(9, plan, "part")[1] == 0
    assert read(9, tiny_plan([UNLABELLED]), "part")[1] == 2


@pytest.mark.parametrize("wrong", [math.nan, math.inf, 1e5])
def test_teacher_that_gives_no_numbers_is_refused(tmp_path: Path, wrong: float) -> None:
    logits = TeacherLogits.open(tmp_path, tiny_plan(), "teacher")
    scores = torch.zeros(1, 24)
    scores[0, 3] = wrong
    with pytest.raises(ReaderError, match="logits of sequence 2: expected numbers"):
        logits.put([2], SpanLogits(scores, torch.zeros(1, 24), torch.zeros(1)))


def test_folder_without_an_adapter_is_no_teacher(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="expected the folder of a large reader"):
        Teacher(tmp_path, ReaderOptions()).fingerprint()
    teacher = _teacher(tmp_path)
    with pytest.raises(ReaderError, match="fetch-base"):
        Teacher(teacher.folder, ReaderOptions(models_dir=tmp_path / "none")).fingerprint()


def test_distilled_reader_learns_what_its_teacher_says_and_resumes_to_the_same_weights(
    tmp_path: Path,
) -> None:
    plan = tiny_plan([UNLABELLED])
    kept = _teacher(tmp_path).logits(plan, tmp_path / "kept")
    lessons = Lessons(kept, Distillation(temperature=2.0, share=1.0))

    def distance(model: torch.nn.Module) -> float:
        inputs, targets, _ = collate(plan, range(5), CPU)
        taught = kept.of(range(5), inputs[0].shape[1], CPU)
        with torch.inference_mode():
            return float(teacher_loss(model(*inputs), taught, targets, LossWeights(), 1.0))

    def trainer(model: torch.nn.Module, out: str) -> Trainer:
        return Trainer(model, plan, CONFIG, LossWeights(), tmp_path / out, lessons)  # type: ignore[arg-type]

    whole = small_model(tmp_path / "small")
    before = distance(whole)
    trainer(whole, "whole").run()
    assert distance(whole) < 0.3 * before

    trainer(small_model(tmp_path / "small"), "part").run(steps=30)
    model = small_model(tmp_path / "small")
    resumed = trainer(model, "part")
    assert resumed.resume()
    resumed.run()
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(value, model.state_dict()[name], rtol=0, atol=0, msg=name)


def test_distilled_run_records_its_teacher_and_goes_on_with_it_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_model(tmp_path / "small").save(tmp_path / "start")
    monkeypatch.setattr(train_reader, "make_plan", lambda *_: (tiny_plan([UNLABELLED]), {"all": 5}))
    monkeypatch.setattr(train_reader, "_data_files", lambda _: [])
    monkeypatch.setattr(train_reader, "base_folder", lambda: tmp_path / "small")
    monkeypatch.setattr("scripts.training.origins.base_folder", lambda: tmp_path / "small")
    out = tmp_path / "run"
    out.mkdir()

    def run(temperature: float, *, resume: bool) -> dict[str, Any]:
        return train_reader._run(
            tmp_path,
            out,
            SmallOrigin(tmp_path / "start"),
            Recipe(max_length=20),
            TrainerConfig(batch_tokens=24),
            LossWeights(),
            teacher=_teacher(tmp_path),
            distillation=Distillation(temperature, 0.5),
            resume=resume,
        )

    record = run(2.0, resume=False)
    assert record == json.loads((out / "run.json").read_text("utf-8"))
    digest = model_fingerprint(tmp_path / "adapter")
    assert record["distillation"] == {"teacher": digest, "temperature": 2.0, "share": 0.5}
    assert (record["sequences"], record["unlabelled"], record["trained"]["step"]) == (5, 1, 2)
    saved = (out / "model" / "model.safetensors").read_bytes()
    (out / "checkpoint.pt").unlink()
    with pytest.raises(ReaderError, match="no checkpoint to resume from"):
        run(2.0, resume=True)
    shutil.rmtree(out / "model")
    (out / "log.jsonl").unlink(missing_ok=True)  # broken off before the training
    assert run(2.0, resume=True)["trained"]["step"] == 2
    assert (out / "model" / "model.safetensors").read_bytes() == saved
    with pytest.raises(ReaderError, match=r"'temperature': 2\.0.* was asked for"):
        run(3.0, resume=True)
