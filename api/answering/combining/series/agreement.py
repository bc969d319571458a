"""How statements of one thing agree, and the timeline that they make."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import in_one_sentence, nearly_answers, of_one_article
from api.answering.combining.claims.earlier_figures import compared_values, earlier_figures
from api.answering.combining.claims.fixed_facts import differ, tell_one_fixed_fact
from api.answering.combining.claims.other_reports import of_other_source
from api.answering.combining.claims.relative_figures import is_former_figure
from api.answering.combining.claims.rival_accounts import are_rival_accounts
from api.answering.combining.claims.rival_figures import is_rival, rival_figures
from api.answering.time.standing import UNREALISED
from api.answering.time.statements import near_in_time
from api.answering.values.nearness import nearly_equal, rounds
from api.answering.values.normal_form import normal_words
from api.answering.values.numbers import NUMBER_WORDS
from api.answering.values.tokens import FIGURE_AHEAD

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from api.answering.answers import Agreement
    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question
    from api.answering.time.statements import Statement
    from index.records import Passage

StoryOf = Callable[[str], str]
"""From an article's id to one that all copies and near-duplicates of its text share."""

_LONG_AGO: Final = dt.timedelta(days=60)  # what an article calls news is not so old
_MONTH: Final = dt.timedelta(days=31)
_SCORE_APART: Final = 6.0  # what the reader sees as a worse answer contradicts nothing
# "Acme cuts 600 jobs" revises nothing, "cuts the fee to €2 million" does.
_REVISING: Final = re.compile(
    r"\b(?:(?:rais(?:es|ed)|lower(?:s|ed)|cuts?|increas(?:es|ed))\b[^.;]{0,60}\s(?:to|from)\s"
    r"(?:(?:about|around|nearly|between)\s)?" + FIGURE_AHEAD + r"|(?:revis(?:es|ed)|"
    r"correct(?:s|ed|ion)|updat(?:es|ed)|widen(?:s|ed)|narrow(?:s|ed)|misstated|instead\sof|"
    r"up\sfrom|down\sfrom)\b)",
    re.IGNORECASE,
)
_FIGURE: Final = re.compile(rf"\d|\b(?:{'|'.join(sorted(NUMBER_WORDS))})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Combined:
    """What several statements of one thing come to.

    Attributes:
        agreement: Whether there is a single one, they agree, were revised or contradict each other.
        timeline: Those with different values by the day as of which they hold, oldest first;
            empty where there is one value. Of those that disagree only the two sides.
    """

    agreement: Agreement
    timeline: tuple[Claim, ...]


def combine(
    series: Sequence[Claim],
    story_of: StoryOf,
    passages: Sequence[Passage],
    question: Question,
    of_other_times: Sequence[Claim] = (),
) -> Combined:
    """Compare claims of one thing with the first of them.

    Args:
        series: At least one claim, the one that answers first.
        story_of: Tells copies and near-duplicates, which count once.
        passages: What was read.
        question: What they answer.
        of_other_times: Claims of the thing at other times than the asked one, which contradict
            nothing.
    """
    answer = series[0]
    # What a figure is counted from, without a time of its own, is not of the article's day.
    series = [
        answer,
        *(
            claim
            for claim in series[1:]
            if claim.statement.words is not None or not is_former_figure(claim)
        ),
    ]
    others = [
        claim
        for claim in series[1:]
        if not _same(answer, claim) and not _is_rounded(answer, claim, question)
    ]
    against = [claim for claim in others if contradict(answer, claim, question)]
    alike = [claim for claim in series if _same(answer, claim)]
    rivals = (rival for claim in alike for rival in rival_figures(claim, passages))
    against += [rival for rival in rivals if not _close(answer, rival)]
    if against:
        return Combined("disagree", _timeline([*alike, *against], story_of))
    earlier = [figure for claim in series for figure in earlier_figures(claim)]
    over_time = [claim for claim in (*earlier, *of_other_times) if not _same(answer, claim)]
    if others or over_time:
        return Combined("revised", _timeline([*series, *earlier, *of_other_times], story_of))
    # Who recalls what was expected ("from $350 million") does not say that it still is.
    said = [claim for claim in series if claim is answer or not is_former_figure(claim)]
    stories = {story_of(claim.passage.article.id) for claim in said}
    return Combined("agree" if len(stories) > 1 else "single", ())


def contradict(answer: Claim, other: Claim, question: Question) -> bool:
    """Whether two claims with different values cannot both be right of one time."""
    if tell_one_fixed_fact(answer, other, question):
        return differ(answer, other)
    if _close(answer, other):
        return False
    standings = {claim.statement.standing for claim in (answer, other)}
    unlike = "denied" in standings or (
        "attributed" not in standings and len({kind in UNREALISED for kind in standings}) > 1
    )
    if _of_one_story(answer, other):
        return False  # a figure and its parts, what came before it, what it is compared with
    weaker = other.span.score < answer.span.score - _SCORE_APART
    rivals = are_rival_accounts(answer, other, question)
    if rivals or of_other_source(answer, other):
        # "£7.5 million, not the £6.2 million that was reported"
        denied = answer.value in compared_values(other)
        weaker = weaker and not (denied or nearly_answers(other))
    revising = any(_REVISING.search(claim.sentence) for claim in (answer, other))
    if unlike or weaker or revising:
        return False
    return rivals or _set_against_each_other(answer, other) or _same_time(answer, other)


def _set_against_each_other(answer: Claim, other: Claim) -> bool:
    """Whether one sentence gives a figure and another source's of the same, whenever it was said.

    "310,000 were hit in May, it said on Tuesday, contradicting the bank, which counts 84,000".
    """
    return in_one_sentence(answer, other) and _are_rivals(answer, other)


def _same_time(left: Claim, right: Claim) -> bool:
    """Whether two claims speak of one period, or of an event that both were published about.

    Plans and forecasts of one period must also have been stated at about the same time.
    """
    one, two = left.statement, right.statement
    results = not {one.standing, two.standing} & UNREALISED
    if results and one.words is not None and two.words is not None and one.period == two.period:
        return True
    if _is_of_other_times(one, two) or _is_of_other_times(two, one):
        return False
    return near_in_time(one, two)


def _is_of_other_times(statement: Statement, other: Statement) -> bool:
    """Whether a statement without its own time stands beside past ones that are not the other's.

    "At Bletchley Park in November 2023, where 28 countries signed" is not of the article's day.
    """
    if statement.words is not None or statement.as_of is None:
        return False
    until = statement.as_of - _LONG_AGO
    past = any(mention.end is not None and mention.end < until for mention in statement.mentions)
    return past and not any(mention.overlaps(other.period) for mention in statement.mentions)


def _of_one_story(answer: Claim, other: Claim) -> bool:
    """Whether two claims are of one article, which does not say that they are of two sources."""
    return of_one_article(answer, other) and not _are_rivals(answer, other)


def _are_rivals(answer: Claim, other: Claim) -> bool:
    return is_rival(answer, other) or is_rival(other, answer)


def _timeline(claims: Sequence[Claim], story_of: StoryOf) -> tuple[Claim, ...]:
    """One claim a value and day, and one of the copies of a story; undated ones last.

    What one article only recalls ("rather than the $60 billion of January") is left out where
    another tells it.
    """
    told = [claim for claim in claims if not is_former_figure(claim)]
    claims = [
        claim
        for claim in claims
        if not is_former_figure(claim) or not any(_tells(other, claim) for other in told)
    ]
    kept: dict[Hashable, Claim] = {}
    by_story: set[Hashable] = set()
    for claim in sorted(claims, key=lambda claim: (claim.as_of or dt.date.max, claim.place)):
        story = (_key(claim), story_of(claim.passage.article.id))
        if story not in by_story:
            by_story.add(story)
            kept.setdefault((_key(claim), claim.as_of), claim)
    entries = tuple(kept.values())
    return tuple(claim for claim in entries if not any(_recalls(claim, other) for other in entries))


def _recalls(claim: Claim, other: Claim) -> bool:
    """Whether a later article only recalls what another told: "in February it forecast £12m"."""
    published, first = claim.passage.article.published_at, other.passage.article.published_at
    if published is None or first is None or first >= published or _key(claim) != _key(other):
        return False
    if claim.as_of is None or other.as_of is None or claim.as_of >= published:
        return False
    return abs(claim.as_of - other.as_of) <= _MONTH


def _tells(claim: Claim, recalled: Claim) -> bool:
    """Whether a claim gives, of about the same time or before, a value that another one recalls.

    Who recalls it need not say of when it is: "instead of the €2.9 billion put forward then".
    """
    if claim.as_of is None or recalled.as_of is None:
        return False
    return _close(claim, recalled) and claim.as_of - recalled.as_of <= _MONTH


def _key(claim: Claim) -> Hashable:
    return normal_words(claim.text) if claim.value is None else claim.value


def _close(left: Claim, right: Claim) -> bool:
    """Whether two claims cannot contradict each other: their values are near, or one has none."""
    return left.value is None or right.value is None or nearly_equal(left.value, right.value)


def _same(left: Claim, right: Claim) -> bool:
    return _key(left) == _key(right)


def _is_rounded(answer: Claim, other: Claim, question: Question) -> bool:
    """Whether a figure is the answer's of the same time with other digits: $214m and $213.5m.

    So is a day of what happened once, beside its year, and "nearly 400" beside 397 at any time.
    """
    if tell_one_fixed_fact(answer, other, question):
        return not differ(answer, other)
    if answer.value is None or other.value is None:
        return False
    if _rounds(answer, other) or _rounds(other, answer):
        return True
    at_once = near_in_time(answer.statement, other.statement)
    return at_once and nearly_equal(answer.value, other.value)


def _rounds(rounded: Claim, exact: Claim) -> bool:
    """Whether a claim's figure is the other's with "nearly", "about" or the like."""
    if rounded.value is None or exact.value is None or exact.value.approximate:
        return False
    figure = _FIGURE.search(rounded.text)
    at = rounded.in_sentence.start + (0 if figure is None else figure.start())
    return rounds(rounded.sentence[:at], rounded.value, exact.value)
