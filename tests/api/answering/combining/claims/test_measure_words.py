import pytest

from api.answering.combining.claims.claim import claim_of
from api.answering.combining.claims.measure_words import measure_words, tells_measure
from api.answering.questions.question import Question
from tests.api.answering.making import find_span, make_passage

COST = Question.parse("How much will it cost?")


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("How much will it cost?", "price"),
        ("How many people work for it?", "workf"),
        ("How many branches will be closed?", "branc"),
        ("How many passengers a day does it expect?", "passe"),
        ("What is the forecast for its revenue?", "sales"),
        ("When will it open?", "start"),
    ],
)
def test_what_is_asked_of_a_thing_has_other_words(question: str, word: str) -> None:
    assert word in measure_words(Question.parse(question))


def test_what_is_counted_is_asked_and_not_what_is_done_with_it() -> None:
    assert measure_words(Question.parse("How many beds will it cost?")) == {"beds"}


@pytest.mark.parametrize(
    ("sentences", "told"),
    [
        (("The bill is going up.", "It stood at £55 million."), True),
        (("It rained.", "It stood at £55 million."), False),
        (("The bill is going up.", "It rained.", "It stood at £55 million."), False),
    ],
)
def test_a_sentence_or_the_one_before_tells_the_measure(
    sentences: tuple[str, ...], told: bool
) -> None:
    passage = make_passage(*sentences)
    claim = claim_of(0, find_span([passage], 0, "£55 million"), passage, None)
    assert tells_measure(claim, COST, lambda: [passage.chunk]) is told


def test_the_sentence_before_may_be_of_another_chunk() -> None:
    earlier = make_passage("The bill is going up.")
    passage = make_passage("It stood at £55 million.", start=earlier.chunk.end + 1)
    claim = claim_of(0, find_span([passage], 0, "£55 million"), passage, None)
    assert tells_measure(claim, COST, lambda: [earlier.chunk, passage.chunk])
