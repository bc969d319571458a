"""Questions written for this project: on SQuAD train paragraphs, and on invented news briefs."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from scripts.training.questions.squad import Question

FOLDER: Final = Path(__file__).parents[1] / "written_questions"
PARAGRAPHS_FILE: Final = "paragraphs.jsonl"
BRIEFS_FILE: Final = "briefs.jsonl"


class ParagraphQuestions(BaseModel):
    """Questions on one SQuAD paragraph, which is named by its text's hash.

    Attributes:
        context_sha256: First 16 hex digits of the SHA-256 of the paragraph's text.
        answerable: Question and answer; the answer is a slice of the paragraph.
        unanswerable: Questions that the paragraph seems to answer and does not.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    context_sha256: str
    answerable: tuple[tuple[str, str], ...]
    unanswerable: tuple[str, ...]


class Brief(BaseModel):
    """A short invented news article with questions asked over all briefs.

    Attributes:
        cluster: Briefs of one cluster share a story and are easily confused.
        split: Whole clusters are for training or for calibration.
        answerable: Question and acceptable answers, each a slice of the text.
        unanswerable: Questions that no brief answers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    cluster: str
    split: Literal["train", "calibration"]
    title: str
    date: str
    text: str
    answerable: tuple[tuple[str, tuple[str, ...]], ...]
    unanswerable: tuple[str, ...]

    @model_validator(mode="after")
    def _answers_stand_in_the_text(self) -> "Brief":
        for question, answers in self.answerable:
            for answer in answers:
                if answer not in self.text:
                    raise ValueError(
                        f"brief {self.id}: {question!r}: {answer!r} is not in the text"
                    )
        return self

    def questions(self) -> list[Question]:
        """Its questions, answerable ones first, on its text."""
        asked = [*self.answerable, *((question, ()) for question in self.unanswerable)]
        return [
            Question(
                id=f"{self.id}-{number}",
                question=question,
                context=self.text,
                title=self.title,
                answers=tuple((answer, self.text.index(answer)) for answer in answers),
            )
            for number, (question, answers) in enumerate(asked, start=1)
        ]


def load_briefs(split: str, folder: Path = FOLDER) -> list[Brief]:
    """The briefs of a split, in the file's order."""
    lines = (folder / BRIEFS_FILE).read_text("utf-8").splitlines()
    briefs = [Brief.model_validate_json(line) for line in lines]
    return [brief for brief in briefs if brief.split == split]


def load_paragraph_questions(
    paragraphs: Sequence[Question], folder: Path = FOLDER
) -> list[Question]:
    """The written questions on these questions' paragraphs.

    Raises:
        ValueError: If a paragraph is not among them, or does not hold an answer.
    """
    known = {context_hash(question.context): question for question in paragraphs}
    questions = []
    for line in (folder / PARAGRAPHS_FILE).read_text("utf-8").splitlines():
        written = ParagraphQuestions.model_validate_json(line)
        about = known.get(written.context_sha256)
        if about is None:
            raise ValueError(f"no paragraph has the hash {written.context_sha256}")
        asked = [
            *(
                (text, ((answer, about.context.index(answer)),))
                for text, answer in written.answerable
            ),
            *((text, ()) for text in written.unanswerable),
        ]
        questions += [
            Question(f"{written.context_sha256}-{at}", text, about.context, about.title, answers)
            for at, (text, answers) in enumerate(asked, start=1)
        ]
    return questions


def context_hash(context: str) -> str:
    """How a paragraph is named without its text: 16 hex digits of its SHA-256."""
    return hashlib.sha256(context.encode("utf-8")).hexdigest()[:16]
