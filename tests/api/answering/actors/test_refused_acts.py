"""Which spans are of an act that was not done, where one is asked for that was."""

from __future__ import annotations

import pytest

from api.answering.actors.governing import Governing
from api.answering.questions.question import Question
from tests.api.answering.making import find_span, make_passage


def _unfit(question: str, words: str, *sentences: str) -> bool:
    passages = [make_passage(*sentences)]
    return Governing(Question.parse(question), passages).of_another(find_span(passages, 0, words))


_REFUSED = [
    "Bo Ek declined to sign the letter.",
    "Bo Ek refused to sign it.",
    "Bo Ek, who runs the port, did not sign the letter.",
    "Bo Ek of Skar and Ann Lee never signed it.",
    "Bo Ek hasn't signed the letter yet.",
    "Bo Ek called it a sham and would not sign it.",
    "Mr Bo Ek Holm refused to sign it.",
    "Bo Ek chose not to sign the letter.",
    "Bo Ek was unable to sign it.",
    "Bo Ek abstained from signing it.",
    "The letter was not signed by Bo Ek.",
    "Neither Bo Ek nor Ann Lee signed it.",
    "All of them signed it except Bo Ek.",
    "Ann Lee signed the letter, but Bo Ek did not.",
]


@pytest.mark.parametrize("sentence", _REFUSED)
def test_who_did_not_sign_is_no_signer(sentence: str) -> None:
    assert _unfit("Who signed the letter?", "Bo Ek", sentence)
    assert not _unfit("Who did not sign the letter?", "Bo Ek", sentence)


def test_an_act_that_is_left_out_may_stand_in_the_sentence_before() -> None:
    text = ("Ann Lee of Skar attended the hearing.", "Bo Ek did not, and sent a letter.")
    assert _unfit("Who attended the hearing?", "Bo Ek", *text)
    assert not _unfit("Who attended the hearing?", "Ann Lee", *text)


@pytest.mark.parametrize(
    "sentence",
    [
        "Bo Ek signed the letter.",
        "Bo Ek signed the letter that Ann Lee had declined to sign.",
        "Ann Lee did not sign the letter, but Bo Ek signed it.",
        "Bo Ek refused to sign it in May, but later signed it.",
        "Bo Ek did not sign the letter until Friday.",
        "Bo Ek not only signed the letter.",
        "Bo Ek declined to comment on the letter that he had signed.",
        "Bo Ek said Ann Lee did not sign the letter.",
        "Bo Ek praised those who did not sign the letter.",
    ],
)
def test_who_signed_is_a_signer(sentence: str) -> None:
    assert not _unfit("Who signed the letter?", "Bo Ek", sentence)


@pytest.mark.parametrize(
    ("question", "words", "sentence"),
    [
        ("How many mayors signed the letter?", "Twelve", "Twelve of the 40 mayors did not sign."),
        ("Which club won the cup?", "Rovers", "Rovers failed to win the cup."),
        ("Which firm bought the mill?", "Acme", "Acme has decided not to buy the mill."),
        ("Who voted for the plan?", "Bo Ek", "Bo Ek did not vote."),
        ("Who signed the letter against the toll?", "Bo Ek", "Bo Ek declined to sign."),
        ("What did the club win?", "the cup", "The club did not win the cup."),
    ],
)
def test_acts_of_all_kinds_are_told_to_be_undone(question: str, words: str, sentence: str) -> None:
    assert _unfit(question, words, sentence)


def test_what_was_done_later_or_elsewhere_is_told_all_the_same() -> None:
    opened = "The mill did not open until May."
    assert not _unfit("When did the mill open?", "May", opened)
    assert not _unfit("How much did Acme pay?", "$5m", "Acme did not pay more than $5m.")
