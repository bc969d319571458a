"""SQuAD as a corpus: every paragraph of train and dev an article, all in one index."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.building.builder import build_index, is_stale
from index.chunking.chunker import ChunkingParameters
from index.generations.generation import Generation, open_current
from scripts.training.questions.squad import DEV_FILE, TRAIN_FILE, load_squad

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.building.builder import BuildProgress
    from index.embedding.encoder import Encoder


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
    corpus, index = work / "corpus", work / "index"
    ids = write_paragraphs(data, corpus)
    chunking = ChunkingParameters()
    if is_stale(corpus, index, encoder, chunking):
        build_index(corpus, index, encoder, chunking, progress=progress)
    return SquadCorpus(open_current(index, encoder), ids)


def write_paragraphs(data: Path, corpus: Path) -> dict[str, str]:
    """Write each paragraph of train and dev once, in order of first appearance.

    Args:
        data: Folder with the SQuAD files.
        corpus: Corpus folder; it is created.

    Returns:
        The id of each paragraph's article, by text.
    """
    corpus.mkdir(parents=True, exist_ok=True)
    ids: dict[str, str] = {}
    with (corpus / "paragraphs.jsonl").open("w", encoding="utf-8") as file:
        for question in [*load_squad(data / TRAIN_FILE), *load_squad(data / DEV_FILE)]:
            if question.context in ids:
                continue
            ids[question.context] = f"paragraph-{len(ids)}"
            article = {
                "id": ids[question.context],
                "title": question.title.replace("_", " "),
                "text": question.context,
            }
            file.write(json.dumps(article, ensure_ascii=False) + "\n")
    return ids
