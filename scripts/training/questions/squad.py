"""Question sets the reader is trained and measured on, and how the dev articles are split."""

import hashlib
import json
import lzma
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Split = Literal["report", "train", "calibration"]

TRAIN_FILE = "squad-train-v1.1.json.xz"
DEV_FILE = "squad-dev-v1.1.json.xz"
DEV2_FILE = "squad-dev-v2.0.json.xz"
TRAIN2_FILE = "squad-train-v2.0-10articles.jsonl.xz"

_SPLIT_OF_BUCKET: dict[int, Split] = {
    **dict.fromkeys((0, 1, 4), "report"),
    **dict.fromkeys((2, 5, 6), "train"),
    **dict.fromkeys((3, 7, 8, 9), "calibration"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question on one paragraph; `answers` is empty when the paragraph does not answer it.

    Each answer is (text, start), start in Unicode code points of `context`.
    """

    id: str
    question: str
    context: str
    title: str
    answers: tuple[tuple[str, int], ...]


def split_of(title: str) -> Split:
    """The split of a dev article, by a hash of its title; SQuAD 1.1 and 2.0 share it.

    The report half is never trained on, calibrated on or used to choose a recipe.
    """
    digest = hashlib.sha256(title.encode("utf-8")).hexdigest()
    return _SPLIT_OF_BUCKET[int(digest, 16) % 10]


def load_squad(path: Path) -> list[Question]:
    """A SQuAD-layout .json.xz file; underscores in titles stay (`split_of` hashes them)."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        articles = json.load(file)["data"]
    return [
        Question(
            id=str(row["id"]),
            question=row["question"].strip(),
            context=paragraph["context"],
            title=article["title"],
            answers=tuple((a["text"], a["answer_start"]) for a in row["answers"]),
        )
        for article in articles
        for paragraph in article["paragraphs"]
        for row in paragraph["qas"]
    ]


def load_jsonl(path: Path) -> list[Question]:
    """A .jsonl.xz file of {id, question, context, answers: [{text, start}]} rows."""
    return list(_jsonl_rows(path))


def _jsonl_rows(path: Path) -> Iterator[Question]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row: dict[str, Any] = json.loads(line)
            yield Question(
                id=str(row["id"]),
                question=row["question"].strip(),
                context=row["context"],
                title=str(row.get("title", "")),
                answers=tuple((a["text"], a["start"]) for a in row["answers"]),
            )


def in_split(questions: Iterable[Question], split: Split) -> list[Question]:
    """The questions whose article is in `split`."""
    return [question for question in questions if split_of(question.title) == split]


def report_sample(data: Path, count: int) -> list[Question]:
    """A fixed sample of the questions on the report articles of SQuAD dev.

    Args:
        data: Folder with the SQuAD files.
        count: How many, at most.
    """
    questions = in_split(load_squad(data / DEV_FILE), "report")
    return random.Random(1).sample(questions, min(count, len(questions)))  # noqa: S311 - no secret


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
