"""How statements of one thing agree, and the timeline that they make."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from api.answering.combining.earlier_figures import earlier_figures
from api.answering.time.standing import UNREALISED
from api.answering.values.normal_form import normal_words

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from api.answering.answers import Agreement
    from api.answering.combining.claims import Claim
    from api.answering.values.value import Value

StoryOf = Callable[[str], str]
"""From an article's id to one that all copies and near-duplicates of its text share."""

_SAME_TIME: Final = dt.timedelta(days=10)  # reports of one event are published within
_SCORE_APART: Final = 6.0  # what the reader sees as a worse answer contradicts nothing
_CLOSE: Final = Fraction(1, 50)  # "about 2 million" and "1.97 million" are the same
_REVISING: Final = re.compile(
    r"\b(?:rais(?:es|ed)|lower(?:s|ed)|cuts?|revis(?:es|ed)|correct(?:s|ed|ion)|updat(?:es|ed)|"
    r"increas(?:es|ed)|widen(?:s|ed)|narrow(?:s|ed)|misstated|instead\sof|up\sfrom|down\sfrom)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Combined:
    """What several statements of one thing come to.

    Attributes:
        agreement: Whether there is a single one, they agree, were revised or contradict each other.
        timeline: Those with different values by the day as of which they hold, oldest first;
            empty where there is one value.
    """

    agreement: Agreement
    timeline: tuple[Claim, ...]


def combine(series: Sequence[Claim], story_of: StoryOf) -> Combined:
    """Compare claims of one thing with the first of them.

    Args:
        series: At least one claim, the one that answers first.
        story_of: Tells copies and near-duplicates, which count once.
    """
    answer = series[0]
    others = [claim for claim in series[1:] if not _same(answer, claim)]
    if any(contradict(answer, claim) for claim in others):
        agreement: Agreement = "disagree"
    elif others:
        agreement = "revised"
    else:
        stories = {story_of(claim.passage.article.id) for claim in series}
        agreement = "agree" if len(stories) > 1 else "single"
    earlier = [figure for claim in series for figure in earlier_figures(claim)]
    if agreement == "single" and any(not _same(answer, figure) for figure in earlier):
        agreement = "revised"
    if agreement in {"single", "agree"}:
        return Combined(agreement, ())
    return Combined(agreement, _timeline([*series, *earlier], story_of))


def contradict(answer: Claim, other: Claim) -> bool:
    """Whether two claims with different values cannot both be right of one time."""
    if answer.value is None or other.value is None or _near(answer.value, other.value):
        return False
    standings = {claim.statement.standing for claim in (answer, other)}
    unlike = "denied" in standings or (
        "attributed" not in standings and len({kind in UNREALISED for kind in standings}) > 1
    )
    if answer.sentence == other.sentence:
        return False  # "$600 billion, $100 billion more than before"
    weaker = other.span.score < answer.span.score - _SCORE_APART
    revising = any(_REVISING.search(claim.sentence) for claim in (answer, other))
    return not (unlike or weaker or revising) and _same_time(answer, other)


def _same_time(left: Claim, right: Claim) -> bool:
    """Whether two claims speak of one period, or of an event that both were published about.

    Plans and forecasts of one period must also have been stated at about the same time.
    """
    one, two = left.statement, right.statement
    results = not {one.standing, two.standing} & UNREALISED
    if results and one.words is not None and two.words is not None and one.period == two.period:
        return True
    if one.as_of is None or two.as_of is None:
        return one.as_of == two.as_of
    return abs(one.as_of - two.as_of) <= _SAME_TIME


def _timeline(claims: Sequence[Claim], story_of: StoryOf) -> tuple[Claim, ...]:
    """One claim a value and day, and one of the copies of a story; undated ones last."""
    kept: dict[Hashable, Claim] = {}
    by_story: set[Hashable] = set()
    for claim in sorted(claims, key=lambda claim: (claim.as_of or dt.date.max, claim.place)):
        story = (_key(claim), story_of(claim.passage.article.id))
        if story not in by_story:
            by_story.add(story)
            kept.setdefault((_key(claim), claim.as_of), claim)
    return tuple(kept.values())


def _key(claim: Claim) -> Hashable:
    return normal_words(claim.text) if claim.value is None else claim.value


def _same(left: Claim, right: Claim) -> bool:
    return _key(left) == _key(right)


def _near(left: Value, right: Value) -> bool:
    """Whether one range holds the other, or they differ by no more than "about" or rounding do."""
    ends = (left.low, left.high, right.low, right.high)
    numbers = [end for end in ends if isinstance(end, Fraction)]
    if len(numbers) < len(ends):
        return left.low == right.low or left.high == right.high
    low, high, other_low, other_high = numbers
    if low <= other_high and other_low <= high:
        return True
    if not (left.approximate or right.approximate):
        return _rounds_to(low, other_low) or _rounds_to(other_low, low)
    apart = min(abs(low - other_high), abs(other_low - high))
    return apart <= _CLOSE * max(abs(number) for number in numbers)


def _rounds_to(exact: Fraction, rounded: Fraction) -> bool:
    """Whether the second is the first with fewer digits: 3.5 million for 3.53 million."""
    billionths = str(abs(rounded.numerator * 10**9 // rounded.denominator))
    digits = billionths.rstrip("0")
    step = Fraction(10) ** (len(billionths) - len(digits) - 9)
    return len(digits) >= 2 and abs(exact - rounded) * 2 <= step
