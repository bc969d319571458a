"""News written for this project, in families of articles that are easily confused, with questions.

The families named by a newspaper's desk (``courts``, ``sport``, ...) are invented. Those named
``firms``, ``globe``, ``money``, ``nature``, ``people``, ``stage`` and ``world`` ask as a weekly
quiz does, in other words than the article's; most retell real events from memory, with invented
outlets and bystanders, so they are no source for what happened. ``morning``, ``evening``,
``autumn`` and ``desk`` are the tests of two releases, written by hands that saw no other family;
both halves have been asked, so they calibrate by now.

One text file a family (``FIELD-NN.txt`` in ``written_questions/news``)::

    @article a1
    title: Harbour union votes to end nine-day strike
    source: The Tidewater Post
    author: Lena Okafor
    date: 2024-03-08
    kind: report

    The text, in paragraphs.

    @questions
    percentage | What percentage of members backed the deal? | a1,a3 | 68 per cent || 68%
    person | Who chairs the dockers' union? | - | -

A question's parts are the kind of answer that it asks for, its words, the articles that answer it,
and the acceptable answers; ``- | -`` says that no article of the family answers it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from index.errors import GoldError

NewsSplit = Literal["train", "calibration", "tests", "report"]

FOLDER: Final = Path(__file__).parents[1] / "written_questions" / "news"
_HEAD: Final = ("title", "source", "author", "date", "kind")
_PARTS: Final = 4
_PART: Final = " | "
_ALTERNATIVE: Final = "||"
_NONE: Final = "-"
_TESTS: Final = frozenset({"morning", "evening", "autumn", "desk"})


@dataclass(frozen=True, slots=True)
class NewsArticle:
    """An invented article.

    Attributes:
        author: Empty where none is named.
        date: ``YYYY-MM-DD``.
        kind: What it is in a newspaper's words: ``report``, ``wire``, ``quiz``, ...
    """

    id: str
    title: str
    source: str
    author: str
    date: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class NewsQuestion:
    """A question on a family.

    Attributes:
        kind: What it asks for: ``person``, ``percentage``, ...
        articles: Ids of the articles that answer it; empty where none of the family does.
        answers: Acceptable answers, the best first; each stands in one of the articles.
    """

    id: str
    kind: str
    text: str
    articles: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewsFamily:
    """Articles of one field that are easily confused, and the questions on them."""

    name: str
    articles: tuple[NewsArticle, ...]
    questions: tuple[NewsQuestion, ...]

    @property
    def split(self) -> NewsSplit:
        """Every fifth family of a field is for the report, the one before it for calibration.

        The tests of former releases, which calibrate, too, are a split of their own.
        """
        name, number = self.name.rsplit("-", 1)
        if name in _TESTS:
            return "tests"
        place = int(number) % 5
        return "report" if place == 0 else "calibration" if place == 4 else "train"


def load_families(*splits: NewsSplit, folder: Path = FOLDER) -> list[NewsFamily]:
    """The families of these splits, by name.

    Raises:
        GoldError: If a file is not of the format; it names the file, the line and what was
            expected.
    """
    families = [parse_family(path) for path in sorted(folder.glob("*.txt"))]
    return [family for family in families if family.split in splits]


def parse_family(path: Path) -> NewsFamily:
    """The family in a file.

    Raises:
        GoldError: If the file is not of the format.
    """
    if re.fullmatch(r"[a-z]+-\d\d", path.stem) is None:
        raise GoldError(f"{path}: expected a name like 'courts-01.txt'")
    if not path.exists():
        raise GoldError(f"{path}: no such family")
    reading = _Reading(path)
    reading.take_all()
    return NewsFamily(path.stem, tuple(reading.finished()), tuple(reading.questions))


def parse_questions(path: Path, family: NewsFamily) -> tuple[NewsQuestion, ...]:
    """The questions on a family in a file that has nothing else.

    Raises:
        GoldError: If the file is not of the format.
    """
    texts = {one.id.removeprefix(f"{family.name}-"): [one.text] for one in family.articles}
    reading = _Reading(
        path, bodies=texts, in_questions=True, prefix=f"{path.stem}-{path.parent.name}"
    )
    reading.take_all()
    if not reading.questions:
        raise GoldError(f"{path}: expected questions, got none")
    return tuple(reading.questions)


@dataclass(slots=True)
class _Reading:
    """What has been read of a file: the parser's state, a line at a time."""

    path: Path
    heads: dict[str, dict[str, str]] = field(default_factory=dict)
    bodies: dict[str, list[str]] = field(default_factory=dict)
    questions: list[NewsQuestion] = field(default_factory=list)
    article: str | None = None
    in_body: bool = False
    in_questions: bool = False
    prefix: str = ""

    def take_all(self) -> None:
        """Read every line of the file."""
        for number, line in enumerate(self.path.read_text("utf-8").splitlines(), start=1):
            self._take(number, line)

    def _take(self, number: int, line: str) -> None:
        if line.startswith("@") and self.in_questions:
            raise self._error(number, "expected a question")
        if line.startswith("@article "):
            self._open(number, line.removeprefix("@article ").strip())
        elif line.strip() == "@questions":
            self.in_questions = True
        elif self.in_questions:
            if line.strip():
                self.questions.append(self._question(number, line))
        elif self.article is None:
            raise self._error(number, "expected '@article ID' before anything else")
        elif self.in_body:
            self.bodies[self.article].append(line)
        elif line.strip():
            self._head(number, line)
        else:
            self.in_body = True

    def finished(self) -> list[NewsArticle]:
        """The articles, in the file's order.

        Raises:
            GoldError: If one lacks a field.
        """
        articles = []
        for name, head in self.heads.items():
            if lacking := [key for key in _HEAD if key not in head and key != "author"]:
                raise GoldError(f"{self.path}: article {name}: no {', '.join(lacking)}")
            text = "\n".join(self.bodies[name]).strip()
            articles.append(NewsArticle(self._id(name), **{"author": "", **head}, text=text))
        return articles

    def _open(self, number: int, name: str) -> None:
        if not name or name in self.heads:
            raise self._error(number, f"expected an article id of its own, got {name!r}")
        self.article, self.in_body = name, False
        self.heads[name], self.bodies[name] = {}, []

    def _head(self, number: int, line: str) -> None:
        key, colon, value = line.partition(":")
        if not colon or key not in _HEAD or self.article is None:
            raise self._error(number, f"expected one of {', '.join(_HEAD)} and a colon")
        self.heads[self.article][key] = value.strip()

    def _question(self, number: int, line: str) -> NewsQuestion:
        parts = [part.strip() for part in line.split(_PART)]
        if len(parts) != _PARTS:
            raise self._error(number, f"expected 4 parts with '{_PART}' between, got {len(parts)}")
        kind, text, where, said = parts
        articles = [] if where == _NONE else [name.strip() for name in where.split(",")]
        answers = [] if said == _NONE else [answer.strip() for answer in said.split(_ALTERNATIVE)]
        if not (kind and text and all(articles) and all(answers)):
            raise self._error(number, "expected none of the parts, articles and answers empty")
        if bool(articles) != bool(answers):
            raise self._error(number, "expected both articles and answers, or '- | -'")
        for name in articles:
            if name not in self.bodies:
                raise self._error(number, f"no article {name!r} above")
        for answer in answers:
            if not any(answer in "\n".join(self.bodies[name]) for name in articles):
                raise self._error(number, f"{answer!r} stands in none of {', '.join(articles)}")
        return NewsQuestion(
            id=f"{self.prefix or self.path.stem}-{len(self.questions) + 1}",
            kind=kind,
            text=text,
            articles=tuple(self._id(name) for name in articles),
            answers=tuple(answers),
        )

    def _id(self, article: str) -> str:
        return f"{self.path.stem}-{article}"

    def _error(self, number: int, what: str) -> GoldError:
        return GoldError(f"{self.path}, line {number}: {what}")
