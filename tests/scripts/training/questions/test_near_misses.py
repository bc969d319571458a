import random
import re

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from scripts.training.questions.asked import Source, with_right_year
from scripts.training.questions.near_misses import ANTONYMS, NearMissMaker
from scripts.training.questions.vocabulary import SimilarWords, names_in, sentences_of

PASSAGE = "Anna Berg built the first mill in Oslo in 1904. Carl Lund sold it. Rain fell in Bergen."
NAMES = ["Anna Berg", "Oslo", "Bergen", "Carl Lund", "Erik Dahl", "Tromso"]


def _words() -> SimilarWords:
    vocabulary = {
        word: i for i, word in enumerate(["[UNK]", *"Anna Berg Oslo Erik Dahl Tromso".split()])
    }
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = Whitespace()
    table = np.random.default_rng(0).normal(size=(len(vocabulary), 8)).astype(np.float32)
    return SimilarWords(tokenizer, table)


def _source(question: str, answer: str) -> Source:
    start = PASSAGE.index(answer)
    return Source(question, PASSAGE, start, start + len(answer), NAMES)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who built the first mill in 1904?", "Anna Berg"),
        ("What did Anna Berg build in Oslo?", "the first mill"),
        ("Where was the first mill built?", "Oslo"),
    ],
)
def test_make_changes_the_question_or_the_passage(question: str, answer: str) -> None:
    maker = NearMissMaker(_words(), random.Random(3))
    for _ in range(30):
        miss = maker.make(_source(question, answer))
        assert miss is not None
        assert (miss.question, miss.passage) != (question, PASSAGE)
        assert answer in miss.passage


def test_make_is_the_same_for_the_same_seed() -> None:
    source = _source("What did Anna Berg build in Oslo?", "the first mill")
    one, two = (NearMissMaker(_words(), random.Random(5)) for _ in range(2))
    assert [one.make(source) for _ in range(10)] == [two.make(source) for _ in range(10)]


def test_make_swaps_a_name_for_one_the_passage_lacks() -> None:
    maker = NearMissMaker(_words(), random.Random(1))
    source = _source("What did Anna Berg build?", "the first mill")
    made = [maker.make(source) for _ in range(60)]
    questions = {miss.question for miss in made if miss is not None and miss.kind == "name"}
    assert questions
    assert not any(re.search(r"\b(Anna|Berg)\b", question) for question in questions)


def test_make_swaps_years_for_other_years() -> None:
    maker = NearMissMaker(_words(), random.Random(1))
    source = _source("Who built the first mill in 1904?", "Anna Berg")
    made = [maker.make(source) for _ in range(60)]
    years = {
        year
        for miss in made
        if miss is not None and miss.kind == "year"
        for year in re.findall(r"\d{4}", miss.question)
    }
    assert years
    assert "1904" not in years


def test_make_gives_none_when_nothing_can_be_changed() -> None:
    assert NearMissMaker(_words(), random.Random(0)).make(_source("mill?", "Bergen")) is None


def test_with_right_year_adds_the_year_of_the_answers_sentence() -> None:
    source = _source("Who built the first mill?", "Anna Berg")
    assert with_right_year(source) == "Who built the first mill in 1904?"


def test_with_right_year_leaves_questions_after_a_year_alone() -> None:
    assert with_right_year(_source("When was the mill built?", "1904")) is None
    assert with_right_year(_source("Who sold it?", "Carl Lund")) is None


def test_antonyms_go_both_ways() -> None:
    assert ANTONYMS["largest"] == "smallest"
    assert ANTONYMS["smallest"] == "largest"


def test_names_in_drops_question_words_and_possessives() -> None:
    assert names_in("What did the Duke of York and Alibaba's founder do in Paris?") == [
        "Duke of York", "Alibaba", "Paris"
    ]  # fmt: skip


def test_sentences_of_cover_the_text() -> None:
    spans = sentences_of(PASSAGE)
    assert "".join(PASSAGE[a:b] for a, b in spans) == PASSAGE
    assert len(spans) == 3
