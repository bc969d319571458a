"""Near-duplicates against the exact similarity of their shingles."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from index.building import near_duplicates
from index.building.near_duplicates import link_near_duplicates
from index.records import Article
from index.stores.article_store import ArticleStore
from index.stores.article_writer import ArticleWriter
from tests.index.making import info

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def _write(path: Path, texts: dict[str, str]) -> None:
    with ArticleWriter(path) as writer:
        for name, text in texts.items():
            writer.add(Article(info(name, text=text), text), [])


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


def _exact(one: str, other: str) -> float:
    first, second = _shingles(one), _shingles(other)
    return len(first & second) / len(first | second)


def test_links_are_those_of_exact_comparison_but_near_the_threshold(tmp_path: Path) -> None:
    draw = random.Random(3)
    texts: dict[str, str] = {}
    for group in range(12):
        words = [f"w{draw.randrange(5000)}" for _ in range(300)]
        for changes in (0, 1, 4, 8, 40):
            edited = list(words)
            for _ in range(changes):
                edited[draw.randrange(300)] = "changed"
            texts[f"{group}-{changes}"] = " ".join(edited)
    _write(tmp_path / "a", texts)
    linked = link_near_duplicates(tmp_path / "a", [tmp_path / "a"])
    store = ArticleStore(tmp_path / "a")
    with_links = 0
    for name, text in texts.items():
        near = {found.id: similarity for found, similarity in store.near_duplicates(name)}
        with_links += bool(near)
        for other, other_text in texts.items():
            exact = _exact(text, other_text)
            if other == name or exact < 0.7:
                assert other not in near
            elif exact > 0.9:
                assert abs(near[other] - exact) < 0.12
    assert linked == with_links >= 24
    store.close()


def test_a_copy_without_the_last_paragraphs_is_linked_but_not_one_that_differs_as_much(
    tmp_path: Path,
) -> None:
    draw = random.Random(5)
    report = [f"w{draw.randrange(5000)}" for _ in range(240)]
    other = [f"v{draw.randrange(5000)}" for _ in range(240)]
    texts = {
        "report": " ".join(report),
        "shortened": " ".join(report[:175]),
        "rewritten": " ".join([*other[:35], *report[35:]]),
        "quoting": " ".join([*report[:90], *other]),
    }
    assert 0.7 < _exact(texts["report"], texts["shortened"]) < 0.75
    assert 0.7 < _exact(texts["report"], texts["rewritten"]) < 0.75
    _write(tmp_path / "a", texts)
    assert link_near_duplicates(tmp_path / "a", [tmp_path / "a"]) == 2
    store = ArticleStore(tmp_path / "a")
    assert [found.id for found, _ in store.near_duplicates("report")] == ["shortened"]
    store.close()


def test_many_articles_of_one_text_frame_are_linked_without_comparing_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_duplicates, "_COMPARED", 2)
    frame = " ".join(f"word{number}" for number in range(200))
    _write(tmp_path / "a", {str(number): f"{frame} {number}" for number in range(10)})
    assert link_near_duplicates(tmp_path / "a", [tmp_path / "a"]) == 10
    store = ArticleStore(tmp_path / "a")
    near = {found.id for found, _ in store.near_duplicates("5")}
    assert {"4", "6"} <= near
    assert len(near) < 9
    store.close()


def test_articles_without_words_are_not_alike_any_other(tmp_path: Path) -> None:
    _write(tmp_path / "a", {"one": "Rain fell.", "two": "Snow fell."})
    assert link_near_duplicates(tmp_path / "a", [tmp_path / "a"]) == 0
