"""Whom a question asks about."""

from __future__ import annotations

import pytest

from api.answering.actors.asked_actors import asked_actors


def _asked(question: str) -> list[str]:
    return [" ".join(sorted(actor.words)) for actor in asked_actors(question)]


@pytest.mark.parametrize(
    "question",
    [
        "How much will Corvex spend on chips?",
        "When did Corvex report?",
        "Who is Corvex's chief executive?",
        "Who is the chief executive of Corvex?",
        "Who is the Corvex CEO?",
        "Who runs Corvex?",
        "Who founded Corvex Motors?",
        "Who will be the next head of Corvex?",
        "What were Corvex's losses in Ohio?",
        "How much did Corvex pay for Beltane?",
        "Who is the chief executive of Beltane's parent company Corvex?",
    ],
)
def test_subject_owner_and_employer_are_asked_about(question: str) -> None:
    assert _asked(question) == ["corvex"]


@pytest.mark.parametrize(
    "question",
    [
        "Which company is buying Beltane?",  # the answer is the subject
        "Which firm made Beltane's engine?",
        "How much was Beltane fined?",  # whoever fined it is the subject
        "How many people were hurt in Ohio?",
        "How many people does the maker of Slimera employ?",
        "How much did Pixgram's owner earn?",
        "Who runs the Stockholm lender?",
        "how much did corvex spend?",
        "original budget",
        "prices now",
        "By what vote did the MPs back it?",
        "How soon will the Iranians vote?",
    ],
)
def test_other_names_and_descriptions_are_no_actors(question: str) -> None:
    assert _asked(question) == []


def test_words_that_many_names_share_do_not_tell_an_actor() -> None:
    assert _asked("Who is the governor of the Bank of England?") == ["england"]
    assert _asked("How many branches does Halden Bank have?") == ["halden"]


def test_initials_of_an_actor_are_those_of_its_words() -> None:
    (actor,) = asked_actors("What did Harrow Wind Works lose?")
    assert actor.initials == "HWW"
