"""The command that builds an index, with a fake encoder that stops after some texts.

`python -m tests.scripts.held_build TEXTS OPTIONS`
"""

from __future__ import annotations

import signal
import sys
import time
from typing import TYPE_CHECKING

import typer

import scripts.build_index as command
from index.building import chunk_indexing
from tests.conftest import FakeEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

_TEXTS = int(sys.argv.pop(1))
_WAIT = 240  # seconds: only a bound, so that a broken test ends


class HoldingEncoder(FakeEncoder):
    def encode_chunks(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        if len(self.encoded) == _TEXTS:
            time.sleep(_WAIT)
        return super().encode_chunks(texts)


if __name__ == "__main__":
    # A shell ignores it for what runs in its background, and so would all below.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    vars(chunk_indexing)["_BATCH"] = 1
    vars(command)["SentenceTransformerEncoder"] = lambda *_, **__: HoldingEncoder()
    typer.run(command.main)
