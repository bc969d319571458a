"""Responses: the index, its rebuilds, and whether the service is there."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AwareDatetime, Field

from api.schemas import examples
from api.schemas.base import Response, with_examples


class EncoderOut(Response):
    """The embedding model that made the vectors."""

    model: str
    dimension: int
    fingerprint: str


class ReaderOut(Response):
    """The reader that finds answers in passages; the small one is called ``span``.

    ``instead_of`` is the one that the service was told to read with, where that could not be
    loaded; its log says why.
    """

    name: str
    fingerprint: str
    instead_of: str | None = None


class ChunkingOut(Response):
    """How articles were cut."""

    max_tokens: int
    overlap_tokens: int
    language: str


class SkippedOut(Response):
    """A file or line that did not become an article, and why."""

    where: str
    reason: str


class VectorIndexOut(Response):
    """The FAISS index that holds the vectors, and the recall@10 that it was tuned to.

    Where every vector is compared, nothing is tuned and the last three are null.
    """

    requested: str
    factory: str
    trained_on: int
    seed: int
    recall_target: float
    search_parameter: str | None
    search_value: int | None
    recall_at_10: float | None


class LeftOutOut(Response):
    """What of files that became articles is not in them: how much, and the first parts of it."""

    count: int
    items: list[SkippedOut]


class ChangeOut(Response):
    """How many articles something happened to, and the ids of the first hundred."""

    count: int
    ids: list[str]


class BuildOut(Response):
    """What the build did to the index before it, and what it could reuse.

    Changed articles have other text or metadata under the same id. Lost are those of the removed
    ones that nobody took away: their line, file or folder was skipped.
    """

    since: str | None
    added: ChangeOut
    changed: ChangeOut
    removed: ChangeOut
    lost: ChangeOut
    kept: int
    files_read: int
    files_unchanged: int
    chunks_embedded: int
    chunks_reused: int
    seconds: float


class ShardOut(Response):
    """A shard: an index of its own of a part of the articles, by its number from 0."""

    number: int
    index_version: str
    articles: int
    chunks: int
    manifest_sha256: str


class FleetOut(Response):
    """How many shards the articles are spread over, and those that have some."""

    shards: int
    generations: list[ShardOut]


class IndexResponse(Response):
    """What the index that is being served was built from and with, and what reads its passages.

    ``service_version`` is that of the program that serves it; ``originals`` says whether the files
    that the articles came from can be fetched. ``fleet`` is null where the index is not sharded.
    """

    model_config = with_examples(examples.INDEX)

    service_version: str
    originals: bool = False
    index_version: str
    format_version: int
    created_at: AwareDatetime
    articles: int
    copies: int
    near_duplicates: int
    chunks: int
    corpus_sha256: str
    skipped: list[SkippedOut]
    left_out: LeftOutOut
    skipped_count: int | None = None
    encoder: EncoderOut
    reader: ReaderOut | None = None
    chunking: ChunkingOut
    vector_index: VectorIndexOut
    build: BuildOut
    fleet: FleetOut | None = None


class ArticlesChangeOut(Response):
    """A change of articles in the corpus folder, with the first hundred of each list.

    ``skipped`` names what was sent and is no article, and why; ``skipped_count`` counts all of it.
    """

    kind: Literal["added", "replaced", "removed"]
    articles: ChangeOut
    files: list[str]
    skipped: list[SkippedOut]
    skipped_count: int


class JobResponse(Response):
    """A rebuild: how far it is, and in the end its summary or its error.

    ``changes`` are the changes of articles that it brings into the index. Where it is ``queued``,
    another one is running, and it begins after that.
    """

    model_config = with_examples(examples.JOB)

    id: str
    status: Literal["queued", "running", "succeeded", "failed"]
    started_at: AwareDatetime
    finished_at: AwareDatetime | None
    progress: dict[str, Any]
    summary: dict[str, Any] | None
    error: str | None
    changes: list[ArticlesChangeOut] = Field(default_factory=list)


class HealthResponse(Response):
    """The process is up."""

    model_config = with_examples(examples.HEALTH)

    status: Literal["ok"]


class ReadyResponse(Response):
    """Questions can be answered, from this index."""

    model_config = with_examples(examples.READY)

    status: Literal["ready"]
    index_version: str
