"""Which claims are of one series: the same thing, told at different times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import claims_of
from api.answering.combining.claims.earlier_figures import compared_values
from api.answering.combining.claims.fixed_facts import fixed_fact_accounts
from api.answering.combining.claims.holders import leaves, naming_the_office, same_office
from api.answering.combining.claims.moved_dates import moves
from api.answering.combining.claims.other_reports import other_reports
from api.answering.combining.claims.relative_figures import is_addition
from api.answering.combining.claims.rival_figures import rival_figures
from api.answering.combining.claims.sameness import same_thing, without_worse_beside
from api.answering.combining.claims.support import supporting
from api.answering.time.offices import office_asked_for

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question
    from api.answering.ranking.ranker import RankedCandidate
    from index.records import Passage

_WEIGHED: Final = 16  # candidates, best first, whose time is read


def ranked_claims(ranked: Sequence[RankedCandidate], passages: Sequence[Passage]) -> list[Claim]:
    """The claims of the first candidates, in their order."""
    claims = [
        claim
        for place, item in enumerate(ranked[:_WEIGHED])
        for claim in claims_of(place, item, passages)
    ]
    # What is said of another actor neither revises nor supports what is said of the asked one.
    return [claim for claim in claims if claims[0].span.of_another or not claim.span.of_another]


def series_of(
    lead: Claim,
    claims: Sequence[Claim],
    question: Question,
    passages: Sequence[Passage],
    today: dt.date,
) -> list[Claim]:
    """The lead and the claims of the same thing; of names those of holders of one office."""
    office = office_asked_for(question.text) if lead.value is None else None
    if office is not None:
        lead, claims = naming_the_office(office, lead, claims)
    elif lead.value is None:
        # A name is mentioned for other reasons, too: the newest mention need not answer.
        own = supporting(question, [lead, *_others_of(lead, claims)])
        claims = [claim for claim in claims if claim.place != lead.place or claim in own]
    ends = [
        claim.as_of
        for claim in claims
        if claim.place == lead.place and (claim.former or leaves(claim, question, today))
    ]
    given_up = max((day for day in ends if day is not None), default=None)

    def alike(claim: Claim) -> bool:
        if office is not None:
            return same_office(lead, claim, office, question, given_up)
        return same_thing(lead, claim, question) or moves(claim, lead)

    others = [claim for claim in claims if claim is not lead]
    series = [lead, *(claim for claim in others if claim.place == lead.place or alike(claim))]
    values = {claim.value for claim in series if claim.value is not None}
    if not values:
        return series
    series = [lead, *(claim for claim in without_worse_beside(series) if claim is not lead)]
    rest = [claim for claim in others if claim not in series]
    series += [*other_reports(lead, rest, question), *_rivals(lead, rest, passages)]
    rest = [claim for claim in others if claim not in series]
    series += fixed_fact_accounts(lead, rest, question)
    rest = [claim for claim in others if claim not in series and not is_addition(claim)]
    # "That is £29m more than the £53m of March" tells what a figure is of.
    return [*series, *(claim for claim in rest if not values.isdisjoint(compared_values(claim)))]


def _rivals(lead: Claim, claims: Sequence[Claim], passages: Sequence[Passage]) -> list[Claim]:
    """The claims that its own article sets against the lead's: "the police put it at 18,200"."""
    places = {
        (rival.passage.article.id, rival.span.span) for rival in rival_figures(lead, passages)
    }
    return [claim for claim in claims if (claim.passage.article.id, claim.span.span) in places]


def _others_of(lead: Claim, claims: Sequence[Claim]) -> list[Claim]:
    """The other claims of the lead's candidate."""
    return [claim for claim in claims if claim.place == lead.place and claim is not lead]
