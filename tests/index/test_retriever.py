"""Ranked passages from both searches."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.generations.generation import Generation, open_current
from index.records import NO_FILTERS, Filters, Hit
from index.retriever import RetrievalParameters, Retriever, convex_fusion
from tests.conftest import write_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.building.builder import BuildSummary
    from tests.conftest import FakeEncoder


@pytest.fixture
def generation(
    build: Callable[[], BuildSummary], index_dir: Path, encoder: FakeEncoder
) -> Iterator[Generation]:
    build()
    opened = open_current(index_dir, encoder)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (Filters(sources=frozenset({"Sample Wire"})), {"meta"}),
        (Filters(tags=frozenset({"capex"})), {"meta", "microsoft"}),
        (Filters(published_to=dt.date(2025, 1, 3)), {"microsoft"}),
        (Filters(article_ids=frozenset({"rain", "nobody"})), {"rain"}),
        (Filters(tags=frozenset({"nothing"})), set()),
        (NO_FILTERS, {"meta", "microsoft", "rain"}),
    ],
)
def test_passages_pass_the_filters(
    generation: Generation, encoder: FakeEncoder, filters: Filters, ids: set[str]
) -> None:
    passages = Retriever(generation, encoder).retrieve("Meta data centres", 10, filters).passages
    assert {passage.article.id for passage in passages} == ids


def test_more_passages_than_chunks_cannot_be_had_and_fewer_are_the_best(
    generation: Generation, encoder: FakeEncoder
) -> None:
    retriever = Retriever(generation, encoder)
    every = retriever.retrieve("Microsoft data centres", 1000).passages
    assert [passage.rank for passage in every] == [1, 2, 3]
    assert retriever.retrieve("Microsoft data centres", 2).passages == every[:2]
    assert retriever.retrieve("Microsoft data centres", 0).passages == []


def test_further_passages_to_read_are_of_the_first_articles_and_then_the_next_best(
    corpus_dir: Path, index_dir: Path, encoder: FakeEncoder
) -> None:
    harbours = ("Ada", "Bix", "Cor", "Dun", "Elm")
    write_articles(
        corpus_dir,
        [
            {"id": name, "title": name, "text": "\n\n".join(_paragraphs(name, place))}
            for place, name in enumerate(harbours)
        ],
    )
    build_index(corpus_dir, index_dir, encoder, ChunkingParameters(max_tokens=24, overlap_tokens=0))
    with closing(open_current(index_dir, encoder)) as generation:
        retriever = Retriever(generation, encoder)
        question = "How many cranes stand in the harbour?"
        ranking = retriever.load(retriever.rank(question))
        first = retriever.retrieve(question, 4)
        read = retriever.retrieve(question, 4, read=8)

    assert read.passages[:4] == first.passages == ranking[:4]
    articles = list(dict.fromkeys(p.article.id for p in ranking[:4]))[:3]
    others = [p for p in ranking[4:] if p.article.id not in articles]
    assert others, "all are of the first articles, and nothing is shown"
    ordered = [*(p for p in ranking[4:] if p.article.id in articles), *others]
    assert read.passages[4:] == ordered[:4] != ranking[4:8]
    ids = [p.chunk_id for p in read.passages] + [chunk.chunk_id for chunk in read.runners_up]
    assert sorted(ids) == sorted(p.chunk_id for p in ranking)


def _paragraphs(name: str, place: int) -> list[str]:
    cranes = f"In the harbour of {name} stand {place + 3} cranes, and the harbour has more cranes."
    return [cranes, *(f"{what} of {name} was painted in the year {place}." for what in _BUILDINGS)]


_BUILDINGS = ("The town hall", "The old customs house", "The lighthouse", "The school")


def test_chunk_that_only_bm25_found_has_its_true_cosine(
    generation: Generation, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    vector = encoder.encode_question("Microsoft")
    rain = Hit(2, generation.vectors.nearest(vector, 0, also=[2]).cosines[2], 1)
    monkeypatch.setattr(generation.vectors, "search", lambda *_: [rain])
    passages = Retriever(generation, encoder).retrieve("Microsoft", 10).passages
    assert [(passage.article.id, passage.scores.lexical is None) for passage in passages] == [
        ("microsoft", False),
        ("rain", True),
    ]
    for passage in passages:
        cosine = float(vector @ encoder.encode_question(passage.chunk.indexed_text))
        assert passage.scores.dense == pytest.approx(cosine, abs=1e-5)


def test_question_without_known_words_is_ranked_by_cosine_alone(
    generation: Generation, encoder: FakeEncoder
) -> None:
    passages = Retriever(generation, encoder).retrieve("what is the", 10).passages
    assert [passage.scores.lexical for passage in passages] == [None] * 3
    cosines = [passage.scores.dense or 0.0 for passage in passages]
    assert cosines == sorted(cosines, reverse=True)


def test_equal_scores_are_ranked_by_chunk_id(
    generation: Generation, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "index.retriever.convex_fusion",
        lambda dense, _, **__: dict.fromkeys(sorted(dense, reverse=True), 0.5),
    )
    passages = Retriever(generation, encoder).retrieve("Meta", 10).passages
    assert [passage.chunk_id for passage in passages] == [0, 1, 2]


def test_passages_are_the_first_of_the_ranking(
    generation: Generation, encoder: FakeEncoder
) -> None:
    retriever = Retriever(generation, encoder)
    filters = Filters(tags=frozenset({"capex"}))
    ranking = retriever.rank("Microsoft data centres", filters)
    assert len(ranking) == 2
    passages = retriever.retrieve("Microsoft data centres", 1, filters).passages
    assert [(passage.chunk_id, passage.scores) for passage in passages] == ranking[:1]


@pytest.mark.parametrize("question", ["Microsoft data centres", "spend in Dublin", "weather"])
def test_ranking_with_all_the_weight_on_one_search_is_that_search(
    generation: Generation, encoder: FakeEncoder, question: str
) -> None:
    def ranking(dense_weight: float) -> list[int]:
        parameters = RetrievalParameters(dense_weight=dense_weight)
        return [
            ranked.chunk_id for ranked in Retriever(generation, encoder, parameters).rank(question)
        ]

    dense = generation.vectors.search(encoder.encode_question(question), 10)
    assert ranking(1.0) == [hit.chunk_id for hit in dense]
    lexical = generation.lexical.search(question, 10)
    assert ranking(0.0) == [hit.chunk_id for hit in lexical]


def test_one_search_gives_the_ranking_of_every_weight(
    generation: Generation, encoder: FakeEncoder
) -> None:
    candidates = Retriever(generation, encoder).candidates("Microsoft data centres")
    for weight in (0.0, 0.3, 0.8, 1.0):
        retriever = Retriever(generation, encoder, RetrievalParameters(dense_weight=weight))
        assert candidates.rank(weight) == retriever.rank("Microsoft data centres")


def test_convex_fusion_of_one_ranking_scales_its_best_to_the_weight() -> None:
    assert convex_fusion({1: 1.0, 2: 0.0}, {}, dense_weight=0.8) == {1: 0.8, 2: 0.4}
    assert convex_fusion({}, {1: 4.0, 2: 1.0}, dense_weight=0.5) == {1: 0.5, 2: 0.125}
    assert convex_fusion({}, {}, dense_weight=0.5) == {}
    assert convex_fusion({1: -1.0}, {1: 0.0}, dense_weight=0.5) == {1: 0.0}


def test_a_full_list_of_bm25_hits_does_not_outrank_what_dense_search_alone_found(
    generation: Generation, encoder: FakeEncoder
) -> None:
    def scores(candidates: int) -> list[float]:
        parameters = RetrievalParameters(candidates, dense_weight=0.8)
        found = Retriever(generation, encoder, parameters).candidates("data centres in Dublin")
        return [found.unlisted, min(found.lexical.values())]

    listed, least = scores(1)
    assert listed == least > 0
    assert scores(10)[0] == 0
    dense, lexical = {1: 0.2, 2: 0.7}, {1: 3.0, 3: 4.0}
    cut = convex_fusion(dense, lexical, dense_weight=0.8, unlisted=3.0)
    assert cut[2] > cut[1]
    assert cut[2] == pytest.approx(0.8 + 0.2 * 3 / 4)


scores = st.dictionaries(st.integers(0, 20), st.floats(0, 1, width=32), max_size=12)


@given(dense=scores, lexical=scores, weight=st.floats(0, 1))
def test_convex_fusion_is_bounded_and_monotone(
    dense: dict[int, float], lexical: dict[int, float], weight: float
) -> None:
    fused = convex_fusion(dense, lexical, dense_weight=weight)
    assert fused.keys() == dense.keys() | lexical.keys()
    assert all(0 <= score <= 1 + 1e-9 for score in fused.values())
    for better in fused:
        for worse in fused:
            if dense.get(better, -1) >= dense.get(worse, -1) and (
                lexical.get(better, -1) >= lexical.get(worse, -1)
            ):
                assert fused[better] >= fused[worse] - 1e-9
