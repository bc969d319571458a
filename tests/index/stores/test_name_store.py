"""The names of a corpus: what is in it, what is near, what else it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.errors import IndexCorruptError
from index.stores.name_store import NameCollector, NameStore

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (
    "Microsoft's Rolls-Royce order pleased Ingrid Sæther. The Nvidia deal, said a Mozambican "
    "minister, went to the Competition and Markets Authority. The metal was cheap."
)


@pytest.fixture
def store(tmp_path: Path) -> NameStore:
    collector = NameCollector()
    collector.add_text(TEXT)
    collector.add_alias("Meta", "Facebook")
    collector.add_name("Harriet Quill")
    collector.write(tmp_path / "names")
    return NameStore(tmp_path / "names")


@pytest.mark.parametrize("form", ["microsoft", "rolls", "rollsroyce", "saether", "cheap"])
def test_name_store_has_every_word(store: NameStore, form: str) -> None:
    assert store.has_word(form)


def test_name_store_lacks_other_words(store: NameStore) -> None:
    assert not store.has_word("netflix")


def test_name_store_offers_names_a_letter_away(store: NameStore) -> None:
    assert store.near_names("microsft") == ["Microsoft"]
    assert store.near_names("nvidai") == ["Nvidia"]
    assert store.near_names("netflix") == []


def test_name_store_offers_no_common_words(store: NameStore) -> None:
    assert store.near_names("cheep") == []


def test_name_store_finds_peoples_and_initials(store: NameStore) -> None:
    assert store.has_people("mozambique")
    assert not store.has_people("netflix")
    assert store.has_initials("cma")
    assert not store.has_initials("cmb")


def test_name_store_gives_aliases_both_ways(store: NameStore) -> None:
    assert store.aliases("FACEBOOK") == ["Meta"]
    assert store.aliases("Meta") == ["Facebook"]
    assert store.aliases("Nvidia") == []


def test_name_store_has_authors_whole(store: NameStore) -> None:
    assert store.has_word("quill")
    assert store.has_name("Harriet  QUILL")
    assert not store.has_name("Harriet Nvidia")
    assert store.aliases("Harriet Quill") == []


def test_name_store_refuses_a_folder_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(IndexCorruptError, match="rebuild the index"):
        NameStore(tmp_path)


def test_word_of_any_length_is_looked_up(tmp_path: Path) -> None:
    NameCollector().write(tmp_path / "names")
    names = NameStore(tmp_path / "names")
    for form in ("é" * 1000, "a" * 25, "x" * 65):
        assert not names.has_people(form)
        assert names.near_names(form) == []


def test_name_keeps_a_few_aliases(tmp_path: Path) -> None:
    collector = NameCollector()
    for number in range(100):
        collector.add_alias("Meta", f"Facebook {number}")
    collector.write(tmp_path / "names")
    names = NameStore(tmp_path / "names")
    assert names.aliases("Meta") == [f"Facebook {number}" for number in range(20)]
    assert names.aliases("Facebook 99") == ["Meta"]


def test_names_that_cannot_be_locked_are_looked_up(tmp_path: Path) -> None:
    """As on a read-only disk: tantivy's lock cannot be made, as something else has its name."""
    folder = tmp_path / "names"
    collector = NameCollector()
    collector.add_text("Meta")
    collector.write(folder)
    assert {file.stat().st_mode & 0o444 for file in folder.iterdir()} == {
        folder.stat().st_mode & 0o444
    }
    for name in (".tantivy-meta.lock", ".tantivy-writer.lock"):
        (folder / name).unlink(missing_ok=True)
        (folder / name).mkdir()
    assert NameStore(folder).has_word("meta")
