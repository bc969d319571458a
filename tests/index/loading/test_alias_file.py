"""The alias file: entries, and what is wrong by line."""

from __future__ import annotations

import pytest

from index.loading.alias_file import AliasEntry, read_aliases
from index.loading.corpus_folder import Skipped


def test_alias_file_gives_entries_with_lines() -> None:
    raw = b"Meta: [Facebook,\n  Meta Platforms]\nBank of England: BoE\nNorway: NO\n"
    assert list(read_aliases(raw)) == [
        AliasEntry("Meta", "Facebook", 1),
        AliasEntry("Meta", "Meta Platforms", 2),
        AliasEntry("Bank of England", "BoE", 3),
        AliasEntry("Norway", "NO", 4),
    ]


@pytest.mark.parametrize(
    "raw", [b"A: B\nB: C\nC: A\n", b"A: [B]\n\nC: A\n\nB: C\n"], ids=["chain", "crossed"]
)
def test_alias_file_names_the_line_of_a_cycle_and_keeps_the_rest(raw: bytes) -> None:
    *kept, last = read_aliases(raw)
    assert [type(item) for item in kept] == [AliasEntry, AliasEntry]
    assert isinstance(last, Skipped)
    assert last.where == f"aliases.yml:{raw.decode().rstrip().count(chr(10)) + 1}"
    assert "the other way round" in last.reason


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (b"A: B\nC: {D: E}\n", "aliases.yml:2"),
        (b"A: B\nC: [[D]]\n", "aliases.yml:2"),
        (b"- A\n", "aliases.yml:1"),
        (b"A: B\nC: [\n", "aliases.yml:3"),
        (b"A: B\nC: \xff\n", "aliases.yml:2"),
    ],
)
def test_alias_file_names_the_line_of_what_it_cannot_read(raw: bytes, where: str) -> None:
    *_, last = read_aliases(raw)
    assert isinstance(last, Skipped)
    assert last.where == where


def test_alias_file_may_be_empty() -> None:
    assert list(read_aliases(b"# nothing yet\n")) == []


def test_alias_file_nested_too_deep_is_named() -> None:
    (skipped,) = read_aliases(b"A: " + b"[" * 1000)
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith("nested too deep; expected 'Name: other name'")


def test_long_chains_of_aliases_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.loading.alias_file._MOST_STEPS", 50)
    chain = "".join(f"n{place}: n{place + 1}\n" for place in range(30, 0, -1))
    *entries, last = read_aliases(chain.encode())
    assert [type(entry) for entry in entries] == [AliasEntry] * 9
    assert last == Skipped(
        "aliases.yml:10",
        "long chains of aliases; expected each name on one side only; the rest is left out",
    )
