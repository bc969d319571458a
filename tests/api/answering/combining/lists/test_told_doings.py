from __future__ import annotations

import pytest

from api.answering.combining.lists.told_doings import DoingTelling

ARRESTED = "Who has been arrested over the fire at Skar Hall?"
JOINED = "Which schools have joined the Lind trust?"
WON = "Which firms have won contracts to serve the Skar wind farm?"


@pytest.mark.parametrize(
    ("question", "sentence", "name"),
    [
        (ARRESTED, "Bo Ek, 29, thought to have driven, was arrested in May.", "Bo Ek"),
        (ARRESTED, "Ann Lee, 38, a cook, and Bo Ek, 51, were arrested.", "Ann Lee"),
        (ARRESTED, "Ann Lee, 38, a cook, and Bo Ek, 51, were arrested.", "Bo Ek"),
        (JOINED, "Hune Primary joined in May, making 16 schools.", "Hune Primary"),
        (JOINED, "Hune Primary and Pell High have also joined it.", "Hune Primary"),
        (WON, "Acme, a family firm, won the contract to ferry crews.", "Acme"),
        ("Which ministers have resigned?", "Bo Ek resigned as health minister.", "Bo Ek"),
        ("Which clubs won the Rona League in 2023 and 2024?", "Hune won the Rona League.", "Hune"),
    ],
)
def test_a_sentence_says_that_a_name_did_what_is_asked(
    question: str, sentence: str, name: str
) -> None:
    end = sentence.index(name) + len(name)
    noun = "school" if question is JOINED else None
    assert DoingTelling(question, noun).did(sentence, end)


@pytest.mark.parametrize(
    ("question", "sentence", "name"),
    [
        (ARRESTED, "Bo Ek was not arrested.", "Bo Ek"),
        (ARRESTED, "Bo Ek has arrested three men.", "Bo Ek"),
        (ARRESTED, "Bo Ek saw how Ann Lee was arrested.", "Bo Ek"),
        (JOINED, "Hune Primary dropped a plan to join the trust.", "Hune Primary"),
        (JOINED, "Hune Primary joined the Moor Partnership.", "Hune Primary"),
        (WON, "Acme won a prize.", "Acme"),
        ("Which ministers have resigned in Talvia?", "Bo Ek resigned as coach.", "Bo Ek"),
        ("Which banks arranged the $15 bond sale?", "Acme arranged two funds.", "Acme"),
        ("Where are they?", "Acme won a prize.", "Acme"),
    ],
)
def test_what_was_done_otherwise_is_not_what_is_asked(
    question: str, sentence: str, name: str
) -> None:
    assert not DoingTelling(question, None).did(sentence, sentence.index(name) + len(name))


@pytest.mark.parametrize(
    "sentence",
    [
        "Skar has agreed to come in as a fourth paying member.",
        "A fourth suspect has still to be tried.",
        "Two more people are in custody.",
        "Hune and Pell have joined the two that began last year.",
        "Hune is the third school in the region to do so.",
    ],
)
def test_a_sentence_counts_on(sentence: str) -> None:
    assert DoingTelling(JOINED, "school").is_one_more(sentence)


@pytest.mark.parametrize(
    "sentence", ["A fourth school may follow.", "It was the second goal for another team."]
)
def test_other_sentences_do_not_count_on(sentence: str) -> None:
    assert not DoingTelling(JOINED, "school").is_one_more(sentence)
