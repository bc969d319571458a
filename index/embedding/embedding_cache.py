"""The embedding cache: vectors of texts on disk, shared by all generations of an index."""

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
# The build of last use is in a table apart from the vectors, so that marking a vector as used does
# not write it again.
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
    """A cache of one encoder's vectors that evicts the least recently used.

    A damaged file is deleted: that costs time only. A vector with a wrong checksum counts as
    missing.

    Args:
        path: The database; vectors of other encoders in it are left alone.
        encoder: The encoder whose vectors to look up.
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
        # Counted in builds, not in seconds: clocks can go backwards.
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
            sqlite3.OperationalError: If the file is intact and something else failed, such as no
                disk space or no permission.
        """
        if isinstance(error, sqlite3.OperationalError):
            raise error
        _LOGGER.warning(
            "%s: %s; the cache is emptied and every text is embedded again", self._path, error
        )
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
        """Look up texts and mark them as used; texts without a vector are left out."""
        keys = {self._key(text): text for text in texts}
        vectors: dict[str, Vectors] = {}
        try:
            for batch in _batched(keys, _SQL_VALUES):
                marks = ",".join("?" * len(batch))
                for key, checksum, data in self._connection.execute(
                    "SELECT t.key, v.checksum, v.data FROM texts t "
                    f"JOIN vectors v ON v.id = t.vector WHERE t.key IN ({marks})",
                    batch,
                ):
                    if zlib.crc32(data) == checksum and len(data) == 4 * self._dimension:
                        vectors[keys[key]] = np.frombuffer(data, dtype="<f4")
                with self._connection:
                    self._connection.execute(
                        f"UPDATE texts SET used = ? WHERE used < ? AND key IN ({marks})",
                        (self._build, self._build, *batch),
                    )
        except sqlite3.DatabaseError as error:
            self._start_anew(error)
        return vectors

    def add(self, vectors: Mapping[str, Vectors]) -> None:
        """Store the vectors of texts durably: an interrupted build continues from them."""
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
        """Evict the least recently used vectors until the rest fits the limit."""
        (stored,) = self._connection.execute("SELECT coalesce(sum(bytes), 0) FROM texts").fetchone()
        with self._connection:
            while stored > self._limit_bytes:
                for key, vector, size in self._connection.execute(
                    "SELECT key, vector, bytes FROM texts ORDER BY used, vector LIMIT 1000"
                ).fetchall():
                    self._connection.execute("DELETE FROM texts WHERE key = ?", (key,))
                    self._connection.execute("DELETE FROM vectors WHERE id = ?", (vector,))
                    stored -= size
                    if stored <= self._limit_bytes:
                        break
        self._connection.execute("PRAGMA incremental_vacuum").fetchall()

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM texts").fetchone()[0])


def _batched(keys: Iterable[bytes], size: int) -> Iterator[tuple[bytes, ...]]:
    rest = iter(keys)
    while batch := tuple(itertools.islice(rest, size)):
        yield batch


def embed(texts: Sequence[str], encoder: Encoder, cache: EmbeddingCache) -> tuple[Vectors, int]:
    """Embed texts; those in the cache are looked up.

    Returns:
        ``(len(texts), dimension)`` float32, unit rows, and the number of texts that the encoder
        embedded; a repeated text is embedded once.

    Raises:
        EncoderError: If the encoder does not return a vector for each text.
    """
    vectors = cache.find(texts)
    missing = list(dict.fromkeys(text for text in texts if text not in vectors))
    if missing:
        rows = encoder.encode_chunks(missing)
        if len(rows) != len(missing):
            raise EncoderError(
                f"encoder '{encoder.model}': {len(rows)} vectors for {len(missing)} texts"
            )
        embedded = dict(zip(missing, rows, strict=True))
        cache.add(embedded)
        vectors |= embedded
    return np.stack([vectors[text] for text in texts]), len(missing)
