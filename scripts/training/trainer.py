"""The training loop of every reader: bf16 where that is native, checkpoints with exact resume."""

import json
import math
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from api.answering.errors import ReaderError
from api.answering.reading.network import SpanLogits, SpanNetwork, native_precision
from api.answering.reading.reader import ReaderPrecision
from scripts.training.loss import LossWeights, Targets, reader_loss, teacher_loss
from scripts.training.plan import Plan
from scripts.training.teacher_logits import Lessons


@dataclass(frozen=True, slots=True)
class TrainerConfig:
    """Optimisation; `minutes` ends a run that would take longer, with the decay fitted to it."""

    learning_rate: float = 2.5e-4
    warm_up: float = 0.05
    weight_decay: float = 0.01
    clip: float = 1.0
    batch_tokens: int = 4096
    epochs: int = 1
    minutes: float | None = None
    checkpoint_seconds: float = 300.0
    seed: int = 13


@dataclass(slots=True)
class Progress:
    """Where a run stands; saved with each checkpoint."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0


class Trainer:
    """Trains `model` on `plan`; state goes to `out/checkpoint.pt`, the log to `out/log.jsonl`.

    With `lessons`, it also learns to say what a teacher says of the plan.
    """

    def __init__(
        self,
        model: SpanNetwork,
        plan: Plan,
        config: TrainerConfig,
        weights: LossWeights,
        out: Path,
        lessons: Lessons | None = None,
    ) -> None:
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._model = model.to(self._device)
        self._plan, self._config, self._weights, self._out = plan, config, weights, out
        self._lessons = lessons
        self._optimizer = torch.optim.AdamW(_parameter_groups(model, config), fused=True)
        self._batches = [
            batch
            for epoch in range(config.epochs)
            for batch in plan.batches(config.batch_tokens, config.seed + epoch)
        ]
        self._total_tokens = int(plan.offsets[-1]) * config.epochs
        on_processor = native_precision(torch.cpu.get_capabilities())
        self._narrow = self._device.type != "cpu" or on_processor is ReaderPrecision.BFLOAT16
        if self._narrow:
            narrow_frozen(model)
        self.progress = Progress()
        out.mkdir(parents=True, exist_ok=True)

    def resume(self) -> bool:
        """Take up the saved checkpoint; False when there is none.

        Raises:
            ReaderError: If it is a checkpoint of another model.
        """
        path = self._out / "checkpoint.pt"
        if not path.exists():
            return False
        state: dict[str, Any] = torch.load(path, map_location=self._device, weights_only=True)
        if lacking := self._trained().keys() - state["model"].keys():
            raise ReaderError(f"{path}: lacks {min(lacking)}; expected a run of the same model")
        self._model.load_state_dict(state["model"], strict=False)
        self._optimizer.load_state_dict(state["optimizer"])
        self.progress = Progress(**state["progress"])
        return True

    def run(self, steps: int | None = None) -> None:
        """Train until the plan, the time or `steps` are used up, then save."""
        last = len(self._batches) if steps is None else min(steps, len(self._batches))
        self._model.train()
        saved = logged = time.monotonic()
        recent: list[float] = []
        recent_tokens = 0
        while self.progress.step < last and self._fraction() < 1:
            began = time.monotonic()
            batch = self._batches[self.progress.step]
            loss, tokens = self._step(batch)
            now = time.monotonic()
            self.progress.step += 1
            self.progress.tokens += tokens
            self.progress.seconds += now - began
            recent.append(loss)
            recent_tokens += tokens
            if len(recent) == 25:
                self._log(float(np.mean(recent)), recent_tokens / (now - logged))
                recent, recent_tokens, logged = [], 0, now
            if now - saved > self._config.checkpoint_seconds:
                self.save()
                saved = time.monotonic()
        self.save()

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        state = {
            "model": self._trained(),
            "optimizer": self._optimizer.state_dict(),
            "progress": {
                name: getattr(self.progress, name) for name in Progress.__dataclass_fields__
            },
        }
        temporary = self._out / "checkpoint.pt.tmp"
        torch.save(state, temporary)
        temporary.replace(self._out / "checkpoint.pt")

    def _trained(self) -> dict[str, Tensor]:
        """What is trained of the model; the rest is the base's."""
        return {
            name: value.detach()
            for name, value in self._model.named_parameters()
            if value.requires_grad
        }

    def _fraction(self) -> float:
        """The share of the run that is done, by tokens or by time, whichever is further."""
        by_tokens = self.progress.tokens / self._total_tokens
        if self._config.minutes is None:
            return by_tokens
        return max(by_tokens, self.progress.seconds / (60 * self._config.minutes))

    def _step(self, sequences: Sequence[int]) -> tuple[float, int]:
        inputs, targets, tokens = collate(self._plan, sequences, self._device)
        rate = self._config.learning_rate * _schedule(self._fraction(), self._config.warm_up)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        with torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=self._narrow):
            logits = self._model(*inputs)
        loss = self._loss(logits, targets, sequences)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), self._config.clip)
        self._optimizer.step()
        self._optimizer.zero_grad()
        return float(loss.detach()), tokens

    def _loss(self, logits: SpanLogits, targets: Targets, sequences: Sequence[int]) -> Tensor:
        by_label = reader_loss(logits, targets, self._weights)
        if self._lessons is None:
            return by_label
        teacher = self._lessons.logits.of(sequences, logits.start.shape[1], self._device)
        how = self._lessons.distillation
        by_teacher = teacher_loss(logits, teacher, targets, self._weights, how.temperature)
        return by_label.lerp(by_teacher, how.share)

    def _log(self, loss: float, speed: float) -> None:
        done = self._fraction()
        left = self.progress.seconds * (1 - done) / max(done, 1e-9)
        line = {
            "step": self.progress.step,
            "steps": len(self._batches),
            "done": round(done, 4),
            "loss": round(loss, 4),
            "tokens_per_second": round(speed),
            "minutes_left": round(left / 60, 1),
        }
        with (self._out / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        print(json.dumps(line), file=sys.stderr, flush=True)


def narrow_frozen(model: nn.Module) -> None:
    """Keep the weights of linear layers that are not trained in bfloat16, as they compute in it.

    Otherwise they would be converted anew at every step.
    """
    for module in model.modules():
        if isinstance(module, nn.Linear) and not module.weight.requires_grad:
            module.to(torch.bfloat16)


def collate(
    plan: Plan, sequences: Sequence[int], device: torch.device
) -> tuple[tuple[Tensor, Tensor, Tensor], Targets, int]:
    """Inputs (ids, token types, mask), targets, and the number of tokens without padding."""
    chosen = np.asarray(sequences)
    lengths = plan.offsets[chosen + 1] - plan.offsets[chosen]
    width = math.ceil(int(lengths.max()) / 8) * 8
    ids = np.zeros((len(chosen), width), dtype=np.int64)
    for row, sequence in enumerate(chosen):
        ids[row, : lengths[row]] = plan.ids[plan.offsets[sequence] : plan.offsets[sequence + 1]]
    at = np.arange(width)[None]
    mask = at < lengths[:, None]
    types = (at >= plan.second[chosen][:, None]) & mask
    passage = (at >= plan.passage[chosen][:, None]) & (at < lengths[:, None] - 1)
    groups = np.unique(plan.group[chosen], return_inverse=True)[1]
    labelled = plan.start[chosen] >= 0

    def tensor(array: Any) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(device)

    inputs = (tensor(ids), tensor(types.astype(np.int64)), tensor(mask.astype(np.int64)))
    targets = Targets(
        start=tensor(np.where(labelled, plan.start[chosen], 0).astype(np.int64)),
        end=tensor(np.where(labelled, plan.end[chosen], 0).astype(np.int64)),
        group=tensor(groups.astype(np.int64)),
        passage=tensor(passage),
        labelled=tensor(labelled),
    )
    return inputs, targets, int(lengths.sum())


def _schedule(done: float, warm_up: float) -> float:
    """Linear warm-up over the first `warm_up` of the run, then linear decay to nothing."""
    if done < warm_up:
        return max(done / warm_up, 0.01)
    return max(0.0, (1 - done) / (1 - warm_up))


def _parameter_groups(model: SpanNetwork, config: TrainerConfig) -> list[dict[str, Any]]:
    trained = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": config.weight_decay},
        {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
    ]
