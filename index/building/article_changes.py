"""What became of the articles between two generations."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from index.manifest import ChangeRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NAMED: Final = 100  # articles named of each kind; all are counted
_COLUMNS: Final = ("title", "url", "source", "author", "published_at", "tags", "pages", "sha256")
_SAME: Final = " AND ".join(f"n.{name} IS o.{name}" for name in _COLUMNS)

_REMOVED: Final = "FROM before n LEFT JOIN now o ON o.id = n.id WHERE o.id IS NULL"


@dataclass(frozen=True, slots=True)
class ArticleChanges:
    """Articles by what happened to them.

    Changed means other text or metadata under the same id; another line of the same file is no
    change. Lost are those of the removed ones that stood where something was skipped.
    """

    added: ChangeRecord
    changed: ChangeRecord
    removed: ChangeRecord
    lost: ChangeRecord
    kept: int


def compare_articles(old: Path | None, new: Path, skipped: Iterable[str]) -> ArticleChanges:
    """Compare two article files by id; without an old one everything is new.

    Args:
        old: The article file of the generation before.
        new: That of the new one.
        skipped: The folders, files and lines that the new one could not take in.
    """
    with closing(sqlite3.connect(_read_only(new), uri=True)) as connection:
        connection.execute("CREATE TEMP VIEW now AS SELECT * FROM main.articles")
        if old is None:
            connection.execute("CREATE TEMP VIEW before AS SELECT * FROM main.articles LIMIT 0")
        else:
            connection.execute("ATTACH ? AS earlier", (_read_only(old),))
            connection.execute("CREATE TEMP VIEW before AS SELECT * FROM earlier.articles")
        total = int(connection.execute("SELECT count(*) FROM now").fetchone()[0])
        added, changed, removed = (
            _change(connection, rest)
            for rest in (
                "FROM now n LEFT JOIN before o ON o.id = n.id WHERE o.id IS NULL",
                f"FROM now n JOIN before o ON o.id = n.id WHERE NOT ({_SAME})",
                _REMOVED,
            )
        )
        lost = _lost(connection, set(skipped))
    return ArticleChanges(added, changed, removed, lost, total - added.count - changed.count)


def _lost(connection: sqlite3.Connection, skipped: set[str]) -> ChangeRecord:
    """The removed articles whose line, file or folder was skipped, and not removed."""
    removed = connection.execute(f"SELECT n.id, n.path {_REMOVED} ORDER BY n.number")
    ids = [article_id for article_id, path in removed if not skipped.isdisjoint(_places(path))]
    return ChangeRecord(count=len(ids), ids=tuple(ids[:NAMED]))


def _places(path: str) -> Iterator[str]:
    """Where an article stood: its line, where it had one, its file, and the folders of that."""
    yield path
    yield path.rpartition(":")[0]
    yield from map(str, PurePosixPath(path).parents)


def _change(connection: sqlite3.Connection, rest: str) -> ChangeRecord:
    count = int(connection.execute(f"SELECT count(*) {rest}").fetchone()[0])
    ids = connection.execute(f"SELECT n.id {rest} ORDER BY n.number LIMIT {NAMED}").fetchall()
    return ChangeRecord(count=count, ids=tuple(article_id for (article_id,) in ids))


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"
