"""Indexes of the same articles with several numbers of shards, and questions to ask them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tqdm import tqdm

from index.building.build_choices import build_choices
from index.building.builder import CACHE_FILE, build_index
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.embedding.encoder import WrappedEncoder
from index.generations.generation import generation_folder
from index.loading.gold import GoldQuestion
from scripts.terminal.commands import chunk_bar
from scripts.training.questions.squad import report_sample
from scripts.training.questions.squad_corpus import open_squad_corpus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from index.embedding.encoder import Encoder
    from index.records import Chunk, Passage

    Vectors = npt.NDArray[np.float32]


def build_sharded(
    index: Path,
    folder: Path,
    encoder: Encoder,
    numbers: Sequence[int],
    vector_index: str | None = None,
) -> list[Path]:
    """Build an index without shards, and one for each number of them; returns their folders.

    Args:
        index: Folder of the index whose corpus, choices and cached vectors are taken.
        folder: Folder of the index to build in.
        encoder: Embeds what is not in the cache.
        numbers: Numbers of shards.
        vector_index: The vector index of all of them; that of ``index`` where None.
    """
    choices = build_choices(index, None)
    if (index / CACHE_FILE).exists():
        shutil.copyfile(index / CACHE_FILE, folder / CACHE_FILE)
    summaries = [
        build_index(
            choices.corpus_dir,
            folder,
            encoder,
            ChunkingParameters(**choices.chunking.model_dump()),
            BuildOptions(
                keep=2 + len(numbers),  # and one that was built there before
                vector_index=choices.vector_index.requested
                if vector_index is None
                else vector_index,
                recall=choices.vector_index.recall_target,
                shards=number,
            ),
        )
        for number in tqdm([1, *numbers], desc="building", disable=None)
    ]
    return [generation_folder(folder, summary.index_version) for summary in summaries]


def squad_questions(
    data: Path, work: Path, encoder: Encoder, count: int
) -> tuple[Path, list[GoldQuestion]]:
    """Open the index of SQuAD's paragraphs; returns its folder, and questions of the dev set.

    Args:
        data: Folder with the SQuAD files.
        work: Folder for the index.
        encoder: Embeds what is not in it.
        count: How many questions, at most.
    """
    with chunk_bar("indexing SQuAD") as show:
        squad = open_squad_corpus(data, work, encoder, show)
    squad.generation.close()
    gold = [
        GoldQuestion(
            id=question.id,
            question=question.question,
            answers=[text for text, _ in question.answers],
            articles=[squad.paragraph_ids[question.context]],
        )
        for question in report_sample(data, count)
    ]
    return work / "index", gold


def chunks_of(passages: Sequence[Passage]) -> list[tuple[int, Chunk]]:
    """What passages are compared by."""
    return [(passage.chunk_id, passage.chunk) for passage in passages]


class EmbeddedQuestions(WrappedEncoder):
    """Gives the vectors of questions that were embedded before.

    Args:
        encoder: The encoder that embeds them.
        questions: All that will be asked.
    """

    def __init__(self, encoder: Encoder, questions: Sequence[str]) -> None:
        super().__init__(encoder)
        self._vectors = {question: encoder.encode_question(question) for question in questions}

    def encode_question(self, question: str) -> Vectors:
        """Give the vector of a question: ``(dimension,)`` float32, of unit length."""
        return self._vectors[question]
