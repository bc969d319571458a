"""Ranking the candidates in passages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.answering.errors import ReaderError
from api.answering.questions.question import Question
from api.answering.ranking.ranker import Ranker, describe, load_ranker, read_spans
from api.answering.reading.registry import READERS
from tests.api.answering.making import find_span, make_passage
from tests.conftest import FakeEncoder, FakeReader, fake_calibration

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

QUESTION = Question.parse("How much does Meta spend?")
PASSAGES = [
    make_passage("Meta spends $65 billion.", article_id="meta"),
    make_passage("Meta sees that Intel pays $7 billion or $8 billion.", article_id="intel"),
]
SPANS = [
    find_span(PASSAGES, 1, "$8 billion", score=2, null_score=3),
    find_span(PASSAGES, 0, "$65 billion", score=3, null_score=1),
    find_span(PASSAGES, 1, "$7 billion", score=5, null_score=6),
]


class _Fixed(FakeReader):
    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        return SPANS


def test_ranker_puts_the_surest_candidate_first_and_the_reader_order_breaks_ties() -> None:
    ranked = Ranker(_Fixed(), fake_calibration()).rank(QUESTION, PASSAGES)
    assert [one.candidate.text for one in ranked] == ["$65 billion", "$7 billion", "$8 billion"]
    assert [one.described.place for one in ranked] == [1, 0, 2]
    assert ranked[0].confidence > ranked[1].confidence == ranked[2].confidence


def test_ranker_ranks_what_is_described() -> None:
    ranker = Ranker(_Fixed(), fake_calibration())
    described = describe(QUESTION, read_spans(ranker.reader, QUESTION, PASSAGES), PASSAGES)
    assert [one.candidate.text for one in described] == ["$7 billion", "$65 billion", "$8 billion"]
    assert [one.place for one in described] == [0, 1, 2]
    for one in ranker.rank(QUESTION, PASSAGES):
        assert one.described in described
        assert one.confidence == ranker.calibration.confidence(one.described.features)


def test_ranker_weighs_the_spans_of_some_passages_only() -> None:
    ranker = Ranker(_Fixed(), fake_calibration())
    (ranked,) = ranker.weigh(QUESTION, [SPANS[1]], PASSAGES[:1])
    assert ranked.candidate.text == "$65 billion"


def test_ranker_does_not_call_the_reader_without_passages() -> None:
    assert Ranker(_Fixed(), fake_calibration()).rank(QUESTION, []) == []


def test_ranker_refuses_a_span_outside_its_passage() -> None:
    with pytest.raises(ReaderError, match="span of passage 1; expected 0 to 0"):
        Ranker(_Fixed(), fake_calibration()).rank(QUESTION, PASSAGES[:1])


def test_load_ranker_takes_the_calibration_that_ships_or_the_one_named(tmp_path: Path) -> None:
    shipped = load_ranker("sentence", FakeEncoder())
    assert shipped.reader.facts.name == shipped.calibration.reader == "sentence"
    path = tmp_path / "mine.json"
    mine = shipped.calibration.model_copy(update={"threshold": 0.123})
    path.write_text(mine.model_dump_json(), encoding="utf-8")
    assert load_ranker("sentence", FakeEncoder(), calibration=path).calibration == mine


def test_load_ranker_refuses_the_calibration_of_other_weights(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    calibration = load_ranker("sentence", encoder).calibration
    path = tmp_path / "mine.json"
    own = calibration.model_copy(update={"reader_fingerprint": encoder.fingerprint})
    path.write_text(own.model_dump_json(), encoding="utf-8")
    ranker = load_ranker("sentence", encoder, calibration=path)
    assert ranker == replace(ranker, calibration=own)
    with pytest.raises(ReaderError, match=r"mine\.json: fitted on the scores of other weights"):
        load_ranker("sentence", FakeEncoder(name="other"), calibration=path)


def test_load_ranker_takes_the_small_reader_where_a_cascade_cannot_be_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    small = replace(READERS["sentence"], module="tests.api.answering.reading.toy_reader")
    path = tmp_path / "toy.json"
    path.write_text(
        fake_calibration().model_copy(update={"reader": "toy"}).model_dump_json(), encoding="utf-8"
    )
    monkeypatch.setitem(READERS, "small", replace(small, calibration=path))
    cascade = replace(READERS["cascade"], folder=tmp_path)
    monkeypatch.setitem(READERS, "cascade", cascade)
    ranker = load_ranker("cascade", FakeEncoder(), calibration=tmp_path / "of_the_cascade.json")
    assert (ranker.reader.facts.name, ranker.instead_of) == ("toy", "cascade")
    (record,) = caplog.records
    assert "reader 'small' reads instead of 'cascade': " in record.getMessage()
    assert "config.json" in record.getMessage()
    monkeypatch.setitem(READERS, "cascade", replace(cascade, fallback=None))
    with pytest.raises(ReaderError, match=r"config\.json"):
        load_ranker("cascade", FakeEncoder())


def test_what_is_said_of_another_actor_is_a_fifth_as_sure() -> None:
    passages = [make_passage("Beta Motors said no.", "It employs 900 people.")]
    spans = [find_span(passages, 0, "900", score=9, null_score=1)]
    ranker = Ranker(FakeReader(), fake_calibration())
    other, own = (
        ranker.weigh(Question.parse(f"How many people does {name} employ?"), spans, passages)[0]
        for name in ("Acme", "Beta")
    )
    assert other.candidate.best.of_another
    assert not own.candidate.best.of_another
    fitted = ranker.calibration.confidence(other.described.features)
    assert other.confidence == pytest.approx(0.2 * fitted)
    assert own.confidence == ranker.calibration.confidence(own.described.features)


def test_what_cannot_answer_is_a_fifth_as_sure_and_no_rival() -> None:
    passages = [make_passage("It did not say how many people it employs.", "It employs 900.")]
    spans = [
        find_span(passages, 0, "how many", score=9, null_score=1),
        find_span(passages, 0, "900", score=6, null_score=5),
    ]
    question = Question.parse("How many people work there?")
    calibration = fake_calibration()
    figure, words = Ranker(FakeReader(), calibration).weigh(question, spans, passages)
    assert words.confidence == pytest.approx(0.2 * calibration.confidence(words.described.features))
    fitted = {each.candidate.text: each.features for each in describe(question, spans, passages)}
    assert fitted["900"]["lead"] == -3
    # "Not here", one below it, is still a rival.
    assert figure.described.features["lead"] == 1


def test_candidate_is_cited_where_it_is_said_of_the_asked_actor() -> None:
    passages = [
        make_passage("Beta Motors employs 900 people.", article_id="beta"),
        make_passage("Acme employs 900 people.", article_id="acme"),
    ]
    spans = [
        find_span(passages, 0, "900", score=9, null_score=1),
        find_span(passages, 1, "900", score=7, null_score=1),
    ]
    question = Question.parse("How many people does Acme employ?")
    (described,) = describe(question, spans, passages)
    assert [span.passage for span in described.candidate.spans] == [1, 0]
    assert described.features["margin"] == 6


def test_a_town_beside_its_state_is_no_state() -> None:
    passages = [
        make_passage("The plant in Lubbock is the largest of Texas.", article_id="plant"),
        make_passage("It grew in Ogun.", article_id="farm"),
    ]
    spans = [
        find_span(passages, 0, "Lubbock", score=9, null_score=1),
        find_span(passages, 0, "Texas", score=7, null_score=1),
        find_span(passages, 1, "Ogun", score=6, null_score=1),
    ]
    question = Question.parse("Which state is it in?")
    unfit = [described.candidate.text for described in describe(question, spans, passages)
             if described.unfit]  # fmt: skip
    assert unfit == ["Lubbock"]


def test_the_town_that_a_thing_is_in_is_not_the_thing() -> None:
    passages = [
        make_passage("The union shut the Kentucky Truck Plant in Louisville and left Troy.")
    ]
    spans = [
        find_span(passages, 0, "Louisville", score=9, null_score=1),
        find_span(passages, 0, "Kentucky Truck Plant", score=7, null_score=1),
        find_span(passages, 0, "Troy", score=6, null_score=1),
    ]

    def unfit(question: str) -> list[str]:
        found = describe(Question.parse(question), spans, passages)
        return [described.candidate.text for described in found if described.unfit]

    assert unfit("Which Ford plant did the union shut?") == ["Louisville"]
    assert unfit("Which town did the union shut a plant in?") == []


def test_what_only_repeats_the_question_is_unfit_unless_the_question_offers_it() -> None:
    passages = [make_passage("The Bank of Varn forecasts 2.2 per cent for 2027 and 2028.")]
    spans = [find_span(passages, 0, "2028", score=9), find_span(passages, 0, "2.2", score=5)]

    def unfit(question: str) -> list[str]:
        found = describe(Question.parse(question), spans, passages)
        return [described.candidate.text for described in found if described.unfit]

    assert unfit("What inflation does the bank forecast for 2028?") == ["2028"]
    assert unfit("Which is its forecast for, 2027 or 2028?") == []
    assert unfit("Did the bank forecast inflation for 2028?") == []


def test_a_better_item_says_nothing_against_another() -> None:
    passages = [make_passage("Acme, Beta and Gamma.")]
    spans = [
        find_span(passages, 0, "Acme", 9.0, 5.0),
        find_span(passages, 0, "Beta", 9.0, 5.0),
        find_span(passages, 0, "Gamma", 6.0, 5.0),
    ]
    question = Question.parse("Which companies signed the code?")
    ranked = Ranker(FakeReader(), fake_calibration()).weigh(question, spans, passages, several=True)
    assert [item.described.features["lead"] for item in ranked] == [7.0, 7.0, 4.0]
