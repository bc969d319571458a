import json
import lzma
from pathlib import Path

import pytest

from index.retriever import Retriever
from scripts.calibrate_reader import judge
from scripts.training import calibration_sets
from scripts.training.calibration_sets import held_back_sets, news_set, reworded_set
from scripts.training.questions.news import load_families
from scripts.training.questions.question_sets import QuestionSet
from tests.conftest import FakeEncoder, FakeReader


def test_news_set_asks_the_calibration_families_over_articles_that_are_not_for_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[tuple[str, ...]] = []

    def recorded(*splits: str) -> object:
        loaded.append(splits)
        return load_families(*splits)[:2]  # type: ignore[arg-type]

    monkeypatch.setattr(calibration_sets, "load_families", recorded)
    news = news_set(tmp_path, FakeEncoder(), 10)
    assert loaded == [("train", "calibration")]
    assert news.generation.manifest.articles == 10


def test_reworded_set_asks_other_questions_over_the_same_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        calibration_sets, "load_families", lambda *splits: load_families(*splits)[:2]
    )
    news = news_set(tmp_path, FakeEncoder(), 10)
    reworded = reworded_set(news, 20)
    assert reworded.generation is news.generation
    assert 10 <= len(reworded.questions) <= 20
    assert not {one.text for one in reworded.questions} & {one.text for one in news.questions}


def test_every_second_held_back_question_is_asked_without_its_passage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lzma.open(tmp_path / "ships.jsonl.xz", "wt", encoding="utf-8") as file:
        for number in range(40):
            text = f"Ship {number} sank near Oslo."
            row = {
                "id": number,
                "question": f"Where did ship {number} sink?",
                "context": text,
                "answers": [{"text": "Oslo", "start": text.index("Oslo")}],
            }
            file.write(json.dumps(row) + "\n")
    monkeypatch.setattr(calibration_sets, "QUESTION_SETS", (QuestionSet("ships.jsonl.xz", 5),))
    encoder = FakeEncoder()
    (ships,) = held_back_sets(tmp_path, tmp_path, encoder, 6)
    assert [question.answers for question in ships.questions[:2]] == [("Oslo",), ()]
    assert ships.questions[0].without is None
    own = ships.questions[1].without
    assert own is not None

    read: list[str] = []

    class Recording(FakeReader):
        def read(self, question, passages):  # type: ignore[no-untyped-def]
            read.extend(passage.article.id for passage in passages)
            return super().read(question, passages)

    judge(ships, Retriever(ships.generation, encoder), Recording(), top_k=40)
    assert read.count(own) == len(ships.questions) - 1
