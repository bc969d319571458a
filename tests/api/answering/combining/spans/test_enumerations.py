from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from api.answering.combining.spans.enumerations import taken_apart
from index.records import Span
from tests.api.answering.making import find_span, make_passage


@pytest.mark.parametrize("named", [True, False])
def test_every_span_of_a_sentence_is_taken_apart(named: bool) -> None:
    sentence = "It went to acme, Beta, and gamma; and or, then."
    passages = [make_passage(sentence)]
    whole = find_span(passages, 0, sentence)
    for start, end in combinations(range(len(sentence) + 1), 2):
        scored = replace(whole, span=Span(start, end))
        for part in taken_apart([scored], passages, named=named):
            assert 0 <= part.span.start <= part.span.end <= len(sentence)


def test_one_place_is_one_item_however_often_it_was_read() -> None:
    passages = [make_passage("Acme and Beta signed it.")]
    spans = [find_span(passages, 0, "Acme", 8.0), find_span(passages, 0, "Acme and Beta", 9.0)]
    parted = taken_apart(spans, passages)
    assert [(scored.span.start, scored.score) for scored in parted] == [(0, 9.0), (9, 9.0)]
