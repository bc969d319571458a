from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.answering.combining.lists.list_confidence import with_company
from api.answering.ranking.candidates import Candidate
from api.answering.ranking.ranker import DescribedCandidate, RankedCandidate
from tests.api.answering.making import find_span, make_list, make_passage

if TYPE_CHECKING:
    from index.records import Passage

BAR = 0.3


def confidences(
    passages: list[Passage], told: tuple[str, ...], **items: tuple[int, float]
) -> dict[str, float]:
    """The confidences of items by their words, from the passage and confidence of each."""
    ranked, places = [], set()
    for words, (passage, confidence) in items.items():
        span = find_span(passages, passage, words)
        described = DescribedCandidate(Candidate(words, (span,)), {}, 0)
        ranked.append(RankedCandidate(described, confidence))
        if words in told:
            places.add((span.passage, span.span))
    raised = with_company(ranked, passages, places, BAR, named=True)
    return {item.candidate.text: round(item.confidence, 2) for item in raised}


def test_odds_double_where_another_item_is_sure() -> None:
    passages = [make_passage("Acme signed."), make_passage("So did Beta.", article_id="b")]
    assert confidences(passages, (), Acme=(0, 0.5), Beta=(1, 0.2)) == {"Acme": 0.5, "Beta": 0.33}
    assert confidences(passages, (), Acme=(0, 0.29), Beta=(1, 0.2)) == {"Acme": 0.29, "Beta": 0.2}


def test_no_item_becomes_surer_than_the_surest() -> None:
    passages = [make_passage("Acme signed."), make_passage("So did Beta.", article_id="b")]
    assert confidences(passages, (), Acme=(0, 0.35), Beta=(1, 0.28))["Beta"] == 0.35


@pytest.mark.parametrize(
    "passage",
    [
        make_passage("The others are Acme, Beta and Gamma."),
        make_list("Acme: May", "Beta: June", "Gamma: July"),
    ],
)
def test_what_stands_beside_a_sure_item_is_surer(passage: Passage) -> None:
    found = confidences([passage], (), Acme=(0, 0.81), Beta=(0, 0.09), Gamma=(0, 0.04))
    assert found == {"Acme": 0.81, "Beta": 0.27, "Gamma": 0.18}


def test_cells_of_one_column_stand_beside_one_another() -> None:
    rows = [
        make_passage("Firm: Acme; Site: Skar", context="Cuts"),
        make_passage("Firm: Beta; Site: Hune", start=30, context="Cuts"),
    ]
    found = confidences(rows, (), Acme=(0, 0.81), Beta=(1, 0.09), Hune=(1, 0.09))
    assert found == {"Acme": 0.81, "Beta": 0.27, "Hune": 0.17}


def test_an_item_of_a_list_that_says_it_is_one_gets_the_threshold() -> None:
    passages = [make_list("Beta: May", "Gamma"), make_passage("So did Acme.", article_id="b")]
    found = confidences(passages, ("Beta",), Acme=(1, 0.2), Beta=(0, 0.05), Gamma=(0, 0.02))
    assert found == {"Beta": 0.3, "Acme": 0.3, "Gamma": 0.08}


def test_an_enumeration_that_is_sure_doubles_no_odds_of_other_sentences() -> None:
    passages = [
        make_passage("Acme, Beta and Gamma go down."),
        make_passage("Delta leads.", article_id="b"),
    ]
    found = confidences(passages, (), Acme=(0, 0.5), Beta=(0, 0.2), Delta=(1, 0.2))
    assert found == {"Acme": 0.5, "Beta": 0.33, "Delta": 0.2}


def test_a_worse_mention_of_a_sure_item_raises_nothing_beside_it() -> None:
    passages = [
        make_passage("Acme, Beta and Gamma signed it."),
        make_passage("Acme, Delta and Eta are partners.", article_id="b"),
    ]
    spans = [find_span(passages, 0, "Acme", 8.0), find_span(passages, 1, "Acme", -6.0)]
    items = [
        RankedCandidate(DescribedCandidate(Candidate("Acme", tuple(spans)), {}, 0), 0.8),
        RankedCandidate(
            DescribedCandidate(Candidate("Eta", (find_span(passages, 1, "Eta", -6.0),)), {}, 1), 0.2
        ),
    ]
    raised = with_company(items, passages, set(), BAR, named=True)
    assert [round(item.confidence, 2) for item in raised] == [0.8, 0.2]
