"""Names of questions: absent ones, slips of the pen, and aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from api.answering.names.looking_up import NameLookup
from api.answering.questions.question import Question
from index.folding import fold
from index.records import Hit
from index.stores.name_store import NameCollector, NameStore
from tests.index.making import chunk, info

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.answering.names.looking_up import NamedQuestion
    from index.records import ArticleInfo, Chunk

TEXTS = (
    "Microsoft, IAM and Meta spend. Reed Porter, the chief executive of Northmoor Rovers, said so.",
    "Oscar Quiñones moved from Hastings to Saint-Aubert before its initial public offering.",
    "Nvidia sold chips in the first quarter. The Tesla has wheels. So did the justice department.",
)


class _Lexical:
    def has_together(self, words: Sequence[str]) -> bool:
        return any(all(fold(word) in fold(text) for word in words) for text in TEXTS)

    def search(self, word: str, limit: int) -> list[Hit]:
        places = [at for at, text in enumerate(TEXTS) if fold(word) in fold(text)]
        return [Hit(at, 1.0, rank) for rank, at in enumerate(places[:limit], start=1)]


class _Articles:
    def chunks(self, ids: Sequence[int]) -> dict[int, tuple[Chunk, ArticleInfo]]:
        return {at: (chunk(TEXTS[at], str(at)), info(str(at))) for at in ids}


class _Generation(NamedTuple):
    names: NameStore | None
    lexical: _Lexical
    articles: _Articles


@pytest.fixture
def names(tmp_path: Path) -> NameStore:
    collector = NameCollector()
    for text in TEXTS:
        collector.add_text(text)
    collector.add_alias("Meta", "Facebook")
    collector.write(tmp_path / "names")
    return NameStore(tmp_path / "names")


def _look_up(names: NameStore | None, question: str) -> NamedQuestion:
    generation = _Generation(names, _Lexical(), _Articles())
    return NameLookup(generation).look_up(Question.parse(question))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("How much does Netflix spend?", ("Netflix",)),
        ("What is Palantir's market value?", ("Palantir",)),
        ("How old is Patrick Collison?", ("Patrick Collison",)),
        ("How old is Reed Hastings?", ("Reed Hastings",)),  # both words, never together
        ("Reed Hastings salary", ("Reed Hastings",)),
        ("What did the FAA say?", ("FAA",)),
        ("Did Microsoft buy Netflix from Palantir?", ("Netflix", "Palantir")),
        ("What does Palantir Foundry (PF) cost?", ("Palantir Foundry", "PF")),
    ],
)
def test_look_up_names_what_is_absent(
    names: NameStore, question: str, absent: tuple[str, ...]
) -> None:
    assert _look_up(names, question).names.absent == absent


@pytest.mark.parametrize(
    "question",
    [
        "How much is Meta spending?",
        "how much is netflix spending",
        "Which firm did it postpone chipping?",
        "HOW MUCH IS NETFLIX SPENDING",
        "Who Is The Head Of Netflix Now?",
        "Why Did Oil Prices Fall Despite Large cuts?",
        "Summarise Meta's plans",
        "What did President Porter say on Monday in January?",
        "What did the CEO say of the IPO in Q1?",
        "Which French clubs want Oscar Quinones?",
        "A Mediterranean club bought IAM. Which one?",
        "How many Teslas have wheels?",
        "Besides Microsoft, who spends?",
        "What is AI-generated at Microsoft?",
        "Who left Saint Aubert?",
        "Which clubs want Oscar Quin\u0303ones?",
        "Who left SaintAubert?",
        "How much does Facebook spend?",
        "What did the DOJ say?",
        "Hastings IAM offer",  # two names side by side
        "What does Metaverse Platforms (Meta) spend?",  # the other name is in the articles
        "Wheels Hastings v Rovers",  # a word that articles write small, before a name
    ],
)
def test_look_up_finds_no_false_absence(names: NameStore, question: str) -> None:
    result = _look_up(names, question).names
    assert (result.absent, dict(result.read_as)) == ((), {})


def test_look_up_reads_a_slip_as_the_only_name_near(names: NameStore) -> None:
    named = _look_up(names, "How much will Microsft's rival Nvidea spend?")
    assert named.names.read_as == {"Microsft": "Microsoft", "Nvidea": "Nvidia"}
    assert named.question.text == "How much will Microsoft's rival Nvidia spend?"
    assert named.question.verbatim == "How much will Microsft's rival Nvidea spend?"


@pytest.mark.parametrize(
    ("question", "read_as"),
    [
        ("Why is Northmoor Rovers leaving Oscr Quiñones?", {"Oscr": "Oscar"}),
        ("Why is Oscr leaving?", {}),  # alone, too short to tell
        ("Why is Oscr Hastings leaving?", {}),  # Oscar does not stand right before Hastings
        ("Why is Northmoor Rovers leaving Ried Porter?", {}),  # may be another than Reed Porter
    ],
)
def test_look_up_reads_a_slip_in_a_short_word_by_the_name_around_it(
    names: NameStore, question: str, read_as: dict[str, str]
) -> None:
    assert _look_up(names, question).names.read_as == read_as


def test_look_up_reads_a_slip_without_capitals(names: NameStore) -> None:
    named = _look_up(names, "how much is microsft spending")
    assert named.question.text == "how much is Microsoft spending?"


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What is Nvidias forecast?", "What is Nvidia's forecast?"),
        ("nvidias forecast", "nvidia's forecast"),
        ("How many Nvidias were sold?", "How many Nvidias were sold?"),
        ("Who are the Nvidias of the east?", "Who are the Nvidias of the east?"),
        ("Who are the new Nvidias?", "Who are the new Nvidias?"),
        ("?", "?"),
        ("What did Rovers say?", "What did Rovers say?"),
        ("What do wheelss cost?", "What do wheelss cost?"),  # articles write it small
    ],
)
def test_look_up_marks_the_possessive_of_a_name(
    names: NameStore, question: str, asked: str
) -> None:
    named = _look_up(names, question)
    assert (named.question.text, named.question.verbatim) == (asked, question)
    assert (named.names.absent, dict(named.names.read_as)) == ((), {})


def test_look_up_offers_several_names_near(tmp_path: Path) -> None:
    collector = NameCollector()
    collector.add_text("We met Ferdinand Ketter and Ferdinand Kester.")
    collector.write(tmp_path / "names")
    result = _look_up(NameStore(tmp_path / "names"), "What did Keter say?").names
    assert result.absent == ("Keter",)
    assert {word: set(near) for word, near in result.offered.items()} == {
        "Keter": {"Ketter", "Kester"}
    }
    assert result.reason().startswith("No article mentions 'Keter'. Did you mean '")


def test_look_up_expands_aliases(names: NameStore) -> None:
    named = _look_up(names, "How much did Facebook raise in its IPO?")
    assert "Meta" in named.also
    assert "initial public offering" in named.also
    assert named.question.share_named(frozenset({"meta", "initial", "public", "offering"})) == 1
    assert named.question.share_named(frozenset({"meta"})) == 0.5


def test_look_up_without_names_leaves_the_question(names: NameStore) -> None:
    named = _look_up(None, "How much does Netflix spend?")
    assert (named.names.absent, named.question.text) == ((), "How much does Netflix spend?")


@pytest.mark.parametrize(
    ("joint", "times", "most"),
    [(", said a ", 10, 2 * 16), (" ", 2, 0)],
    ids=["many names", "a name of many words"],
)
def test_look_up_of_many_names_takes_few_searches(
    names: NameStore, monkeypatch: pytest.MonkeyPatch, joint: str, times: int, most: int
) -> None:
    searched: list[str] = []

    def search(_: _Lexical, word: str, limit: int) -> list[Hit]:
        searched.append(word)
        return []

    monkeypatch.setattr(_Lexical, "search", search)
    spelled = (
        "Reed Hastings,Oscar Meta,Nvidia Porter,Rovers Tesla,Microsoft Aubert".split(",") * times
    )
    lower = "who was it that said so to whom, and when and where did he or she say so, to "
    _look_up(names, lower + joint.join(spelled))
    assert len(searched) <= most
