"""What became of the articles between two generations."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from index.manifest import ChangeRecord

if TYPE_CHECKING:
    from pathlib import Path

NAMED: Final = 100  # articles named of each kind; all are counted
_COLUMNS: Final = ("title", "url", "source", "author", "published_at", "tags", "pages", "sha256")
_SAME: Final = " AND ".join(f"n.{name} IS o.{name}" for name in _COLUMNS)


@dataclass(frozen=True, slots=True)
class ArticleChanges:
    """Articles by what happened to them.

    Changed means other text or metadata under the same id; another line of the same file is no
    change.
    """

    added: ChangeRecord
    changed: ChangeRecord
    removed: ChangeRecord
    kept: int


def compare_articles(old: Path | None, new: Path) -> ArticleChanges:
    """Compare two article files by id; without an old one everything is new."""
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
                "FROM before n LEFT JOIN now o ON o.id = n.id WHERE o.id IS NULL",
            )
        )
    return ArticleChanges(added, changed, removed, total - added.count - changed.count)


def _change(connection: sqlite3.Connection, rest: str) -> ChangeRecord:
    count = int(connection.execute(f"SELECT count(*) {rest}").fetchone()[0])
    ids = connection.execute(f"SELECT n.id {rest} ORDER BY n.number LIMIT {NAMED}").fetchall()
    return ChangeRecord(count=count, ids=tuple(article_id for (article_id,) in ids))


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"
