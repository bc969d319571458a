import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from api.answering.errors import ReaderError
from api.answering.ranking.features import FEATURES
from api.answering.reading.adapter import ADAPTER_FILE, AdapterConfig
from api.answering.reading.network import SpanLogits
from api.answering.reading.pair_encoding import MAX_LENGTH, SpanModelPairs
from scripts import train_reader
from scripts.evaluation.calibration import Candidates, JudgedCandidate
from scripts.evaluation.metrics.calibration_error import (
    expected_calibration_error,
    reliability_table,
)
from scripts.evaluation.metrics.squad_metrics import exact_match, token_f1
from scripts.training.hard_sequences import hard_sequences
from scripts.training.loss import LossWeights, Targets, reader_loss
from scripts.training.measuring import ReadingConfidence, Readings, gold_passage, knowing_scores
from scripts.training.origins import LargeOrigin
from scripts.training.plan import Plan, tokenise
from scripts.training.questions.bundles import Recipe
from scripts.training.questions.squad import Question, sha256_of, split_of
from scripts.training.questions.templates import make_pair
from scripts.training.questions.windows import Pair, window_around
from scripts.training.trainer import Trainer, TrainerConfig, collate, narrow_frozen
from tests.api.answering.reading.tiny_large import make_base
from tests.scripts.training.tiny_training import (
    WORDS,
    SureReader,
    large_model,
    small_model,
    tiny_plan,
    tiny_tokenizer,
)

TEXT = "One red hat. Ann pays ten here. Bob pays two. Rain fell in the north."


def test_tokenise_marks_the_span_in_sequence_positions() -> None:
    plan = tiny_plan()
    spans = []
    for i, (start, end) in enumerate(zip(plan.start, plan.end, strict=True)):
        ids = plan.ids[plan.offsets[i] : plan.offsets[i + 1]]
        spans.append(" ".join(WORDS[token] for token in ids[start : end + 1]))
    assert spans == ["ann", "[CLS]", "[CLS]", "red blue"]
    assert plan.bundle.tolist() == [0, 3, 4]


def test_tokenise_drops_a_pair_whose_answer_does_not_fit() -> None:
    pairs = [
        [Pair("who", "", "red " * 20 + "ann", (80, 83), 1)],
        [Pair("who", "", "ann", (0, 3), 2)],
    ]
    assert tokenise(pairs, SpanModelPairs(tiny_tokenizer(), max_length=12)).group.tolist() == [2]


def test_tokenise_encodes_a_pair_as_serving_does() -> None:
    encoder = SpanModelPairs(tiny_tokenizer(), max_length=MAX_LENGTH)
    question, context, passage = "who " * 60, "news " * 30, "red " * 200
    plan = tokenise([[Pair(question, context, passage, (0, 3), 1)]], encoder)
    served = encoder.encode([(question, context, passage)])
    assert plan.ids.tolist() == served[0].ids
    assert len(plan.ids) == MAX_LENGTH
    assert (plan.second.tolist(), plan.passage.tolist()) == ([50], [75])
    assert (plan.start.tolist(), plan.end.tolist()) == ([75], [75])


def test_plan_survives_saving(tmp_path: Path) -> None:
    plan = tiny_plan()
    plan.save(tmp_path / "plan.npz")
    loaded = Plan.load(tmp_path / "plan.npz")
    np.testing.assert_array_equal(plan.ids, loaded.ids)
    np.testing.assert_array_equal(plan.bundle, loaded.bundle)


def test_batches_hold_every_sequence_once_and_keep_bundles_together() -> None:
    batches = list(tiny_plan().batches(tokens=24, seed=1))
    assert sorted(row for batch in batches for row in batch) == [0, 1, 2, 3]
    assert [0, 1, 2] in batches


def test_part_of_a_plan_keeps_its_sequences_and_drops_empty_bundles() -> None:
    part = tiny_plan().only(np.array([True, False, True, False]))
    whole = tiny_plan()
    assert part.bundle.tolist() == [0, 2]
    assert (part.start.tolist(), part.group.tolist()) == ([*whole.start[[0, 2]]], [1, 2])
    for new, old in enumerate((0, 2)):
        np.testing.assert_array_equal(
            part.ids[part.offsets[new] : part.offsets[new + 1]],
            whole.ids[whole.offsets[old] : whole.offsets[old + 1]],
        )


def test_most_of_what_a_reader_finds_easy_is_left_out() -> None:
    bundle = [Pair("who pays", "news", "ann pays ten", span, 1) for span in ((0, 3), None)]
    plan = tokenise([bundle] * 100, SpanModelPairs(tiny_tokenizer(), max_length=20))
    hard = hard_sequences(plan, SureReader(), seed=3)  # type: ignore[arg-type]
    assert int((hard.start > 0).sum()) == 100
    assert 10 <= int((hard.start == 0).sum()) <= 30


def _targets(start: list[int], group: list[int]) -> Targets:
    passage = torch.zeros(len(start), 5, dtype=torch.bool)
    passage[:, 2:4] = True
    labelled = torch.ones(len(start), dtype=torch.bool)
    return Targets(torch.tensor(start), torch.tensor(start), torch.tensor(group), passage, labelled)


def test_loss_is_near_zero_when_all_is_said_right() -> None:
    right = torch.tensor([[0.0, 0, 50, 0, 0], [50, 0, 0, 0, 0]])
    logits = SpanLogits(right, right, torch.tensor([50.0, -50.0]))
    assert float(reader_loss(logits, _targets([2, 0], [0, 0]), LossWeights())) < 1e-4


def test_shared_loss_counts_a_rival_passage_of_the_same_question_only() -> None:
    scores = torch.tensor([[0.0, 0, 5, 0, 0], [20, 0, 9, 0, 0]])
    logits = SpanLogits(scores, scores, torch.zeros(2))
    weights = LossWeights(passage=0.0, shared=1.0, answerable=0.0)
    same = float(reader_loss(logits, _targets([2, 0], [0, 0]), weights))
    apart = float(reader_loss(logits, _targets([2, 0], [0, 1]), weights))
    assert same == pytest.approx(4.02, abs=0.02)
    assert apart < 0.01


def test_loss_ignores_tokens_outside_the_passage() -> None:
    scores = torch.tensor([[0.0, 99, 5, 0, 99]])
    logits = SpanLogits(scores, scores, torch.zeros(1))
    weights = LossWeights(passage=1.0, shared=1.0, answerable=0.0)
    assert float(reader_loss(logits, _targets([2], [0]), weights)) < 0.05


@pytest.mark.parametrize("limit", [10, 20, 40, 200])
def test_window_around_holds_the_answer(limit: int) -> None:
    rng = random.Random(limit)
    start = TEXT.index("ten")
    for _ in range(20):
        a, b = window_around(TEXT, start, start + 3, limit, rng)
        assert a <= start
        assert start + 3 <= b
        assert b - a <= max(limit, len("Ann pays ten here. "))


def test_made_up_answers_stand_in_their_passage() -> None:
    rng = random.Random(0)
    for _ in range(300):
        right, wrong = make_pair(rng)
        assert right.start is not None
        assert right.end is not None
        assert right.passage[right.start : right.end].strip()
        assert wrong.passage == right.passage
        assert wrong.start is None
        assert wrong.question != right.question


def test_split_of_is_fixed_by_the_title() -> None:
    assert split_of("Super_Bowl_50") == "report"
    assert split_of("Geology") == "train"
    assert split_of("French_and_Indian_War") == "calibration"


def test_measures_agree_with_hand_counts() -> None:
    assert exact_match("The Red hat!", ["red hat"]) == 1.0
    assert token_f1("red hat", ["big red hat", "blue"]) == pytest.approx(0.8)
    assert token_f1("hat", []) == 0.0


def test_calibration_error_and_reliability_agree_with_hand_counts() -> None:
    confidence, right = np.array([0.95, 0.95]), np.array([1.0, 0.0])
    assert reliability_table(confidence, right) == [
        {"from": 0.9, "count": 2, "confidence": pytest.approx(0.95), "right": 0.5}
    ]
    weights = np.array([[1.0, 1.0], [2.0, 0.0]])
    assert expected_calibration_error(confidence, right, weights) == pytest.approx([0.45, 0.05])


def _readings(right: list[bool], margins: list[float]) -> Readings:
    judged = [
        [JudgedCandidate({**dict.fromkeys(FEATURES, 0.0), "margin": margin}, good, 0)]
        for good, margin in zip(right, margins, strict=True)
    ]
    return Readings([["red" if good else "blue"] for good in right], Candidates.stack(judged))


def test_reading_confidence_finds_the_chances_of_two_groups() -> None:
    questions = [Question("", "who", "red", "", (("red", 0),))] * 400
    right = [*(at < 40 for at in range(200)), *(at < 160 for at in range(200))]
    fitted = ReadingConfidence.fit(_readings(right, [0.0] * 200 + [1.0] * 200))
    assert fitted.threshold == pytest.approx(0.5, abs=0.01)
    scores = knowing_scores(
        [*questions, Question("", "who", "red", "", ())],
        _readings([*right, False], [0.0] * 200 + [1.0] * 200 + [0.0]),
        fitted,
    )
    assert scores["error_rate"] == pytest.approx(0.2)
    assert scores["answerable_refused"] == pytest.approx(0.5)
    assert scores["unanswerable_refused"] == 1.0
    assert scores["auroc"] == pytest.approx(0.75)
    assert scores["expected_calibration_error"] == pytest.approx(0.0, abs=0.01)


def test_gold_is_read_as_a_retrieved_passage() -> None:
    question = Question("1", "Who pays ten?", TEXT, "Some_town", (("Ann", 13),))
    passage = gold_passage(question, titles=True)
    assert passage.chunk.context == "Some town"
    assert [TEXT[slice(*span)] for span in passage.chunk.sentences][1] == "Ann pays ten here."
    assert gold_passage(question, titles=False).chunk.context == ""


def test_training_learns_and_resumes_to_the_same_weights(tmp_path: Path) -> None:
    config = TrainerConfig(epochs=40, batch_tokens=24, learning_rate=0.01)
    whole = small_model(tmp_path / "base")
    Trainer(whole, tiny_plan(), config, LossWeights(), tmp_path / "whole").run()
    losses = [
        json.loads(line)["loss"]
        for line in (tmp_path / "whole" / "log.jsonl").read_text("utf-8").splitlines()
    ]
    assert losses[-1] < 0.6 * losses[0]

    broken = Trainer(
        small_model(tmp_path / "base"), tiny_plan(), config, LossWeights(), tmp_path / "part"
    )
    broken.run(steps=30)
    model = small_model(tmp_path / "base")
    resumed = Trainer(model, tiny_plan(), config, LossWeights(), tmp_path / "part")
    assert resumed.resume()
    resumed.run()
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(value, model.state_dict()[name], rtol=0, atol=0, msg=name)


def test_training_of_an_adapter_leaves_the_base_and_resumes_to_the_same_weights(
    tmp_path: Path,
) -> None:
    config = TrainerConfig(epochs=5, batch_tokens=24, learning_rate=0.01)
    whole = large_model(tmp_path / "base")
    trainer = Trainer(whole, tiny_plan(), config, LossWeights(), tmp_path / "whole")
    before = {name: value.clone() for name, value in whole.state_dict().items()}
    trainer.run()
    changed = {name for name, value in whole.state_dict().items() if not value.equal(before[name])}
    assert changed == whole.trained_weights().keys()

    broken = Trainer(
        large_model(tmp_path / "base"), tiny_plan(), config, LossWeights(), tmp_path / "part"
    )
    broken.run(steps=6)
    model = large_model(tmp_path / "base")
    resumed = Trainer(model, tiny_plan(), config, LossWeights(), tmp_path / "part")
    assert resumed.resume()
    resumed.run()
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(value, model.state_dict()[name], rtol=0, atol=0, msg=name)


def test_checkpoint_of_another_model_is_refused(tmp_path: Path) -> None:
    config = TrainerConfig(batch_tokens=24)
    Trainer(small_model(tmp_path / "small"), tiny_plan(), config, LossWeights(), tmp_path).run(
        steps=1
    )
    large = Trainer(large_model(tmp_path / "large"), tiny_plan(), config, LossWeights(), tmp_path)
    with pytest.raises(ReaderError, match=r"checkpoint\.pt: lacks .* a run of the same model"):
        large.resume()


def test_frozen_weights_are_kept_in_the_format_that_they_compute_in(tmp_path: Path) -> None:
    model = large_model(tmp_path / "base")
    narrow_frozen(model)
    inputs, targets, _ = collate(tiny_plan(), [0, 1, 2], torch.device("cpu"))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(*inputs)
    reader_loss(logits, targets, LossWeights()).backward()  # type: ignore[no-untyped-call]
    trained = model.trained_weights()
    assert {value.dtype for value in trained.values()} == {torch.float32}
    assert all(value.grad is not None for value in trained.values())
    frozen = [value for value in model.parameters() if not value.requires_grad]
    assert {value.dtype for value in frozen} == {torch.bfloat16, torch.float32}
    assert all(value.grad is None for value in frozen)


def test_run_of_a_large_reader_saves_an_adapter_and_what_it_was_made_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = make_base(tmp_path / "base", vocabulary=200)
    monkeypatch.setattr(train_reader, "make_plan", lambda *_: (tiny_plan(), {"all": 4}))
    monkeypatch.setattr(train_reader, "_data_files", lambda _: [])
    monkeypatch.setattr(train_reader, "base_folder", lambda: base)
    out = tmp_path / "run"
    out.mkdir()

    def run(*, resume: bool) -> dict[str, Any]:
        origin, config = LargeOrigin(None, base, frozen=1), TrainerConfig(batch_tokens=24)
        return train_reader._run(
            tmp_path, out, origin, Recipe(max_length=20), config, LossWeights(), resume=resume
        )

    record = run(resume=False)
    assert record == json.loads((out / "run.json").read_text("utf-8"))
    assert (record["base"], record["layers"], record["trained"]["step"]) == ("base", [1], 2)
    assert AdapterConfig.load(out / "model").max_length == 20
    saved = (out / "model" / ADAPTER_FILE).read_bytes()
    assert run(resume=True)["trained"]["step"] == 2
    assert (out / "model" / ADAPTER_FILE).read_bytes() == saved


def test_large_run_starts_from_the_base_or_from_an_adapter(tmp_path: Path) -> None:
    base = make_base(tmp_path / "base", vocabulary=200)
    new = LargeOrigin(None, base, rank=3, frozen=1)
    described = new.described(max_length=99)
    assert (described["base"], described["rank"], described["layers"]) == ("base", 3, (1,))
    assert described["base_sha256"] == sha256_of(base / "model.safetensors")
    model = new.model(max_length=99)
    assert (model.config.max_length, model.config.rank) == (99, 3)
    model.save(tmp_path / "adapter")
    again = LargeOrigin(tmp_path / "adapter", base)
    assert again.described(50)["start"] == sha256_of(tmp_path / "adapter" / "adapter.safetensors")
    assert again.model(50).config == model.config
    make_base(base, seed=3, vocabulary=200)
    with pytest.raises(ReaderError, match="of base, which the adapter was trained on"):
        again.model(50)
    with pytest.raises(ReaderError, match="2 frozen layers; expected fewer than the base's 2"):
        LargeOrigin(None, base, frozen=2).described(50)


def test_resume_without_a_checkpoint_says_so(tmp_path: Path) -> None:
    trainer = Trainer(
        small_model(tmp_path / "base"), tiny_plan(), TrainerConfig(), LossWeights(), tmp_path
    )
    assert not trainer.resume()


def test_shared_loss_is_satisfied_by_one_of_several_answers() -> None:
    scores = torch.tensor([[0.0, 0, 40, 0, 0], [0, 0, 0, 0, 0]])
    logits = SpanLogits(scores, scores, torch.zeros(2))
    weights = LossWeights(passage=0.0, shared=1.0, answerable=0.0)
    both_answer = _targets([2, 2], [0, 0])
    assert float(reader_loss(logits, both_answer, weights)) < 1e-4
