"""Questions that ask the same, or nearly so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from api.answering.questions.question import Question
from api.answering.values.normal_form import normalise_answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_ROWS: Final = 1000  # questions compared with all others at a time


class Similar(NamedTuple):
    """Two questions by their places, the earlier one first; ``score`` is in (0, 100]."""

    first: int
    second: int
    score: float


def similar_questions(questions: Sequence[str], least: float) -> Iterator[Similar]:
    """Find questions that are spelled alike and ask about the same names and numbers.

    One more year or another company makes another question, however alike the rest is. The score
    is the normalised Indel similarity of the questions without case, punctuation and English
    articles; 100 means that nothing else differs.

    Args:
        questions: As they are asked.
        least: The least score, in (0, 100].
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - of an extra

    plain = [normalise_answer(question) for question in questions]
    about = [
        (Question.parse(question).names, frozenset(_NUMBER.findall(question)))
        for question in questions
    ]
    for start in range(0, len(plain), _ROWS):
        scores = process.cdist(
            plain[start : start + _ROWS],
            plain[start:],
            scorer=fuzz.ratio,
            score_cutoff=least,
            dtype=np.float32,
        )
        for row, column in np.argwhere(scores >= least):
            first, second = start + int(row), start + int(column)
            if first < second and (plain[first] == plain[second] or about[first] == about[second]):
                yield Similar(first, second, float(scores[row, column]))
