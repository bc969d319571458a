"""Vectors of texts that were embedded before, on disk, shared by all generations of an index."""

from __future__ import annotations

import hashlib
import itertools
import logging
import sqlite3
import zlib
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from index.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from index.embedding.encoder import Encoder

    Vectors = npt.NDArray[np.float32]

_LOGGER = logging.getLogger(__name__)
# The time of last use stands apart from the vectors, so that marking a vector as used does not
# write it again.
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS texts (
    key BLOB PRIMARY KEY, vector INTEGER NOT NULL, bytes INTEGER NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS texts_by_use ON texts (used, vector, bytes);
CREATE TABLE IF NOT EXISTS vectors (
    id INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, data BLOB NOT NULL
);
"""
_SQL_VALUES: Final = 30_000  # SQLite takes 32,766 in one statement


class EmbeddingCache:
    """Keeps the vectors of one encoder's texts; what was not used for longest goes first.

    A file that is damaged is thrown away: nothing is lost but time. A vector whose checksum is
    wrong counts as missing.

    Args:
        path: The database.
        encoder: Whose vectors are wanted; those of other encoders are kept beside them.
        limit_bytes: The most bytes of vectors to keep, of all encoders together.
    """

    def __init__(self, path: Path, encoder: Encoder, *, limit_bytes: int) -> None:
        self._path = path
        self._salt = f"{encoder.fingerprint} {encoder.dimension}\n".encode()
        self._dimension = encoder.dimension
        self._limit_bytes = limit_bytes
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError as error:
            self._start_anew(error)
        # Counted in builds, not in seconds: no clock can turn it back.
        (last,) = self._connection.execute("SELECT coalesce(max(used), 0) FROM texts").fetchone()
        self._build = last + 1

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path)
        try:
            connection.executescript(
                "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; "
                f"PRAGMA synchronous=NORMAL; {_SCHEMA}"
            )
        except BaseException:
            connection.close()
            raise
        return connection

    def _start_anew(self, error: sqlite3.DatabaseError) -> None:
        """Replace a damaged file by an empty one.

        Raises:
            sqlite3.OperationalError: If it is not damaged: no room, no permission.
        """
        if isinstance(error, sqlite3.OperationalError):
            raise error
        _LOGGER.warning("%s: %s; every text is embedded anew", self._path, error)
        for leftover in self._path.parent.glob(f"{self._path.name}*"):
            leftover.unlink()
        self._connection = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error_type: object, error: object, trace: object) -> None:
        self._connection.close()

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(self._salt + text.encode()).digest()[:16]

    def find(self, texts: Iterable[str]) -> dict[str, Vectors]:
        """Look up texts, and mark those found as used; others are not in the result."""
        keys = {self._key(text): text for text in texts}
        found: dict[str, Vectors] = {}
        try:
            for some in _batched(keys, _SQL_VALUES):
                marks = ",".join("?" * len(some))
                for key, checksum, data in self._connection.execute(
                    "SELECT t.key, v.checksum, v.data FROM texts t "
                    f"JOIN vectors v ON v.id = t.vector WHERE t.key IN ({marks})",
                    some,
                ):
                    if zlib.crc32(data) == checksum and len(data) == 4 * self._dimension:
                        found[keys[key]] = np.frombuffer(data, dtype="<f4")
                with self._connection:
                    self._connection.execute(
                        f"UPDATE texts SET used = ? WHERE used < ? AND key IN ({marks})",
                        (self._build, self._build, *some),
                    )
        except sqlite3.DatabaseError as error:
            self._start_anew(error)
        return found

    def add(self, vectors: Mapping[str, Vectors]) -> None:
        """Keep the vectors of texts, durably: a build that is ended goes on from here."""
        try:
            self._add(vectors)
        except sqlite3.DatabaseError as error:
            self._start_anew(error)
            self._add(vectors)

    def _add(self, vectors: Mapping[str, Vectors]) -> None:
        with self._connection:
            for text, vector in vectors.items():
                key = self._key(text)
                data = np.ascontiguousarray(vector, dtype="<f4").tobytes()
                self._connection.execute(
                    "DELETE FROM vectors WHERE id = (SELECT vector FROM texts WHERE key = ?)",
                    (key,),
                )
                added = self._connection.execute(
                    "INSERT INTO vectors (checksum, data) VALUES (?,?)", (zlib.crc32(data), data)
                )
                self._connection.execute(
                    "INSERT OR REPLACE INTO texts VALUES (?,?,?,?)",
                    (key, added.lastrowid, len(data), self._build),
                )

    def trim(self) -> None:
        """Throw away what was not used for longest, down to the limit."""
        (held,) = self._connection.execute("SELECT coalesce(sum(bytes), 0) FROM texts").fetchone()
        with self._connection:
            while held > self._limit_bytes:
                for key, vector, size in self._connection.execute(
                    "SELECT key, vector, bytes FROM texts ORDER BY used, vector LIMIT 1000"
                ).fetchall():
                    self._connection.execute("DELETE FROM texts WHERE key = ?", (key,))
                    self._connection.execute("DELETE FROM vectors WHERE id = ?", (vector,))
                    held -= size
                    if held <= self._limit_bytes:
                        break
        self._connection.execute("PRAGMA incremental_vacuum").fetchall()

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM texts").fetchone()[0])


def _batched(keys: Iterable[bytes], size: int) -> Iterator[tuple[bytes, ...]]:
    rest = iter(keys)
    while some := tuple(itertools.islice(rest, size)):
        yield some


def embed(texts: Sequence[str], encoder: Encoder, cache: EmbeddingCache) -> tuple[Vectors, int]:
    """Embed texts, those in the cache by looking them up.

    Returns:
        ``(len(texts), dimension)`` float32, unit rows, and how many texts the encoder was given
        (each once, however often it occurs).

    Raises:
        EncoderError: If the encoder does not return a vector for each text.
    """
    known = cache.find(texts)
    missing = list(dict.fromkeys(text for text in texts if text not in known))
    if missing:
        vectors = encoder.encode_chunks(missing)
        if len(vectors) != len(missing):
            raise EncoderError(
                f"encoder '{encoder.model}': {len(vectors)} vectors for {len(missing)} texts"
            )
        new = dict(zip(missing, vectors, strict=True))
        cache.add(new)
        known |= new
    return np.stack([known[text] for text in texts]), len(missing)
