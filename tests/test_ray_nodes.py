"""Building and serving on several real Ray nodes of this machine, some of which are killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import psutil
import pytest
from starlette.testclient import TestClient

from api.answering.questions.question import Question
from api.main import create_app
from api.service.models import load_models
from api.service.served_reader import serve_reader
from index.building.builder import build_index
from index.building.options import BuildOptions
from index.building.shard_tasks import ShardTasks
from index.chunking.chunker import ChunkingParameters
from index.cluster import Cluster
from index.generations.generation import current_folder, current_version, open_current
from index.manifest import read_manifest
from index.progress import Stage
from index.retriever import Retriever
from index.stores.sharding import replicas as replicas_module
from index.stores.sharding.served_shards import ServedShards
from tests.conftest import ARTICLES, REPOSITORY, FakeEncoder, write_articles
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.service.models import Models
    from api.settings import Settings
    from index.generations.generation import Generation
    from index.progress import BuildProgress
    from index.records import Passage

pytestmark = [pytest.mark.cluster, pytest.mark.filterwarnings("default")]
SHARDS = 4
SWITCHES = 20
QUESTIONS = ("How much does Meta spend in 2025?", "rain in Dublin", "data centres", "Number 7")
START_SECONDS = 300.0
BACK_SECONDS = 300.0


class Nodes:
    """Ray nodes on addresses of their own of the loopback network."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._nodes: list[subprocess.Popen[bytes]] = []
        self.address = f"127.0.0.1:{free_port()}"

    def add(self) -> None:
        """Start a node and wait until it has joined."""
        number = len(self._nodes) + 1
        first = ["--head", "--port", self.address.rpartition(":")[2], "--include-dashboard=false"]
        ray = Path(sys.executable).with_name("ray")
        log = (self._folder / f"node-{number}.log").open("wb")
        self._nodes.append(
            subprocess.Popen(
                [
                    ray,
                    "start",
                    *(first if number == 1 else ["--address", self.address]),
                    f"--node-ip-address=127.0.0.{number}",
                    "--num-cpus=1",
                    "--object-store-memory=100000000",
                    "--disable-usage-stats",
                    "--block",
                    *([f"--temp-dir={self._folder}"] if number == 1 else []),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=REPOSITORY,
                env={
                    **os.environ,
                    "PYTHONPATH": str(REPOSITORY),
                    "RAY_worker_niceness": "0",
                    "RAY_AUTH_MODE": "disabled",  # whatever token the user has
                },
                start_new_session=True,
            )
        )
        log.close()

    def end(self, number: int) -> None:
        """End a node, with all that runs on it."""
        node = self._nodes[number]
        if node.poll() is None:
            os.killpg(node.pid, signal.SIGTERM)
            try:
                node.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(node.pid, signal.SIGKILL)
                node.wait()

    def kill_head(self) -> None:
        """Kill the process that knows of all nodes; they live on for a while."""
        processes = psutil.Process(self._nodes[0].pid).children(recursive=True)
        (head,) = [process for process in processes if process.name() == "gcs_server"]
        head.kill()

    def end_all(self) -> None:
        """End all nodes, the first one last."""
        for number in reversed(range(len(self._nodes))):
            self.end(number)


@contextmanager
def _started(count: int) -> Iterator[Nodes]:
    """A cluster of so many nodes."""
    if find_spec("ray") is None:
        pytest.skip("there is no Ray; the extra 'cluster' has it")
    if os.environ.get("QA_CLUSTER_TESTS") != "required":
        pytest.skip("Ray nodes take a minute to start; QA_CLUSTER_TESTS=required starts some")
    folder = Path(tempfile.mkdtemp(prefix="qa-ray-"))  # its paths name sockets, which are short
    started = Nodes(folder)
    try:
        started.add()
        _until(partial(_listens, started.address), START_SECONDS)
        for _ in range(count - 1):
            started.add()
        yield started
    finally:
        started.end_all()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    with _started(2) as started:
        yield started


@pytest.fixture
def cluster(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    monkeypatch.setattr(replicas_module, "_OPENING_SECONDS", START_SECONDS)
    connected = Cluster(nodes.address)
    _until(lambda: connected.cpus == 2, START_SECONDS)
    yield connected
    connected.close()


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), 1).close()
    except OSError:
        return False
    return True


def _until(holds: Callable[[], bool], seconds: float) -> float:
    """Wait until something holds; returns the seconds that took."""
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < seconds, f"not within {seconds} s"
        time.sleep(0.2)
    return time.monotonic() - started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus, and indexes of it with and without shards."""
    folder = tmp_path_factory.mktemp("nodes")
    (folder / "corpus").mkdir()
    more = [
        {
            **article,
            "id": f"{article['id']} {number}",
            "text": f"{article['text']} Number {number}.",
        }
        for number in range(12)
        for article in ARTICLES
    ]
    write_articles(folder / "corpus", [*ARTICLES, *more])
    build_index(folder / "corpus", folder / "whole", FakeEncoder(), ChunkingParameters())
    _build(folder, "sharded")
    return folder


def _build(
    folder: Path,
    name: str,
    tasks: ShardTasks | None = None,
    encoder: FakeEncoder | None = None,
    progress: Callable[[BuildProgress], None] = lambda _: None,
) -> None:
    build_index(
        folder / "corpus",
        folder / name,
        FakeEncoder() if encoder is None else encoder,
        ChunkingParameters(),
        BuildOptions(shards=SHARDS),
        progress=progress,
        tasks=tasks,
    )


def build_until_killed(address: str, folder: Path) -> None:
    """Build on a cluster until the first shard is there, leave a file, and wait for the end."""

    def wait_to_be_killed(progress: BuildProgress) -> None:
        if progress.stage is Stage.FINISHING:
            (folder / "to be killed").touch()
            signal.pause()

    _build(folder, "killed", ShardTasks(Cluster(address)), progress=wait_to_be_killed)


def _expected(folder: Path) -> dict[str, list[Passage]]:
    generation = open_current(folder / "whole", FakeEncoder())
    retriever = Retriever(generation, FakeEncoder())
    passages = {question: retriever.retrieve(question, 8).passages for question in QUESTIONS}
    generation.close()
    return passages


def _chunks(passages: list[Passage]) -> list[tuple[int, str]]:
    return [(passage.chunk_id, passage.chunk.text) for passage in passages]


def _served(cluster: Cluster, index_dir: Path, replicas: int) -> Generation:
    opened = partial(ServedShards, cluster, replicas=replicas, seconds=30.0)
    return open_current(index_dir, FakeEncoder(), open_shards=opened)


def _pid_of_a_replica(generation: Generation, number: int) -> int:
    shards: Any = generation.articles.shards  # type: ignore[attr-defined]
    pid = shards.ask({number: lambda _: os.getpid()})[number]
    return int(pid)


def _are_all_open(generation: Generation) -> bool:
    """Whether every replica answers, also one that others stand in for while it begins again."""
    import ray  # noqa: PLC0415

    shards: Any = generation.articles.shards  # type: ignore[attr-defined]
    try:
        for number in range(SHARDS):
            opened = [replica.actor.check.remote() for replica in shards._replicas.of(number)]
            ray.get(opened, timeout=BACK_SECONDS)
    except ray.exceptions.RayError:
        return False
    return True


def _are_apart(generation: Generation) -> bool:
    """Whether the two replicas of each shard are on different nodes."""
    shards: Any = generation.articles.shards  # type: ignore[attr-defined]
    places = shards._replicas._places().values()
    return all(None not in of_shard and len(set(of_shard)) == 2 for of_shard in places)


def test_shards_are_built_on_the_nodes_and_give_the_same_passages(
    cluster: Cluster, folder: Path
) -> None:
    _build(folder, "on nodes", ShardTasks(cluster))
    files = [
        {
            (file.path, file.sha256)
            for file in read_manifest(current_folder(folder / name)).files
            if file.path.endswith((".faiss", "articles.sqlite"))
        }
        for name in ("sharded", "on nodes")
    ]
    assert files[0] == files[1]
    generation = _served(cluster, folder / "on nodes", 1)
    retriever = Retriever(generation, FakeEncoder())
    for question, passages in _expected(folder).items():
        retrieval = retriever.retrieve(question, 8)
        assert retrieval.shards == (SHARDS, SHARDS)
        assert _chunks(retrieval.passages) == _chunks(passages)
    generation.close()


def test_no_reply_is_wrong_while_replicas_and_a_node_are_killed(
    cluster: Cluster, folder: Path, nodes: Nodes
) -> None:
    """With two replicas nobody notices; with one, replies say so and are full again soon."""
    expected = {question: _chunks(passages) for question, passages in _expected(folder).items()}
    for replicas in (1, 2):
        generation = _served(cluster, folder / "sharded", replicas)
        retriever = Retriever(generation, FakeEncoder())
        answered: Counter[tuple[int, int]] = Counter()

        def ask_all(retriever: Retriever, answered: Counter[tuple[int, int]]) -> None:
            for question in QUESTIONS:
                retrieval = retriever.retrieve(question, 8)
                assert retrieval.shards is not None
                answered[retrieval.shards] += 1
                chunks = _chunks(retrieval.passages)
                if retrieval.shards == (SHARDS, SHARDS):
                    assert chunks == expected[question]
                else:  # what is there of the others keeps its order
                    common = [chunk for chunk in expected[question] if chunk in chunks]
                    assert [chunk for chunk in chunks if chunk in common] == common

        def full(
            retriever: Retriever = retriever,
            answered: Counter[tuple[int, int]] = answered,
        ) -> bool:
            answered.clear()
            ask_all(retriever, answered)
            return set(answered) == {(SHARDS, SHARDS)}

        assert full()
        for number in (0, 2):
            os.kill(_pid_of_a_replica(generation, number), signal.SIGKILL)
            answered.clear()
            ask_all(retriever, answered)
            if replicas == 2:
                assert set(answered) == {(SHARDS, SHARDS)}
            _until(full, BACK_SECONDS)
            _until(partial(_are_all_open, generation), BACK_SECONDS)
        # Also the node that came in the place of the first one, once replicas have moved there.
        for lost in (1, 2) if replicas == 2 else ():
            _until(partial(_are_apart, generation), BACK_SECONDS)
            nodes.end(lost)
            answered.clear()
            for _ in range(5):
                ask_all(retriever, answered)
            assert set(answered) == {(SHARDS, SHARDS)}
            nodes.add()
            _until(lambda: cluster.cpus == 2, START_SECONDS)
        generation.close()


def test_build_whose_driver_is_killed_goes_on_when_it_is_started_again(
    cluster: Cluster, nodes: Nodes, folder: Path
) -> None:
    code = "import sys, pathlib; from tests.test_ray_nodes import build_until_killed as build; "
    code += "build(sys.argv[1], pathlib.Path(sys.argv[2]))"
    driver = subprocess.Popen(
        [sys.executable, "-c", code, nodes.address, folder],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    try:
        _until((folder / "to be killed").exists, START_SECONDS)
    finally:
        driver.kill()
        driver.wait()
    assert current_version(folder / "killed") is None
    encoder = FakeEncoder()
    _build(folder, "killed", ShardTasks(cluster), encoder)
    assert encoder.encoded == [], "the embedding cache has all"
    generation = open_current(folder / "killed", encoder)
    retriever = Retriever(generation, encoder)
    for question, passages in _expected(folder).items():
        assert _chunks(retriever.retrieve(question, 8).passages) == _chunks(passages)
    generation.close()


def test_service_says_that_its_head_is_lost_before_it_ends(folder: Path) -> None:
    port = free_port()
    with _started(1) as own:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("QA_")},
            "PYTHONPATH": str(REPOSITORY),
            "QA_SERVE_RAY": own.address,
            "QA_INDEX_DIR": str(folder / "sharded"),
            "QA_PORT": str(port),
        }
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.api.serve_fakes"], cwd=REPOSITORY, env=environment
        )

        def ready() -> httpx2.Response | None:
            try:
                return httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=BACK_SECONDS)
            except httpx2.TransportError:
                return None

        def has(status: HTTPStatus) -> bool:
            reply = ready()
            if reply is not None:
                replies.append(reply)
            return bool(replies) and replies[-1].status_code == status

        replies: list[httpx2.Response] = []
        try:
            _until(partial(has, HTTPStatus.OK), START_SECONDS)
            own.kill_head()
            _until(partial(has, HTTPStatus.SERVICE_UNAVAILABLE), BACK_SECONDS)
            assert "the head of the Ray cluster" in replies[-1].json()["detail"]
            assert server.poll() is None
            server.wait(BACK_SECONDS)
        finally:
            server.kill()
            server.wait()


def test_nodes_read_as_this_machine_does_also_when_they_are_killed(
    cluster: Cluster,
    folder: Path,
    default_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading = default_settings.model_copy(update={"reader": "small", "reader_replicas": 2})
    models = load_models(reading)
    asked = [(Question.parse(text), found) for text, found in _expected(folder).items()]
    own: Any = models.ranker.reader
    expected = [{(each.passage, each.span) for each in spans} for spans in own.read_many(asked)]
    assert any(expected)
    reader: Any = serve_reader(models, cluster, reading).ranker.reader
    assert (reader.facts, reader.threads) == (own.facts, 2)
    here: list[int] = []
    read_here = own.read_many

    def note(asked: list[Any]) -> Any:
        here.append(len(asked))
        return read_here(asked)

    monkeypatch.setattr(own, "read_many", note)

    def are_open() -> bool:
        return all(reader._is_open(replica) for replica in reader._replicas)

    def read() -> bool:
        """Whether the nodes have read alone."""
        here.clear()
        spans = [reader.read_many(asked) for _ in range(2)]
        assert [[{(e.passage, e.span) for e in each} for each in once] for once in spans] == (
            [expected] * 2
        )
        return not here

    read()  # they need not be open yet
    _until(are_open, START_SECONDS)
    assert read()
    for replica in reader._replicas:
        cluster.ray.kill(replica.actor, no_restart=False)
    assert not read()
    _until(lambda: are_open() and read(), BACK_SECONDS)


def _ask_until(
    ended: threading.Event, client: TestClient, path: str, replies: list[dict[str, Any]]
) -> None:
    """Ask one question after the other, and keep the replies, all of which are whole."""
    number = 0
    while not ended.is_set():
        number += 1  # so that none comes from the cache
        question = f"How much does Meta expect to spend on data centre {number}?"
        options = {"min_confidence": 0} if path == "/v1/ask" else {}
        reply = client.post(path, json={"question": question, **options})
        assert reply.status_code == HTTPStatus.OK, reply.text
        replies.append(reply.json())


def _stated(reply: dict[str, Any]) -> list[str]:
    """The texts of a reply that are of articles."""
    if "passages" in reply:
        return [passage["text"] for passage in reply["passages"]]
    nearest = (reply["abstention"] or {"nearest": []})["nearest"]
    return [cited["sentence"] for cited in (*reply["citations"], *nearest)]


def test_no_reply_mixes_two_builds_while_the_service_switches(
    nodes: Nodes, settings: Settings, models: Models, corpus_dir: Path
) -> None:
    """Every sentence of a build has an amount of its own; two clients ask all the time."""
    amounts: dict[str, str] = {}

    def build(amount: int) -> str:
        articles = [
            {
                **ARTICLES[0],
                "id": f"centre {number}",
                "text": f"Meta expects to spend ${amount} billion on data centre {number}.",
            }
            for number in range(4 * SHARDS)
        ]
        write_articles(corpus_dir, articles)
        version = build_index(
            corpus_dir,
            settings.index_dir,
            models.encoder,
            ChunkingParameters(),
            BuildOptions(shards=SHARDS),
        ).index_version
        amounts[version] = f"${amount} billion"
        return version

    build(100)
    on_cluster = settings.model_copy(update={"serve_ray": nodes.address, "shard_seconds": 30.0})
    replies: dict[str, list[dict[str, Any]]] = {"/v1/ask": [], "/v1/search": []}
    ended = threading.Event()

    def shows(version: str) -> bool:
        return all(of and of[-1]["index_version"] == version for of in replies.values())

    with TestClient(create_app(on_cluster, models)) as client:
        asking = [
            threading.Thread(target=_ask_until, args=(ended, client, path, of))
            for path, of in replies.items()
        ]
        for thread in asking:
            thread.start()
        try:
            for amount in range(101, 101 + SWITCHES):
                _until(partial(shows, list(amounts)[-1]), BACK_SECONDS)
                build(amount)
            _until(partial(shows, list(amounts)[-1]), BACK_SECONDS)
        finally:
            ended.set()
            for thread in asking:
                thread.join()
    assert len(amounts) == 1 + SWITCHES
    for of in replies.values():
        assert {reply["index_version"] for reply in of} == set(amounts)
        for reply in of:
            assert reply["shards"] == {"answered": SHARDS, "of": SHARDS}
            texts = _stated(reply)
            assert texts
            assert all(amounts[reply["index_version"]] in text for text in texts), reply
