"""What an index is built from and how, where nobody says: as it was the last time."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError

from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.errors import CorpusError, IndexCorruptError
from index.generations.generation import current_version, generation_folder
from index.loading.corpus_files import is_folder
from index.manifest import MANIFEST_FILE, unreadable

_LOGGER = logging.getLogger(__name__)
DEFAULT_CORPUS: Final = Path("corpus")
_CUTTING: Final = ChunkingParameters()
_STORING: Final = BuildOptions()


class _Chunking(BaseModel):
    max_tokens: int = _CUTTING.max_tokens
    overlap_tokens: int = _CUTTING.overlap_tokens
    language: str = _CUTTING.language


class _VectorIndex(BaseModel):
    requested: str = _STORING.vector_index
    recall_target: float = _STORING.recall


class BuildChoices(BaseModel):
    """The part of a manifest that a rebuild keeps, whatever format the rest of it has.

    Attributes:
        corpus_dir: Folder of articles.
        chunking: How they were cut.
        vector_index: What the vectors were asked to be kept in.
    """

    corpus_dir: Path = DEFAULT_CORPUS
    chunking: _Chunking = _Chunking()
    vector_index: _VectorIndex = _VectorIndex()


def build_choices(index_dir: Path, corpus: Path | None) -> BuildChoices:
    """Say what an index is built from and how, where nobody says otherwise.

    Args:
        index_dir: Folder of the index.
        corpus: The folder of articles that somebody names. None means the one that the current
            generation was built from, so that no index is ever replaced by one of other articles
            unasked; ``corpus`` where nothing has been built yet.

    Raises:
        CorpusError: If there is no such folder, or it cannot be told which it was.
    """
    try:
        choices = _kept(index_dir)
    except IndexCorruptError as error:
        if corpus is None:
            raise CorpusError(
                f"which articles the index was built from cannot be read ({error}); name their "
                "folder with --corpus or QA_CORPUS_DIR"
            ) from error
        _LOGGER.warning("building with default parameters: %s", error)
        choices = BuildChoices()
    if corpus is not None:
        choices = choices.model_copy(update={"corpus_dir": corpus})
    if not is_folder(choices.corpus_dir):
        raise CorpusError(
            f"corpus folder {choices.corpus_dir}: not a folder, or not one to be read; expected "
            "one with articles in it, named by --corpus or QA_CORPUS_DIR"
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
        raise IndexCorruptError(f"{path}: {error.errors()[0]['msg']}") from error
    if "corpus_dir" not in choices.model_fields_set:
        raise IndexCorruptError(f"{path}: names no corpus folder")
    return choices
