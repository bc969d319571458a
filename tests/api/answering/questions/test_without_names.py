import pytest

from api.answering.questions.question import Question
from api.answering.questions.without_names import without_names


@pytest.mark.parametrize(
    ("question", "unnamed"),
    [
        ("How much will the Tor Line cost?", "How much will it cost?"),
        ("How much does the Tor bridge cost?", "How much does the bridge cost?"),
        ("How much does Tor's tram cost?", "How much does the tram cost?"),
        ("What does a dose of Beldin cost?", "What does a dose cost?"),
        ("How many beds does Dale & Co have?", "How many beds does it have?"),
        ("How many people work for Dale Hospitals?", "How many people work for it?"),
        ("How many people work at Dale Hospitals?", "How many people work there?"),
        ("How much does the line from Tor to Dale carry?", "How much does the line carry?"),
        (
            "How many jobs will the takeover of Dale Bank and Tor Kredit cost?",
            "How many jobs will the takeover cost?",
        ),
        ('What was the budget of "The Glass Boat"?', "What was the budget?"),
        ("What do Acme and Beta spend?", "What do it spend?"),
    ],
)
def test_a_question_is_asked_of_it(question: str, unnamed: str) -> None:
    asked = without_names(Question.parse(question))
    assert asked is not None
    assert asked.text == unnamed
    assert not asked.names


def test_a_question_that_names_nothing_stays_as_it_is() -> None:
    assert without_names(Question.parse("How much does the tram cost?")) is None
