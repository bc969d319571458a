"""Embedding by workers of a cluster, with a Ray that runs each call when its result is awaited."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from index.cluster import Cluster
from index.embedding import ray_encoder
from index.embedding.embedding_cache import EmbeddingCache, embed
from index.embedding.ray_encoder import RayEncoder
from index.errors import EncoderError
from tests.conftest import FakeEncoder
from tests.index.fake_ray import (
    FakeActor,
    FakeCall,
    FakeRay,
    FakeRayError,
    FakeRayTaskError,
    install_fake,
    listening,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXTS = [f"Ferry {number} crosses the harbour." for number in range(11)]


class _ModelEncoder(FakeEncoder):
    """The fake encoder, loaded as the real one is."""

    def __init__(self, model: str = "fake", **_: object) -> None:
        super().__init__(16, model)

    def use_threads(self, count: int) -> None:
        assert count == 1


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    monkeypatch.setattr(ray_encoder, "SentenceTransformerEncoder", _ModelEncoder)
    monkeypatch.setattr(ray_encoder, "_TOGETHER", 2)
    return install_fake(monkeypatch)


@pytest.fixture
def address() -> Iterator[str]:
    """An address where something listens."""
    with listening() as address:
        yield address


def test_workers_embed_as_the_encoder_does(ray: FakeRay, address: str) -> None:
    local = _ModelEncoder()
    cluster = Cluster(address)
    encoder = RayEncoder(local, cluster)
    assert (encoder.model, encoder.fingerprint) == (local.model, local.fingerprint)
    assert (encoder.encode_chunks(TEXTS) == local.encode_chunks(TEXTS)).all()
    assert (encoder.encode_question("Ferry?") == local.encode_question("Ferry?")).all()
    assert encoder.encode_chunks([]).shape == (0, 16)
    assert len(ray.actors) == 3
    cluster.close()
    assert ray.left


def test_what_a_lost_worker_was_embedding_is_given_to_another(ray: FakeRay, address: str) -> None:
    encoder, local = RayEncoder(_ModelEncoder(), Cluster(address)), _ModelEncoder()
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
        encoder = RayEncoder(_ModelEncoder(), Cluster(address))
        assert embed(TEXTS[:6], encoder, cache)[1] == 6
        for actor in ray.actors:
            actor.lost = True
        with pytest.raises(EncoderError, match="is lost"):
            embed(TEXTS, encoder, cache)
        assert embed(TEXTS, _ModelEncoder(), cache)[1] == 5


def test_workers_with_another_model_or_none_are_refused(
    ray: FakeRay, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = _ModelEncoder()
    other = _ModelEncoder("other").fingerprint
    monkeypatch.setattr(ray_encoder, "SentenceTransformerEncoder", lambda *_, **__: _other())
    with pytest.raises(EncoderError, match=rf"models \['{other}'\], .* {ours.fingerprint}"):
        RayEncoder(ours, Cluster(address))
    ray.cpus = 0
    with pytest.raises(EncoderError, match=r"workers of the Ray cluster have models \[\]"):
        RayEncoder(ours, Cluster(address))
    ray.cpus = 3
    monkeypatch.setattr(FakeActor, "__getattr__", _raise_at_call)
    with pytest.raises(EncoderError, match="cannot load model 'fake': no module named index; ins"):
        RayEncoder(ours, Cluster(address))


def test_worker_that_cannot_embed_ends_the_build(
    ray: FakeRay, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise FakeRayTaskError("a trace\n\nEncoderError: returned a vector that is not finite\n")

    encoder = RayEncoder(_ModelEncoder(), Cluster(address))
    monkeypatch.setattr(_ModelEncoder, "encode_chunks", fail)
    with pytest.raises(EncoderError, match="cannot embed: EncoderError: returned a vector that is"):
        encoder.encode_chunks(TEXTS)
    assert len(ray.actors) == 3


def _other() -> _ModelEncoder:
    return _ModelEncoder("other")


def _raise_at_call(actor: FakeActor, name: str) -> Any:
    def call() -> None:
        raise FakeRayError(f"{name} of {actor}:\n\nno module named index")

    return SimpleNamespace(remote=lambda: FakeCall(call))
