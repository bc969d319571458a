"""The gold format: questions with their expected answers and articles, one JSON object a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from index.errors import GoldError
from index.field_faults import fault
from index.filter_fields import Day, FiltersIn
from index.loading.gold_statements import (
    GoldComparison,
    GoldKind,
    GoldStatement,
    GoldValue,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic_core import ErrorDetails


# Characters of a line, since every unknown field of one is collected before the first is told.
_LONGEST_LINE: Final = 256 * 1024


class GoldMark(BaseModel):
    """Who marked an answer right or wrong, by the name of the key, and when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: Words | None = None
    at: AwareDatetime
    reviewed: bool = False


class GoldQuestion(BaseModel):
    """One gold question.

    Attributes:
        answers: Acceptable answers; none if the corpus does not answer the question. Of kind
            ``list`` every item, of kind ``disagree`` every value that a source gives.
        articles: Ids of the articles that hold an answer.
        filters: Filters to ask the question with, as in a request.
        kind: What the question asks for beyond words; None where only words are expected.
        value: The value that an answer's words say.
        as_of: The day as of which the answer holds.
        timeline: The statements of the answer, oldest first.
        comparison: The sides of a question of kind ``compare``.
        mark: Where a user made it of an answer: who and when, and whether that was reviewed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Words
    question: Words
    answers: tuple[Words, ...]
    articles: tuple[Words, ...] = ()
    tags: tuple[Words, ...] = ()
    filters: FiltersIn = Field(default_factory=FiltersIn)
    kind: GoldKind | None = None
    value: GoldValue | None = None
    as_of: Day | None = None
    timeline: tuple[GoldStatement, ...] = ()
    comparison: GoldComparison | None = None
    mark: GoldMark | None = None

    @model_validator(mode="after")
    def _articles_go_with_answers(self) -> GoldQuestion:
        if bool(self.answers) != bool(self.articles):
            raise ValueError("answers and articles go together: give both, or leave both empty")
        return self


@dataclass(frozen=True, slots=True)
class GoldSet:
    """A file of gold questions.

    Attributes:
        questions: At least one.
        skipped: A message for each malformed line.
    """

    path: Path
    questions: tuple[GoldQuestion, ...]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineFault:
    """A fault in a line of a gold file.

    Attributes:
        line: Line number, from 1.
        field: Dotted path in the JSON object; None if the whole line is at fault.
        message: The fault, without its place.
    """

    line: int
    field: str | None
    message: str

    def describe(self, path: Path | str) -> str:
        """Format file, line, field and message as one sentence."""
        named = "" if self.field is None else f"field '{self.field}': "
        return f"{path}, line {self.line}: {named}{self.message}"


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
        skip_invalid: Skip malformed lines, and list them in the set, instead of raising.

    Raises:
        GoldError: If the file cannot be read or holds no question, a line is malformed, or an id
            is repeated; the message names file, line and field.
    """
    questions = []
    skipped = []
    for _, read in read_gold_lines(path):
        if isinstance(read, GoldQuestion):
            questions.append(read)
        elif skip_invalid:
            skipped.append(read[0].describe(path))
        else:
            raise GoldError(read[0].describe(path))
    if not questions:
        malformed = f"{len(skipped)} malformed lines and " if skipped else ""
        raise GoldError(f"{path}: {malformed}no gold question; expected one JSON object a line")
    return GoldSet(path, tuple(questions), tuple(skipped))


def read_gold_lines(path: Path) -> Iterator[tuple[int, GoldQuestion | tuple[LineFault, ...]]]:
    """Read a gold file line by line; malformed lines do not stop it.

    Yields:
        As `parse_gold_lines`.

    Raises:
        GoldError: If the file cannot be read.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise GoldError(f"{path}: {error.strerror}; expected a file of gold questions") from error
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: byte {error.start} is not UTF-8") from error
    yield from parse_gold_lines(content)


def parse_gold_lines(content: str) -> Iterator[tuple[int, GoldQuestion | tuple[LineFault, ...]]]:
    """Parse the lines of a gold file; malformed ones do not stop it.

    Yields:
        For each line that is not blank, its number, from 1, and the question or the faults.
    """
    lines_by_id: dict[str, int] = {}
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        if len(line) > _LONGEST_LINE:
            message = f"{len(line)} characters; expected at most {_LONGEST_LINE}"
            yield number, (LineFault(number, None, message),)
            continue
        try:
            question = GoldQuestion.model_validate_json(line)
        except ValidationError as error:
            yield number, tuple(_fault(number, details) for details in error.errors())
            continue
        if question.id in lines_by_id:
            message = f"'{question.id}' is repeated; it is in line {lines_by_id[question.id]}"
            yield number, (LineFault(number, "id", message),)
            continue
        lines_by_id[question.id] = number
        yield number, question


def _fault(line: int, details: ErrorDetails) -> LineFault:
    return LineFault(line, ".".join(map(str, details["loc"])) or None, fault(details))
