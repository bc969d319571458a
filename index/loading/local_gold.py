"""Gold questions that users marked: ``gold.local.jsonl`` beside the articles of a corpus."""

from __future__ import annotations

import hashlib
import json
import os
import time
import uuid
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from index.errors import CorpusWriteError, GoldError
from index.folding import fold
from index.loading.corpus_folder import GOLD_FILE, LOCAL_GOLD_FILE
from index.loading.gold import GoldQuestion, GoldSet, load_gold_set, parse_gold_lines
from index.syncing import sync

if TYPE_CHECKING:
    from pathlib import Path

    from index.filter_fields import FiltersIn

MAX_MARKED: Final = 10_000
_INCOMING: Final = ".gold-incoming"
_LEFT_AFTER_S: Final = 300  # a write takes less: it was killed
MAX_MARKED_BYTES: Final = 8 * 1024 * 1024  # every mark reads and writes the whole file
_MAX_LINE_BYTES: Final = 128 * 1024  # of one mark: ten quotes of 2,000 code points, and filters


def open_id(gold_id: str) -> str:
    """The id of a marked question until it is reviewed, so that it replaces no reviewed one."""
    return f"{gold_id}-open"


def local_id(question: str, filters: FiltersIn) -> str:
    """The id of a reviewed question: the same for the same words and filters, whatever the case."""
    words = " ".join(fold(question).split())
    key = f"{words}\n{filters.model_dump_json()}"
    return f"local-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


def read_local_gold(corpus_dir: Path) -> list[GoldQuestion]:
    """Read the marked questions of a corpus, in the order of the file; none where it is missing.

    Raises:
        GoldError: If the file cannot be read or is larger than marks make it, or a line is
            malformed. The message goes to users: it does not say where the folder is.
    """
    path = corpus_dir / LOCAL_GOLD_FILE
    try:
        if (size := path.stat().st_size) > MAX_MARKED_BYTES:
            raise GoldError(
                f"{LOCAL_GOLD_FILE}: {size} bytes; expected at most {MAX_MARKED_BYTES}, so take "
                "lines out of it"
            )
        content = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise GoldError(f"{LOCAL_GOLD_FILE}: it cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise GoldError(f"{LOCAL_GOLD_FILE}: byte {error.start} is not UTF-8") from error
    questions = []
    for _, read in parse_gold_lines(content):
        if not isinstance(read, GoldQuestion):
            raise GoldError(read[0].describe(LOCAL_GOLD_FILE))
        questions.append(read)
    return questions


def reviewed_gold(corpus_dir: Path) -> list[GoldQuestion]:
    """The marked questions that an admin has reviewed; see `read_local_gold`."""
    return [question for question in read_local_gold(corpus_dir) if _is_reviewed(question)]


def gold_beside(corpus_dir: Path, *, skip_invalid: bool = False) -> GoldSet:
    """The gold questions beside articles: ``gold.jsonl``, and what was marked and reviewed.

    Args:
        corpus_dir: The folder of the articles.
        skip_invalid: As `load_gold_set` takes it.

    Raises:
        GoldError: As `load_gold_set`.
    """
    path = corpus_dir / GOLD_FILE
    if not path.exists() and (marked := reviewed_gold(corpus_dir)):
        return GoldSet(corpus_dir / LOCAL_GOLD_FILE, tuple(marked))
    return with_marked(load_gold_set(path, skip_invalid=skip_invalid), corpus_dir)


def with_marked(gold_set: GoldSet, corpus_dir: Path) -> GoldSet:
    """A gold set, and the questions that were marked and reviewed beside articles.

    A question of the gold set that was marked counts as it was marked.

    Raises:
        GoldError: As `read_local_gold`.
    """
    marked = reviewed_gold(corpus_dir)
    ids = {question.id for question in marked}
    kept = [
        question
        for question in gold_set.questions
        if local_id(question.question, question.filters) not in ids
    ]
    return replace(gold_set, questions=(*kept, *marked))


def put_marked(corpus_dir: Path, question: GoldQuestion) -> None:
    """Add a marked question; one of the same id is replaced.

    Raises:
        GoldError: If the file is malformed, or full.
        CorpusWriteError: If it cannot be written.
    """
    others = [other for other in read_local_gold(corpus_dir) if other.id != question.id]
    marked = [*others, question]
    lines = _lines(marked)
    if (size := len(lines[-1].encode())) > _MAX_LINE_BYTES:
        raise GoldError(
            f"question: with its words and filters it takes {size} bytes; expected at most "
            f"{_MAX_LINE_BYTES}"
        )
    _check_room(lines, 1, "remove some first")
    if not _is_reviewed(question):
        # Whoever may ask may mark: reviewed questions keep half of the room.
        pairs = zip(marked, lines, strict=True)
        waiting = [line for other, line in pairs if not _is_reviewed(other)]
        _check_room(waiting, 2, "review or remove some first")
    _write(corpus_dir, lines)


def drop_marked(corpus_dir: Path, gold_id: str) -> bool:
    """Remove a marked question; whether there was one.

    Raises:
        GoldError: If the file is malformed.
        CorpusWriteError: If it cannot be written.
    """
    questions = read_local_gold(corpus_dir)
    kept = [question for question in questions if question.id != gold_id]
    if len(kept) < len(questions):
        _write(corpus_dir, _lines(kept))
    return len(kept) < len(questions)


def _is_reviewed(question: GoldQuestion) -> bool:
    return question.mark is not None and question.mark.reviewed


def _check_room(lines: list[str], part: int, what_to_do: str) -> None:
    """Check that lines fit into one part of so many of the file."""
    count, most = len(lines), MAX_MARKED // part
    if count > most:
        raise GoldError(
            f"{LOCAL_GOLD_FILE}: with this question it would have {count} questions; expected at "
            f"most {most}, so {what_to_do}"
        )
    size, most = sum(len(line.encode()) for line in lines), MAX_MARKED_BYTES // part
    if size > most:
        raise GoldError(
            f"{LOCAL_GOLD_FILE}: with this question it would have {size} bytes; expected at most "
            f"{most}, so {what_to_do}"
        )


def _lines(questions: list[GoldQuestion]) -> list[str]:
    return [
        f"{json.dumps(_fields(question), ensure_ascii=False, sort_keys=False)}\n"
        for question in questions
    ]


def _write(corpus_dir: Path, lines: list[str]) -> None:
    """Replace the file at once, or not at all, whatever another service writes meanwhile."""
    written = corpus_dir / f"{_INCOMING}-{uuid.uuid4().hex[:8]}"
    try:
        _remove_left(corpus_dir)
        try:
            with written.open("w", encoding="utf-8") as file:
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            written.replace(corpus_dir / LOCAL_GOLD_FILE)
            sync(corpus_dir)
        finally:
            written.unlink(missing_ok=True)
    except OSError as error:
        raise CorpusWriteError(
            f"{LOCAL_GOLD_FILE}: it cannot be written ({error.strerror}); check that "
            f"'{corpus_dir.name}' is writable and its disk has room"
        ) from error


def _remove_left(corpus_dir: Path) -> None:
    """Remove what killed writes left."""
    for path in corpus_dir.glob(f"{_INCOMING}*"):
        with suppress(FileNotFoundError):  # another service removed it, or its write ended
            if time.time() - path.stat().st_mtime > _LEFT_AFTER_S:
                path.unlink()


def _fields(question: GoldQuestion) -> dict[str, object]:
    stated: dict[str, object] = question.model_dump(mode="json", exclude_defaults=True)
    return {"id": question.id, "question": question.question, "answers": [], **stated}
