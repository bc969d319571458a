from __future__ import annotations

import datetime as dt

import pytest

from api.answering.combining.claims.claim import Claim, claim_of
from api.answering.combining.claims.retellings import retellings
from api.answering.questions.question import Question
from api.answering.questions.without_names import without_names
from api.answering.values.parsing import parse_value
from tests.api.answering.making import find_span, make_passage

COST = "How much will the Tor Line cost?"
LEAD = "The Tor Line will cost £53 million."
BEFORE, LATER = dt.date(2024, 9, 5), dt.date(2025, 2, 19)


def claim(sentence: str, words: str) -> Claim:
    passage = make_passage(sentence, day=BEFORE)
    value = parse_value(words, sentence, sentence.index(words), BEFORE)
    return claim_of(0, find_span([passage], 0, words, 9.0), passage, value)


def retold(
    *sentences: str,
    words: str = "£55 million",
    margin: float = 1.0,
    question: str = COST,
    lead: tuple[str, str] = (LEAD, "£53 million"),
) -> list[str]:
    """What the words of a later article retell of the lead."""
    passage = make_passage(*sentences, article_id="later", day=LATER)
    parsed = Question.parse(question)
    unnamed = without_names(parsed)
    assert unnamed is not None
    spans = [find_span([passage], 0, words, margin)]
    found = retellings(claim(*lead), parsed, unnamed, [passage], spans, lambda _: [passage.chunk])
    return [item.text for item in found]


def test_a_figure_of_the_same_measure_is_retold_without_the_name() -> None:
    assert retold("The bill is going up.", "It stands at £55 million.") == ["£55 million"]


@pytest.mark.parametrize(("margin", "told"), [(0.0, False), (2.0, True)])
def test_a_figure_without_a_word_for_the_measure_is_told_where_it_answers(
    margin: float, told: bool
) -> None:
    found = retold("The council met.", "The fund holds £55 million.", margin=margin)
    assert found == ["£55 million"] * told


@pytest.mark.parametrize(
    ("words", "margin", "told"),
    [
        ("£120 million", 1.0, True),
        ("£120 million", -9.0, False),
        ("£60 million", -9.0, True),
        ("£60 million", -14.0, False),
        ("£8 million", 1.0, False),
        ("55 million euros", 1.0, False),
    ],
)
def test_the_less_it_reads_as_an_answer_the_nearer_a_figure_must_be(
    words: str, margin: float, told: bool
) -> None:
    assert retold(f"The bill is now {words}.", words=words, margin=margin) == [words] * told


@pytest.mark.parametrize(
    "sentence",
    [
        "Dorva, built by Hollis, cost £55 million.",
        "The trams cost £55 million on top.",
        "The cost rose from £55 million.",
        "The council denied that the cost was £55 million.",
        "It had first put the cost at £55 million.",
        "The council had spoken of a cost of about £55 million.",
        "The council had been hoping for a cost of £55 million.",
    ],
)
def test_what_is_of_another_name_or_of_another_figure_is_not_retold(sentence: str) -> None:
    assert retold(sentence) == []


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ("Acme raised $6 billion this week.", True),
        ("On Monday Beta Labs raised $6 billion.", False),
    ],
)
def test_the_company_is_the_one_that_was_named_last(before: str, told: bool) -> None:
    worth = "Including the cash, the company is worth $24 billion."
    found = retold(
        before,
        worth,
        words="$24 billion",
        question="What is Acme worth?",
        lead=("Acme is worth $20 billion.", "$20 billion"),
    )
    assert found == ["$24 billion"] * told


def test_a_figure_of_a_year_before_the_asked_one_is_not_retold() -> None:
    question = "What is the population of Tor according to the 2024 census?"
    lead = "The census put the population of Tor at 5.17 million.", "5.17 million"
    old, new = "In 2013 the population was 4.83 million.", "The population is 5.21 million."
    assert retold(old, words="4.83 million", question=question, lead=lead) == []
    assert retold(new, words="5.21 million", question=question, lead=lead) == ["5.21 million"]


@pytest.mark.parametrize(("year", "told"), [("2023", False), ("2024", True)])
def test_a_whole_years_result_is_no_other_value_of_another_years_plan(
    year: str, told: bool
) -> None:
    result = f"Capital expenditure for {year} came to $28.1 billion."
    found = retold(
        result,
        words="$28.1 billion",
        question="How much is Acme spending?",
        lead=("Acme will spend $40 billion this year.", "$40 billion"),
    )
    assert found == ["$28.1 billion"] * told


def test_days_that_are_planned_are_retold() -> None:
    question = "When will the Tor Line open?"
    lead = "The Tor Line should open in March 2028.", "March 2028"
    later = "The line is expected to open in May 2029."
    assert retold(later, words="May 2029", question=question, lead=lead) == ["May 2029"]
    past = "The first tram had opened in May 2019."
    assert retold(past, words="May 2019", question=question, lead=lead) == []


@pytest.mark.parametrize(
    ("words", "told"), [("29 hours", True), ("29", True), ("29 days", False), ("£29", False)]
)
def test_hours_of_a_week_are_retold_as_hours_or_as_a_bare_number(words: str, told: bool) -> None:
    question = "How many hours a week is Tor Library open?"
    lead = "Tor Library is open 46 hours a week.", "46 hours a week"
    later = f"From April the doors are open for {words}."
    assert retold(later, words=words, question=question, lead=lead) == [words] * told


@pytest.mark.parametrize(("sentence", "told"), [("He waited 66.", False), ("It is now 66.", True)])
def test_a_bare_number_about_a_person_is_not_retold(sentence: str, told: bool) -> None:
    found = retold(
        "There was a party for the 400th hip.",
        sentence,
        words="66",
        margin=3.0,
        question="How long is the wait at Tor Hospital?",
        lead=("The wait at Tor Hospital is 61 weeks.", "61 weeks"),
    )
    assert found == ["66"] * told
