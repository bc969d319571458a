"""Which folder of articles an index is built from, where nobody names one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from index.errors import CorpusError, IndexCorruptError, IndexMismatchError
from index.generation import current_version, generation_folder
from index.manifest import read_manifest

DEFAULT_CORPUS: Final = Path("corpus")


def corpus_folder(index_dir: Path, named: Path | None) -> Path:
    """Say which folder of articles to build an index from.

    Args:
        index_dir: Folder of the index.
        named: The folder that somebody names. None means the one that the current generation was
            built from, so that no index is ever replaced by one of other articles unasked;
            ``corpus`` where nothing has been built yet.

    Raises:
        CorpusError: If there is no such folder, or it cannot be told which it was.
    """
    folder = named
    if folder is None:
        try:
            version = current_version(index_dir)
            folder = (
                DEFAULT_CORPUS
                if version is None
                else Path(read_manifest(generation_folder(index_dir, version)).corpus_dir)
            )
        except (IndexCorruptError, IndexMismatchError) as error:
            raise CorpusError(
                f"which articles the index was built from cannot be read ({error}); name their "
                "folder with --corpus or QA_CORPUS_DIR"
            ) from error
    if not folder.is_dir():
        raise CorpusError(
            f"corpus folder {folder}: not a folder; expected one with articles in it, named by "
            "--corpus or QA_CORPUS_DIR"
        )
    return folder
