"""Questions that a confidence is fitted to and measured on, each set over a corpus of its own.

Nothing was trained on them: the news families kept for calibration, with their own questions and
with those in other words, the tests of former releases on such families, the calibration articles
of SQuAD dev, and the held-back halves of QED-NQ and SQuADShifts. Of the latter every second
question is asked without its own passage, so that what is left seems to answer it and does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from scripts.training.questions.built_corpus import open_built, write_paragraphs
from scripts.training.questions.news import NewsSplit, load_families
from scripts.training.questions.news_corpus import open_news_corpus
from scripts.training.questions.question_sets import QUESTION_SETS, load_held_back
from scripts.training.questions.reworded import load_reworded
from scripts.training.questions.squad import DEV2_FILE, DEV_FILE, in_split, load_squad

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from index.embedding.encoder import Encoder
    from index.generations.generation import Generation
    from scripts.training.questions.news import NewsFamily

_T = TypeVar("_T")

NEWS: Final = "news"
REWORDED: Final = "reworded"
SQUAD: Final = "squad"


@dataclass(frozen=True, slots=True)
class CalibrationQuestion:
    """A question of a set.

    Attributes:
        answers: Acceptable answers; empty where nothing that it may read answers it.
        without: The article that it is asked without, so that nothing answers it.
    """

    text: str
    answers: tuple[str, ...]
    without: str | None = None


@dataclass(frozen=True, slots=True)
class CalibrationSet:
    """Questions and the corpus that they are asked over."""

    name: str
    generation: Generation
    questions: tuple[CalibrationQuestion, ...]


def news_set(
    work: Path, encoder: Encoder, most: int, split: NewsSplit = "calibration"
) -> CalibrationSet:
    """The questions of a split of the news families, over all articles of it and before it.

    Args:
        work: Folder for corpora and indexes.
        encoder: The encoder to build with.
        most: The most questions, spread evenly.
        split: ``calibration``, ``tests`` or ``report``.
    """
    splits: tuple[NewsSplit, ...] = ("train", "calibration", "tests", "report")
    families = load_families(*splits[: splits.index(split) + 1])
    generation = open_news_corpus(work / f"{NEWS}-{split}", families, encoder)
    asked = _asked_of(family for family in families if family.split == split)
    name = NEWS if split == "calibration" else f"{NEWS}-{split}"
    return CalibrationSet(name, generation, tuple(spread(asked, most)))


def reworded_set(news: CalibrationSet, most: int) -> CalibrationSet:
    """The questions in other words than the articles' on the calibration families.

    Args:
        news: The families' own questions, whose corpus is asked.
        most: The most questions, spread evenly.
    """
    asked = _asked_of(load_reworded("calibration"))
    return CalibrationSet(REWORDED, news.generation, tuple(spread(asked, most)))


def _asked_of(families: Iterable[NewsFamily]) -> list[CalibrationQuestion]:
    return [
        CalibrationQuestion(question.text, question.answers)
        for family in families
        for question in family.questions
    ]


def squad_set(data: Path, work: Path, encoder: Encoder, most: int) -> CalibrationSet:
    """Questions on the calibration articles of SQuAD dev, half of them not answered there.

    Args:
        data: Folder of the question files.
        work: Folder for corpora and indexes.
        encoder: The encoder to build with.
        most: The most questions, spread evenly.
    """
    answerable = in_split(load_squad(data / DEV_FILE), "calibration")
    unanswerable = [
        question
        for question in in_split(load_squad(data / DEV2_FILE), "calibration")
        if not question.answers
    ]
    chosen = [*spread(answerable, most // 2), *spread(unanswerable, most // 2)]
    contexts = dict.fromkeys((q.context, q.title) for q in [*answerable, *unanswerable])
    write_paragraphs(work / SQUAD / "corpus", contexts)
    asked = tuple(
        CalibrationQuestion(question.question, tuple(text for text, _ in question.answers))
        for question in chosen
    )
    return CalibrationSet(SQUAD, open_built(work / SQUAD, encoder), asked)


def held_back_sets(data: Path, work: Path, encoder: Encoder, most: int) -> list[CalibrationSet]:
    """Of each other set the questions that were held back, each on its own text or without it.

    Args:
        data: Folder of the question files.
        work: Folder for corpora and indexes.
        encoder: The encoder to build with.
        most: The most questions of each, spread evenly.
    """
    sets = []
    for source in (source for source in QUESTION_SETS if source.held_back):
        name = source.name
        chosen = spread(load_held_back(data, source), most)
        contexts = dict.fromkeys((question.context, question.title) for question in chosen)
        ids = write_paragraphs(work / name / "corpus", contexts)
        asked = tuple(
            CalibrationQuestion(question.question, tuple(text for text, _ in question.answers))
            if place % 2 == 0
            else CalibrationQuestion(question.question, (), without=ids[question.context])
            for place, question in enumerate(chosen)
        )
        sets.append(CalibrationSet(name, open_built(work / name, encoder), asked))
    return sets


def spread(items: Sequence[_T], most: int) -> list[_T]:
    """At most so many items, evenly from all of them."""
    step = max(1, -(-len(items) // most))
    return list(items[::step])
