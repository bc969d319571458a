from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from api.answering.combining.lists.item_spans import item_spans
from api.answering.combining.lists.list_completeness import list_completeness
from api.answering.combining.lists.list_reading import (
    most_promising,
    question_of_one,
    read_again,
    read_in_groups,
    spread,
)
from api.answering.combining.spans.enumerations import taken_apart
from api.answering.combining.spans.named_together import (
    asks_for_founders,
    asks_for_two,
    pairs_together,
    people_together,
)
from api.answering.questions.answer_kind import AnswerKind
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker
from api.answering.reading.reader import CascadeScores, ScoredSpan
from api.answering.time.frames import read_question_time
from index.records import Span
from tests.api.answering.combining.making import TODAY
from tests.api.answering.making import find_span, make_list, make_passage
from tests.conftest import FakeReader, fake_calibration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.records import Passage

QUESTION = "Which companies signed the code?"


def test_no_article_fills_what_is_read_alone() -> None:
    passages = [make_passage(f"One {number}.", article_id="a") for number in range(5)]
    passages += [make_passage("Two.", article_id="b"), make_passage("Three.", article_id="c")]
    chosen = [passage.article.id for passage in spread(passages, 6)]
    assert chosen == ["a", "a", "a", "b", "c", "a"]


def items(question: str, sentence: str, words: str) -> list[str]:
    passages = [make_passage(sentence)]
    spans = item_spans(
        Question.parse(question), [find_span(passages, 0, words, 8.0, 5.0)], passages
    )
    return [sentence[slice(*scored.span)] for scored in spans]


@pytest.mark.parametrize("words", ["Acme, Beta Bank and Gamma", "Beta Bank"])
def test_names_in_a_row_are_an_item_each(words: str) -> None:
    sentence = "On Friday Acme, Beta Bank and Gamma signed it."
    assert items(QUESTION, sentence, words) == ["Acme", "Beta Bank", "Gamma"]


def test_what_is_no_enumeration_stays_whole() -> None:
    sentence = "The Bank of Beta, which had waited, signed in May and June."
    assert items(QUESTION, sentence, "Bank of Beta") == ["Bank of Beta"]


@pytest.mark.parametrize("named", [True, False])
def test_every_span_of_a_sentence_is_taken_apart(named: bool) -> None:
    sentence = "It went to acme, Beta, and gamma; and or, then."
    passages = [make_passage(sentence)]
    whole = find_span(passages, 0, sentence)
    for start, end in combinations(range(len(sentence) + 1), 2):
        scored = replace(whole, span=Span(start, end))
        for part in taken_apart([scored], passages, named=named):
            assert 0 <= part.span.start <= part.span.end <= len(sentence)


def test_heads_of_list_items_beside_one_are_items_where_they_share_its_words() -> None:
    lines = [
        "Abel, Texas: run by Acme.",
        "Milam County, Texas: run by Beta.",
        "Lordstown, Ohio: run by Gamma.",
    ]
    passage = make_list(*lines)
    question = Question.parse("Where in Texas are sites built?")
    spans = item_spans(question, [find_span([passage], 0, "Abel", 8.0, 5.0)], [passage])
    assert [passage.chunk.text[slice(*scored.span)] for scored in spans] == ["Abel", "Milam County"]


class MarginReader(FakeReader):
    """Takes passages whole, each with the margin and stage that its text says: "1.5 both"."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        texts = [passage.chunk.text for passage in passages]
        self.groups.append([question.text, *texts])
        spans = []
        for number, text in enumerate(texts):
            margin, stage = text.split()
            span = find_span(list(passages), number, text, 5 + float(margin), 5.0)
            spans.append(replace(span, cascade=CascadeScores(0, 0, 0, read_twice=stage == "both")))
        return spans


def read_list(*texts: str, size: int) -> tuple[list[tuple[str, float, float]], MarginReader]:
    reader, passages = MarginReader(), [make_passage(text) for text in texts]
    spans = read_in_groups(reader, Question.parse(QUESTION), passages, size)
    return [(texts[scored.passage], scored.score, scored.null_score) for scored in spans], reader


def test_passages_of_a_list_are_read_in_groups_of_an_ordinary_questions_size() -> None:
    spans, reader = read_list("5 both", "4 both", "3 both", "2 both", "1 both", size=2)
    assert reader.groups == [
        [QUESTION, "5 both", "2 both"],
        [QUESTION, "4 both", "1 both"],
        [QUESTION, "3 both"],
    ]
    assert [score for _, score, _ in spans] == [5.0, 4.0, 3.0, 2.0, 1.0]


def test_what_one_stage_has_read_counts_less_than_what_both_have() -> None:
    spans, _ = read_list("3 one", "-2 both", "1 one", "4 both", size=4)
    assert spans == [
        ("4 both", 4.0, 0.0),
        ("3 one", -2.0, -5.0),
        ("-2 both", -2.0, 0.0),
        ("1 one", -4.0, -5.0),
    ]
    assert read_list("3 one", "1 one", size=4)[0] == [("3 one", 3.0, 0.0), ("1 one", 1.0, 0.0)]


def test_the_most_promising_passages_are_read_for_one_item_too() -> None:
    passages = [make_passage("1 both"), make_passage("2 both", article_id="b")]
    first = [find_span(passages, 0, "1", -1.0), find_span(passages, 1, "2", 1.0)]
    assert most_promising(first, passages, 1) == [1]
    reader = MarginReader()
    of_one = Question.parse("Which company signed?")
    spans = read_again(reader, of_one, passages, first, 1)
    assert reader.groups == [["Which company signed?", "2 both"]]
    assert [(scored.passage, scored.score) for scored in spans] == [(1, 2.0), (1, 1.0), (0, -1.0)]


@pytest.mark.parametrize(
    ("sentence", "words", "expected"),
    [
        (
            "Lenders are the Dahl Trust, the Royal Hall in Leeds and the Lind Club.",
            "Leeds and the Lind Club",
            ["Dahl Trust", "Royal Hall", "Lind Club"],
        ),
        (
            "It is backed by Ada Lind, the lawyer Bo Holm and the 17-year-old Cy Dorn.",
            "Ada Lind",
            ["Ada Lind", "Bo Holm", "Cy Dorn"],
        ),
        (
            "Ferries to the islands of Skar, Hune and Rona stopped.",
            "Hune",
            ["Skar", "Hune", "Rona"],
        ),
        (
            "It closed Alder, the Marie in Pell and the cottage hospital at Skar.",
            "Alder",
            ["Alder", "Marie", "cottage hospital at Skar"],
        ),
        (
            "Acme is taking 30 of the jets, Beta Air 24 and Gamma 20, it said.",
            "Acme",
            ["Acme", "Beta Air", "Gamma"],
        ),
        (
            "LEEDS, May 3 (Wire) - Acme paid 9 million on Sunday and Beta paid 6 million.",
            "Acme",
            ["Acme", "Beta"],
        ),
        (
            "It raised 5 million, led by Acme Capital and Beta, from Gamma and Delta.",
            "led by Acme Capital and Beta",
            ["Acme Capital", "Beta"],
        ),
        (
            "Besides Skar, Hune and Rona it serves Alder.",
            "Hune",
            ["Skar", "Hune", "Rona"],
        ),
        (
            "Buyers were Acme, T. Row Price and Beta.",
            "Acme, T. Row Price and Beta",
            ["Acme", "T. Row Price", "Beta"],
        ),
        (
            "They joined through the Grand Tour, and Ada Lind by rating.",
            "Grand Tour",
            ["Grand Tour"],
        ),
    ],
)
def test_items_stand_in_rows_of_many_shapes(sentence: str, words: str, expected: list[str]) -> None:
    passages = [make_passage(sentence)]
    question = replace(Question.parse(QUESTION), kind=AnswerKind.ORGANISATION)
    spans = item_spans(question, [find_span(passages, 0, words, 8.0, 5.0)], passages)
    assert [sentence[slice(*scored.span)] for scored in spans] == expected


@pytest.mark.parametrize("words", ["Most wanted are medicine", "medicine", "law and computing"])
def test_rows_in_lower_case_are_parted_where_no_names_are_asked_for(words: str) -> None:
    sentence = "There are three: medicine, law and computing."
    found = items("What subjects are wanted?", sentence, words.removeprefix("Most wanted are "))
    assert found == ["medicine", "law", "computing"]


def test_the_last_of_a_row_may_run_on() -> None:
    sentence = (
        "It named the deal, a sponsor, and 2,400 seats added to the east stand over the summer."
    )
    found = items("What sources did it name?", sentence, sentence[9:-1])
    assert found[:2] == ["deal", "sponsor"]


@pytest.mark.parametrize("words", ["pumps and valves in Skar, Hune and Rona", "pumps and valves"])
def test_the_places_behind_a_row_in_lower_case_are_no_items(words: str) -> None:
    sentence = "Acme makes pumps and valves in Skar, Hune and Rona."
    assert items("What products does it make?", sentence, words) == ["pumps", "valves"]


def test_a_dateline_is_no_item() -> None:
    sentence = "LEEDS, May 3 (Wire) - Two clubs spent late."
    assert items("Which towns spent?", sentence, "LEEDS") == []


def test_a_part_that_is_no_item_ends_an_enumeration() -> None:
    sentence = "It began with the cake, all of it sold in Skar, and with nine loaves."
    assert items("What products were recalled?", sentence, "cake") == ["cake"]


def test_what_is_much_worse_than_an_item_of_its_sentence_is_none() -> None:
    sentence = "Ada Lind is to go to the FBI, and Bo Ek to Skar."
    passages = [make_passage(sentence)]
    spans = [
        find_span(passages, 0, words, score)
        for words, score in (("Ada Lind", 8.0), ("Bo Ek", 4.0), ("FBI", 2.0))
    ]
    parts = item_spans(Question.parse("Whom did it pick?"), spans, passages)
    assert [sentence[slice(*scored.span)] for scored in parts] == ["Ada Lind", "Bo Ek"]


def test_an_initial_ends_no_item() -> None:
    passage = make_list("Ada L. Lind: health", "Bo Ek: defence")
    question = Question.parse("Who was picked?")
    spans = item_spans(question, [find_span([passage], 0, "Bo Ek", 8.0, 5.0)], [passage])
    assert [passage.chunk.text[slice(*scored.span)] for scored in spans] == ["Ada L. Lind", "Bo Ek"]


def test_titles_in_a_list_are_items_without_a_colon() -> None:
    lines = ['"Low Water" by Ada Lind', '"Nine Gulls" by an unknown hand', "Grain Fleet, 1871"]
    passage = make_list(*lines)
    question = Question.parse("Name the highlights of the show.")
    spans = item_spans(question, [find_span([passage], 0, "Low Water", 8.0, 5.0)], [passage])
    texts = [passage.chunk.text[slice(*scored.span)] for scored in spans]
    assert texts == ["Low Water", "Nine Gulls", "Grain Fleet"]


@pytest.mark.parametrize(
    ("scores", "most", "complete", "below"),
    [
        ([9.0, 8.0], 10, "likely", []),
        ([9.0, 4.9], 10, "unknown", ["Beta"]),
        ([9.0, 8.0], 1, "unknown", ["Beta"]),
        ([4.9], 10, "unknown", ["Acme"]),
        ([], 10, "unknown", []),
    ],
)
def test_a_list_is_complete_where_nothing_comes_near_the_bar(
    scores: list[float], most: int, complete: str, below: list[str]
) -> None:
    passages = [make_passage("Acme and Beta.")]
    spans = [
        find_span(passages, 0, words, score, 5.0)
        for words, score in zip(["Acme", "Beta"], scores, strict=False)
    ]
    question = Question.parse("Which companies signed the code?")
    ranked = Ranker(FakeReader(), fake_calibration()).weigh(question, spans, passages)
    state = list_completeness(ranked, 0.5, most, 7)
    assert (state.complete, state.articles_searched) == (complete, 7)
    assert [item.text for item in state.below_the_bar] == below


def test_a_better_item_says_nothing_against_another() -> None:
    passages = [make_passage("Acme, Beta and Gamma.")]
    spans = [
        find_span(passages, 0, "Acme", 9.0, 5.0),
        find_span(passages, 0, "Beta", 9.0, 5.0),
        find_span(passages, 0, "Gamma", 6.0, 5.0),
    ]
    question = Question.parse("Which companies signed the code?")
    ranked = Ranker(FakeReader(), fake_calibration()).weigh(question, spans, passages, several=True)
    assert [item.described.features["lead"] for item in ranked] == [7.0, 7.0, 4.0]


@pytest.mark.parametrize(
    ("sentence", "words", "whole"),
    [
        ("Ada Lind and Bo Ek founded it.", "Bo Ek", "Ada Lind and Bo Ek"),
        (
            "It was founded by Ada Lind, who came from Acme, and by Bo Ek and Cy Dahl.",
            "Ada Lind",
            "Ada Lind, who came from Acme, and by Bo Ek and Cy Dahl",
        ),
        ("Ada Lind, the mayor, opened it.", "Ada Lind", "Ada Lind"),
        ("Ada Lind founded it in Bergen and Oslo.", "Ada Lind", "Ada Lind"),
    ],
)
def test_people_named_together_are_one_answer(sentence: str, words: str, whole: str) -> None:
    passages = [make_passage(sentence)]
    (widened,) = people_together([find_span(passages, 0, words)], passages)
    assert sentence[slice(*widened.span)] == whole


@pytest.mark.parametrize(
    ("sentence", "words", "whole"),
    [
        ("It is held in Peru and Chile.", "Chile", "Peru and Chile"),
        ("Funds such as the Elba Fund and Rona lent it.", "Rona", "Elba Fund and Rona"),
        ("It sells in Peru, Chile and Cuba.", "Chile", "Chile"),
        ("It robbed Elba & Rona and the Hune.", "Hune", "Elba & Rona and the Hune"),
        ("It robbed Elba & Rona.", "Elba & Rona", "Elba & Rona"),
        ("It is held in Peru.", "Peru", "Peru"),
    ],
)
def test_a_pair_is_one_answer(sentence: str, words: str, whole: str) -> None:
    passages = [make_passage(sentence)]
    (widened,) = pairs_together([find_span(passages, 0, words)], passages)
    assert sentence[slice(*widened.span)] == whole


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Which two countries host it?", True),
        ("Who are the two founders?", True),
        ("Which country hosts the two games?", False),
    ],
)
def test_a_pair_is_asked_for_by_its_number(question: str, asks: bool) -> None:
    assert asks_for_two(question) is asks


@pytest.mark.parametrize(
    ("sentence", "words", "item"),
    [
        ("It left 17 in the Elba fire.", "17 in the Elba fire", "Elba fire"),
        ("Small ones burn at Skar (the Hune fire).", "Skar (the Hune fire", "Hune fire"),
        ("The Rona Hill fire began at dawn.", "The Rona Hill fire", "Rona Hill fire"),
        ("Small ones (at Hune Hall) burn.", "Hune Hall) burn", "Hune Hall"),
        (
            "The Elba fire met the Rona fire.",
            "Elba fire met the Rona fire",
            "Elba fire met the Rona fire",
        ),
    ],
)
def test_an_item_is_the_name_with_the_asked_noun(sentence: str, words: str, item: str) -> None:
    passages = [make_passage(sentence)]
    question = Question.parse("Which fires burned?")
    (cut,) = item_spans(question, [find_span(passages, 0, words)], passages, "fire")
    assert sentence[slice(*cut.span)] == item


def test_one_place_is_one_item_however_often_it_was_read() -> None:
    passages = [make_passage("Acme and Beta signed it.")]
    spans = [find_span(passages, 0, "Acme", 8.0), find_span(passages, 0, "Acme and Beta", 9.0)]
    parted = taken_apart(spans, passages)
    assert [(scored.span.start, scored.score) for scored in parted] == [(0, 9.0), (9, 9.0)]


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Who founded Acme?", True),
        ("Who co-founded Acme?", True),
        ("Who were the founders of Acme?", True),
        ("Who runs Acme?", False),
        ("When was Acme founded?", False),
    ],
)
def test_founders_are_asked_for_by_who(question: str, asks: bool) -> None:
    assert asks_for_founders(question) is asks


def test_a_single_item_is_asked_for_without_the_time() -> None:
    time = read_question_time("Which firms closed in 2023?", TODAY)
    assert question_of_one("Which firm closed in 2023?", time).text == "Which firm closed?"
    time = read_question_time("Which firms closed?", TODAY)
    assert question_of_one("Which firm closed?", time).text == "Which firm closed?"
