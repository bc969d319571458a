"""Near-duplicates: edited or shortened copies of one text, such as an agency report.

MinHash signatures over five-word shingles (Broder, "On the resemblance and containment of
documents", 1997), by the rensa library, with locality-sensitive hashing: articles are compared if
their signatures share a band. Signatures and bands are kept in a temporary database, so that memory
does not grow with the corpus.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing
from itertools import groupby
from typing import TYPE_CHECKING, Final

import numpy as np
import rensa

from index.progress import Report, Stage, no_report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_SIMILAR: Final = 0.8  # estimated Jaccard similarity of the shingles
# A copy without the last paragraphs of the report is less similar, but wholly contained in it.
_SIMILAR_PART: Final = 0.6
_CONTAINED: Final = 0.9  # share of the shorter article's shingles that the longer one has
_SHINGLE_WORDS: Final = 5
_HASHES: Final = 128
_BANDS: Final = 32  # of four hashes: two articles at the lower threshold share one with 0.99
_SEED: Final = 42
_COMPARED: Final = 20  # of the earlier articles that share a band, the latest
_REPORTED: Final = 256  # articles between two reports
_WORD: Final = re.compile(r"\w+")
_TEMPORARY: Final = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
CREATE TEMP TABLE signatures (
    article INTEGER PRIMARY KEY, hashes BLOB NOT NULL, shingles INTEGER NOT NULL
);
CREATE TEMP TABLE bands (band INTEGER, hash BLOB, article INTEGER);
CREATE TEMP TABLE pairs (a INTEGER, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID;
BEGIN;
"""


def link_near_duplicates(path: Path, text_files: Sequence[Path], report: Report = no_report) -> int:
    """Find the near-duplicates in an article database and write them into it.

    Exact copies are left out; they are stored with the article that they copy.

    Args:
        path: A database written by `ArticleWriter`.
        text_files: The databases with the texts of its articles: itself, or those of its shards.
        report: Called with the progress.

    Returns:
        The number of articles that have a near-duplicate.
    """
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_TEMPORARY)
        (articles,) = connection.execute(
            "SELECT count(*) FROM articles WHERE original IS NULL"
        ).fetchone()
        for done, (article_id, text) in enumerate(_texts(text_files)):
            if done % _REPORTED == 0:
                report(Stage.LINKING, done, articles)
            shingles = _shingles(text)
            signature = _signature(shingles)
            (number,) = connection.execute(
                "SELECT number FROM articles WHERE id = ?", (article_id,)
            ).fetchone()
            connection.execute(
                "INSERT INTO signatures VALUES (?,?,?)", (number, signature, len(shingles))
            )
            connection.executemany(
                "INSERT INTO bands VALUES (?,?,?)",
                [(band, part, number) for band, part in enumerate(_parts(signature))],
            )
        report(Stage.LINKING, articles, articles)
        connection.executemany(
            "INSERT OR IGNORE INTO pairs VALUES (?,?)", _candidates(connection, report)
        )
        for a, b, first, second, *shingles in connection.execute(
            "SELECT p.a, p.b, s.hashes, t.hashes, s.shingles, t.shingles FROM pairs p "
            "JOIN signatures s ON s.article = p.a JOIN signatures t ON t.article = p.b"
        ):
            similarity = _similarity(first, second)
            if _is_copy(similarity, shingles):
                connection.executemany(
                    "INSERT INTO near_duplicates VALUES (?,?,?)",
                    [(a, b, similarity), (b, a, similarity)],
                )
        connection.commit()
        (linked,) = connection.execute(
            "SELECT count(DISTINCT article) FROM near_duplicates"
        ).fetchone()
    return int(linked)


def _texts(paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """The ids and texts of the articles in databases, without copies."""
    for path in paths:
        with closing(sqlite3.connect(path)) as connection:
            yield from connection.execute("SELECT id, text FROM articles WHERE original IS NULL")


def _shingles(text: str) -> list[str]:
    words = _WORD.findall(text.casefold())
    last = max(1, len(words) - _SHINGLE_WORDS + 1)
    return list({" ".join(words[at : at + _SHINGLE_WORDS]) for at in range(last)})


def _signature(shingles: list[str]) -> bytes:
    minhash = rensa.RMinHash(num_perm=_HASHES, seed=_SEED)
    minhash.update(shingles)
    return np.array(minhash.digest(), dtype="<u4").tobytes()


def _parts(signature: bytes) -> Iterator[bytes]:
    length = len(signature) // _BANDS
    for at in range(0, len(signature), length):
        yield hashlib.blake2b(signature[at : at + length], digest_size=8).digest()


def _candidates(connection: sqlite3.Connection, report: Report) -> Iterator[tuple[int, int]]:
    """Pair the articles that share a band; in each pair the lower number comes first."""
    report(Stage.COMPARING, 0, _BANDS)
    connection.execute("CREATE INDEX temp.bands_by_hash ON bands (band, hash, article)")
    rows = connection.execute(
        "SELECT band, hash, article FROM bands b WHERE EXISTS (SELECT 1 FROM bands o "
        "WHERE o.band = b.band AND o.hash = b.hash AND o.article <> b.article) ORDER BY 1, 2, 3"
    )
    at = 0
    for (band, _), shared in groupby(rows, key=lambda row: row[:2]):
        if band != at:
            at = band
            report(Stage.COMPARING, at, _BANDS)
        before: list[int] = []
        for _, _, article in shared:
            yield from ((earlier, article) for earlier in before)
            before = [*before[-(_COMPARED - 1) :], article]


def _similarity(first: bytes, second: bytes) -> float:
    """The share of equal hashes, which estimates the Jaccard similarity of the shingles."""
    return float(np.mean(np.frombuffer(first, "<u4") == np.frombuffer(second, "<u4")))


def _is_copy(similarity: float, shingles: Sequence[int]) -> bool:
    """Whether one of two articles is an edited copy of the other, or one of most of it.

    Args:
        similarity: The Jaccard similarity of their shingles.
        shingles: How many each has.
    """
    if similarity >= _SIMILAR:
        return True
    shared = similarity * sum(shingles) / (1 + similarity)
    return similarity >= _SIMILAR_PART and shared >= _CONTAINED * min(shingles)
