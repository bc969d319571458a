"""Other people's question sets that the reader is trained on besides SQuAD, and how much of each.

Of some sets only half of the passages is trained on: the other half is for measuring a confidence
under shift.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scripts.training.questions.squad import Question, load_jsonl
from scripts.training.questions.windows import Pair, draw_limit, window_around, window_near

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from itertools import count
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A set and its share of a plan.

    Attributes:
        file: Its ``.jsonl.xz`` file in the data folder.
        questions: How many are drawn for each pass.
        elsewhere: How many also stand on another part of their text that does not answer them,
            as a share.
        held_back: Whether half of its passages are kept for measuring.
    """

    file: str
    questions: int
    elsewhere: float = 0.0
    held_back: bool = True

    @property
    def name(self) -> str:
        """The file's, without its endings."""
        return self.file.partition(".")[0]


QUESTION_SETS: Final = (
    QuestionSet("qamr.jsonl.xz", 2500, held_back=False),
    QuestionSet("qed-nq-train.jsonl.xz", 1500),
    QuestionSet("squadshifts-new-wiki.jsonl.xz", 400, elsewhere=0.3),
    QuestionSet("squadshifts-reddit.jsonl.xz", 400, elsewhere=0.3),
    QuestionSet("squadshifts-amazon.jsonl.xz", 400, elsewhere=0.3),
    QuestionSet("timeqa-human-train.jsonl.xz", 300, elsewhere=0.8, held_back=False),
    QuestionSet("tatqa-text-dev.jsonl.xz", 200),
)


def for_training(context: str) -> bool:
    """Whether a passage belongs to the half that is trained on, by a hash of its text."""
    return int(hashlib.sha256(context.encode("utf-8")).hexdigest(), 16) % 2 == 1


def load_held_back(data: Path, chosen: QuestionSet) -> list[Question]:
    """The questions of a set that nothing is trained on.

    Raises:
        ValueError: If the set keeps none back.
    """
    if not chosen.held_back:
        raise ValueError(f"{chosen.file} is trained on whole; nothing of it is held back")
    return [q for q in load_jsonl(data / chosen.file) if not for_training(q.context)]


def set_bundles(
    data: Path, chosen: QuestionSet, rng: random.Random, groups: count[int]
) -> Iterator[list[Pair]]:
    """Draw a set's questions, each on a window of its own text, with what does not answer it.

    Args:
        data: Folder of the question files.
        chosen: The set.
        rng: Draws questions and windows.
        groups: Gives each question its number.
    """
    questions = load_jsonl(data / chosen.file)
    if chosen.held_back:
        questions = [question for question in questions if for_training(question.context)]
    for question in rng.sample(questions, min(chosen.questions, len(questions))):
        bundle = _on_its_text(question, chosen.elsewhere, rng, next(groups))
        if bundle:
            yield bundle


def _on_its_text(
    question: Question, elsewhere: float, rng: random.Random, group: int
) -> list[Pair]:
    text, limit = question.context, draw_limit(rng)
    near = window_near(text, question.question, limit, rng)
    if not question.answers:
        return [Pair(question.question, "", text[slice(*near)], None, group)]
    answer, at = question.answers[0]
    a, b = window_around(text, at, at + len(answer), limit, rng)
    bundle = [Pair(question.question, "", text[a:b], (at - a, at - a + len(answer)), group)]
    apart = near[1] <= a or b <= near[0]
    if rng.random() < elsewhere and apart and answer not in text[slice(*near)]:
        bundle.append(Pair(question.question, "", text[slice(*near)], None, group))
    return bundle
