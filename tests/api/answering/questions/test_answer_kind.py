import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answering.questions.answer_kind import (
    AnswerKind,
    cannot_answer,
    kind_fit,
    repeats_question,
    wanted_kind,
)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What percentage of members backed the deal?", AnswerKind.PERCENT),
        ("How many years will the work take?", AnswerKind.DURATION),
        ("How old is the new chair?", AnswerKind.DURATION),
        ("How many jobs go?", AnswerKind.NUMBER),
        ("How much is Meta spending?", AnswerKind.AMOUNT),
        ("In which month did it open?", AnswerKind.DATE),
        ("When was it signed?", AnswerKind.DATE),
        ("In May, when was it signed?", AnswerKind.DATE),
        ("Who led it when the fire broke out?", AnswerKind.PERSON),
        ("When the fire broke out, who led it?", AnswerKind.PERSON),
        ("What did the man who left take?", AnswerKind.OTHER),
        ("What is the name of the girl who won?", AnswerKind.PERSON),
        ("Which of the women who won is Danish?", AnswerKind.PERSON),
        ("What was the turnout where it rained?", AnswerKind.OTHER),
        ("A man who flew was met at sea. What met him?", AnswerKind.OTHER),
        ("A firm made ten percent fewer. Which company is it?", AnswerKind.ORGANISATION),
        ("Which retired scientist went back?", AnswerKind.PERSON),
        ("In which prison is he held?", AnswerKind.PLACE),
        ("What capital spending was planned?", AnswerKind.AMOUNT),
        ("What is the name of its chief executive?", AnswerKind.PERSON),
        ("Who chairs the board?", AnswerKind.PERSON),
        ("Which actor left the film?", AnswerKind.PERSON),
        ("Which state voted last?", AnswerKind.PLACE),
        ("Which company builds it?", AnswerKind.ORGANISATION),
        ("Which Danish company builds it?", AnswerKind.ORGANISATION),
        ("Which American start-up did it buy?", AnswerKind.ORGANISATION),
        ("In which US state is it built?", AnswerKind.PLACE),
        ("Which company's president left?", AnswerKind.PERSON),
        ("What did the company build?", AnswerKind.OTHER),
        ("Why was the launch put off?", AnswerKind.REASON),
        ("Halvik operating profit", AnswerKind.OTHER),
        ("What value did the order book reach?", AnswerKind.FIGURE),
        ("What was the total of the fines?", AnswerKind.FIGURE),
        ("What was the unemployment rate in May?", AnswerKind.FIGURE),
        ("What speed did the train reach?", AnswerKind.FIGURE),
        ("How big was the crowd?", AnswerKind.FIGURE),
        ("What religious figure did he paint?", AnswerKind.OTHER),
        ("In what capacity did he serve?", AnswerKind.OTHER),
        ("What rate cut did the bank make?", AnswerKind.OTHER),
        ("What was the price of a barrel?", AnswerKind.AMOUNT),
        ("What annual revenue did it report?", AnswerKind.AMOUNT),
        ("What was the salary of the chief executive?", AnswerKind.AMOUNT),
        ("What price cap was agreed?", AnswerKind.OTHER),
        ("What share of sales was it?", AnswerKind.PERCENT),
        ("What share price did it reach?", AnswerKind.AMOUNT),
        ("What fraction of its sales came from China?", AnswerKind.PERCENT),
        ("At what age did she retire?", AnswerKind.DURATION),
        ("What is the age of the new chair?", AnswerKind.DURATION),
        ("What was the number of deaths?", AnswerKind.NUMBER),
        ("Name the finance minister.", AnswerKind.PERSON),
        ("What's the name of Acme's CEO?", AnswerKind.PERSON),
        ("What was the chief executive's name?", AnswerKind.PERSON),
        ("Which executive order did he revoke?", AnswerKind.OTHER),
        ("Which general election was it?", AnswerKind.OTHER),
        ("Which state law was struck down?", AnswerKind.OTHER),
        ("Which city council voted for it?", AnswerKind.ORGANISATION),
        ("Which state governor signed it?", AnswerKind.PERSON),
        ("Which of the banks failed?", AnswerKind.ORGANISATION),
        ("What was the reason for the delay?", AnswerKind.REASON),
        ("How come the vote was delayed?", AnswerKind.REASON),
        ("What did the painting sell for in May?", AnswerKind.AMOUNT),
        ("What does a ticket cost?", AnswerKind.AMOUNT),
        ("What did they pay for the club?", AnswerKind.AMOUNT),
        ("What did the town sell for charity?", AnswerKind.OTHER),
        ("What was the winning bid?", AnswerKind.AMOUNT),
        ("What was the loss of life?", AnswerKind.OTHER),
        ("Which footballer moved?", AnswerKind.PERSON),
        ("Which premier league club sacked him?", AnswerKind.ORGANISATION),
        ("Name the company that bought it.", AnswerKind.ORGANISATION),
        ("Name the country.", AnswerKind.PLACE),
    ],
)
def test_wanted_kind_is_read_from_the_question(question: str, kind: AnswerKind) -> None:
    assert wanted_kind(question) is kind


@pytest.mark.parametrize(
    ("kind", "answer", "fit"),
    [
        (AnswerKind.PERCENT, "68 per cent", 1),
        (AnswerKind.PERCENT, "412 people", 0),
        (AnswerKind.NUMBER, "twelve", 1),
        (AnswerKind.NUMBER, "several", -1),
        (AnswerKind.NUMBER, "$4 million", 0),
        (AnswerKind.AMOUNT, "£1.3bn", 1),
        (AnswerKind.AMOUNT, "Rs 40 crore", 1),
        (AnswerKind.AMOUNT, "the harbour", -1),
        (AnswerKind.AMOUNT, "8 per cent", 0),
        (AnswerKind.DATE, "last spring", 1),
        (AnswerKind.DATE, "Oslo", -1),
        (AnswerKind.FIGURE, "39.5%", 1),
        (AnswerKind.FIGURE, "$15.2 billion", 1),
        (AnswerKind.FIGURE, "the harbour", -1),
        (AnswerKind.DURATION, "nine days", 1),
        (AnswerKind.DURATION, "57", 1),
        (AnswerKind.DURATION, "a week", 1),
        (AnswerKind.DURATION, "Oslo", -1),
        (AnswerKind.NUMBER, "thousands", 1),
        (AnswerKind.PERCENT, "$4 million", -1),
        (AnswerKind.PERSON, "Maria Delgado", 1),
        (AnswerKind.ORGANISATION, "airliner", -1),
        (AnswerKind.PLACE, "Örebro", 1),
        (AnswerKind.REASON, "storms", -1),
        (AnswerKind.REASON, "a shortage of shingles", 1),
        (AnswerKind.OTHER, "anything", 0),
    ],
)
def test_kind_fit_tells_what_can_be_an_answer(kind: AnswerKind, answer: str, fit: float) -> None:
    assert kind_fit(kind, answer) == fit


@given(st.sampled_from(AnswerKind), st.text(max_size=60))
def test_kind_fit_of_any_words_is_one_of_three(kind: AnswerKind, answer: str) -> None:
    assert kind_fit(kind, answer) in {-1.0, 0.0, 1.0}


def test_words_of_another_kind_cannot_answer_where_the_kind_is_told_by_figures_or_capitals() -> (
    None
):
    assert cannot_answer(AnswerKind.NUMBER, "how many")
    assert cannot_answer(AnswerKind.ORGANISATION, "airliner")
    assert cannot_answer(AnswerKind.ORGANISATION, "some 10bn euros")
    assert not cannot_answer(AnswerKind.ORGANISATION, "easyJet")
    assert not cannot_answer(AnswerKind.ORGANISATION, "89bio")
    assert not cannot_answer(AnswerKind.ORGANISATION, "3M")
    assert not cannot_answer(AnswerKind.NUMBER, "twelve")
    assert not cannot_answer(AnswerKind.PERSON, "two divers")
    assert not cannot_answer(AnswerKind.REASON, "storms")


def test_answer_of_the_questions_own_words_repeats_it() -> None:
    question = frozenset({"which", "magazine", "named", "ford"})
    assert repeats_question(question, frozenset({"magazine"})) == 1
    assert repeats_question(question, frozenset({"time", "magazine"})) == 0.5
    assert repeats_question(question, frozenset()) == 1


def test_how_effective_asks_for_a_share_and_an_ordinal_is_none() -> None:
    kind = wanted_kind("How effective is the vaccine?")
    assert kind is AnswerKind.PERCENT
    assert cannot_answer(kind, "third vaccine against the disease")
    assert not cannot_answer(kind, "64%")
    assert not cannot_answer(kind, "a third of cases")
