"""A teacher's logits for every sequence of a plan, kept in files and mapped into memory."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from api.answering.errors import ReaderError
from api.answering.reading.network import SpanLogits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scripts.training.loss import Distillation
    from scripts.training.plan import Plan

_STATE = "state.json"


@dataclass(frozen=True, slots=True)
class TeacherLogits:
    """Logits in the order of a plan, in the files of a folder.

    Attributes:
        folder: Of the files.
        sources: A hash of the plan, and who reads it.
        offsets: ``(n_sequences + 1,)`` int64, of the sequences in the plan's tokens.
        spans: ``(n_tokens, 2)`` float16, the start and end logit of each token of the plan.
        answerable: ``(n_sequences,)`` float16, log-odds.
    """

    folder: Path
    sources: dict[str, str]
    offsets: NDArray[np.int64]
    spans: NDArray[np.float16]
    answerable: NDArray[np.float16]

    @classmethod
    def open(cls, folder: Path, plan: Plan, teacher: str) -> TeacherLogits:
        """Open the files for a plan and a teacher; make them, empty, where they are of others.

        Args:
            folder: Where they are; it is created.
            plan: What is read.
            teacher: Who reads, and how.
        """
        folder.mkdir(parents=True, exist_ok=True)
        sources = {"plan": _digest(plan), "teacher": teacher}
        path = folder / _STATE
        state: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        is_new = state.get("of") != sources
        if is_new:
            path.unlink(missing_ok=True)
        spans, answerable = (
            np.lib.format.open_memmap(
                folder / name, "w+" if is_new else "r+", dtype=np.float16, shape=shape
            )
            for name, shape in (
                ("spans.npy", (len(plan.ids), 2)),
                ("answerable.npy", (len(plan.start),)),
            )
        )
        return cls(folder, sources, plan.offsets, spans, answerable)

    @property
    def batches(self) -> int:
        """How many of the plan's batches the files hold for certain."""
        path = self.folder / _STATE
        return int(json.loads(path.read_text("utf-8"))["batches"]) if path.exists() else 0

    def put(self, sequences: Sequence[int], logits: SpanLogits) -> None:
        """Set the logits of some sequences of the plan.

        Raises:
            ReaderError: If one is no number, or beyond the range of float16.
        """
        with np.errstate(over="ignore"):
            spans = torch.stack([logits.start, logits.end], dim=2).cpu().numpy().astype(np.float16)
            answerable = logits.answerable.cpu().numpy().astype(np.float16)
        for row, sequence in enumerate(sequences):
            first, last = self.offsets[sequence], self.offsets[sequence + 1]
            own = spans[row, : last - first]
            if not (np.isfinite(own).all() and np.isfinite(answerable[row])):
                raise ReaderError(f"the teacher's logits of sequence {sequence}: expected numbers")
            self.spans[first:last] = own
            self.answerable[sequence] = answerable[row]

    def keep(self, batches: int) -> None:
        """Write out what was set; later calls go on after so many batches."""
        for array in (self.spans, self.answerable):
            if isinstance(array, np.memmap):
                array.flush()
        temporary = self.folder / f"{_STATE}.tmp"
        temporary.write_text(json.dumps({"of": self.sources, "batches": batches}), "utf-8")
        temporary.replace(self.folder / _STATE)

    def of(self, sequences: Sequence[int], width: int, device: torch.device) -> SpanLogits:
        """The logits of some sequences, float32, ``(batch, width)`` with zeros as padding."""
        spans = np.zeros((len(sequences), width, 2), dtype=np.float32)
        for row, sequence in enumerate(sequences):
            own = self.spans[self.offsets[sequence] : self.offsets[sequence + 1]]
            spans[row, : len(own)] = own
        answerable = self.answerable[np.asarray(sequences)].astype(np.float32)
        start, end = torch.from_numpy(spans).to(device).unbind(dim=2)
        return SpanLogits(start, end, torch.from_numpy(answerable).to(device))


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a teacher says of a plan, and how it is learnt from."""

    logits: TeacherLogits
    distillation: Distillation


def _digest(plan: Plan) -> str:
    """A hash of the sequences of a plan and of their order."""
    digest = hashlib.sha256()
    for array in (plan.ids, plan.offsets, plan.second, plan.passage, plan.bundle):
        digest.update(array.tobytes())
    return digest.hexdigest()
