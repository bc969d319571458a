from __future__ import annotations

from dataclasses import replace

import pytest

from api.answering.combining.lists.item_spans import item_spans
from api.answering.questions.answer_kind import AnswerKind
from api.answering.questions.question import Question
from tests.api.answering.making import find_span, make_list, make_passage

QUESTION = "Which companies signed the code?"


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


@pytest.mark.parametrize("words", ["Ann Lee, 38, who ran a stall, and Bo Ek", "Bo Ek"])
def test_two_people_of_whom_more_is_told_are_an_item_each(words: str) -> None:
    sentence = "Ann Lee, 38, who ran a stall, and Bo Ek, 51, were arrested."
    assert items("Who was arrested?", sentence, words) == ["Ann Lee", "Bo Ek"]
