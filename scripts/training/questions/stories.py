"""Stories written for this project: short articles with every answer of a question marked in them.

Those named ``works``, ``trade`` and ``affairs`` tell of one thing over months or years: its figures
change, later articles seldom name it, and some contradict each other. Those named ``firms-alike``
and ``others-alike`` tell the same of things whose names are a word or a letter apart. All is
invented.

One JSON object a line of ``written_questions/stories/*.jsonl``::

    {"name": "works-001",
     "articles": [{"id": "a", "title": "...", "source": "...", "published_at": "2024-03-08",
                   "text": "The scheme, first put at £46 million, will cost £71 million. ..."}],
     "questions": [{"kind": "changing", "text": "How much will the Kellan Bridge cost?",
                    "told": {"a": ["first put at [£46 million]", "will cost [£71 million]"]}}]}

``told`` quotes, by article, what answers, with the answer in brackets; an article that is not there
does not answer. The kinds are ``changing``, ``disagree``, ``time`` (of a named time), ``fact`` and
``none``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import GoldError
from index.field_faults import first_fault

FOLDER: Final = Path(__file__).parents[1] / "written_questions" / "stories"
QuestionKind = Literal["changing", "disagree", "time", "fact", "none"]
_NAME: Final = r"^[a-z]+(?:-[a-z]+)*-[0-9]{3}$"
_MARKED: Final = re.compile(r"\[(?P<answer>[^\]]+)\]")


class StoryArticle(BaseModel):
    """An article of a story; ``id`` is its own within the story."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    source: str
    published_at: dt.date
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an article answers, as a half-open span in code points of its text."""

    start: int
    end: int
    words: str


class StoryQuestion(BaseModel):
    """A question on a story.

    Attributes:
        told: By article, quotations with the answer in brackets, each once in the text.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: QuestionKind
    text: str
    told: dict[str, list[str]]


class Story(BaseModel):
    """A few articles that tell of one thing, or of things that are easily confused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=_NAME)]
    articles: list[StoryArticle]
    questions: list[StoryQuestion]

    @property
    def is_over_time(self) -> bool:
        """Whether its articles tell of one thing over time."""
        return not self.name.rsplit("-", 1)[0].endswith("alike")

    def article(self, name: str) -> StoryArticle:
        """One of its articles.

        Raises:
            GoldError: If there is none of that id.
        """
        for article in self.articles:
            if article.id == name:
                return article
        raise GoldError(f"story {self.name}: no article '{name}'")

    def marks(self, question: StoryQuestion, name: str) -> list[Mark]:
        """Where an article answers a question, in the order of the text.

        Raises:
            GoldError: If a quotation has no brackets, or does not stand in the text exactly once.
        """
        if name not in question.told:
            return []
        text = self.article(name).text
        marks = (self._mark(text, quotation) for quotation in question.told[name])
        return sorted(marks, key=lambda mark: mark.start)

    def _mark(self, text: str, quotation: str) -> Mark:
        marked = _MARKED.search(quotation)
        if marked is None:
            raise GoldError(f"story {self.name}: expected an answer in brackets in '{quotation}'")
        words = marked["answer"]
        quoted = f"{quotation[: marked.start()]}{words}{quotation[marked.end() :]}"
        if text.count(quoted) != 1:
            raise GoldError(f"story {self.name}: expected '{quoted}' once in its article")
        start = text.index(quoted) + marked.start()
        return Mark(start, start + len(words), words)


def load_stories(folder: Path = FOLDER) -> list[Story]:
    """The stories of a folder, file by file.

    Raises:
        GoldError: If a line is not of the format, or a name stands twice; it names the file, the
            line and the field.
    """
    stories = [
        _parse(path, number, line)
        for path in sorted(folder.glob("*.jsonl"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
    ]
    names = Counter(story.name for story in stories)
    if twice := [name for name, times in names.items() if times > 1]:
        raise GoldError(f"{folder}: expected names of their own, got twice: {', '.join(twice)}")
    return stories


def _parse(path: Path, number: int, line: str) -> Story:
    try:
        story = Story.model_validate_json(line)
        for question in story.questions:
            for name in question.told:
                story.marks(question, name)
    except ValidationError as error:
        raise GoldError(f"{path}, line {number}: {first_fault(error)}") from error
    except GoldError as error:
        raise GoldError(f"{path}, line {number}: {error}") from error
    return story
