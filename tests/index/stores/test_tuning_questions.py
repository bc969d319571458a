"""Texts like questions, cut from chunks."""

from hypothesis import given
from hypothesis import strategies as st

from index.records import Chunk, Span
from index.stores.tuning_questions import spread, tuning_questions


@given(count=st.integers(1, 10_000), most=st.integers(1, 500))
def test_spread_gives_numbers_from_all_over_and_not_too_many(count: int, most: int) -> None:
    numbers = list(spread(count, most))
    assert 1 <= len(numbers) <= min(count, most)
    assert numbers[0] == 0
    assert count - numbers[-1] <= -(-count // most)


def test_tuning_questions_are_runs_of_words_of_the_longest_sentence() -> None:
    text = "Short one. The council of the old town voted to build a second bridge over the river."
    sentences = (Span(100, 110), Span(111, 100 + len(text)))
    chunk = Chunk("a", 100, 100 + len(text), text, "Title", sentences)
    assert list(tuning_questions([chunk])) == ["the old town voted to build a second"]
    assert list(tuning_questions([Chunk("a", 0, 0, "", "", ())])) == []
