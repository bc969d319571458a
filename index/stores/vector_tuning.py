"""Choosing, training and tuning the FAISS index of a generation's vectors.

Up to `EXACT_UP_TO` chunks search is exact. Beyond that, vectors are sorted into lists around
k-means centroids (an inverted file) and stored twice: with two bits a number in the lists, by
product quantization, which a CPU compares 32 vectors at a time; and with 8 bits a number, to
compare the best of those again. The number of lists that a search visits is the least that reaches
the recall target, to a quarter of a doubling. Everything is seeded, so that equal vectors give
equal indexes. See André, Kermarrec and Le Scouarnec, "Cache locality is
not enough" (2015), and Douze et al., "The Faiss library" (2024).
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Final

import faiss
import numpy as np

from index.errors import BuildError
from index.manifest import VectorIndexRecord
from index.progress import Report, Stage, no_report
from index.stores.faiss_names import AUTO
from index.stores.vector_store import FaissStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import numpy.typing as npt

    from index.records import Chunk

    Ids = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]

_LOGGER = logging.getLogger(__name__)
EXACT_UP_TO: Final = 100_000
RECALL_DEPTH: Final = 10
_FLAT: Final = "Flat"
_SEED: Final = 20_250_430
_QUANTIZED_TOGETHER: Final = 2  # numbers of a vector share a 4-bit code
_ROUNDS: Final = 10  # of k-means
SAMPLE_PER_LIST: Final = 50  # vectors that the lists are trained with
_LEAST_SAMPLE: Final = 50_000  # vectors to train the quantizer on
_HALVINGS: Final = 2  # of the last doubling of the effort, when the search is tuned
_BLOCK: Final = 65_536  # vectors read in one step
TUNING_QUESTIONS: Final = 300
_WORDS: Final = 8


def list_count(count: int) -> int:
    """How many lists the vectors of a number of chunks are sorted into: a power of two."""
    return 1 << round(math.log2(4 * math.sqrt(count)))


def choose_factory(count: int, dimension: int) -> str:
    """Choose the factory string of the FAISS index for a number of chunks."""
    if count <= EXACT_UP_TO:
        return _FLAT
    lists = list_count(count)
    if dimension % _QUANTIZED_TOGETHER:
        return f"IVF{lists},SQ8"
    return f"IVF{lists},PQ{dimension // _QUANTIZED_TOGETHER}x4fs,Refine(SQ8)"


def build_store(
    vectors: Vectors,
    requested: str,
    recall_target: float,
    questions: Callable[[], Vectors],
    report: Report = no_report,
) -> tuple[FaissStore, VectorIndexRecord]:
    """Build, train and tune the vector index.

    Args:
        vectors: ``(n_chunks, dimension)`` float32, unit rows; may be mapped from a file: it is
            read in blocks.
        requested: `AUTO`, or a string for FAISS's index factory.
        recall_target: The recall@10 against exact search to reach.
        questions: Gives vectors like those of questions, ``(n, dimension)`` float32, unit rows,
            to tune with; called only if there is something to tune.
        report: Called with the progress.

    Returns:
        The store, and its record for the manifest.

    Raises:
        BuildError: If FAISS cannot make such an index for this dimension, or cannot train it on so
            few vectors.
    """
    factory = choose_factory(*vectors.shape) if requested == AUTO else requested
    store, record = _train_and_fill(vectors, factory, requested, recall_target, questions, report)
    measured = record.recall_at_10
    if measured is not None and measured < recall_target:
        if requested == AUTO:
            # 8 bits a number are too coarse for these vectors: use 16.
            halves = factory.replace("SQ8", "SQfp16")
            return _train_and_fill(vectors, halves, requested, recall_target, questions, report)
        _LOGGER.warning(
            "vector index '%s': recall@%d is %.3f at best, the target is %.3f",
            factory,
            RECALL_DEPTH,
            measured,
            recall_target,
        )
    return store, record


def _train_and_fill(
    vectors: Vectors,
    factory: str,
    requested: str,
    recall_target: float,
    questions: Callable[[], Vectors],
    report: Report,
) -> tuple[FaissStore, VectorIndexRecord]:
    count, dimension = vectors.shape
    generator = np.random.default_rng(_SEED)
    try:
        index = faiss.index_factory(dimension, factory, faiss.METRIC_INNER_PRODUCT)
    except RuntimeError as error:
        raise _refused(factory, f"be made for vectors of {dimension} numbers", error) from error
    trained_on = 0
    try:
        if not index.is_trained:
            lists = faiss.extract_index_ivf(index) if "IVF" in factory else None
            sample = _LEAST_SAMPLE
            if lists is not None:
                lists.cp.seed, lists.cp.niter = _SEED, _ROUNDS
                sample = max(sample, SAMPLE_PER_LIST * lists.nlist)
            trained_on = min(count, sample)
            report(Stage.TRAINING, 0, trained_on)
            index.train(vectors[np.sort(generator.choice(count, trained_on, replace=False))])
    except RuntimeError as error:
        raise _refused(factory, f"be trained on {count} chunks", error) from error
    store = FaissStore(index)
    for start in range(0, count, _BLOCK):
        report(Stage.FILLING, start, count)
        store.add(vectors[start : start + _BLOCK])
    report(Stage.FILLING, count, count)
    store.prepare()
    parameter, value, recall = store.search_parameter, None, None
    if parameter is not None:
        value, recall = _tune(store, vectors, questions(), recall_target, report)
    record = VectorIndexRecord(
        requested=requested,
        factory=factory,
        trained_on=trained_on,
        seed=_SEED,
        recall_target=recall_target,
        search_parameter=parameter,
        search_value=value,
        recall_at_10=recall,
    )
    return store, record


def _refused(factory: str, what: str, error: RuntimeError) -> BuildError:
    reason = str(error).rsplit(": ", 1)[-1]  # without the location in FAISS's code
    return BuildError(f"vector index '{factory}' cannot {what}: {reason}; use --faiss auto")


def _tune(
    store: FaissStore,
    vectors: Vectors,
    questions: Vectors,
    recall_target: float,
    report: Report,
) -> tuple[int, float]:
    """Set the least effort that reaches the recall target; returns the effort and its recall."""
    most = store.most_effort
    too_little, effort = 0, min(most, 1 if store.search_parameter == "nprobe" else 16)
    # At most: the exact search, one measurement a doubling, and the halvings.
    steps = 2 + math.ceil(math.log2(most / effort)) + _HALVINGS
    done = 0
    report(Stage.TUNING, done, steps)
    exact = exact_nearest(vectors, questions, RECALL_DEPTH)

    def measure(effort: int) -> float:
        nonlocal done
        done += 1
        report(Stage.TUNING, done, steps)
        store.set_effort(effort)
        hits = [[hit.chunk_id for hit in store.search(row, RECALL_DEPTH)] for row in questions]
        return recall_at(exact, np.array([_padded(row) for row in hits], dtype=np.int64))

    recall = measure(effort)
    while recall < recall_target and effort < most:
        too_little, effort = effort, min(2 * effort, most)
        recall = measure(effort)
    if recall >= recall_target:
        for _ in range(_HALVINGS):
            middle = (too_little + effort) // 2
            if middle == too_little:
                break
            if (reached := measure(middle)) >= recall_target:
                effort, recall = middle, reached
            else:
                too_little = middle
    store.set_effort(effort)
    return effort, round(recall, 4)


def _padded(ids: list[int]) -> list[int]:
    return ids + [-1] * (RECALL_DEPTH - len(ids))


def exact_nearest(vectors: Vectors, questions: Vectors, limit: int) -> Ids:
    """Find the nearest vectors exactly, block by block.

    Returns:
        ``(n_questions, limit)`` int64: ids, best first; -1 where there are fewer vectors.
    """
    best_scores = np.full((len(questions), limit), -np.inf, dtype=np.float32)
    best_ids = np.full((len(questions), limit), -1, dtype=np.int64)
    for start in range(0, len(vectors), _BLOCK):
        block = np.ascontiguousarray(vectors[start : start + _BLOCK])
        scores, ids = faiss.knn(
            questions, block, min(limit, len(block)), metric=faiss.METRIC_INNER_PRODUCT
        )
        scores = np.concatenate([best_scores, scores], axis=1)
        ids = np.concatenate([best_ids, ids + start], axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :limit]
        best_scores = np.take_along_axis(scores, order, axis=1)
        best_ids = np.take_along_axis(ids, order, axis=1)
    return best_ids


def recall_at(exact: Ids, retrieved: Ids) -> float:
    """Recall over all questions: the share of the exactly nearest ids that were retrieved."""
    relevant = [{chunk_id for chunk_id in row if chunk_id >= 0} for row in exact.tolist()]
    shared = sum(len(ids & set(row)) for ids, row in zip(relevant, retrieved.tolist(), strict=True))
    total = sum(map(len, relevant))
    return shared / total if total else 1.0


def spread(count: int, most: int = TUNING_QUESTIONS) -> range:
    """Space at most `most` numbers below `count` evenly."""
    return range(0, count, max(1, -(-count // most)))


def tuning_questions(chunks: Iterable[Chunk]) -> Iterator[str]:
    """Cut a run of words out of the middle of the longest sentence of each chunk.

    Vectors of whole chunks lie close together, those of questions do not: an index tuned with
    chunks visits too few lists for questions.
    """
    for chunk in chunks:
        longest = max(chunk.sentences, key=lambda span: span.end - span.start, default=None)
        if longest is None:
            continue
        words = chunk.words(longest).split()
        first = max(0, (len(words) - _WORDS) // 2)
        if words:
            yield " ".join(words[first : first + _WORDS])
