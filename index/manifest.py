"""What a generation was built from and with, in a JSON file beside its data."""

from __future__ import annotations

import errno
import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from index.errors import IndexCorruptError, IndexMismatchError

if TYPE_CHECKING:
    from pathlib import Path

    from index.chunking.chunker import ChunkingParameters
    from index.embedding.encoder import Encoder

FORMAT_VERSION: Final = 3
MANIFEST_FILE: Final = "manifest.json"
_MISSING: Final = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR}
_DENIED: Final = {errno.EACCES, errno.EPERM}


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EncoderRecord(_Record):
    """The embedding model that made the vectors."""

    model: str
    dimension: int
    fingerprint: str


class ChunkingRecord(_Record):
    """How the articles were cut; see `index.chunking.chunker.ChunkingParameters`."""

    max_tokens: int
    overlap_tokens: int
    language: str

    @classmethod
    def of(cls, parameters: ChunkingParameters) -> ChunkingRecord:
        """Record chunking parameters as the manifest does."""
        return cls(**asdict(parameters))


class VectorIndexRecord(_Record):
    """The FAISS index that holds the vectors.

    Attributes:
        requested: What the build was asked for: ``auto`` or a factory string.
        factory: What FAISS's index factory made.
        trained_on: How many vectors it was trained on.
        seed: Of the choice of those, and of the training.
        recall_target: The recall@10 that was asked for.
        search_parameter: FAISS's name for the effort of a search; None where it is exact.
        search_value: That effort, as tuned.
        recall_at_10: Measured at that effort against exact search, for texts like questions that
            are cut from the chunks; None where it is exact.
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
    """How many articles something happened to, and the ids of the first hundred."""

    count: int
    ids: tuple[str, ...]


class BuildRecord(_Record):
    """What the build did to the generation before it; copies are articles of their own here.

    Attributes:
        since: The version of that generation; None where there was none to compare with.
        added: Articles whose id is new.
        changed: Articles with other text or metadata under the same id.
        removed: Articles whose id is gone.
        lost: Those of them that nobody took away: their line, file or folder was skipped.
        kept: How many articles are as they were.
        files_read: Corpus files that were read.
        files_unchanged: Corpus files that were not read, because they had not changed.
        chunks_embedded: Texts that the encoder was given.
        chunks_reused: Chunks whose vector was known.
        seconds: Wall-clock time up to the writing of this manifest.
    """

    since: str | None
    added: ChangeRecord
    changed: ChangeRecord
    removed: ChangeRecord
    lost: ChangeRecord = ChangeRecord(count=0, ids=())  # older manifests do not say
    kept: int
    files_read: int
    files_unchanged: int
    chunks_embedded: int
    chunks_reused: int
    seconds: float


class SkippedRecord(_Record):
    """A file or line that did not become an article, and why."""

    where: str
    reason: str


class FileRecord(_Record):
    """One data file of the generation, by its path in it."""

    path: str
    bytes: int
    sha256: str


class Manifest(_Record):
    """What a generation was built from and with.

    Attributes:
        sequence: Counts the builds of an index folder up; whatever the clock says, the higher one
            is the later one.
        code: Hash of the code that built it; see `index.code_version`.
        copies: Articles whose text another one already has; they are not counted in `articles`.
        near_duplicates: Articles that are nearly the same as another one.
        backend: The stores that hold it, by their name in `index.stores.registry.BACKENDS`.
        corpus_sha256: Over ids, paths, metadata and texts of all articles, in order.
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
    backend: str = "local"  # older manifests do not say
    skipped: tuple[SkippedRecord, ...]
    encoder: EncoderRecord
    chunking: ChunkingRecord
    vector_index: VectorIndexRecord
    build: BuildRecord
    files: tuple[FileRecord, ...]

    def check_encoder(self, encoder: Encoder) -> None:
        """Compare the encoder in use with the one that made the vectors.

        Raises:
            IndexMismatchError: If they differ; the message names both.
        """
        built, used = self.encoder, describe_encoder(encoder)
        if (built.dimension, built.fingerprint) != (used.dimension, used.fingerprint):
            raise IndexMismatchError(
                f"index {self.index_version} was built with encoder {_name(built)}, "
                f"but the encoder in use is {_name(used)}; "
                "rebuild the index or set QA_ENCODER to the first"
            )


def describe_encoder(encoder: Encoder) -> EncoderRecord:
    """Record an encoder as the manifest does."""
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
    try:
        version = _FormatOnly.model_validate_json(raw).format_version
        if version != FORMAT_VERSION:
            raise IndexMismatchError(
                f"{path}: index format {version}, this version reads format {FORMAT_VERSION}; "
                "rebuild the index"
            )
        return Manifest.model_validate_json(raw)
    except ValidationError as error:
        wrong = error.errors()[0]
        raise IndexCorruptError(
            f"{path}: field '{'.'.join(map(str, wrong['loc']))}': {wrong['msg']}; rebuild the index"
        ) from error


class _FormatOnly(BaseModel):
    format_version: int


def record_files(folder: Path) -> tuple[FileRecord, ...]:
    """Hash every file of a generation, in path order."""
    return tuple(
        FileRecord(
            path=path.relative_to(folder).as_posix(),
            bytes=path.stat().st_size,
            sha256=_sha256(path),
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare the files of a generation with what the manifest says of them.

    Raises:
        IndexCorruptError: If one is missing, cannot be read, has another size or other content.
    """
    for record in manifest.files:
        path = folder / record.path
        try:
            size = path.stat().st_size
            if size != record.bytes:
                raise IndexCorruptError(
                    f"{path}: {size} bytes, {record.bytes} in the manifest; rebuild the index"
                )
            if _sha256(path) != record.sha256:
                raise IndexCorruptError(
                    f"{path}: its content is not what was built; rebuild the index"
                )
        except OSError as error:
            raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> IndexCorruptError:
    """Say what to do about a file of an index that the system does not give out."""
    if error.errno in _MISSING:
        advice = "rebuild the index"
    elif error.errno in _DENIED:
        advice = "see that the user that runs this may read it"
    else:
        advice = "see that its disk can be read"
    return IndexCorruptError(f"{path}: {error.strerror}; {advice}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
