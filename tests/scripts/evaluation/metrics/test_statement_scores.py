"""Scores of values, timelines, lists, comparisons, disagreements and names, on tiny replies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from api.answering.values.parsing import parse_value
from api.schemas import AskResponse, examples
from api.translation.values import from_value
from index.loading.gold import GoldQuestion
from scripts.evaluation.metrics.measures import BY_NAME
from scripts.evaluation.metrics.statement_scores import (
    STATEMENT_SCORES,
    comparison_right,
    score_statements,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def _value(text: str) -> dict[str, Any] | None:
    value = parse_value(text)
    stated = None if value is None else from_value(value)
    return None if stated is None else stated.model_dump(mode="json")


def _expected(text: str) -> dict[str, Any]:
    """The value of a text, as a gold question writes it."""
    value = _value(text)
    assert value is not None
    return {name: value[name] for name in ("kind", "low", "high", "unit")}


def _gold(*answers: str, **changes: Any) -> GoldQuestion:
    articles = ["a"] if answers else []
    plain = {"id": "g", "question": "What?", "answers": answers, "articles": articles}
    return GoldQuestion.model_validate(plain | changes)


def _entry(as_of: str | None, text: str) -> dict[str, Any]:
    return {"as_of": as_of, "text": text, "value": _value(text), "standing": "reported"}


def _reply(*answers: str, **changes: Any) -> AskResponse:
    if not answers:
        return AskResponse.model_validate(examples.ABSTAINED | changes)
    stated = [
        {"text": text, "confidence": 0.9, "value": _value(text), "citations": [1]}
        for text in answers
    ]
    return AskResponse.model_validate(
        examples.ASK | {"answer": answers[0], "answers": stated} | changes
    )


def _score(name: str, gold: GoldQuestion, reply: AskResponse | None) -> float | None:
    return score_statements(gold, reply).get(name)


@pytest.mark.parametrize(
    ("expected", "answer", "score"),
    [
        ("$3.5 million", "US$3,500,000", 1),
        ("$3.5 million", "about $3.5 million", 1),
        ("$3.5 million", "$35 million", 0),
        ("$3.5 million", "€3.5 million", 0),
        ("$64 billion to $72 billion", "$72 billion", 0),
        ("800 million users", "800 million weekly users", 1),
        ("800 million users", "800 million", 1),
        ("17%", "17 percentage points", 0),
        ("2.4 metres", "240 centimetres", 1),
        ("June 2029", "June 2029", 1),
        ("June 2029", "2029", 0),
        ("62.6 billion yuan ($8.6 billion)", "$8.6 billion", 1),
        ("17%", "a sixth or so", 0),
    ],
)
def test_value_accuracy_compares_values(expected: str, answer: str, score: float) -> None:
    gold = _gold(expected, value=_expected(expected))
    assert _score("value_accuracy", gold, _reply(answer)) == score


def test_value_accuracy_counts_the_best_answer_only() -> None:
    gold = _gold("17%", value=_expected("17%"))
    assert _score("value_accuracy", gold, _reply("18%", "17%")) == 0
    assert _score("value_accuracy", gold, _reply()) == 0


def test_latest_right_goes_by_value_or_else_by_words() -> None:
    figure = _gold("$70 billion", kind="latest", value=_expected("$70 billion"))
    assert _score("latest_right", figure, _reply("$70bn")) == 1
    assert _score("latest_right", figure, _reply("$64 billion", "$70 billion")) == 0
    person = _gold("Lip-Bu Tan", "Tan", kind="latest")
    assert _score("latest_right", person, _reply("Tan")) == 1
    assert _score("latest_right", person, _reply("Pat Gelsinger")) == 0
    assert _score("latest_right", person, _reply()) == 0


GOLD_TIMELINE = [
    _entry("2025-01-24", "$60 billion to $65 billion") | {"article": "a"},
    _entry("2025-04-30", "$72 billion") | {"article": "b"},
    _entry("2025-10-31", "$72 billion") | {"article": "c"},
    _entry("2025-11-01", "Lip-Bu Tan") | {"article": "d"},
]
for entry in GOLD_TIMELINE[:3]:
    entry["value"] = _expected(entry["text"])


@pytest.mark.parametrize(
    ("timeline", "precision", "recall"),
    [
        ([], None, 0),
        ([("2025-01-24", "$60 billion to $65 billion")], 1, 1 / 4),
        ([("2025-01-29", "$60-65 billion"), ("2025-05-02", "$64 billion")], 1 / 2, 1 / 4),
        ([("2025-05-02", "US$72bn"), ("2025-10-30", "$72 billion")], 1, 2 / 4),
        ([("2025-05-02", "$72 billion"), ("2025-05-03", "$72 billion")], 1 / 2, 1 / 4),
        ([("2025-07-31", "$72 billion"), (None, "$72 billion")], 0, 0),
        ([("2025-11-01", "Tan"), ("2025-11-01", "$72 billion")], 1, 2 / 4),
    ],
)
def test_timelines_share_entries_of_the_same_value_and_time(
    timeline: Sequence[tuple[str | None, str]], precision: float | None, recall: float
) -> None:
    gold = _gold("$72 billion", timeline=GOLD_TIMELINE)
    entries = [_entry(as_of, text) | {"citation": 1} for as_of, text in timeline]
    reply = _reply("$72 billion", timeline=entries)
    assert _score("timeline_precision", gold, reply) == precision
    assert _score("timeline_recall", gold, reply) == recall


@pytest.mark.parametrize(
    ("answers", "precision", "recall"),
    [
        ((), None, 0),
        (("Saltmarsh",), 1, 1 / 3),
        (("Priory Street", "Oxford"), 1 / 2, 1 / 3),
        (("Saltmarsh", "the Saltmarsh"), 1, 1 / 3),
        (("Saltmarsh", "Saltmarsh library"), 1 / 2, 1 / 3),
        (("Saltmarsh, Priory Street and Upper Wex",), 1, 1),
        (("Saltmarsh and Priory Street", "Wexcombe"), 2 / 3, 2 / 3),
        (("Wexcombe, in the county",), 0, 0),
    ],
)
def test_lists_are_scored_by_their_items(
    answers: Sequence[str], precision: float | None, recall: float
) -> None:
    gold = _gold("Saltmarsh", "Priory Street", "Upper Wex", kind="list")
    reply = _reply(*answers)
    assert _score("list_precision", gold, reply) == precision
    assert _score("list_recall", gold, reply) == recall


COMPARED = _gold(
    "Wexcombe",
    "49.5%",
    kind="compare",
    comparison={
        "sides": [
            {"subject": place, "text": text, "value": _expected(text), "article": "a"}
            for place, text in (("Penhallow", "44.8%"), ("Wexcombe", "49.5%"))
        ],
        "greater": 1,
    },
)


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        (("49.5%", "44.8%"), 1),
        (("49.5 per cent", "12%", "44.8%"), 1),
        (("44.8%", "49.5%"), 0),
        (("49.5%",), 0),
        (("Wexcombe",), 0),
        ((), 0),
    ],
)
def test_reply_without_a_comparison_puts_the_greater_side_first(
    answers: Sequence[str], score: float
) -> None:
    assert _score("comparison_right", COMPARED, _reply(*answers)) == score


@dataclass
class _Side:
    answer: int | None


@dataclass
class _Comparison:
    sides: Sequence[_Side]
    greater: int | None


@dataclass
class _Comparing:
    """A reply that says which comparison was made."""

    answers: Sequence[Any]
    comparison: _Comparison


@pytest.mark.parametrize(
    ("sides", "greater", "score"),
    [
        ((0, 1), 1, 1),
        ((1, 0), 0, 1),
        ((0, 1), 0, 0),
        ((0, 1), None, 0),
        ((1, 2), 0, 0),
        ((1, None), 0, 0),
    ],
)
def test_comparison_is_right_when_its_sides_and_the_greater_are(
    sides: Sequence[int | None], greater: int | None, score: float
) -> None:
    answers = _reply("44.8%", "49.5%", "12%").answers
    reply: Any = _Comparing(answers, _Comparison([_Side(at) for at in sides], greater))
    assert comparison_right(COMPARED, reply) == score


@pytest.mark.parametrize(
    ("agreement", "answers", "timeline", "score"),
    [
        ("disagree", ("€3.5 million", "€35 million"), (), 1),
        ("disagree", ("€35 million",), ("3.5 million euros",), 1),
        ("disagree", ("€35 million", "35 million euros"), (), 0),
        ("revised", ("€3.5 million", "€35 million"), (), 0),
        (None, (), (), 0),
    ],
)
def test_disagreement_is_found_where_it_is_said_of_the_values(
    agreement: str | None, answers: Sequence[str], timeline: Sequence[str], score: float
) -> None:
    gold = _gold("3.5 million euros", "€35 million", kind="disagree")
    entries = [_entry("2025-08-12", text) | {"citation": 1} for text in timeline]
    reply = _reply(*answers, agreement=agreement, timeline=entries)
    assert _score("disagreement_found", gold, reply) == score


def test_disagreement_is_invented_where_another_kind_is_asked() -> None:
    gold = _gold("17%", kind="fact")
    assert _score("disagreement_invented", gold, _reply("17%", agreement="disagree")) == 1
    assert _score("disagreement_invented", gold, _reply("17%", agreement="revised")) == 0
    assert _score("disagreement_invented", _gold("17%"), _reply("17%")) is None


def test_absent_name_is_answered_or_not() -> None:
    gold = _gold(kind="absent_name")
    assert _score("absent_name_answered", gold, _reply("17%")) == 1
    assert _score("absent_name_answered", gold, _reply()) == 0


def test_question_without_a_kind_has_no_scores() -> None:
    assert score_statements(_gold("17%"), _reply("17%")) == {}


def test_failed_question_scores_as_badly_as_possible() -> None:
    everything = _gold(
        "17%",
        "18%",
        kind="latest",
        value=_expected("17%"),
        timeline=GOLD_TIMELINE,
        comparison=COMPARED.comparison,
    )
    listed = everything.model_copy(update={"kind": "list"})
    disputed = everything.model_copy(update={"kind": "disagree"})
    absent = _gold(kind="absent_name")
    failed: dict[str, float] = {}
    for gold in (everything, listed, disputed, absent):
        failed |= score_statements(gold, None)
    assert failed.keys() == STATEMENT_SCORES.keys()
    for name, score in failed.items():
        assert score == (0 if BY_NAME[name].higher_is_better else 1), name
