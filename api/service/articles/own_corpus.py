"""The corpus folder that the service may write to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.building.build_choices import SAMPLE_CORPUS, build_choices
from index.errors import CorpusError, CorpusWriteError

if TYPE_CHECKING:
    from pathlib import Path

    from api.settings import Settings


def own_corpus(settings: Settings) -> Path:
    """The folder that the next build reads.

    Raises:
        CorpusWriteError: If there is none, or it is that of the samples.
    """
    try:
        folder = build_choices(settings.index_dir, settings.corpus_dir).corpus_dir
    except CorpusError as error:
        raise CorpusWriteError(str(error)) from error
    if settings.corpus_dir is None and folder.resolve() == SAMPLE_CORPUS:
        raise CorpusWriteError(
            "corpus folder: these are the sample articles, which come with the program; name "
            "a folder of your own with QA_CORPUS_DIR"
        )
    return folder
