"""What holds of every reader in the registry, and of a toy one added to it by a row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.answering.errors import ReaderError
from api.answering.questions.question import Question
from api.answering.ranking.confidence import load_calibration
from api.answering.reading import registry
from api.answering.reading.cascade_reader import CascadeConfig
from api.answering.reading.reader import (
    BatchReader,
    ReaderOptions,
    ReaderPrecision,
    Unit,
    check_spans,
)
from api.answering.reading.registry import READERS, ReaderRow, load_reader, reader_row
from tests.api.answering.making import make_passage
from tests.api.answering.reading.tiny_large import make_adapter, make_base
from tests.conftest import FakeEncoder, fake_calibration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.answering.reading.reader import Reader
    from index.embedding.encoder import SentenceTransformerEncoder
    from index.records import Passage

TOY = "toy"
QUESTION = Question.parse("How much does Meta spend on data centres?")
PASSAGES = [
    make_passage("It rained in Dublin.", "Nobody minded.", article_id="rain"),
    make_passage(
        "Meta spends $65 billion on data centres.", "It said so in May.", article_id="meta", start=7
    ),
    make_passage("Intel builds a plant.", article_id="intel", context="Chips"),
]
ODD = [
    "",
    "   ",
    "\u200b",
    "e\u0301te\u0301 İstanbul ſharp",
    "日本語の文章です。",
    "מטא השקיעה",
    "🇮🇪👩‍👩‍👧 65\u00a0billion",
    "\ufeffa\u00adb\x7f",
    "?!…—",
]


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReaderOptions]:
    """How every reader can be loaded: the toy one by a row, the large ones with a tiny base."""
    folder = tmp_path_factory.mktemp("readers")
    base = make_base(folder / "base")
    make_adapter(folder / "large", base)
    make_adapter(folder / "first", base, seed=2)
    rows = {
        "large": READERS["large"].module,
        "cascade": READERS["cascade"].module,
        TOY: "tests.api.answering.reading.toy_reader",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, module in rows.items():
            own = folder / name
            own.mkdir(exist_ok=True)
            path = own / registry.CALIBRATION_FILE
            calibration = fake_calibration().model_copy(update={"reader": name})
            path.write_text(calibration.model_dump_json(), encoding="utf-8")
            patch.setitem(READERS, name, ReaderRow(module, own, path))
        config = CascadeConfig(first=Path("../first"), second=Path("../large"))
        config.save(folder / "cascade")
        yield ReaderOptions(ReaderPrecision.FLOAT32, base=str(base), models_dir=folder / "models")


@pytest.fixture(
    scope="module",
    params=[pytest.param("small", marks=pytest.mark.model), "large", "cascade", "sentence", TOY],
)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def reader(name: str, options: ReaderOptions) -> Reader:
    return load_reader(name, FakeEncoder(), options)


def _places(
    reader: Reader, question: Question, passages: list[Passage]
) -> list[tuple[object, ...]]:
    return [
        (scored.passage, scored.span, round(scored.score, 3))
        for scored in reader.read(question, passages)
    ]


@pytest.mark.usefixtures("options")
def test_every_reader_of_the_registry_is_tried_here() -> None:
    assert set(READERS) == {"small", "large", "cascade", "sentence", TOY}


def test_reader_says_what_it_is(reader: Reader) -> None:
    assert reader.facts.name
    assert reader.facts.fingerprint
    assert reader.facts.unit in Unit


def test_reader_ships_with_a_calibration_that_is_its_own(name: str, reader: Reader) -> None:
    calibration = load_calibration(reader_row(name).calibration, reader.facts)
    assert calibration.features


def test_reader_reads_nothing_from_nothing(reader: Reader) -> None:
    assert reader.read(QUESTION, []) == []


def test_reader_returns_spans_of_the_passages_best_first(reader: Reader) -> None:
    spans = reader.read(QUESTION, PASSAGES)
    assert spans
    check_spans(spans, PASSAGES)
    assert [scored.score for scored in spans] == sorted(
        (scored.score for scored in spans), reverse=True
    )


def test_reader_is_deterministic(reader: Reader) -> None:
    assert reader.read(QUESTION, PASSAGES) == reader.read(QUESTION, PASSAGES)


@pytest.mark.parametrize("text", ODD)
def test_reader_takes_odd_text(reader: Reader, text: str) -> None:
    passages = [*PASSAGES[:1], *([make_passage(text, context=text)] if text else [])]
    for question in (QUESTION, Question.parse(text)):
        check_spans(reader.read(question, passages), passages)


def test_reader_takes_long_questions_and_passages(reader: Reader) -> None:
    passages = [make_passage(*["Meta spends $65 billion."] * 80, "The end is 1999.")]
    check_spans(reader.read(Question.parse("Why " * 300 + "?"), passages), passages)


def test_reader_takes_many_passages(reader: Reader) -> None:
    passages = [
        make_passage(f"Firm {number} spends ${number} billion.", article_id=f"a{number}")
        for number in range(40)
    ]
    spans = reader.read(Question.parse("How much does Firm 7 spend?"), passages)
    check_spans(spans, passages)
    assert {scored.passage for scored in spans} == set(range(40))


def test_reader_that_reads_apart_finds_the_same_in_a_passage_alone(reader: Reader) -> None:
    if not reader.facts.reads_apart:
        pytest.skip("its spans of one passage depend on the others")
    together = _places(reader, QUESTION, PASSAGES)
    for index, passage in enumerate(PASSAGES):
        alone = [(index, *rest) for _, *rest in _places(reader, QUESTION, [passage])]
        assert alone == [place for place in together if place[0] == index]


def test_reader_in_batches_reads_as_it_reads_alone(reader: Reader) -> None:
    if not isinstance(reader, BatchReader):
        pytest.skip("it reads for one question at a time")
    asked = [
        (QUESTION, PASSAGES),
        (Question.parse("Nothing?"), []),
        (Question.parse("Who builds?"), PASSAGES[2:]),
    ]
    for (question, passages), together in zip(asked, reader.read_many(asked), strict=True):
        alone = reader.read(question, passages)
        assert [(scored.passage, scored.span) for scored in together] == [
            (scored.passage, scored.span) for scored in alone
        ]
        scores = pytest.approx([scored.score for scored in alone], abs=1e-3)  # padding
        assert [scored.score for scored in together] == scores


def test_any_other_name_is_the_folder_of_a_trained_reader() -> None:
    assert reader_row("some/folder") == ReaderRow(
        READERS["small"].module, Path("some/folder"), Path("some/folder/calibration.json")
    )


def test_folder_of_a_cascade_is_read_by_the_cascade(tmp_path: Path) -> None:
    CascadeConfig(first=Path("a"), second=Path("b")).save(tmp_path)
    assert reader_row(str(tmp_path)).module == READERS["cascade"].module


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_configuration_that_is_no_object_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(ReaderError, match=r"config\.json: expected the configuration of a reader"):
        load_reader(str(tmp_path), FakeEncoder())


def test_earlier_name_of_the_small_reader_is_accepted() -> None:
    assert reader_row("trained") == reader_row("small")


@pytest.mark.model
def test_sentence_reader_takes_the_fingerprint_of_its_encoder(
    real_encoder: SentenceTransformerEncoder,
) -> None:
    assert load_reader("sentence", real_encoder).facts.fingerprint == real_encoder.fingerprint
