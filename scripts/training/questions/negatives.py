"""Passages without the answer: neighbours of a question among the paragraphs of its set."""

import random
import re
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from index.records import ArticleInfo, Chunk
from index.stores.lexical import LexicalStore, LexicalWriter
from scripts.training.questions.squad import Question

_LANGUAGE = "en"


def normalise(text: str) -> str:
    """Lower case, words and digits only: how an answer is looked for in a negative."""
    return " ".join(re.findall(r"\w+", text.lower()))


class Negatives:
    """Draws, for a question, a paragraph of its article or a BM25 neighbour lacking the answer."""

    def __init__(self, questions: Sequence[Question], rng: random.Random) -> None:
        self._rng = rng
        self.paragraphs = list(dict.fromkeys((q.context, q.title) for q in questions))
        self._plain = [f" {normalise(context)} " for context, _ in self.paragraphs]
        self._of_title: dict[str, list[int]] = defaultdict(list)
        for row, (_, title) in enumerate(self.paragraphs):
            self._of_title[title].append(row)

    def retrieve(self, questions: Sequence[Question], k: int) -> list[list[int]]:
        """Of each question the rows of the k nearest paragraphs by BM25, best first."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lexical"
            with LexicalWriter(path, _LANGUAGE) as writer:
                for row, (context, title) in enumerate(self.paragraphs):
                    info = ArticleInfo(str(row), title, None, None, None, None, (), "", "")
                    name = title.replace("_", " ")
                    writer.add(row, Chunk(info.id, 0, len(context), context, name, ()), info)
            store = LexicalStore(path, _LANGUAGE, context_weight=1.0)
            return [[hit.chunk_id for hit in store.search(q.question, k)] for q in questions]

    def choose(self, question: Question, rows: Sequence[int], *, same_article: float) -> int | None:
        """A paragraph row that is not the question's own and lacks each of its answers."""
        near = [int(row) for row in rows]
        if self._rng.random() < same_article:
            siblings = self._of_title[question.title]
            near = self._rng.sample(siblings, min(6, len(siblings)))
        answers = [f" {normalise(text)} " for text, _ in question.answers]
        fit = [
            row
            for row in near
            if self.paragraphs[row][0] != question.context
            and not any(answer in self._plain[row] for answer in answers)
        ]
        return self._rng.choice(fit[:4]) if fit else None
