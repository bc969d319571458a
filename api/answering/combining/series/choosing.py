"""Which of several statements of one thing answers: by the time that the question asks about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.earlier_figures import compared_values
from api.answering.combining.claims.holders import holder, holder_within, successor
from api.answering.combining.claims.kinds import of_best_kind, restates
from api.answering.combining.claims.recency import is_recalled, newest
from api.answering.combining.claims.relative_figures import is_former_figure
from api.answering.combining.claims.revisions import revisions
from api.answering.combining.claims.sameness import in_asked_words
from api.answering.combining.series.agreement import contradict
from api.answering.combining.series.framed_series import FoundSeries, frame_use, series_of_frame
from api.answering.combining.series.members import ranked_claims, series_of
from api.answering.ranking.candidates import Candidate
from api.answering.time.offices import office_asked_for
from api.answering.time.standing import UNREALISED
from api.answering.words import text_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.answers import FrameUse
    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question
    from api.answering.ranking.confidence import Calibration
    from api.answering.ranking.ranker import RankedCandidate
    from api.answering.reading.reader import ScoredSpan
    from api.answering.time.frames import QuestionTime
    from index.records import Passage

# "It stood at £551 million", "is down to 104", "was cut to 320": whatever was planned before.
_STANDS_AT: Final = re.compile(
    r"\b(?:st(?:ands?|ood)\sat|(?:cut|down|fallen|gone|grown|increased|lifted|lowered|raised|reduced|"
    r"revised|risen|shrunk|trimmed|up)\sto|"
    r"(?:is|are)\snow)\s(?:(?:about|around|nearly)\s)?\Z"
)
_REACH: Final = 40  # characters before a figure that tell so
_MONTH: Final = 31  # days
_TIMES_AS_LONG: Final = 1.5  # the longer of two times of one kind, at most
_SCORE_APART: Final = 6.0  # what the reader sees as a worse answer revises nothing by its day alone
_ANSWERS: Final = 0.0  # margin over no answer from which a reader takes it for one


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates in the order in which they answer.

    Attributes:
        ranked: Best first. The chosen candidate has the confidence of its series, the one that it
            displaces from the first place the chosen one's former confidence.
        series: Claims of the same thing as the first candidate's, the one chosen first; empty
            without candidates.
        frame_use: What the question's time frame did; None without one.
        of_other_times: Figures or days of the same thing, of other times than the asked one.
    """

    ranked: list[RankedCandidate]
    series: list[Claim]
    frame_use: FrameUse | None
    of_other_times: Sequence[Claim] = ()

    def answers(self, threshold: float) -> bool:
        """Whether the first candidate is sure enough to answer."""
        return bool(self.ranked) and self.ranked[0].confidence >= threshold


def choose(
    question: Question,
    time: QuestionTime,
    ranked: Sequence[RankedCandidate],
    passages: Sequence[Passage],
    spans: Sequence[ScoredSpan],
    calibration: Calibration,
    threshold: float,
) -> Choice:
    """Order ranked candidates by what the question says of time.

    Where it bounds a time firmly, claims of that time come first, unless none of them would be an
    answer. Of the claims of one thing the newest answers, a year's figure before a quarter's, a
    result before a forecast of the same period, and one who holds an office before one who gave it
    up. It is as sure as the surest of them.

    Args:
        question: The question.
        time: What it says of time.
        ranked: Candidates by confidence, best first.
        passages: What they were read in.
        spans: What was read there.
        calibration: Tells how sure a series is.
        threshold: The least confidence of an answer.
    """
    frame = time.frame
    claims = ranked_claims(ranked, passages)
    if not claims:
        return Choice(list(ranked), [], None if frame is None else frame_use(frame))
    found = FoundSeries(ranked, series_of(claims[0], claims, question, passages, time.today))
    if frame is not None:
        found = series_of_frame(
            frame, found, claims, question, passages, calibration, threshold, time.today
        )
    ranked, series, use = found.ranked, found.series, found.use
    confidence = max(ranked[0].confidence, found.confidence(calibration))
    chosen = _best(series, question, time)
    series = [
        claim for claim in series if claim is chosen or restates(chosen, claim, question.text)
    ]
    if chosen is not series[0] and contradict(series[0], chosen, question):
        chosen = series[0]  # of two that contradict each other the newer is no better
    order = _led_by_chosen(ranked, chosen, confidence)
    rest = [claim for claim in series if claim is not chosen]
    if time.bound:
        others = [claim for claim in found.of_other_times if _is_of_like_time(claim, chosen)]
        return Choice(order, [chosen, *rest], use, others)
    asks_holder = chosen.value is None and office_asked_for(question.text) is not None
    follower = successor(chosen) if asks_holder else None
    if follower is not None:
        return Choice(_led_by(follower, order), [follower, *rest], use)
    newer = revisions(chosen, question, passages, spans)
    if newer:
        revision = newest(newer, frame)
        return Choice(_led_by(revision, order), [revision, chosen, *rest], use)
    return Choice(order, [chosen, *rest], use)


def with_retellings(
    choice: Choice, told: Sequence[Claim], question: Question, time: QuestionTime
) -> Choice:
    """Add what other articles retell of a series; the newest of all answers.

    Args:
        choice: What answers so far; with a series.
        told: Claims of the same thing, as well read as the answer, however their spans score. Of
            those that contradict it nothing is known.
        question: The question.
        time: What it says of time.
    """
    lead = choice.series[0]
    scored = [(replace(claim, span=_as_well_read(claim.span, lead.span)), claim) for claim in told]
    retold = [(alike, claim) for alike, claim in scored if not contradict(lead, alike, question)]
    best = _best([*choice.series, *(alike for alike, _ in retold)], question, time)
    newer = next((claim for alike, claim in retold if alike is best), None)
    series = [*choice.series, *(claim for _, claim in retold)]
    if newer is None:
        return replace(choice, series=series)
    rest = [claim for claim in series if claim is not newer]
    return replace(choice, ranked=_led_by(newer, choice.ranked), series=[newer, *rest])


def _is_of_like_time(claim: Claim, chosen: Claim) -> bool:
    """Whether a figure is of another time of the same kind: no quarter beside a year.

    Nor is a forecast of what a result was told of.
    """
    if chosen.value is None or claim.value is None:
        return False
    planned, ahead = (each.statement.standing in UNREALISED for each in (chosen, claim))
    if ahead and not planned:
        return False
    lengths = [each.statement.period.length for each in (chosen, claim)]
    known = [length for length in lengths if length is not None and length > _MONTH]
    return len(known) < len(lengths) or max(known) <= _TIMES_AS_LONG * min(known)


def _as_well_read(span: ScoredSpan, other: ScoredSpan) -> ScoredSpan:
    """A span with the scores of another, which was read for another question."""
    return replace(span, score=other.score, null_score=other.null_score)


def _best(series: Sequence[Claim], question: Question, time: QuestionTime) -> Claim:
    """The claim that answers: the newest of the best kind; the first where that is not known."""
    lead, frame = series[0], time.frame if time.bound else None
    bound = frame is not None and frame.firm and not frame.as_of
    if time.of_event or lead.as_of is None:
        return lead
    if lead.value is None:
        return _best_name(series, question, time)
    if bound and lead.statement.standing not in UNREALISED:
        return lead
    series = [claim for claim in series if _may_revise(claim, lead, question)]
    stated = [
        claim
        for claim in series
        if claim.statement.standing != "denied"
        and not is_former_figure(claim)
        and not is_recalled(claim, series)
    ]
    pool = of_best_kind(stated, question.text)
    if time.aspect == "future" or bound:
        told = time.aspect != "future"
        results = [claim for claim in pool if told and _is_result_of(claim, lead)]
        ahead = [claim for claim in pool if claim.statement.standing in UNREALISED]
        ahead += [claim for claim in pool if claim not in ahead and _changes(claim, ahead)]
        return newest(results or ahead or pool or series, frame)
    latest = newest(pool or series, frame)
    if latest.statement.standing in UNREALISED:
        results = [claim for claim in pool if _is_result_of(claim, latest)]
        if results:
            return newest(results, frame)
    return latest


def _may_revise(claim: Claim, lead: Claim, question: Question) -> bool:
    """Whether a figure is read nearly as well as the lead's, or its sentence tells what it is of.

    A sentence does so with half of the question's words, by comparing it with another figure, or
    with a name of the question where the reader takes it for an answer.
    """
    near = claim.span.score >= lead.span.score - _SCORE_APART
    named = not question.names.isdisjoint(text_words(claim.sentence))
    answers = claim.span.margin >= _ANSWERS and named
    return near or answers or in_asked_words(claim, question) or bool(compared_values(claim))


def _changes(claim: Claim, plans: Sequence[Claim]) -> bool:
    """Whether a claim sets its figure against one of some plans: "64 homes instead of 72".

    So does a later one that tells where the figure stands.
    """
    start = claim.in_sentence.start
    if _STANDS_AT.search(claim.sentence[max(0, start - _REACH) : start]):
        return True
    values = {plan.value for plan in plans}
    return not values.isdisjoint(compared_values(claim))


def _best_name(series: Sequence[Claim], question: Question, time: QuestionTime) -> Claim:
    """The name that answers: who held the office in the asked time, or holds it now."""
    frame = time.frame
    if frame is None or not frame.firm:
        return holder(series, question, time)
    if office_asked_for(question.text) is not None:
        return holder_within(series)
    return holder(series, question, time) if frame.as_of else series[0]


def _is_result_of(claim: Claim, forecast: Claim) -> bool:
    """Whether a claim reports what a forecast was made of: both name their time, and share it."""
    result, ahead = claim.statement, forecast.statement
    return (
        result.standing not in UNREALISED
        and result.words is not None
        and ahead.words is not None
        and result.period.overlaps(ahead.period)
        and result.period.end == ahead.period.end
    )


def _led_by_chosen(
    ranked: Sequence[RankedCandidate], chosen: Claim, confidence: float
) -> list[RankedCandidate]:
    """Put the chosen claim's candidate first, with that claim's span as its best."""
    item = ranked[chosen.place]
    spans = item.candidate.spans
    candidate = replace(
        item.candidate,
        text=chosen.text,
        spans=(chosen.span, *(span for span in spans if span is not chosen.span)),
    )
    described = replace(item.described, candidate=candidate)
    order = [replace(item, described=described, confidence=confidence)]
    for place, other in enumerate(ranked):
        if place == chosen.place:
            continue
        order.append(replace(other, confidence=item.confidence) if place == 0 else other)
    return sorted(order, key=lambda ranked_candidate: -ranked_candidate.confidence)


def _led_by(revision: Claim, order: Sequence[RankedCandidate]) -> list[RankedCandidate]:
    """Put a revision of the first candidate before it, with the first one's confidence."""
    first, rest = order[0], list(order[1:])
    candidate = Candidate(revision.text, (revision.span,), revision.value)
    led = replace(first, described=replace(first.described, candidate=candidate))
    revised = replace(first, confidence=rest[0].confidence if rest else 0.0)
    return [led, revised, *rest]
