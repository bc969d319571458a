"""The teacher of a distilled reader: a large reader, whose logits on a plan are computed once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import torch
from tqdm import tqdm

from api.answering.errors import ReaderError
from api.answering.reading.adapter import ADAPTER_FILE
from api.answering.reading.base_encoder import find_base
from api.answering.reading.configuration import ADAPTER, stated_format
from api.answering.reading.reader import ReaderPrecision
from api.answering.reading.trained_reader import load_large_network, model_fingerprint
from scripts.training.teacher_logits import TeacherLogits
from scripts.training.trainer import collate

if TYPE_CHECKING:
    from pathlib import Path

    from api.answering.reading.reader import ReaderOptions
    from scripts.training.plan import Plan

_BATCH_TOKENS: Final = 6000
_KEPT_AFTER: Final = 10  # batches


@dataclass(frozen=True, slots=True)
class Teacher:
    """A large reader to learn from; its token ids are those of the small one.

    Attributes:
        folder: Of its adapter.
        options: Where its base encoder is.
    """

    folder: Path
    options: ReaderOptions

    def fingerprint(self) -> str:
        """A hash of its weights and configuration.

        Raises:
            ReaderError: If the folder holds no adapter, or the base encoder is not there.
        """
        if stated_format(self.folder) != ADAPTER or not (self.folder / ADAPTER_FILE).is_file():
            raise ReaderError(f"teacher '{self.folder}': expected the folder of a large reader")
        find_base(self.options)
        return model_fingerprint(self.folder)

    def logits(self, plan: Plan, folder: Path) -> TeacherLogits:
        """Its logits for every sequence of a plan, in the fastest number format.

        Args:
            plan: What it reads.
            folder: Where the logits are kept; what is there of this plan is not computed again.

        Raises:
            ReaderError: If the adapter does not fit the base, or gives no numbers.
        """
        kept = TeacherLogits.open(
            folder, plan, f"{self.fingerprint()}, {_BATCH_TOKENS} tokens at once"
        )
        batches = [*plan.batches(_BATCH_TOKENS, 0)]
        if (first := kept.batches) == len(batches):
            return kept
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        options = replace(self.options, precision=ReaderPrecision.AUTO)
        network = load_large_network(self.folder, options).to(device)
        bar = tqdm(batches[first:], desc="teaching", disable=None)
        with torch.inference_mode():
            for done, batch in enumerate(bar, first + 1):
                inputs, _, _ = collate(plan, batch, device)
                kept.put(batch, network(*inputs))
                if done % _KEPT_AFTER == 0 or done == len(batches):
                    kept.keep(done)
        return kept
