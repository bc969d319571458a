"""A reader on a cluster: the same spans wherever a batch is read, and what a lost actor does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from api.answering.errors import ReaderError
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker
from api.answering.reading.reader import ReaderOptions
from api.main import create_app
from api.service import served_reader
from api.service.models import Models
from api.service.served_reader import ReaderServer, ReaderSource, ServedReader, serve_reader
from index.cluster import Cluster
from index.code_version import code_fingerprint
from index.embedding.encoder import Precision
from index.generations.generation import open_current
from index.retriever import Retriever
from tests.conftest import FakeEncoder, FakeReader, fake_calibration
from tests.index.fake_ray import FakeRay, install_fake

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from api.answering.reading.reader import ScoredSpan
    from api.settings import Settings
    from index.building.builder import BuildSummary
    from index.records import Passage

QUESTION = "How much does Meta expect to spend?"
SOURCE = ReaderSource("small", "an encoder", Precision.FLOAT32, ReaderOptions())


class ManyReader(FakeReader):
    """Notes the batches that it reads, and with how many threads."""

    def __init__(self, threads: int = 4) -> None:
        self.threads = threads
        self.batches: list[int] = []
        self.used: list[int] = []

    def use_threads(self, count: int) -> None:
        self.used.append(count)

    def read_many(
        self, questions: Sequence[tuple[Question, Sequence[Passage]]]
    ) -> list[list[ScoredSpan]]:
        self.batches.append(len(questions))
        return [self.read(question, passages) for question, passages in questions]


@pytest.fixture
def on_nodes(monkeypatch: pytest.MonkeyPatch) -> list[ManyReader]:
    """The readers that nodes load, in the order in which they did."""
    loaded: list[ManyReader] = []

    def load(*_: object) -> ManyReader:
        loaded.append(ManyReader())
        return loaded[-1]

    monkeypatch.setattr(served_reader, "load_reader", load)
    monkeypatch.setattr(served_reader, "SentenceTransformerEncoder", lambda *_, **__: FakeEncoder())
    monkeypatch.setattr(served_reader, "_AGAIN_SECONDS", 0.0)
    return loaded


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    return install_fake(monkeypatch)


@pytest.fixture
def asked(
    build: Callable[[], BuildSummary], index_dir: Path
) -> list[tuple[Question, list[Passage]]]:
    build()
    generation = open_current(index_dir, FakeEncoder())
    passages = Retriever(generation, FakeEncoder()).retrieve(QUESTION, 3).passages
    generation.close()
    return [(Question.parse(QUESTION), passages)]


@pytest.fixture
def own() -> ManyReader:
    return ManyReader()


@pytest.fixture
def served(ray: FakeRay, on_nodes: list[ManyReader], own: ManyReader) -> ServedReader:
    del ray, on_nodes
    return ServedReader(Cluster("auto"), own, SOURCE, replicas=2)


def test_batches_are_read_by_the_actors_in_turn(
    served: ServedReader,
    own: ManyReader,
    on_nodes: list[ManyReader],
    asked: list[tuple[Question, list[Passage]]],
) -> None:
    assert (served.threads, served.facts) == (2, own.facts)
    spans = [served.read_many(asked) for _ in range(3)]
    assert spans == [[FakeReader().read(*asked[0])]] * 3
    assert spans[0][0], "there is something to read"
    assert [reader.batches for reader in on_nodes] == [[1, 1], [1]]
    assert {count for reader in on_nodes for count in reader.used} == {1}, "three, of two readers"
    assert own.batches == []


@pytest.mark.parametrize("failure", ["lost", "hung"])
def test_this_process_reads_what_an_actor_does_not_until_it_is_back(
    served: ServedReader,
    own: ManyReader,
    ray: FakeRay,
    asked: list[tuple[Question, list[Passage]]],
    failure: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    expected = served.read_many(asked)
    served.read_many(asked)
    for actor in ray.actors:
        setattr(actor, failure, True)
    for _ in range(4):
        assert served.read_many(asked) == expected
    assert own.batches == [1] * 4
    assert set(own.used) == {2}, "both batches at a time share its four threads"
    assert caplog.text.count("this machine reads in its stead") == 2
    if failure == "lost":
        for actor in ray.actors:
            actor.lost = False
        assert [served.read_many(asked) for _ in range(3)] == [expected] * 3
        assert own.batches == [1] * 4


def test_actor_that_is_still_loading_is_not_waited_for(
    served: ServedReader,
    own: ManyReader,
    ray: FakeRay,
    asked: list[tuple[Question, list[Passage]]],
) -> None:
    for replica, actor in zip(served._replicas, ray.actors, strict=True):
        actor.hung = True
        replica.opening = actor.check.remote()
    assert served.read_many(asked)[0]
    assert own.batches == [1]


def test_node_with_another_reader_or_program_does_not_read(
    ray: FakeRay,
    on_nodes: list[ManyReader],
    own: ManyReader,
    asked: list[tuple[Question, list[Passage]]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    del on_nodes
    own.facts = replace(own.facts, fingerprint="f2")
    served = ServedReader(Cluster("auto"), own, SOURCE, replicas=1)
    assert served.read_many(asked)[0]
    assert own.batches == [1]
    assert "cannot be opened: ReaderError: the node reads with ReaderFacts(" in caplog.text
    with pytest.raises(ReaderError, match="another version of this program"):
        ReaderServer(SOURCE, own.facts, 1, "other")
    assert ReaderServer(SOURCE, ManyReader().facts, 1, code_fingerprint()).check()


def test_service_reads_on_the_cluster_and_leaves_it_last(
    settings: Settings,
    build: Callable[[], BuildSummary],
    on_nodes: list[ManyReader],
    own: ManyReader,
    ray: FakeRay,
) -> None:
    build()
    models = Models(FakeEncoder(), Ranker(own, fake_calibration()))
    on_cluster = settings.model_copy(update={"serve_ray": "auto", "reader_replicas": 1})
    with TestClient(create_app(on_cluster, models)) as client:
        body = {"question": QUESTION, "min_confidence": 0}
        reply: Any = client.post("/v1/ask", json=body).json()
        assert reply["status"] == "answered"
    assert (own.batches, [bool(reader.batches) for reader in on_nodes]) == ([], [True])
    assert ray.left


def test_reader_of_single_questions_cannot_read_on_a_cluster(
    settings: Settings, ray: FakeRay
) -> None:
    del ray
    models = Models(FakeEncoder(), Ranker(FakeReader(), fake_calibration()))
    with pytest.raises(ReaderError, match="'small' cannot read on a cluster"):
        serve_reader(models, Cluster("auto"), settings)
