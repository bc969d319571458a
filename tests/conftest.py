"""Fakes and fixtures that all tests share: no model is loaded and nothing is downloaded."""

from __future__ import annotations

import functools
import gc
import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from api.answering.ranking.confidence import Calibration, Feature
from api.answering.ranking.ranker import Ranker
from api.answering.reading.reader import ReaderFacts, ScoredSpan, Unit
from api.answering.words import text_words
from api.main import create_app
from api.service.models import Models
from api.settings import Settings
from index.building.builder import BuildSummary, build_index
from index.chunking.chunker import ChunkingParameters
from index.embedding.encoder import SentenceTransformerEncoder
from index.generations.generation import current_folder
from index.manifest import MANIFEST_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    import numpy.typing as npt

    from api.answering.questions.question import Question
    from index.records import Passage

REPOSITORY = Path(__file__).resolve().parent.parent
FILES = REPOSITORY / "tests" / "index" / "files"  # one of every format

# Read by the hub's client when it is imported, by whichever test does that first.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["QA_READER"] = "small"  # the same on machines with and without the large one's base


def pytest_configure() -> None:
    """Choose where temporary files lie, and how many examples of a property are tried.

    They lie in memory where there is plenty: builds mostly wait for the disk.
    """
    memory = "/dev/shm"  # noqa: S108 - what is made there has a name of its own
    if (
        "TMPDIR" not in os.environ
        and os.access(memory, os.W_OK)
        and shutil.disk_usage(memory).free > 2 << 30
    ):
        os.environ["TMPDIR"] = tempfile.tempdir = memory  # for other processes, and for this one
    from hypothesis import settings  # noqa: PLC0415 - servers import the fakes below without it

    settings.register_profile(
        "quick", max_examples=50, deadline=None, derandomize=True, database=None
    )
    settings.register_profile("thorough", max_examples=500, deadline=None)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let no garbage be looked for among modules and tests, which stay until the process ends.

    Each time takes longer the more of them there are.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the real models first: the process that runs them loads them once."""
    items.sort(key=lambda item: item.get_closest_marker("model") is None)


class FakeEncoder:
    """Sums one random unit vector per word, seeded from the word's SHA-256."""

    def __init__(self, dimension: int = 64, name: str = "fake") -> None:
        self.model = name
        self.dimension = dimension
        self.fingerprint = hashlib.sha256(f"{name} {dimension}".encode()).hexdigest()[:16]
        self.encoded: list[str] = []

    def encode_chunks(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.encoded.extend(texts)
        return np.stack([self.encode_question(text) for text in texts])

    def encode_question(self, question: str) -> npt.NDArray[np.float32]:
        total = sum((self._word(word) for word in sorted(text_words(question))), self._word(""))
        unit: npt.NDArray[np.float32] = (total / np.linalg.norm(total)).astype(np.float32)
        return unit

    def _word(self, word: str) -> npt.NDArray[np.float64]:
        return _word_vector(word, self.dimension)


@functools.cache
def _word_vector(word: str, dimension: int) -> npt.NDArray[np.float64]:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).standard_normal(dimension)
    vector.flags.writeable = False
    return vector


class FakeReader:
    """Returns each sentence that shares a content word with the question, scored by the share."""

    facts = ReaderFacts("fake", "f1", Unit.SPAN, reads_apart=True, own_weights=True)

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        spans = []
        for index, passage in enumerate(passages):
            for span in passage.chunk.sentences:
                chunk = passage.chunk
                sentence = chunk.words(span)
                shared = len(question.words & text_words(sentence))
                if shared:
                    score = 10.0 * shared / len(question.words)
                    spans.append(ScoredSpan(index, span, score, 5.0, score - 5.0))
        return sorted(spans, key=lambda found: (-found.score, found.passage, found.span))


def fake_calibration(threshold: float = 0.5) -> Calibration:
    """Confidence is the logistic function of the margin."""
    return Calibration(
        reader="fake",
        fitted_on="nothing",
        questions=1,
        max_error=0.5,
        threshold=threshold,
        intercept=0.0,
        features={"margin": Feature(mean=0.0, scale=1.0, weight=1.0)},
    )


@pytest.fixture(scope="session")
def real_encoder() -> SentenceTransformerEncoder:
    """The embedding model that ships, loaded once for all tests."""
    return SentenceTransformerEncoder(device="cpu")


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def models(encoder: FakeEncoder) -> Models:
    return Models(encoder, Ranker(FakeReader(), fake_calibration()))


META = "Meta expects capital expenditure of $64 billion to $72 billion in 2025."
MICROSOFT = "Microsoft plans to spend $80 billion on data centres in fiscal 2025."
ARTICLES: list[dict[str, Any]] = [
    {
        "id": "meta",
        "title": "Meta raises its budget",
        "text": f"{META} Susan Li, the finance chief, named data centres as the reason.",
        "source": "Sample Wire",
        "published_at": "2025-04-30",
        "tags": ["capex", "social"],
    },
    {
        "id": "microsoft",
        "title": "Microsoft keeps building",
        "text": f"{MICROSOFT} More than half of it goes to sites in the United States.",
        "source": "Sample Markets",
        "published_at": "2025-01-03",
        "tags": ["capex"],
    },
    {"id": "rain", "text": "It rained in Dublin all day. Nobody minded the weather."},
]


@pytest.fixture
def corpus_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    write_articles(folder, ARTICLES)
    return folder


def write_articles(folder: Path, articles: Sequence[dict[str, Any]]) -> None:
    """Write articles as one JSON Lines file."""
    lines = [json.dumps(article, ensure_ascii=False) for article in articles]
    (folder / "articles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def build(
    corpus_dir: Path,
    index_dir: Path,
    encoder: FakeEncoder,
    built: Callable[[Path], tuple[Path, BuildSummary]],
) -> Callable[[], BuildSummary]:
    """Build the index of the corpus as it is now; the first one is copied where it can be."""

    def build_or_copy() -> BuildSummary:
        if index_dir.exists():
            return build_index(corpus_dir, index_dir, encoder, ChunkingParameters())
        folder, summary = built(corpus_dir)
        shutil.copytree(folder, index_dir)
        manifest = current_folder(index_dir) / MANIFEST_FILE
        stated = json.loads(manifest.read_text(encoding="utf-8"))
        manifest.write_text(json.dumps({**stated, "corpus_dir": str(corpus_dir)}), encoding="utf-8")
        return summary

    return build_or_copy


@pytest.fixture(scope="session")
def default_settings() -> Settings:
    """The settings of all services here; read once, as that takes milliseconds."""
    # The test client comes from no address, and nothing here is about one.
    return Settings(reload_seconds=0.05, allow_open=True)


@pytest.fixture
def settings(default_settings: Settings, corpus_dir: Path, index_dir: Path) -> Settings:
    return default_settings.model_copy(update={"corpus_dir": corpus_dir, "index_dir": index_dir})


@pytest.fixture(scope="session")
def built(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Path], tuple[Path, BuildSummary]]:
    """An index of what a corpus holds, to be copied, and its summary; built the first time."""
    indexes: dict[frozenset[tuple[str, bytes]], tuple[Path, BuildSummary]] = {}

    def index(corpus: Path) -> tuple[Path, BuildSummary]:
        files = frozenset(
            (str(path.relative_to(corpus)), path.read_bytes())
            for path in corpus.rglob("*")
            if path.is_file()
        )
        if files not in indexes:
            folder = tmp_path_factory.mktemp("built") / "index"
            summary = build_index(corpus, folder, FakeEncoder(), ChunkingParameters())
            indexes[files] = folder, summary
        return indexes[files]

    return index


@pytest.fixture
def client(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> Iterator[TestClient]:
    """A client of the service over the corpus: three articles, unless a test has others."""
    build()
    with TestClient(create_app(settings, models)) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared_settings(
    tmp_path_factory: pytest.TempPathFactory,
    default_settings: Settings,
    built: Callable[[Path], tuple[Path, BuildSummary]],
) -> Settings:
    """Settings of a service over three articles, for tests that leave them as they are."""
    folder = tmp_path_factory.mktemp("shared")
    (folder / "corpus").mkdir()
    write_articles(folder / "corpus", ARTICLES)
    shutil.copytree(built(folder / "corpus")[0], folder / "index")
    folders = {"corpus_dir": folder / "corpus", "index_dir": folder / "index"}
    return default_settings.model_copy(update=folders)


@pytest.fixture(scope="module")
def shared_models() -> Models:
    return Models(FakeEncoder(), Ranker(FakeReader(), fake_calibration()))


@pytest.fixture(scope="module")
def shared_client(shared_settings: Settings, shared_models: Models) -> Iterator[TestClient]:
    """One client for all tests of a module, where they change nothing of the service."""
    with TestClient(create_app(shared_settings, shared_models)) as opened:
        yield opened


@pytest.fixture(scope="session")
def description(default_settings: Settings) -> dict[str, Any]:
    """What `/openapi.json` says; made once, as it takes nearly a second."""
    described: dict[str, Any] = create_app(default_settings).openapi()
    return described


@pytest.fixture
def two_threads() -> Iterator[None]:
    """Let torch compute with two threads of the processor."""
    import torch  # noqa: PLC0415 - takes seconds, and few tests need it

    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)
