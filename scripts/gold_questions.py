"""Gold questions: what evaluation asks, and what it expects."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from index.errors import GoldError
from index.records import Filters

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class GoldFilters(BaseModel):
    """The filters of a gold question, as POST /v1/ask takes them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    published_from: dt.date | None = None
    published_to: dt.date | None = None
    sources: tuple[_Words, ...] = ()
    article_ids: tuple[_Words, ...] = ()
    tags: tuple[_Words, ...] = ()

    def to_filters(self) -> Filters:
        """Translate to the index's own record.

        Raises:
            ValueError: If the days are the wrong way round.
        """
        return Filters(
            published_from=self.published_from,
            published_to=self.published_to,
            sources=frozenset(self.sources),
            article_ids=frozenset(self.article_ids),
            tags=frozenset(self.tags),
        )


class GoldQuestion(BaseModel):
    """One gold question.

    Attributes:
        answers: Acceptable answers; none means that the corpus does not answer the question.
        articles: Ids of the articles that hold an answer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _Words
    question: _Words
    answers: tuple[_Words, ...]
    articles: tuple[_Words, ...] = ()
    tags: tuple[_Words, ...] = ()
    filters: GoldFilters = Field(default_factory=GoldFilters)

    @model_validator(mode="after")
    def _articles_go_with_answers(self) -> GoldQuestion:
        if bool(self.answers) != bool(self.articles):
            raise ValueError("answers and articles go together: give both, or leave both empty")
        self.filters.to_filters()
        return self


@dataclass(frozen=True, slots=True)
class GoldSet:
    """A file of gold questions.

    Attributes:
        questions: At least one.
        skipped: A message for each malformed line that was left out.
    """

    path: Path
    questions: tuple[GoldQuestion, ...]
    skipped: tuple[str, ...] = ()


def load_gold(path: Path) -> list[GoldQuestion]:
    """Load gold questions, one JSON object a line.

    Raises:
        GoldError: As `load_gold_set`.
    """
    return list(load_gold_set(path).questions)


def load_gold_set(path: Path, *, skip_invalid: bool = False) -> GoldSet:
    """Load a file of gold questions, one JSON object a line.

    Args:
        path: The file.
        skip_invalid: Leave malformed lines out, and say so in the set, instead of raising.

    Raises:
        GoldError: If the file is missing or holds no question, a line is malformed, or an id
            comes twice; the message names file, line and field.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path}: {error}") from error
    questions: dict[str, GoldQuestion] = {}
    skipped = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            question = _parse(line, f"{path}, line {number}", questions)
        except GoldError as error:
            if not skip_invalid:
                raise
            skipped.append(str(error))
        else:
            questions[question.id] = question
    if not questions:
        found = f"{len(skipped)} malformed lines and " if skipped else ""
        raise GoldError(f"{path}: {found}no gold question in it; expected one JSON object a line")
    return GoldSet(path, tuple(questions.values()), tuple(skipped))


def _parse(line: str, place: str, known: Mapping[str, GoldQuestion]) -> GoldQuestion:
    try:
        question = GoldQuestion.model_validate_json(line)
    except ValidationError as error:
        wrong = error.errors()[0]
        field = ".".join(map(str, wrong["loc"]))
        named = f"field '{field}': " if field else ""
        raise GoldError(f"{place}: {named}{wrong['msg']}") from error
    if question.id in known:
        raise GoldError(f"{place}: field 'id': '{question.id}' comes twice")
    return question
