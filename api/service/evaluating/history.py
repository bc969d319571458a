"""The evaluations of an index folder: figures of all of them, and what the latest asked."""

from __future__ import annotations

import json
import os
import uuid
from typing import TYPE_CHECKING, Any, Final

from api.errors import StateError
from index.errors import EvaluationNotFoundError
from index.syncing import sync

if TYPE_CHECKING:
    from pathlib import Path

HISTORY_FILE: Final = "evaluations.jsonl"
FOLDER: Final = "evaluations"
_KEPT: Final = 500
_KEPT_WHOLE: Final = 20  # megabytes each


class EvaluationHistory:
    """A line an evaluation in one file; results and reports of the latest in a folder beside it.

    Args:
        index_dir: Folder of the index.
    """

    def __init__(self, index_dir: Path) -> None:
        self._path = index_dir / HISTORY_FILE
        self._folder = index_dir / FOLDER

    def records(self) -> list[dict[str, Any]]:
        """The figures of all evaluations, the oldest first; what is no line of them is left out.

        Raises:
            StateError: If the file cannot be read.
        """
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _unusable(self._path, error) from error
        return [record for line in lines if (record := _record(line)) is not None]

    def add(self, record: dict[str, Any]) -> None:
        """Add the figures of an evaluation, and remove the oldest; the file is replaced at once.

        Raises:
            StateError: If it cannot be written.
        """
        records = [*self.records(), record][-_KEPT:]
        written = self._path.with_name(f".{HISTORY_FILE}.{uuid.uuid4().hex[:8]}")
        try:
            try:
                with written.open("w", encoding="utf-8") as file:
                    file.writelines(f"{json.dumps(each)}\n" for each in records)
                    file.flush()
                    os.fsync(file.fileno())
                written.replace(self._path)
                sync(self._path.parent)
            finally:
                written.unlink(missing_ok=True)
            self._remove_all_but({each["id"] for each in records[-_KEPT_WHOLE:]})
        except OSError as error:
            raise _unusable(self._path, error) from error

    def folder(self) -> Path:
        """Where results and reports are written, made where it is missing.

        Raises:
            StateError: If it cannot be made.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unusable(self._folder, error) from error
        return self._folder

    def is_whole(self, evaluation_id: str) -> bool:
        """Whether the questions and the report of an evaluation of these are kept."""
        return (self._folder / f"{evaluation_id}.html").is_file()

    def result(self, evaluation_id: str) -> Path:
        """The file with every question of an evaluation.

        Raises:
            EvaluationNotFoundError: If there is none, or only its figures are kept.
        """
        return self._file(evaluation_id, ".json")

    def report(self, evaluation_id: str) -> Path:
        """The report of an evaluation, as `result` finds it."""
        return self._file(evaluation_id, ".html")

    def _file(self, evaluation_id: str, suffix: str) -> Path:
        if evaluation_id not in {record["id"] for record in self.records()}:  # never a path
            raise EvaluationNotFoundError(
                f"evaluation '{evaluation_id[:100]}': there is none of this id"
            )
        path = self._folder / f"{evaluation_id}{suffix}"
        if not path.is_file():
            raise EvaluationNotFoundError(
                f"evaluation '{evaluation_id}': only its figures are kept; questions and reports "
                f"are those of the latest {_KEPT_WHOLE}"
            )
        return path

    def _remove_all_but(self, kept: set[str]) -> None:
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if path.stem not in kept:
                    path.unlink(missing_ok=True)


def _record(line: str) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) and isinstance(record.get("id"), str) else None


def _unusable(path: Path, error: OSError) -> StateError:
    return StateError(
        f"{path.name} in the index folder: {error.strerror}; check its disk, then retry"
    )
