"""The FAISS store against brute force."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import IndexCorruptError
from index.stores.vector_store import FaissStore

if TYPE_CHECKING:
    import numpy.typing as npt

FULL: Final = Path("/dev/full")


def unit_rows(count: int, dimension: int, seed: int) -> npt.NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    unit: npt.NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


@given(
    count=st.integers(1, 60),
    limit=st.integers(1, 80),
    seed=st.integers(0, 1000),
    kept=st.none() | st.sets(st.integers(0, 59)),
)
def test_vector_search_equals_brute_force(
    count: int, limit: int, seed: int, kept: set[int] | None
) -> None:
    rows = unit_rows(count, 8, seed)
    store = FaissStore.empty(8)
    store.add(rows[: count // 2])
    store.add(rows[count // 2 :])
    question = unit_rows(1, 8, seed + 1)[0]
    ids = sorted(range(count) if kept is None else (i for i in kept if i < count))
    allowed = None if kept is None else np.array(ids, dtype=np.int64)
    expected = sorted(ids, key=lambda i: -float(rows[i] @ question))[:limit]
    hits = store.search(question, limit, allowed)
    assert [hit.chunk_id for hit in hits] == expected
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == pytest.approx(
        [float(rows[i] @ question) for i in expected], abs=1e-5
    )
    assert store.similarities(question, expected) == pytest.approx(
        [hit.score for hit in hits], abs=1e-5
    )


def test_vector_store_survives_the_disk_and_refuses_other_lengths(tmp_path: Path) -> None:
    store = FaissStore.empty(8)
    rows = unit_rows(5, 8, 0)
    store.add(rows)
    store.save(tmp_path / "v")
    opened = FaissStore.open(tmp_path / "v")
    assert np.array_equal(opened.vectors(), rows)
    with pytest.raises(ValueError, match=r"expected \(n, 8\)"):
        store.add(unit_rows(2, 9, 0))
    (tmp_path / "v").write_bytes(b"nonsense")
    with pytest.raises(IndexCorruptError, match="rebuild"):
        FaissStore.open(tmp_path / "v")


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("count", [1, 4000])
def test_vector_store_that_finds_no_room_is_not_saved(count: int) -> None:
    """A few bytes fail only when the file is closed."""
    store = FaissStore.empty(8)
    store.add(unit_rows(count, 8, 0))
    with pytest.raises(OSError, match="No space left on device"):
        store.save(FULL)
