from __future__ import annotations

import pytest

from api.answering.combining.lists.list_completeness import list_completeness
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker
from tests.api.answering.making import find_span, make_passage
from tests.conftest import FakeReader, fake_calibration


@pytest.mark.parametrize(
    ("scores", "most", "complete", "below"),
    [
        ([9.0, 8.0], 10, "likely", []),
        ([9.0, 4.9], 10, "unknown", ["Beta"]),
        ([9.0, 8.0], 1, "unknown", ["Beta"]),
        ([4.9], 10, "unknown", ["Acme"]),
        ([], 10, "unknown", []),
    ],
)
def test_a_list_is_complete_where_nothing_comes_near_the_bar(
    scores: list[float], most: int, complete: str, below: list[str]
) -> None:
    passages = [make_passage("Acme and Beta.")]
    spans = [
        find_span(passages, 0, words, score, 5.0)
        for words, score in zip(["Acme", "Beta"], scores, strict=False)
    ]
    question = Question.parse("Which companies signed the code?")
    ranked = Ranker(FakeReader(), fake_calibration()).weigh(question, spans, passages)
    state = list_completeness(ranked, 0.5, most, 7)
    assert (state.complete, state.articles_searched) == (complete, 7)
    assert [item.text for item in state.below_the_bar] == below
