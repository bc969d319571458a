from dataclasses import replace

from api.answering.combining.series.members import ranked_claims, series_of
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker
from index.records import Span
from tests.api.answering.combining.making import TODAY
from tests.api.answering.making import find_span, make_passage
from tests.conftest import FakeReader, fake_calibration


def test_a_lead_stays_beside_a_better_place_of_the_same_words() -> None:
    question = Question.parse("How many cars did the plant build in May?")
    sentence = "The plant built 52 cars in April, and in May again 52 cars."
    passages = [make_passage(sentence)]
    april = find_span(passages, 0, "52 cars", 16.0, 5.0)
    start = sentence.rindex("52 cars")
    may = replace(april, span=Span(start, start + len("52 cars")), score=1.0)
    ranked = Ranker(FakeReader(), fake_calibration()).weigh(question, [april, may], passages)
    claims = ranked_claims(ranked, passages)
    lead = next(claim for claim in claims if claim.span.span == may.span)
    assert series_of(lead, claims, question, passages, TODAY)[0] is lead


def test_an_undated_figure_does_not_revise_a_dated_one_of_its_article() -> None:
    question = Question.parse("How many students does Tor College have?")
    passages = [
        make_passage(
            "Tor College has students from abroad; there are 540.",
            "Tor College had 930 students on 1 December.",
            day=TODAY,
        )
    ]
    dated, undated = (
        find_span(passages, 0, words, score) for words, score in (("930", 9.0), ("540", 7.0))
    )
    ranked = Ranker(FakeReader(), fake_calibration()).weigh(question, [dated, undated], passages)
    claims = ranked_claims(ranked, passages)
    assert [claim.text for claim in series_of(claims[0], claims, question, passages, TODAY)] == [
        "930"
    ]
