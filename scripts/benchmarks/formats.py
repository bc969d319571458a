"""Benchmark of reading: the words of files that real programs made, against what they say."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final

import typer

from index.errors import ArticleError, CorpusError
from index.formats.control_characters import without_control_characters
from index.formats.raw_article import RawArticle
from index.formats.registry import FORMATS, read_entries
from scripts.benchmarks.measuring import print_result
from scripts.terminal.commands import JsonOption, reported_errors

_WORD: Final = re.compile(r"\w+(?:[.,]\d+)*%?")
_EXPECTED: Final = ".txt"
_BESIDE: Final = ".may.txt"  # words, as of a byline, that are neither asked for nor wrong
_SPACES: Final = "\t\n\r"


@dataclass
class _Score:
    """What the files of one format add up to; a word counts as often as it stands there."""

    files: int = 0
    expected: int = 0
    read: int = 0
    shared: int = 0
    control_characters: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, expected: str, read: str, beside: str = "") -> None:
        """Compare the text of a file with what it should be, but for what may stand beside it."""
        should, does = Counter(_WORD.findall(expected)), Counter(_WORD.findall(read))
        does -= Counter(_WORD.findall(beside)) & (does - should)
        self.files += 1
        self.expected += should.total()
        self.read += does.total()
        self.shared += (should & does).total()
        self.control_characters += sum(
            unicodedata.category(character) == "Cc" and character not in _SPACES
            for character in read
        )
        missing, invented = [*(should - does).elements()], [*(does - should).elements()]
        if missing or invented:
            self.wrong.append(f"{name}: without {missing}, with {invented}")

    def figures(self) -> dict[str, object]:
        """The measures, rounded."""
        return {
            "files": self.files,
            "words": self.expected,
            "precision": round(self.shared / self.read, 4) if self.read else 0.0,
            "recall": round(self.shared / self.expected, 4) if self.expected else 0.0,
            "control_characters": self.control_characters,
            "wrong": self.wrong,
        }


def formats(
    files: Annotated[
        Path,
        typer.Option(
            help="Folder of files, each beside its text in NAME.txt; NAME.may.txt may be read, too."
        ),
    ] = Path("tests/index/files/programs"),
    as_json: JsonOption = False,
) -> None:
    """Compare the text of files with what they say: precision and recall of words by format.

    Precision is the share of the words read that are in the file, recall the share of the file's
    words that were read. A file that cannot be read counts as one without words.
    """
    with reported_errors():
        result: dict[str, object] = {"formats": compare_folder(files)}
    print_result(result, as_json=as_json)


def compare_folder(folder: Path) -> dict[str, dict[str, object]]:
    """Measure every format that the folder has files of.

    Raises:
        CorpusError: If there is no file beside its expected text.
    """
    scores: dict[str, _Score] = {}
    for path in sorted(folder.glob(f"*.*{_EXPECTED}")):
        file = path.with_suffix("")
        if file.suffix in FORMATS and file.is_file():
            score = scores.setdefault(file.suffix, _Score())
            try:
                read = _read(file)
            except ArticleError as error:
                read = ""
                score.wrong.append(f"{file.name}: {error}")
            beside = file.with_name(f"{file.name}{_BESIDE}")
            words = beside.read_text(encoding="utf-8") if beside.is_file() else ""
            score.add(file.name, path.read_text(encoding="utf-8"), read, words)
    if not scores:
        raise CorpusError(f"{folder}: expected files, each beside its text in NAME{_EXPECTED}")
    return {suffix: score.figures() for suffix, score in sorted(scores.items())}


def _read(file: Path) -> str:
    """The text of a file, as a build stores it.

    Raises:
        ArticleError: If it cannot be read.
    """
    return "\n".join(
        without_control_characters(entry.content).text
        for entry in read_entries(FORMATS[file.suffix], file.read_bytes())
        if isinstance(entry.content, RawArticle)
    )
