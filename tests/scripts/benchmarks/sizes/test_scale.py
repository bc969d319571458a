"""The benchmark of growing synthetic indexes: what it makes, what it reports, what it draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from index.stores import vector_tuning
from index.stores.article_store import ArticleStore
from index.stores.lexical import LexicalStore
from index.stores.local import ARTICLES_FILE
from scripts.benchmarks.sizes import fleet
from scripts.benchmarks.sizes.fleet import measure_fleet
from scripts.benchmarks.sizes.material import Material
from scripts.benchmarks.sizes.scale import measure_sizes
from scripts.benchmarks.sizes.scale_plot import plot_sizes
from scripts.benchmarks.sizes.synthetic import (
    HALF,
    ONE_PERCENT,
    nearest_ones,
    perturbed,
    write_articles,
    write_lexical,
)
from scripts.benchmarks.sizes.words import WordSource
from tests.conftest import FakeEncoder

if TYPE_CHECKING:
    from pathlib import Path

QUESTIONS = ["How much does Meta spend?", "What rained in Dublin?", "data centres"]


def _vectors(count: int, seed: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    rows = np.random.default_rng(seed).standard_normal((count, 64))
    unit: np.ndarray[Any, np.dtype[np.float32]] = (
        rows / np.linalg.norm(rows, axis=1, keepdims=True)
    ).astype(np.float32)
    return unit


def test_perturbed_vectors_are_unit_vectors_near_the_real_ones(tmp_path: Path) -> None:
    real = _vectors(200, 1)
    made = perturbed(real, nearest_ones(real), 1000, tmp_path / "vectors")
    assert made.shape == (1000, 64)
    assert np.linalg.norm(made, axis=1) == pytest.approx(np.ones(1000), abs=1e-5)
    nearest = (made @ real.T).max(axis=1)
    assert nearest.min() > 0.5
    assert nearest.max() < 0.999
    again = perturbed(real, nearest_ones(real), 1000, tmp_path / "again")
    assert np.array_equal(made, again)


def test_synthetic_stores_hold_the_same_chunks_and_filters_leave_their_share(
    tmp_path: Path, corpus_dir: Path
) -> None:
    words = WordSource(corpus_dir)
    assert write_articles(tmp_path, 4001, words) == 1001
    write_lexical(tmp_path, 4001, words)
    articles = ArticleStore(tmp_path / ARTICLES_FILE)
    lexical = LexicalStore(tmp_path / "lexical", "en", context_weight=0.3)
    assert articles.chunk_count == len(lexical) == 4001
    for filters, share in ((ONE_PERCENT, 0.01), (HALF, 0.5)):
        allowed = articles.allowed_chunks(filters)
        assert allowed is not None
        assert len(allowed) / 4001 == pytest.approx(share, rel=0.05)
        found = {hit.chunk_id for hit in lexical.search("Meta", 5000, filters)}
        assert found
        assert found <= set(allowed.tolist())
    articles.close()


@pytest.fixture
def material(corpus_dir: Path) -> Material:
    encoder = FakeEncoder()
    return Material(
        real=_vectors(200, 1),
        questions=QUESTIONS,
        asked=np.stack([encoder.encode_question(question) for question in QUESTIONS]),
        tuned_with=_vectors(20, 2),
        words=WordSource(corpus_dir),
        encoder=encoder,
    )


def test_fleet_is_built_and_asked_shard_by_shard(
    tmp_path: Path, material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_tuning, "EXACT_UP_TO", 1100)
    exact: Any = measure_fleet(material, 1001, 3, 2, 0.9, tmp_path)
    assert (exact["vector_index"], exact["recall_at_10"]) == ("Flat", 1.0)
    assert exact["recall_at_10_tuned"] is None
    compressed: Any = measure_fleet(material, 2400, 2, 1, 0.9, tmp_path)
    assert compressed["vector_index"] == "IVF128,PQ32x4fs,Refine(SQ8)"
    assert compressed["recall_at_10"] >= 0.8
    for result in (exact, compressed):
        assert result["ms"]["slowest_shard"]["p50"] <= result["ms"]["one_after_the_other"]["p50"]
        assert result["megabytes"]["largest_shard"] < result["megabytes"]["vectors"]
    assert not list(tmp_path.glob("*.f32")), "the plain vectors do not stay"


def test_fleet_whose_run_was_ended_is_built_on_from_its_last_shard(
    tmp_path: Path, material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole: Any = measure_fleet(material, 1001, 3, 2, 0.9, tmp_path / "whole")
    built = []

    def end_in_the_last(*arguments: Any) -> Any:
        built.append(arguments)
        if len(built) == 3:
            raise KeyboardInterrupt
        return vector_tuning.build_store(*arguments)

    monkeypatch.setattr(fleet, "build_store", end_in_the_last)
    with pytest.raises(KeyboardInterrupt):
        measure_fleet(material, 1001, 3, 2, 0.9, tmp_path / "ended")
    again: Any = measure_fleet(material, 1001, 3, 2, 0.9, tmp_path / "ended")
    assert len(built) == 4, "two shards were there, and the third is built again"
    for figure in ("recall_at_10", "vector_index"):
        assert again[figure] == whole[figure]
    measure_fleet(material, 1001, 3, 2, 0.8, tmp_path / "ended")
    assert len(built) == 7, "shards that were tuned otherwise are not taken"
    measure_fleet(material, 1336, 4, 2, 0.8, tmp_path / "ended")
    assert len(built) == 9, "a larger fleet takes the two of the same number and size"


def test_every_size_is_measured_and_drawn(
    tmp_path: Path, material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_tuning, "EXACT_UP_TO", 1200)
    rows: list[Any] = measure_sizes(material, 6000, 0.9)
    assert [row["chunks"] for row in rows] == [1000, 6000]
    exact, compressed = rows
    assert (exact["vector_index"], exact["recall_at_10"]) == ("Flat", 1.0)
    assert compressed["vector_index"] == "IVF256,PQ32x4fs,Refine(SQ8)"
    assert compressed["recall_at_10"] >= 0.8
    assert compressed["memory_share_of_float32"] > 0
    for row in rows:
        for way in ("dense", "bm25", "filter", "retrieval"):
            for name in ("", "_1_percent", "_50_percent"):
                assert row["ms"][way + name].keys() == {"p50", "p95"}
    plot_sizes(rows, tmp_path / "cost.svg")
    drawn = (tmp_path / "cost.svg").read_text()
    assert ET.fromstring(drawn).tag.endswith("svg")  # noqa: S314 - drawn just now
    assert "whole retrieval" in drawn
    assert "#0101" not in drawn
