"""Defaults of a rebuild: corpus folder, chunking and vector index of the current generation."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from pydantic import BaseModel, Field, ValidationError, field_validator

from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.errors import CorpusError, IndexCorruptError
from index.field_faults import first_fault
from index.generations.generation import current_version, generation_folder
from index.loading.corpus_files import is_folder
from index.manifest import MANIFEST_FILE, unreadable

_LOGGER = logging.getLogger(__name__)
DEFAULT_CORPUS: Final = Path("corpus")
# They come with the program: beside its packages, whether it is installed or a checkout.
SAMPLE_CORPUS: Final = Path(__file__).resolve().parents[2] / "corpus"
_CHUNKING: Final = ChunkingParameters()
_OPTIONS: Final = BuildOptions()


class _Chunking(BaseModel):
    max_tokens: int = _CHUNKING.max_tokens
    overlap_tokens: int = _CHUNKING.overlap_tokens
    language: str = _CHUNKING.language


class _VectorIndex(BaseModel):
    requested: str = _OPTIONS.vector_index
    recall_target: float = _OPTIONS.recall


class _Fleet(BaseModel):
    shards: int = _OPTIONS.shards


def _new_corpus() -> Path:
    return DEFAULT_CORPUS if is_folder(DEFAULT_CORPUS) else SAMPLE_CORPUS


class BuildChoices(BaseModel):
    """The part of a manifest that a rebuild keeps, whatever the format of the rest.

    Attributes:
        corpus_dir: Folder of articles.
        chunking: Parameters of the chunker.
        vector_index: The requested vector index and its recall target.
        fleet: The number of shards.
    """

    corpus_dir: Path = Field(default_factory=_new_corpus)
    chunking: _Chunking = _Chunking()
    vector_index: _VectorIndex = _VectorIndex()
    fleet: _Fleet = _Fleet()

    @field_validator("fleet", mode="before")
    @classmethod
    def _not_sharded(cls, fleet: object) -> object:
        return _Fleet() if fleet is None else fleet


def build_choices(index_dir: Path, corpus: Path | None) -> BuildChoices:
    """Choose corpus folder and parameters for a build, by default those of the last build.

    Args:
        index_dir: Folder of the index.
        corpus: Folder of articles. None means the folder that the current generation was built
            from, so that an index is never replaced by one of other articles by accident. Where
            nothing has been built yet it means ``corpus``, or the sample articles where there is no
            such folder.

    Raises:
        CorpusError: If the folder does not exist, or the manifest that names it cannot be read.
    """
    try:
        choices = _kept(index_dir)
    except IndexCorruptError as error:
        if corpus is None:
            raise CorpusError(
                f"the corpus folder of the current index cannot be read ({error}); name the "
                "folder with --corpus or QA_CORPUS_DIR"
            ) from error
        _LOGGER.warning("building with default parameters: %s", error)
        choices = BuildChoices()
    if corpus is not None:
        choices = choices.model_copy(update={"corpus_dir": corpus})
    if not is_folder(choices.corpus_dir):
        raise CorpusError(
            f"corpus folder {choices.corpus_dir}: not a folder, or not readable; expected a "
            "folder of articles, named by --corpus or QA_CORPUS_DIR"
        )
    return choices


def _kept(index_dir: Path) -> BuildChoices:
    version = current_version(index_dir)
    if version is None:
        return BuildChoices()
    path = generation_folder(index_dir, version) / MANIFEST_FILE
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        choices = BuildChoices.model_validate_json(raw)
    except ValidationError as error:
        raise IndexCorruptError(f"{path}: {first_fault(error)}") from error
    if "corpus_dir" not in choices.model_fields_set:
        raise IndexCorruptError(f"{path}: names no corpus folder")
    return choices
