"""Embedding by workers of a cluster, with a Ray that runs each call when its result is awaited."""

from __future__ import annotations

import socket
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from index.embedding import ray_encoder
from index.embedding.embedding_cache import EmbeddingCache, embed
from index.embedding.ray_encoder import RayEncoder
from index.errors import EncoderError
from tests.conftest import FakeEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TEXTS = [f"Ferry {number} crosses the harbour." for number in range(11)]


class _RayError(Exception):
    pass


class _RayTaskError(_RayError):
    pass


class _Actor:
    """An actor whose calls are made when they are awaited; a lost one fails at its next call."""

    def __init__(self, worker: Any) -> None:
        self._worker = worker
        self.lost = False

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: object) -> object:
            if self.lost:
                raise _RayError("its node is gone")
            return getattr(self._worker, name)(*arguments)

        return SimpleNamespace(remote=lambda *arguments: lambda: call(*arguments))


class FakeRay:
    """What of Ray the encoder uses, on one machine with three processors."""

    exceptions = SimpleNamespace(RayError=_RayError, RayTaskError=_RayTaskError)

    def __init__(self) -> None:
        self.actors: list[_Actor] = []
        self.cpus = 3.0
        self.refused: Exception | None = None
        self.left = False

    def init(self, **_: object) -> None:
        if self.refused is not None:
            raise self.refused

    def shutdown(self) -> None:
        self.left = True

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": self.cpus}

    def remote(self, kind: Callable[..., Any]) -> Any:
        def make(*arguments: object) -> _Actor:
            self.actors.append(_Actor(kind(*arguments)))
            return self.actors[-1]

        return SimpleNamespace(options=lambda **_: SimpleNamespace(remote=make))

    def get(self, calls: Any) -> Any:
        return [call() for call in calls] if isinstance(calls, list) else calls()

    def wait(self, calls: list[Any], *, num_returns: int) -> tuple[list[Any], list[Any]]:
        return calls[-num_returns:], calls[:-num_returns]  # not in the order of the calls


class _ModelEncoder(FakeEncoder):
    """The fake encoder, loaded as the real one is."""

    def __init__(self, model: str = "fake", **_: object) -> None:
        super().__init__(16, model)

    def use_threads(self, count: int) -> None:
        assert count == 1


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    fake = FakeRay()
    monkeypatch.setitem(sys.modules, "ray", fake)
    monkeypatch.setattr(ray_encoder, "SentenceTransformerEncoder", _ModelEncoder)
    monkeypatch.setattr(ray_encoder, "_TOGETHER", 2)
    return fake


@pytest.fixture
def address() -> Iterator[str]:
    """An address where something listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def test_workers_embed_as_the_encoder_does(ray: FakeRay, address: str) -> None:
    local = _ModelEncoder()
    encoder = RayEncoder(local, address)
    assert (encoder.model, encoder.fingerprint) == (local.model, local.fingerprint)
    assert (encoder.encode_chunks(TEXTS) == local.encode_chunks(TEXTS)).all()
    assert (encoder.encode_question("Ferry?") == local.encode_question("Ferry?")).all()
    assert encoder.encode_chunks([]).shape == (0, 16)
    assert len(ray.actors) == 3
    encoder.close()
    assert ray.left


def test_what_a_lost_worker_was_embedding_is_given_to_another(ray: FakeRay, address: str) -> None:
    encoder, local = RayEncoder(_ModelEncoder(), address), _ModelEncoder()
    ray.actors[0].lost = ray.actors[2].lost = True
    for _ in range(2):
        assert (encoder.encode_chunks(TEXTS) == local.encode_chunks(TEXTS)).all()
    ray.actors[1].lost = True
    with pytest.raises(EncoderError, match=r"the last worker .* is lost; .* build again"):
        encoder.encode_chunks(TEXTS)


def test_what_was_embedded_before_the_workers_were_lost_is_kept(
    ray: FakeRay, address: str, tmp_path: Path
) -> None:
    with EmbeddingCache(tmp_path / "cache", _ModelEncoder(), limit_bytes=1_000_000) as cache:
        encoder = RayEncoder(_ModelEncoder(), address)
        assert embed(TEXTS[:6], encoder, cache)[1] == 6
        for actor in ray.actors:
            actor.lost = True
        with pytest.raises(EncoderError, match="is lost"):
            embed(TEXTS, encoder, cache)
        assert embed(TEXTS, _ModelEncoder(), cache)[1] == 5


def test_cluster_that_cannot_be_used_is_named(ray: FakeRay, address: str) -> None:
    for missing in ("127.0.0.1:1", "nowhere", "host:port", "127.0.0.1:99999"):
        with pytest.raises(EncoderError, match=rf"no Ray cluster at '{missing}' .* 'ray start"):
            RayEncoder(_ModelEncoder(), missing)
    ray.refused = RuntimeError("Version mismatch:\n  the cluster has Ray 2.9")
    for given in (address, "auto"):
        with pytest.raises(EncoderError, match=rf"'{given}' .* the cluster has Ray 2\.9; .* same"):
            RayEncoder(_ModelEncoder(), given)


def test_workers_with_another_model_or_none_are_refused(
    ray: FakeRay, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = _ModelEncoder()
    other = _ModelEncoder("other").fingerprint
    monkeypatch.setattr(ray_encoder, "SentenceTransformerEncoder", lambda *_, **__: _other())
    with pytest.raises(EncoderError, match=rf"models \['{other}'\], .* {ours.fingerprint}"):
        RayEncoder(ours, address)
    ray.cpus = 0
    with pytest.raises(EncoderError, match=r"workers of the Ray cluster have models \[\]"):
        RayEncoder(ours, address)
    ray.cpus = 3
    monkeypatch.setattr(_Actor, "__getattr__", _raise_at_call)
    with pytest.raises(EncoderError, match="cannot load model 'fake': no module named index; ins"):
        RayEncoder(ours, address)


def test_worker_that_cannot_embed_ends_the_build(
    ray: FakeRay, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise _RayTaskError("a trace\n\nEncoderError: returned a vector that is not finite\n")

    encoder = RayEncoder(_ModelEncoder(), address)
    monkeypatch.setattr(_ModelEncoder, "encode_chunks", fail)
    with pytest.raises(EncoderError, match="cannot embed: EncoderError: returned a vector that is"):
        encoder.encode_chunks(TEXTS)
    assert len(ray.actors) == 3


def _other() -> _ModelEncoder:
    return _ModelEncoder("other")


def _raise_at_call(actor: _Actor, name: str) -> Any:
    def call() -> None:
        raise _RayError(f"{name} of {actor}:\n\nno module named index")

    return SimpleNamespace(remote=lambda: call)
