"""Asking one generation: what is answered, what is not, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.answering.answerer import Answerer, AskParameters
from api.answering.errors import ReaderError
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker
from api.answering.reading.reader import ScoredSpan
from index.generations.generation import open_current
from index.records import Filters, Passage, Span
from index.retriever import Retriever
from tests.conftest import ARTICLES, META, MICROSOFT, FakeEncoder, FakeReader, fake_calibration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from api.answering.reading.reader import Reader
    from index.building.builder import BuildSummary

EVERYTHING = AskParameters(min_confidence=0, max_answers=10)


class _Silent(FakeReader):
    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        return []


class _Outside(FakeReader):
    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        end = passages[0].chunk.end
        return [ScoredSpan(0, Span(end - 1, end + 1), 9, 0, 9)]


class _Whole(FakeReader):
    """Reads "centres" in "data centres" wherever it stands, all equally sure."""

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        places = [
            (index, passage.chunk.start + passage.chunk.text.find("centres"))
            for index, passage in enumerate(passages)
            if "data centres" in passage.chunk.text
        ]
        return [ScoredSpan(index, Span(at, at + 7), 5, 0, 5) for index, at in places]


@pytest.fixture
def answerer_with(
    build: Callable[[], BuildSummary], index_dir: Path, encoder: FakeEncoder
) -> Callable[[Reader], Answerer]:
    build()
    retriever = Retriever(open_current(index_dir, encoder), encoder)
    return lambda reader: Answerer(retriever, Ranker(reader, fake_calibration()))


@pytest.fixture
def answerer(answerer_with: Callable[[Reader], Answerer]) -> Answerer:
    return answerer_with(FakeReader())


def test_answerer_answers_with_a_cited_slice(answerer: Answerer) -> None:
    reply = answerer.ask("How much capital expenditure at Meta?")
    assert reply.abstention is None
    assert reply.answers[0].text == META
    citation = reply.answers[0].citations[0]
    assert (citation.number, citation.quote, citation.article.id) == (1, META, "meta")
    assert ARTICLES[0]["text"][slice(*citation.span)] == citation.quote


def test_answerer_numbers_citations_through_all_answers(answerer: Answerer) -> None:
    reply = answerer.ask("data centres in the United States 2025", EVERYTHING)
    numbers = [citation.number for answer in reply.answers for citation in answer.citations]
    assert len(reply.answers) > 2
    assert numbers == list(range(1, len(numbers) + 1))


def test_answerer_ranks_answers_by_confidence(answerer: Answerer) -> None:
    reply = answerer.ask("data centres in the United States 2025", EVERYTHING)
    sure = [answer.confidence for answer in reply.answers]
    assert sure == sorted(sure, reverse=True)
    assert all(0 < value < 1 for value in sure)


@pytest.mark.parametrize("count", [1, 2])
def test_answerer_returns_no_more_answers_than_asked_for(answerer: Answerer, count: int) -> None:
    reply = answerer.ask("data centres 2025", AskParameters(min_confidence=0, max_answers=count))
    assert len(reply.answers) == count


def test_answerer_cites_every_article_that_says_the_same(
    answerer_with: Callable[[Reader], Answerer],
) -> None:
    reply = answerer_with(_Whole()).ask("Which data are they?")
    (answer,) = reply.answers
    assert answer.text == "centres"
    assert {citation.article.id for citation in answer.citations} == {"meta", "microsoft"}


def test_answerer_takes_only_answers_above_the_given_confidence(answerer: Answerer) -> None:
    question = "How much capital expenditure at Meta?"
    best = answerer.ask(question).answers[0].confidence
    at_best = answerer.ask(question, AskParameters(min_confidence=best))
    assert [answer.confidence for answer in at_best.answers] == [best]
    above = answerer.ask(question, AskParameters(min_confidence=1))
    assert above.answers == ()
    assert above.abstention is not None
    assert above.abstention.reason.endswith(
        f"is right with a probability of only {best:.2f}; at least 1.00 is needed."
    )
    assert (above.abstention.best_candidate, above.abstention.best_confidence) == (META, best)


def test_reason_tells_a_probability_just_below_the_threshold_from_it(answerer: Answerer) -> None:
    question = "How much capital expenditure at Meta?"
    best = answerer.ask(question).answers[0].confidence
    above = answerer.ask(question, AskParameters(min_confidence=best + 0.0001))
    assert above.abstention is not None
    told = above.abstention.reason.split("only ")[-1].removesuffix(" is needed.")
    probability, needed = told.split("; at least ")
    assert float(probability) < float(needed)


def test_answerer_answers_from_filtered_articles_only(answerer: Answerer) -> None:
    parameters = AskParameters(
        min_confidence=0, filters=Filters(article_ids=frozenset({"microsoft"}))
    )
    reply = answerer.ask("How much capital expenditure at Meta in 2025?", parameters)
    assert [answer.text for answer in reply.answers] == [MICROSOFT]


def test_answerer_says_that_the_filters_leave_nothing(
    answerer_with: Callable[[Reader], Answerer],
) -> None:
    parameters = AskParameters(filters=Filters(sources=frozenset({"Nobody"})))
    reply = answerer_with(_Outside()).ask("Who?", parameters)  # nothing to read, so not asked
    assert reply.abstention is not None
    assert reply.abstention.reason.startswith("No article passes the filters")
    assert reply.abstention.nearest == ()


def test_answerer_says_that_nothing_was_read(answerer_with: Callable[[Reader], Answerer]) -> None:
    reply = answerer_with(_Silent()).ask("What rained?")
    assert reply.abstention is not None
    assert reply.abstention.reason == "The reader found no span in the nearest passages."
    assert [near.number for near in reply.abstention.nearest] == [1, 2, 3]
    assert all(near.reader_score is None for near in reply.abstention.nearest)
    assert (reply.abstention.best_candidate, reply.abstention.best_confidence) == (None, None)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Who runs Microsoft, in 1999?", "'Microsoft', '1999'"),
        ("Did microsofts beat Microsoft there?", "'Microsoft'"),
        ("Was MICROSOFT in the United States?", "'MICROSOFT', 'States', 'United'"),
    ],
)
def test_answerer_names_what_no_passage_mentions_as_it_was_asked(
    answerer: Answerer, question: str, named: str
) -> None:
    elsewhere = Filters(article_ids=frozenset({"rain"}))
    reply = answerer.ask(question, AskParameters(min_confidence=1, filters=elsewhere))
    assert reply.abstention is not None
    assert reply.abstention.reason == f"The nearest passages do not mention {named}."


def test_answerer_does_not_answer_about_a_name_that_no_article_mentions(
    answerer: Answerer,
) -> None:
    reply = answerer.ask("How much capital expenditure at Netflix?", EVERYTHING)
    assert reply.answers == ()
    assert reply.names.absent == ("Netflix",)
    assert reply.abstention is not None
    assert reply.abstention.reason == "No article mentions 'Netflix'."
    assert reply.abstention.nearest


def test_answerer_answers_about_the_only_name_a_letter_away(answerer: Answerer) -> None:
    reply = answerer.ask("How much will Microsft spend on data centres?", EVERYTHING)
    assert reply.question == "How much will Microsft spend on data centres?"
    assert reply.names.read_as == {"Microsft": "Microsoft"}
    assert reply.answers[0].text == MICROSOFT


def test_answerer_refuses_a_span_outside_its_passage(
    answerer_with: Callable[[Reader], Answerer],
) -> None:
    with pytest.raises(ReaderError, match="expected a part of"):
        answerer_with(_Outside()).ask("Who?")


def test_reader_with_breadth_looks_through_more_passages_than_a_search_returns(
    answerer_with: Callable[[Reader], Answerer],
) -> None:
    class Broad(FakeReader):
        facts = replace(FakeReader.facts, breadth=2.0)

    question = Question.parse("What is Meta spending on data centres?")
    answerer, parameters = answerer_with(Broad()), AskParameters(top_k=1)
    assert len(answerer.search(question, parameters).passages) == 1
    assert len(answerer.retrieve(question, parameters).passages) == 2
