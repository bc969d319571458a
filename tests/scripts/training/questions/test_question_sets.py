import json
import lzma
import random
from itertools import count
from pathlib import Path

import pytest

from scripts.training.questions.question_sets import (
    QuestionSet,
    for_training,
    load_held_back,
    set_bundles,
)

TEXTS = [f"Ship {number} left. It sank near Oslo." for number in range(40)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with lzma.open(tmp_path / "ships.jsonl.xz", "wt", encoding="utf-8") as file:
        for number, text in enumerate(TEXTS):
            row = {
                "id": number,
                "question": "Where did it sink?",
                "context": text,
                "answers": [{"text": "Oslo", "start": text.index("Oslo")}],
            }
            file.write(json.dumps(row) + "\n")
    return tmp_path


def test_half_of_the_passages_is_trained_on_and_the_other_held_back(data: Path) -> None:
    ships = QuestionSet("ships.jsonl.xz", 100)
    trained = list(set_bundles(data, ships, random.Random(1), count(1)))
    held_back = load_held_back(data, ships)
    assert len(trained) + len(held_back) == len(TEXTS)
    assert 10 < len(trained) < 30
    assert not any(for_training(question.context) for question in held_back)


def test_every_question_stands_on_a_window_with_its_answer(data: Path) -> None:
    ships = QuestionSet("ships.jsonl.xz", 5, held_back=False)
    bundles = list(set_bundles(data, ships, random.Random(1), count(1)))
    assert [bundle[0].group for bundle in bundles] == [1, 2, 3, 4, 5]
    for pair in (pair for bundle in bundles for pair in bundle):
        assert pair.span is not None
        assert pair.passage[slice(*pair.span)] == "Oslo"


def test_set_that_is_trained_on_whole_holds_nothing_back(data: Path) -> None:
    with pytest.raises(ValueError, match="nothing of it is held back"):
        load_held_back(data, QuestionSet("ships.jsonl.xz", 5, held_back=False))
