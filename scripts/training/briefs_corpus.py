"""The invented news briefs of the calibration split as a corpus with its index."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.building.builder import build_index, is_stale
from index.chunking.chunker import ChunkingParameters
from index.generations.generation import Generation, open_current
from scripts.training.written import load_briefs

if TYPE_CHECKING:
    from pathlib import Path

    from index.embedding.encoder import Encoder
    from scripts.training.squad import Question


def open_briefs_corpus(work: Path, encoder: Encoder) -> tuple[Generation, list[Question]]:
    """Open the index of the briefs kept for calibration, and give their questions.

    Args:
        work: Folder for corpus and index; it is created. The index is built where it is stale.
        encoder: The encoder to build with.
    """
    corpus, index = work / "corpus", work / "index"
    corpus.mkdir(parents=True, exist_ok=True)
    briefs = load_briefs("calibration")
    lines = [
        json.dumps(
            {"id": one.id, "title": one.title, "published_at": one.date, "text": one.text},
            ensure_ascii=False,
        )
        for one in briefs
    ]
    (corpus / "briefs.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    chunking = ChunkingParameters()
    if is_stale(corpus, index, encoder, chunking):
        build_index(corpus, index, encoder, chunking, progress=lambda _: None)
    return open_current(index, encoder), [q for brief in briefs for q in brief.questions()]
