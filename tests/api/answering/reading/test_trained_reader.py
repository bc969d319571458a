"""The reader that ships, on texts that it has not seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import torch

from api.answering.answerer import Answerer
from api.answering.errors import ReaderError
from api.answering.questions.question import Question
from api.answering.ranking.confidence import load_calibration
from api.answering.ranking.ranker import Ranker
from api.answering.reading.reader import ReaderOptions, ReaderPrecision, check_spans
from api.answering.reading.registry import CALIBRATION_FILE, SHIPPED_MODEL
from api.answering.reading.trained_reader import TrainedReader
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.embedding.encoder import DEFAULT_MODEL, SentenceTransformerEncoder, model_folder
from index.generations.generation import open_current
from index.retriever import Retriever

if TYPE_CHECKING:
    from index.records import Passage

NEWS = """\
A season of budgets

Three owners of large data centres set out their plans in one week of spring.

- Nordwind will spend about $12 billion on server halls in 2026.
- Seebrook (once called Lakeside) has set aside approximately €7.5 billion for chips.

Nordwind's chief executive, Ada Lindgren, told investors that demand had doubled. The company's \
shares rose by 6 per cent on the day.
"""


def _check_shared_batch(reader: TrainedReader, passages: list[Passage]) -> None:
    """Check that a question is read in the same way alone and beside others."""
    asked = [
        (Question.parse("Who spends how much?"), passages),
        (Question.parse("Nothing?"), []),
        (Question.parse("Who?"), passages[:1]),
    ]
    for (question, given), together in zip(asked, reader.read_many(asked), strict=True):
        alone = reader.read(question, given)
        assert [(one.passage, one.span) for one in alone] == [
            (one.passage, one.span) for one in together
        ]
        # Padding moves the last digits.
        scores = pytest.approx([one.score for one in alone], abs=1e-3)
        assert [one.score for one in together] == scores


@pytest.fixture(scope="module")
def answerer(
    tmp_path_factory: pytest.TempPathFactory, real_encoder: SentenceTransformerEncoder
) -> Answerer:
    folder = tmp_path_factory.mktemp("news")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "news.txt").write_text(NEWS, encoding="utf-8")
    encoder = real_encoder
    build_index(folder / "corpus", folder / "index", encoder, ChunkingParameters())
    reader = TrainedReader(
        SHIPPED_MODEL,
        Path(model_folder(DEFAULT_MODEL)),
        ReaderOptions(ReaderPrecision.FLOAT32),
    )
    calibration = load_calibration(SHIPPED_MODEL / CALIBRATION_FILE, reader.facts)
    assert calibration.reader_fingerprint == reader.facts.fingerprint
    retriever = Retriever(open_current(folder / "index", encoder), encoder)
    passages = retriever.retrieve("Who spends how much?", 8).passages
    check_spans(reader.read(Question.parse("Who spends how much?"), passages), passages)
    _check_shared_batch(reader, passages)
    return Answerer(retriever, Ranker(reader, calibration))


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How much will Nordwind spend on server halls?", "about $12 billion"),
        ("How much has Seebrook set aside for chips?", "approximately €7.5 billion"),
        ("Who is the chief executive of Nordwind?", "Ada Lindgren"),
    ],
)
def test_shipped_reader_marks_the_exact_words(
    answerer: Answerer, question: str, answer: str
) -> None:
    reply = answerer.ask(question)
    assert [one.text for one in reply.answers][:1] == [answer]
    citation = reply.answers[0].citations[0]
    assert NEWS[slice(*citation.span)] == answer == citation.quote


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        "How much will Southgate spend on server halls?",
        "Who won the football match?",
        "Who is the chief executive of Seebrook?",
    ],
)
def test_shipped_reader_abstains_where_the_article_does_not_say(
    answerer: Answerer, question: str
) -> None:
    reply = answerer.ask(question)
    assert reply.answers == ()
    assert reply.abstention is not None
    assert reply.abstention.nearest


def test_missing_reader_is_an_error_that_names_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="nowhere"):
        TrainedReader(tmp_path / "nowhere", tmp_path, ReaderOptions())


@pytest.mark.usefixtures("two_threads")
def test_number_of_threads_holds_for_the_thread_that_says_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    used: list[int] = []

    def read_many(_: Any) -> list[Any]:
        used.append(torch.get_num_threads())
        return []

    monkeypatch.setattr(
        "api.answering.reading.trained_reader.load_span_reader",
        lambda *_: SimpleNamespace(read_many=read_many),
    )
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    reader = TrainedReader(tmp_path, tmp_path, ReaderOptions())
    with ThreadPoolExecutor(1) as lane, ThreadPoolExecutor(1) as fresh:
        lane.submit(reader.use_threads, 1).result()
        for thread in (lane, fresh, lane, fresh):
            assert thread.submit(reader.read, Question.parse("Who?"), []).result() == []
    assert used == [1, 2, 1, 2]
    assert reader.threads == 2
