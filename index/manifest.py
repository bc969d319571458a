"""The manifest of a generation: what it was built from and with, as JSON beside its data."""

from __future__ import annotations

import errno
import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from index.errors import IndexCorruptError, IndexMismatchError
from index.field_faults import first_fault

if TYPE_CHECKING:
    from pathlib import Path

    from index.chunking.chunker import ChunkingParameters
    from index.embedding.encoder import Encoder

FORMAT_VERSION: Final = 5
MANIFEST_FILE: Final = "manifest.json"
_MISSING: Final = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR}
_DENIED: Final = {errno.EACCES, errno.EPERM}


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EncoderRecord(_Record):
    """The embedding model that the vectors were made with."""

    model: str
    dimension: int
    fingerprint: str


class ChunkingRecord(_Record):
    """Parameters of the chunker; see `index.chunking.chunker.ChunkingParameters`."""

    max_tokens: int
    overlap_tokens: int
    language: str

    @classmethod
    def of(cls, parameters: ChunkingParameters) -> ChunkingRecord:
        """Convert chunking parameters to their record."""
        return cls(**asdict(parameters))


class VectorIndexRecord(_Record):
    """The FAISS index that holds the vectors.

    Attributes:
        requested: The build option: ``auto`` or a factory string.
        factory: The factory string that it was made from.
        trained_on: The number of vectors that it was trained on.
        seed: Seed of the training and of the choice of these vectors.
        recall_target: The recall@10 to reach.
        search_parameter: FAISS's name for the effort of a search; None if search is exact.
        search_value: The tuned effort.
        recall_at_10: Recall at that effort against exact search, for fragments of the chunks that
            stand for questions; None if search is exact.
    """

    requested: str
    factory: str
    trained_on: int
    seed: int
    recall_target: float
    search_parameter: str | None
    search_value: int | None
    recall_at_10: float | None


class ChangeRecord(_Record):
    """The number of articles with a kind of change, and the ids of the first hundred."""

    count: int
    ids: tuple[str, ...]


class BuildRecord(_Record):
    """Changes since the previous generation, and work reused; copies count as articles here.

    Attributes:
        since: The version of the previous generation; None if there was none.
        added: Articles with a new id.
        changed: Articles with other text or metadata under the same id.
        removed: Articles whose id is gone.
        lost: Removed articles whose line, file or folder was skipped.
        kept: Number of unchanged articles.
        files_read: Corpus files that were read.
        files_unchanged: Corpus files that were not read, because they had not changed.
        chunks_embedded: Texts that the encoder embedded.
        chunks_reused: Chunks whose vectors came from the cache.
        seconds: Wall-clock time until this manifest was written.
    """

    since: str | None
    added: ChangeRecord
    changed: ChangeRecord
    removed: ChangeRecord
    lost: ChangeRecord = ChangeRecord(count=0, ids=())  # missing in older manifests
    kept: int
    files_read: int
    files_unchanged: int
    chunks_embedded: int
    chunks_reused: int
    seconds: float


class SkippedRecord(_Record):
    """A file or line that did not become an article, and the reason."""

    where: str
    reason: str


class LeftOutRecord(_Record):
    """What of files that became articles is not in them: how much, and the first thousand parts."""

    count: int
    items: tuple[SkippedRecord, ...]


class FileRecord(_Record):
    """A data file of the generation, by its path in the generation's folder."""

    path: str
    bytes: int
    sha256: str


class ShardRecord(_Record):
    """A shard of a fleet: the number and counts of an ordinary generation in a folder of its own.

    Attributes:
        number: Its number, from 0; those without articles are left out.
        index_version: The name of its generation, older than the fleet where it has not changed.
        articles: Its articles; copies do not count.
        chunks: Its chunks.
        manifest_sha256: Hash of its manifest, which has the hashes of its files.
    """

    number: int
    index_version: str
    articles: int
    chunks: int
    manifest_sha256: str


class FleetRecord(_Record):
    """The shards of a fleet: how many its articles are spread over, and those that have some."""

    shards: int
    generations: tuple[ShardRecord, ...]


class Manifest(_Record):
    """What a generation was built from and with.

    Attributes:
        sequence: Number of the build in its index folder; the higher one is later, whatever the
            clock said.
        code: Hash of the code that built it; see `index.code_version`.
        corpus_sha256: Over ids, paths, metadata and texts of all articles, in order.
        skipped: The first of the files and lines that gave no article.
        skipped_count: Number of all of them; None in older manifests, which list all.
        copies: Articles with the same text as another one; not counted in `articles`.
        near_duplicates: Articles that are nearly equal to another one.
        backend: Name of the stores that hold it, in `index.stores.registry.BACKENDS`.
        fleet: Its shards, which `files` covers; None where it is not sharded.
    """

    format_version: int
    index_version: str
    sequence: int
    code: str
    created_at: AwareDatetime
    corpus_dir: str
    corpus_sha256: str
    articles: int
    copies: int
    near_duplicates: int
    chunks: int
    backend: str = "local"  # missing in older manifests
    skipped: tuple[SkippedRecord, ...]
    left_out: LeftOutRecord
    skipped_count: int | None = None
    encoder: EncoderRecord
    chunking: ChunkingRecord
    vector_index: VectorIndexRecord
    build: BuildRecord
    fleet: FleetRecord | None = None  # missing in older manifests
    files: tuple[FileRecord, ...]

    @property
    def shards(self) -> int:
        """How many shards the articles are spread over; 1 where it is not sharded."""
        return 1 if self.fleet is None else self.fleet.shards

    def check_encoder(self, encoder: Encoder) -> None:
        """Check that the encoder in use is the one that the vectors were made with.

        Raises:
            IndexMismatchError: If not; the message names both.
        """
        built, used = self.encoder, describe_encoder(encoder)
        if (built.dimension, built.fingerprint) != (used.dimension, used.fingerprint):
            raise IndexMismatchError(
                f"index {self.index_version} was built with encoder {_name(built)}, "
                f"but the encoder in use is {_name(used)}; "
                "rebuild the index, or set QA_ENCODER to the first"
            )


def describe_encoder(encoder: Encoder) -> EncoderRecord:
    """Make the record of an encoder."""
    return EncoderRecord(
        model=encoder.model, dimension=encoder.dimension, fingerprint=encoder.fingerprint
    )


def _name(encoder: EncoderRecord) -> str:
    return f"'{encoder.model}' ({encoder.dimension} dimensions, fingerprint {encoder.fingerprint})"


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a generation.

    Raises:
        IndexCorruptError: If it is missing, cannot be read or is malformed.
        IndexMismatchError: If it was written by another version of the format.
    """
    path = folder / MANIFEST_FILE
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    return parse_manifest(raw, str(path))


def parse_manifest(raw: bytes, place: str) -> Manifest:
    """Parse a manifest.

    Args:
        raw: The JSON.
        place: Where it was read, for messages.

    Raises:
        IndexCorruptError: If it is malformed.
        IndexMismatchError: If it was written by another version of the format.
    """
    try:
        version = _FormatOnly.model_validate_json(raw).format_version
        if version != FORMAT_VERSION:
            raise IndexMismatchError(
                f"{place}: index format {version}, this version reads format {FORMAT_VERSION}; "
                "rebuild the index"
            )
        return Manifest.model_validate_json(raw)
    except ValidationError as error:
        raise IndexCorruptError(f"{place}: {first_fault(error)}; rebuild the index") from error


class _FormatOnly(BaseModel):
    format_version: int


def record_files(folder: Path) -> tuple[FileRecord, ...]:
    """Hash every file of a generation, in path order."""
    return tuple(
        FileRecord(
            path=path.relative_to(folder).as_posix(),
            bytes=path.stat().st_size,
            sha256=file_sha256(path),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )


def check_files(folder: Path, manifest: Manifest) -> None:
    """Check size and SHA-256 of a generation's files against its manifest.

    Raises:
        IndexCorruptError: If a file is missing, unreadable, or of another size or content.
    """
    for record in manifest.files:
        check_file(folder / record.path, record)


def check_file(path: Path, record: FileRecord) -> None:
    """Check size and SHA-256 of one file.

    Raises:
        IndexCorruptError: If it is missing, unreadable, or of another size or content.
    """
    try:
        size = path.stat().st_size
        if size != record.bytes:
            raise IndexCorruptError(
                f"{path}: {size} bytes, {record.bytes} in the manifest; rebuild the index"
            )
        if file_sha256(path) != record.sha256:
            raise IndexCorruptError(
                f"{path}: its SHA-256 differs from the manifest; rebuild the index"
            )
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> IndexCorruptError:
    """Make the error for an index file that cannot be read, with advice on what to do."""
    if error.errno in _MISSING:
        advice = "rebuild the index"
    elif error.errno in _DENIED:
        advice = "give the user that runs this permission to read it"
    else:
        advice = "check its disk"
    return IndexCorruptError(f"{path}: {error.strerror}; {advice}")


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hex digits.

    Raises:
        OSError: If it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
