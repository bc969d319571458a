from __future__ import annotations

import pytest

from api.answering.combining.lists.list_questions import asked_list, asks_for_list
from api.answering.questions.answer_kind import AnswerKind

QUESTION = "Which companies signed the code?"


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "Which football clubs have professional teams?",
        "In which countries does Acme sell bonds?",
        "In 2025, which councils empty the bins?",
        "Who are the main shareholders?",
        "Who invested in Acme?",
        "Where in Texas are sites planned or built?",
        "Where does Acme have yards?",
        "List all the companies that signed.",
        "Name the ministers who resigned.",
        "Which dancers left the clubs?",
        "Which chains close shops?",
        "Who has run Marlowe's?",
        "Where in Ireland does Acme open shops?",
        "What three reasons did Ada Lind give?",
        "Who are the insurers of the bridge?",
        "name the highlights of the exhibition",
        "Who was arrested in Leeds?",
        "In which provinces were wolves seen?",
        "Who stood for mayor in May?",
        "Who won the Acme Awards in 2025?",
        "Who took home Oscars?",
        "Which of Lind's nominees are disputed?",
        "Which members of the board resigned?",
        "Which actors and actresses won?",
        "Who has been named to the new cabinet?",
        "Whom did Lind pick for her cabinet?",
        "Who shared the first prize?",
        "Who is among the winners?",
        "Where were protests held?",
        "Please tell me which firms signed the code.",
        "Can you name the ministers who resigned?",
        "list of laboratories that signed the code",
        "former mayors of Skar",
        "all hotels in Skar",
        "names of the banks that lent to Acme",
        "Who has held the post of chief statistician since 2023?",
        "What sources of growth did the club name?",
        "Which hotels in Skar closed?",
        "Which councils empty the bins?",
        "Who are Acme's investors?",
        "Acme chief executives",
        "Show me all firms that signed the code",
        "What awards has Ada Lind won?",
        "Who is on the board of Acme?",
        "Where is Acme building plants?",
        "Who has been in charge of the team since May?",
        "Who has served as mayor of Skar?",
        "Who has been convicted over the fire?",
        "Who has won the race since 2019?",
        "Who won the race in 2022, 2023 and 2024?",
        "Who is involved in the venture?",
        "Which states share the cost?",
    ],
)
def test_questions_for_several_things_ask_for_lists(question: str) -> None:
    assert asks_for_list(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which two towns lose their branches?",
        "Which company sponsors the shirts?",
        "Which company's shares fell?",
        "Which of the companies is it?",
        "Which vegetable did officials turn to?",
        "Who is the chief executive?",
        "Who founded Acme?",
        "How many companies signed?",
        "Which analyst recommends selling?",
        "Which arms maker sells drones?",
        "Which drugs firm makes the vaccine?",
        "Which games console sells best?",
        "Which United States senator resigned?",
        "What share of people supported the plan?",
        "Where is Acme based?",
        "Which companies' profits fell?",
        "Which company runs hospitals in Leeds?",
        "Which striker left clubs in three countries?",
        "Which was valued more highly?",
        "Name the town that has two ports.",
        "What were the sales of Acme?",
        "Which business has closed?",
        "Who won the most medals?",
        "Who won five prizes?",
        "Who won the Acme Award?",
        "What brought Acme Airlines into trouble?",
        "Who was named chief executive?",
        "Who was appointed to head the board?",
        "Where were the games held?",
        "number of shops in Skar",
        "sales of shops in Skar",
        "Directors of Acme resigned, but why?",
        "Do people in Skar vote?",
        "Name the company that makes chips",
        "What levels of nitrate did the river reach?",
        "Which hotel in Skar closed?",
        "What are Acme's results?",
        "Acme results",
        "data centres in Skar",
        "Who was convicted of the murder?",
        "Who won the race in 2022?",
        "Who has worked as a nurse?",
    ],
)
def test_questions_for_one_thing_ask_for_facts(question: str) -> None:
    assert not asks_for_list(question)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        (QUESTION, AnswerKind.ORGANISATION),
        ("Which cities host the games?", AnswerKind.PLACE),
        ("Which women won?", AnswerKind.PERSON),
        ("Which coaches left the clubs?", AnswerKind.PERSON),
        ("Which women's sports clubs won?", AnswerKind.ORGANISATION),
        ("Who invested in Acme when it was new?", AnswerKind.PERSON),
        ("What reasons did Acme have?", AnswerKind.OTHER),
        ("Which candidates stood?", AnswerKind.PERSON),
    ],
)
def test_the_kind_of_a_list_is_that_of_one_item(question: str, kind: AnswerKind) -> None:
    asked = asked_list(question)
    assert asked is not None
    assert asked.kind is kind


@pytest.mark.parametrize(
    ("question", "of_one"),
    [
        ("Which chains close shops?", "Which chain closes shops?"),
        ("Which airlines fly to Oslo?", "Which airline flies to Oslo?"),
        ("Who has run Marlowe's?", "Who ran Marlowe's?"),
        ("Which clubs have closed?", "Which club has closed?"),
        ("What three reasons did Acme give?", "What reason did Acme give?"),
        ("Who are the suppliers of Acme?", "Who is the supplier of Acme?"),
        ("Who was arrested?", None),
        ("Which of the firms were fined?", "Which of the firms was fined?"),
        ("Which actors and actresses have won?", "Which actor or actress has won?"),
        ("What are the names of the ministers who left?", "What is the minister who left?"),
        ("What are the names of the Rona 4 models?", "What is the Rona 4 model?"),
        ("Name the coaches of Rovers", "who was the coach of Rovers?"),
        ("Name the banks that have lent to Acme.", "which bank has lent to Acme?"),
        ("list of labs that need staff", "which lab needs staff?"),
        ("list the states where sites are planned", "in which state sites are planned?"),
        ("list all companies in Skar", "which company is in Skar?"),
        ("products of Acme", "what is the product of Acme?"),
        ("Which chairmen have resigned?", "Which chairman has resigned?"),
        ("Acme chief executives", "who was the chief executive of Acme?"),
        ("What are Acme's main products?", "What is Acme's main product?"),
        ("Who has held the post of mayor of Skar?", "Who was mayor of Skar?"),
        ("Who has been mayor, including acting ones?", "Who was mayor?"),
        ("Who has been mayor, caretakers included?", "Who was mayor?"),
        ("Who has been in charge of Rovers?", "Who was in charge of Rovers?"),
        ("Which halls in Skar have been closed?", "Which hall in Skar has been closed?"),
        ("Which havens have closed?", "Which haven has closed?"),
        ("Which areas of work have they named?", "Which area of work have they named?"),
        ("Which states share the cost?", "Which state shares the cost?"),
    ],
)
def test_a_list_is_asked_of_one_item_too(question: str, of_one: str | None) -> None:
    asked = asked_list(question)
    assert asked is not None
    assert asked.of_one == of_one


def test_who_has_led_asks_for_all_holders_of_an_office() -> None:
    asked = asked_list("Who has led the council of Stoke?")
    assert asked is not None
    assert (asked.kind, asked.of_one) == (AnswerKind.PERSON, "Who led the council of Stoke?")
    asked = asked_list("Who has been the mayor of Stoke?")
    assert asked is not None
    assert asked.of_one == "Who was the mayor of Stoke?"
    assert asked_list("Who led the council of Stoke?") is None
