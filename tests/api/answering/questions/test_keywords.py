import pytest

from api.answering.questions.answer_kind import AnswerKind
from api.answering.questions.keywords import holder_question, keyword_kind
from api.answering.questions.question import Question


@pytest.mark.parametrize(
    ("keywords", "kind"),
    [
        ("Harland revenue 2024", AnswerKind.FIGURE),
        ("harland load factor h1 2024", AnswerKind.FIGURE),
        ("Harland net debt end 2023", AnswerKind.FIGURE),
        ("Meta capex forecast 2025", AnswerKind.FIGURE),
        ("Harland break-up fee Corvex deal", AnswerKind.FIGURE),
        ("number of employees at Harland", AnswerKind.FIGURE),
        ("dividend per share", AnswerKind.FIGURE),
        ("Harland ceo pay", AnswerKind.FIGURE),
        ("chief executive", AnswerKind.PERSON),
        ("Norrum mayor", AnswerKind.PERSON),
        ("opening date of the tram line", AnswerKind.DATE),
        ("deadline for claims", AnswerKind.DATE),
        ("Harland price cap decision", AnswerKind.OTHER),
        ("Harland pay dispute", AnswerKind.OTHER),
        ("Harland capex plans", AnswerKind.OTHER),
        ("Harland", AnswerKind.OTHER),
        ("What did Harland say of its revenue?", AnswerKind.OTHER),
        ("is the revenue right", AnswerKind.OTHER),
        ("the tram line that opened late and the revenue it had then", AnswerKind.OTHER),
    ],
)
def test_the_last_noun_of_keywords_tells_the_kind(keywords: str, kind: AnswerKind) -> None:
    assert keyword_kind(keywords) is kind


@pytest.mark.parametrize(
    ("keywords", "question"),
    [
        ("Harland ceo", "Who is the ceo of Harland?"),
        ("Harland's chief executive", "Who is the chief executive of Harland?"),
        ("the mayor of Hune", "Who is the mayor of Hune?"),
        ("harland ceo 2023", "Who was the ceo of harland in 2023?"),
        (
            "Marches Rail finance director in May 2024",
            "Who was the finance director of Marches Rail in May 2024?",
        ),
        ("former Harland ceo", "Who is the former ceo of Harland?"),
        ("Harland former ceo", "Who is the former ceo of Harland?"),
        ("harland previous chairman", "Who is the previous chairman of harland?"),
        ("ex-ceo of Harland", "Who is the ex-ceo of Harland?"),
        ("Rovers former coach", "Who is the former coach of Rovers?"),
        ("former Skar council leader", "Who is the former leader of Skar council?"),
        ("Harland deputy chief executive", "Who is the deputy chief executive of Harland?"),
        ("prime minister of Norway now", "Who is the prime minister of Norway now?"),
    ],
)
def test_keywords_of_an_office_ask_who_holds_it(keywords: str, question: str) -> None:
    assert holder_question(keywords) == question
    assert Question.parse(keywords).kind is AnswerKind.PERSON


@pytest.mark.parametrize(
    "text",
    [
        "Harland ceo pay",
        "National Express coach",
        "President Macron",
        "mayor",
        "Did the mayor of Hune resign?",
        "Hune",
    ],
)
def test_other_keywords_and_questions_stay_as_they_are(text: str) -> None:
    assert holder_question(text) == text
