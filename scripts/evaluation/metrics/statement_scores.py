"""Scores of one reply against what a gold question expects beside words.

Each is between 0 and 1, and defined where the gold question says what is expected. A question that
failed scores as badly as possible.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.answering.values.equality import meaning
from scripts.evaluation.metrics.squad_metrics import token_f1
from scripts.evaluation.metrics.stated_values import agree, expected_values, to_value
from scripts.evaluation.results import RIGHT_F1

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from api.schemas import AnswerOut, AskResponse, TimelineEntryOut
    from index.loading.gold import GoldQuestion
    from index.loading.gold_statements import GoldStatement, GoldValue

_SAME_TIME: Final = dt.timedelta(days=31)
"""A plan holds as of the day it was stated on, of which a reply may know the article's only."""
_BETWEEN_ITEMS: Final = re.compile(r",\s*(?:and|or)\s+|[,;]\s+|\s+(?:and|or|&)\s+")


def value_accuracy(gold: GoldQuestion, response: AskResponse) -> float:
    """1 if the best answer's value is the expected one, in its unit or one that the gold gives."""
    return float(
        gold.value is not None
        and bool(response.answers)
        and _has_value(response.answers[0], gold.value, gold.answers)
    )


def latest_right(gold: GoldQuestion, response: AskResponse) -> float:
    """1 if the best answer is the latest one: by value where there is one, else by its words."""
    if gold.value is not None:
        return value_accuracy(gold, response)
    return float(bool(response.answers) and _is_right(response.answers[0].text, gold.answers))


def timeline_precision(gold: GoldQuestion, response: AskResponse) -> float | None:
    """Share of the reply's timeline that the expected one has; None where the reply has none."""
    if not response.timeline:
        return None
    return _common_entries(gold, response) / len(response.timeline)


def timeline_recall(gold: GoldQuestion, response: AskResponse) -> float:
    """Share of the expected timeline that the reply's has."""
    return _common_entries(gold, response) / len(gold.timeline)


def list_precision(gold: GoldQuestion, response: AskResponse) -> float | None:
    """Share of the items given that are expected; None where none is given."""
    items = _items(gold, response)
    return _common_items(gold, items) / len(items) if items else None


def list_recall(gold: GoldQuestion, response: AskResponse) -> float:
    """Share of the expected items that are given."""
    return _common_items(gold, _items(gold, response)) / len(_distinct(gold.answers))


def comparison_right(gold: GoldQuestion, response: AskResponse) -> float:
    """1 if every side's value is given, and the greater one is said to be it.

    A reply that says no comparison is taken to put the greater side first.
    """
    expected = gold.comparison
    if expected is None:
        return 0.0
    answers, greater = _compared(response)
    if not all(
        any(_has_value(answer, side.value, [side.text]) for answer in answers)
        for side in expected.sides
    ):
        return 0.0
    if expected.greater is None or greater is None:
        return float(expected.greater == greater)
    side = expected.sides[expected.greater]
    return float(_has_value(answers[greater], side.value, [side.text]))


def disagreement_found(gold: GoldQuestion, response: AskResponse) -> float:
    """1 if the reply says that articles disagree, and gives two of the expected answers or more."""
    given = [answer.text for answer in response.answers]
    given += [entry.text for entry in response.timeline]
    told = [
        expected
        for expected in _distinct(gold.answers)
        if any(_is_right(text, [expected]) for text in given)
    ]
    return float(response.agreement == "disagree" and len(told) > 1)


def disagreement_invented(gold: GoldQuestion, response: AskResponse) -> float:
    """1 if the reply says that articles disagree on what they do not disagree on."""
    return float(gold.kind != "disagree" and response.agreement == "disagree")


def absent_name_answered(gold: GoldQuestion, response: AskResponse) -> float:
    """1 if a question about a name that no article mentions was answered."""
    return float(gold.kind == "absent_name" and bool(response.answers))


def _compared(response: AskResponse) -> tuple[list[AnswerOut | None], int | None]:
    """The answers of the sides that a reply compares, and the position of the greater."""
    comparison = response.comparison
    if comparison is None:
        return list(response.answers), 0 if response.answers else None
    answers = [
        None if side.answer is None else response.answers[side.answer] for side in comparison.sides
    ]
    return answers, comparison.greater


def _has_value(answer: AnswerOut | None, value: GoldValue, words: Sequence[str]) -> bool:
    if answer is None or answer.value is None:
        return False
    given = to_value(answer.value)
    return any(agree(given, expected) for expected in expected_values(value, words))


def _is_right(text: str, expected: Sequence[str]) -> bool:
    return token_f1(text, expected) >= RIGHT_F1


def _distinct(texts: Sequence[str]) -> list[str]:
    """One text of each meaning."""
    return list({meaning(text).key: text for text in reversed(texts)}.values())


def _common_entries(gold: GoldQuestion, response: AskResponse) -> int:
    """How many entries two timelines share, each used once."""
    left = list(gold.timeline)
    for entry in response.timeline:
        same = [
            (distance, at)
            for at, expected in enumerate(left)
            if (distance := _distance(entry, expected)) is not None
        ]
        if same:
            del left[min(same)[1]]
    return len(gold.timeline) - len(left)


def _distance(entry: TimelineEntryOut, expected: GoldStatement) -> dt.timedelta | None:
    """The time between entries that say the same of about the same time; None of others."""
    if entry.as_of is None or abs(entry.as_of - expected.as_of) > _SAME_TIME:
        return None
    if entry.value is None or expected.value is None:
        same = _is_right(entry.text, [expected.text])
    else:
        given = to_value(entry.value)
        same = any(
            agree(given, value) for value in expected_values(expected.value, [expected.text])
        )
    return abs(entry.as_of - expected.as_of) if same else None


def _items(gold: GoldQuestion, response: AskResponse) -> list[str]:
    """The distinct items of a reply; an answer that names several expected ones is cut up."""
    items: list[str] = []
    for answer in response.answers:
        parts = [part for part in _BETWEEN_ITEMS.split(answer.text) if part]
        several = sum(_is_right(part, gold.answers) for part in parts) > 1
        items += parts if several else [answer.text]
    return _distinct(items)


def _common_items(gold: GoldQuestion, items: Sequence[str]) -> int:
    """How many items are expected ones, each used once, the most similar first."""
    expected = _distinct(gold.answers)
    pairs = sorted(
        (
            (-token_f1(item, [wanted]), at, place)
            for at, item in enumerate(items)
            for place, wanted in enumerate(expected)
            if _is_right(item, [wanted])
        ),
    )
    used, met = set[int](), set[int]()
    for _, at, place in pairs:
        if at not in used and place not in met:
            used.add(at)
            met.add(place)
    return len(met)


@dataclass(frozen=True, slots=True)
class StatementScore:
    """A score.

    Attributes:
        of: A gold question and the reply to it -> the score; None where it is undefined.
        applies: Whether a gold question says what is expected.
        higher_is_better: False where less is better.
    """

    of: Callable[[GoldQuestion, AskResponse], float | None]
    applies: Callable[[GoldQuestion], bool]
    higher_is_better: bool = True


STATEMENT_SCORES: Final[Mapping[str, StatementScore]] = {
    "value_accuracy": StatementScore(
        value_accuracy, lambda gold: gold.value is not None and gold.kind != "compare"
    ),
    "latest_right": StatementScore(
        latest_right, lambda gold: gold.kind == "latest" and bool(gold.answers)
    ),
    "timeline_precision": StatementScore(timeline_precision, lambda gold: bool(gold.timeline)),
    "timeline_recall": StatementScore(timeline_recall, lambda gold: bool(gold.timeline)),
    "list_precision": StatementScore(
        list_precision, lambda gold: gold.kind == "list" and bool(gold.answers)
    ),
    "list_recall": StatementScore(
        list_recall, lambda gold: gold.kind == "list" and bool(gold.answers)
    ),
    "comparison_right": StatementScore(comparison_right, lambda gold: gold.comparison is not None),
    "disagreement_found": StatementScore(
        disagreement_found, lambda gold: gold.kind == "disagree" and bool(gold.answers)
    ),
    "disagreement_invented": StatementScore(
        disagreement_invented,
        lambda gold: gold.kind not in (None, "disagree", "absent_name"),
        higher_is_better=False,
    ),
    "absent_name_answered": StatementScore(
        absent_name_answered, lambda gold: gold.kind == "absent_name", higher_is_better=False
    ),
}


def score_statements(gold: GoldQuestion, response: AskResponse | None) -> dict[str, float]:
    """Score a reply, or None where the question failed, by the names of `STATEMENT_SCORES`.

    Scores that are not defined for the question are left out.
    """
    scores = {}
    for name, score in STATEMENT_SCORES.items():
        if score.applies(gold):
            worst = 0.0 if score.higher_is_better else 1.0
            value = worst if response is None else score.of(gold, response)
            if value is not None:
                scores[name] = value
    return scores
