from __future__ import annotations

import pytest

from api.answering.combining.spans.named_together import (
    asks_for_founders,
    asks_for_two,
    pairs_together,
    people_together,
)
from tests.api.answering.making import find_span, make_passage


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
