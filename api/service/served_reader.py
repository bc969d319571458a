"""A reader on a Ray cluster: actors on its nodes, each with the reader in memory, read the batches.

Reading is most of a question's time, so this is what further machines are for. The same reader in
this process reads what no actor does, so that a question does not notice one that is lost.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from api.answering.errors import ReaderError
from api.answering.reading.reader import BatchReader
from api.answering.reading.registry import load_reader, reader_row
from api.service.models import reader_options
from index.cluster import last_line
from index.code_version import code_fingerprint
from index.embedding.encoder import Precision, SentenceTransformerEncoder
from index.replica_calls import ReplicaCall, unobserved, worked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.answering.questions.question import Question
    from api.answering.reading.reader import ReaderFacts, ReaderOptions, ScoredSpan
    from api.service.models import Models
    from api.settings import Settings
    from index.cluster import Cluster
    from index.records import Passage
    from index.replica_calls import Outcome, Work

_LOGGER = logging.getLogger(__name__)
_READING_SECONDS: Final = 30.0  # a batch takes about two
_AGAIN_SECONDS: Final = 1.0  # after a failed opening


def serve_reader(
    models: Models,
    cluster: Cluster,
    settings: Settings,
    observe: Callable[[ReplicaCall], None] = unobserved,
) -> Models:
    """Let actors on a cluster read, as many as the settings say.

    Args:
        models: The models of this process.
        cluster: The cluster.
        settings: Which reader, and how many.
        observe: Told of each batch, in the thread that reads it.

    Raises:
        ReaderError: If the reader takes one question at a time only.
    """
    ranker = models.ranker
    name = settings.reader
    if ranker.instead_of is not None:
        name = reader_row(name).fallback or name
    if not isinstance(ranker.reader, BatchReader):
        raise ReaderError(f"reader '{name}' cannot read on a cluster; unset QA_READER_REPLICAS")
    from api.answering.reading.network import resolved_precision  # noqa: PLC0415 - torch is slow

    options = reader_options(settings)
    precision = resolved_precision(options.precision)
    options = replace(options, precision=precision, models_dir=options.models_dir.absolute())
    source = ReaderSource(name, settings.encoder, settings.precision, options)
    reader = ServedReader(cluster, ranker.reader, source, settings.reader_replicas, observe)
    return replace(models, ranker=replace(ranker, reader=reader))


@dataclass(frozen=True, slots=True)
class ReaderSource:
    """What a node loads a reader from.

    Attributes:
        name: As `Settings.reader`.
        encoder: The encoder that it scores with, or takes the tokenizer from.
        precision: The number format of that.
        options: How it is loaded.
    """

    name: str
    encoder: str
    precision: Precision
    options: ReaderOptions


@dataclass(eq=False, slots=True)
class _Replica:
    """One actor.

    Attributes:
        number: For the log.
        actor: Its handle.
        address: That of its node, where it last answered; empty where it never has.
        opening: The call that returns once it has loaded its reader; None when it is open.
        asked_at: When that call was made, by `time.monotonic`.
        is_busy: Whether a batch was sent to it.
        fails: Whether its last call failed, which is logged once.
    """

    number: int
    actor: Any
    address: str = ""
    opening: Any = None
    asked_at: float = 0.0
    is_busy: bool = False
    fails: bool = False


class ServedReader:
    """Reads each batch with one of several actors, on different nodes where there are so many.

    An actor is sent batches once it has loaded its reader; until then, and where it fails or is
    late, this process reads. Ray begins one that dies again.

    Args:
        cluster: The cluster; closing it ends the actors.
        own: The reader of this process.
        source: What the nodes load theirs from; it must have the same facts.
        replicas: How many actors; as many batches are read side by side.
        observe: Told of each batch, in the thread that reads it.
    """

    def __init__(
        self,
        cluster: Cluster,
        own: BatchReader,
        source: ReaderSource,
        replicas: int,
        observe: Callable[[ReplicaCall], None] = unobserved,
    ) -> None:
        self._observe = observe
        self._ray = cluster.ray
        self._own = own
        self._lock = threading.Lock()
        nodes = cluster.nodes()
        self._replicas = []
        for number in range(replicas):
            node = nodes[number % len(nodes)]
            sharing = len(range(number % len(nodes), replicas, len(nodes)))
            threads = max(1, node.cpus // sharing)
            server = self._ray.remote(ReaderServer).options(
                num_cpus=0, max_restarts=-1, scheduling_strategy=cluster.on(node.id, soft=True)
            )
            self._replicas.append(self._begin(number, server, source, threads))

    def _begin(self, number: int, server: Any, source: ReaderSource, threads: int) -> _Replica:
        actor = server.remote(source, self.facts, threads, code_fingerprint())
        return _Replica(number, actor, opening=actor.check.remote(), asked_at=time.monotonic())

    @property
    def facts(self) -> ReaderFacts:
        """The facts of the reader, here and on the nodes."""
        return self._own.facts

    @property
    def threads(self) -> int:
        """Batches that are read side by side."""
        return len(self._replicas)

    def use_threads(self, count: int) -> None:
        """Leave the number of threads: a node computes with all that it has."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Score spans of the passages, best first."""
        return self.read_many([(question, passages)])[0]

    def read_many(
        self, questions: Sequence[tuple[Question, Sequence[Passage]]]
    ) -> list[list[ScoredSpan]]:
        """Score spans for each question and its passages, best first."""
        replica = self._take()
        if replica is not None:
            sent_ns = time.time_ns()
            spans: list[list[ScoredSpan]]
            work: Work
            try:
                spans, work = self._ray.get(
                    replica.actor.read_many.remote(list(questions)), timeout=_READING_SECONDS
                )
            except self._ray.exceptions.RayError as error:
                late = isinstance(error, self._ray.exceptions.GetTimeoutError)
                self._tell(replica, "late" if late else "failed", sent_ns, len(questions))
                self._reopen(replica, f"does not read: {last_line(error)}")
            else:
                replica.address = work.node
                self._tell(replica, "answered", sent_ns, len(questions), work)
                return spans
            finally:
                replica.is_busy = False
        self._own.use_threads(max(1, self._own.threads // self.threads))
        return self._own.read_many(questions)

    def _tell(
        self,
        replica: _Replica,
        outcome: Outcome,
        sent_ns: int,
        questions: int,
        work: Work | None = None,
    ) -> None:
        self._observe(
            ReplicaCall(
                role="reader",
                shard=None,
                replica=replica.number,
                node=replica.address,
                outcome=outcome,
                sent_ns=sent_ns,
                ended_ns=time.time_ns(),
                work=work,
                questions=questions,
            )
        )

    def _take(self) -> _Replica | None:
        """An actor that is open and idle; None where there is none."""
        with self._lock:
            for replica in self._replicas:
                if not replica.is_busy and self._is_open(replica):
                    replica.is_busy = True
                    # The next batch goes to another one, so that all nodes have work.
                    self._replicas.remove(replica)
                    self._replicas.append(replica)
                    return replica
        return None

    def _is_open(self, replica: _Replica) -> bool:
        if replica.opening is None:
            return True
        if not self._ray.wait([replica.opening], timeout=0)[0]:
            return False
        try:
            self._ray.get(replica.opening)
        except self._ray.exceptions.RayError as error:
            if time.monotonic() - replica.asked_at >= _AGAIN_SECONDS:
                self._reopen(replica, f"cannot be opened: {last_line(error)}")
            return False
        replica.opening = None
        replica.fails = False
        return True

    def _reopen(self, replica: _Replica, reason: str) -> None:
        """Leave an actor alone until it says that it is open."""
        if not replica.fails:
            replica.fails = True
            _LOGGER.warning(
                "reader %d of the Ray cluster %s; this machine reads in its stead",
                replica.number,
                reason,
            )
        replica.asked_at = time.monotonic()
        replica.opening = replica.actor.check.remote()


class ReaderServer:
    """The actor that reads.

    Args:
        source: What the reader is loaded from.
        facts: What the service says of it.
        threads: Processor threads to compute with.
        code: The code of the service.

    Raises:
        EncoderError: If there is no such encoder.
        ReaderError: If there is no such reader, or it is another than the service's.
    """

    def __init__(self, source: ReaderSource, facts: ReaderFacts, threads: int, code: str) -> None:
        if code_fingerprint() != code:
            raise ReaderError(
                "the node has another version of this program than the service; install the same "
                "on every node"
            )
        encoder = SentenceTransformerEncoder(source.encoder, precision=source.precision)
        reader: Any = load_reader(source.name, encoder, source.options)
        if reader.facts != facts:
            raise ReaderError(f"the node reads with {reader.facts}, the service with {facts}")
        self._reader: BatchReader = reader
        self._threads = threads

    def check(self) -> bool:
        """Say that the reader is loaded."""
        return True

    def read_many(
        self, questions: list[tuple[Question, Sequence[Passage]]]
    ) -> tuple[list[list[ScoredSpan]], Work]:
        """Score spans for each question and its passages, best first."""
        self._reader.use_threads(self._threads)
        return worked(lambda: self._reader.read_many(questions))
