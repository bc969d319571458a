"""Embedding on a Ray cluster: chunks by workers on its nodes, questions here.

Only the process that builds reads the corpus and writes the index, so nodes share no disk. What
they have embedded is in the embedding cache at once; so a build that died goes on from there.
"""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.cluster import last_line
from index.embedding.encoder import Precision, SentenceTransformerEncoder, WrappedEncoder
from index.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from index.cluster import Cluster
    from index.embedding.encoder import Encoder

    Vectors = npt.NDArray[np.float32]

_LOGGER = logging.getLogger(__name__)
_TOGETHER: Final = 128  # texts that a worker embeds in one call


class RayEncoder(WrappedEncoder):
    """Embeds chunks by a worker for each GPU of a cluster, or for each CPU where it has no GPU.

    What a lost worker was embedding is given to another one.

    Args:
        encoder: The encoder that embeds the questions; the workers load the same model.
        cluster: The cluster; closing it ends the workers.
        precision: Number format of the weights of the workers' models.

    Raises:
        EncoderError: If a worker cannot load the model or has another one.
    """

    def __init__(
        self, encoder: Encoder, cluster: Cluster, precision: Precision = Precision.FLOAT32
    ) -> None:
        super().__init__(encoder)
        self._encoder = encoder
        self._cluster = cluster
        self._ray = cluster.ray
        gpus = cluster.gpus
        count = gpus or cluster.cpus
        # A worker that dies is not started again: its node may be gone, and the others are there.
        worker = self._ray.remote(_Worker).options(
            num_cpus=0 if gpus else 1, num_gpus=1 if gpus else 0
        )
        self._workers = [worker.remote(encoder.model, precision) for _ in range(count)]
        self._check_models()

    def _check_models(self) -> None:
        try:
            fingerprints = self._ray.get([each.fingerprint.remote() for each in self._workers])
        except self._ray.exceptions.RayError as error:
            raise EncoderError(
                f"a worker of the Ray cluster cannot load model '{self.model}': "
                f"{last_line(error)}; install the same version of this program on every node"
            ) from error
        others = {each for each in fingerprints if each != self.fingerprint}
        if others or not fingerprints:
            raise EncoderError(
                f"workers of the Ray cluster have models {sorted(others)}, this machine has "
                f"'{self.model}' with fingerprint {self.fingerprint}; install the same on every "
                "node"
            )

    def encode_question(self, question: str) -> Vectors:
        """Embed one question, here: ``(dimension,)`` float32, of unit length."""
        return self._encoder.encode_question(question)

    def encode_chunks(self, texts: Sequence[str]) -> Vectors:
        """Embed chunks on the cluster: ``(len(texts), dimension)`` float32, unit rows.

        Raises:
            EncoderError: If a model returns unusable vectors, or the last worker is lost.
        """
        rows = np.empty((len(texts), self.dimension), dtype=np.float32)
        waiting = deque(range(0, len(texts), _TOGETHER))
        idle, running = deque(self._workers), dict[Any, tuple[Any, int]]()
        while waiting or running:
            while waiting and idle:
                worker, start = idle.popleft(), waiting.popleft()
                call = worker.encode.remote(list(texts[start : start + _TOGETHER]))
                running[call] = worker, start
            (done, *_), _ = self._ray.wait(list(running), num_returns=1)
            worker, start = running.pop(done)
            try:
                rows[start : start + _TOGETHER] = self._ray.get(done)
            except self._ray.exceptions.RayTaskError as error:
                raise EncoderError(
                    f"a worker of the Ray cluster cannot embed: {last_line(error)}"
                ) from error
            except self._ray.exceptions.RayError as error:  # with it, or the node of its result
                self._workers.remove(worker)
                _LOGGER.warning("a worker of the Ray cluster is lost: %s", error)
                if not self._workers:
                    raise EncoderError(
                        f"the last worker of the Ray cluster at '{self._cluster.address}' is lost; "
                        "what was embedded is kept: build again when its nodes are back, or "
                        "without --ray"
                    ) from error
                waiting.append(start)
            else:
                idle.append(worker)
        return rows


class _Worker:
    """The model on a node: it computes with one thread, as there is a worker for each CPU."""

    def __init__(self, model: str, precision: Precision) -> None:
        self._encoder = SentenceTransformerEncoder(model, precision=precision)
        self._encoder.use_threads(1)

    def fingerprint(self) -> str:
        """The fingerprint of the model."""
        return self._encoder.fingerprint

    def encode(self, texts: list[str]) -> Vectors:
        """Embed texts; see `SentenceTransformerEncoder.encode_chunks`."""
        return self._encoder.encode_chunks(texts)
