"""SQuAD as a corpus: every paragraph of train and dev an article, all in one index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.training.questions.built_corpus import open_built, write_paragraphs
from scripts.training.questions.squad import DEV_FILE, TRAIN_FILE, load_squad

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.building.builder import BuildProgress
    from index.embedding.encoder import Encoder
    from index.generations.generation import Generation


@dataclass(frozen=True, slots=True)
class SquadCorpus:
    """The index of all paragraphs, and the article id of each.

    Attributes:
        paragraph_ids: Text of a paragraph to the id of its article.
    """

    generation: Generation
    paragraph_ids: dict[str, str]


def open_squad_corpus(
    data: Path, work: Path, encoder: Encoder, progress: Callable[[BuildProgress], None]
) -> SquadCorpus:
    """Open the index of all SQuAD 1.1 paragraphs, about 20,000; build it where it is stale.

    Args:
        data: Folder with the SQuAD files.
        work: Folder for corpus and index; it is created.
        encoder: The encoder to build with.
        progress: Told how far the build is.
    """
    ids = write_squad(data, work / "corpus")
    return SquadCorpus(open_built(work, encoder, progress), ids)


def write_squad(data: Path, corpus: Path) -> dict[str, str]:
    """Write each paragraph of train and dev as an article.

    Args:
        data: Folder with the SQuAD files.
        corpus: Corpus folder; it is created.

    Returns:
        The id of each paragraph's article, by text.
    """
    questions = [*load_squad(data / TRAIN_FILE), *load_squad(data / DEV_FILE)]
    return write_paragraphs(corpus, ((question.context, question.title) for question in questions))
