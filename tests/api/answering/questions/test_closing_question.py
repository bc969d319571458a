"""A statement and a short question after it, as one question."""

import pytest

from api.answering.questions.answer_kind import AnswerKind
from api.answering.questions.closing_question import as_one_question
from api.answering.questions.narrower_kinds import is_too_wide
from api.answering.questions.question import Question


@pytest.mark.parametrize(
    ("question", "whole"),
    [
        ("A bank was fined. Which one?", "Which bank was fined?"),
        (
            "A bank was fined by a U.S. court. Which bank was it?",
            "Which bank was fined by a U.S. court?",
        ),
        ("Acme bought an Indian firm in May. Which?", "Acme bought which Indian firm in May?"),
        ("Acme was fined by a U.S. court. Which one?", "Acme was fined by which U.S. court?"),
        ("A firm bought a bank. Which bank?", "A firm bought which bank?"),
        ("Two countries did not sign. Which ones?", "Which two countries did not sign?"),
        ("A senator voted no. Who was it?", "Which senator voted no?"),
        ("The prize went to a Danish author. Who?", "The prize went to which Danish author?"),
    ],
)
def test_a_statement_is_asked_with_the_question_that_closes_it(question: str, whole: str) -> None:
    assert as_one_question(question) == whole
    parsed = Question.parse(question)
    assert (parsed.text, parsed.verbatim) == (whole, question)


@pytest.mark.parametrize(
    "question",
    [
        "Which bank was fined?",
        "Acme bought Beta from a bank and a fund. Which one?",
        "A whale was seen off Oslo. What was it?",
        "A Bavarian left the board. Who?",
        "A few firms left. Which ones?",
        "Acme raised its dividend. By how much?",
        "A gadget was sold. Which company made it?",
        "Two ministers left. Which of them was from Ulm?",
    ],
)
def test_other_questions_stay_as_they_are(question: str) -> None:
    assert as_one_question(question) == question


def test_what_the_statement_names_is_what_is_asked_for() -> None:
    question = Question.parse("A European country left the euro talks. Which one?")
    assert question.kind is AnswerKind.PLACE
    assert is_too_wide(question, "Leeds")
    assert not is_too_wide(question, "Denmark")
