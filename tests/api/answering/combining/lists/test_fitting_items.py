from __future__ import annotations

import datetime as dt
from dataclasses import replace

from api.answering.combining.lists.fitting_items import fit_items
from api.answering.combining.lists.item_spans import item_spans
from api.answering.combining.lists.list_questions import AskedList, asked_list
from api.answering.combining.lists.weighed_items import weigh_items
from api.answering.questions.answer_kind import AnswerKind
from api.answering.questions.question import Question
from api.answering.ranking.confidence import Feature
from api.answering.ranking.ranker import Ranker
from api.answering.time.frames import read_question_time
from tests.api.answering.combining.making import TODAY
from tests.api.answering.making import find_span, make_passage
from tests.conftest import FakeReader, fake_calibration


def asked_in(question: str) -> AskedList:
    asked = asked_list(question)
    return AskedList(AnswerKind.OTHER, None) if asked is None else asked


def test_items_that_repeat_the_question_or_name_nothing_are_left_out() -> None:
    passages = [make_passage("Acme signed the code, as did a few of its rivals.")]
    spans = [
        find_span(passages, 0, words, 8.0, 5.0)
        for words in ("Acme", "the code", "a few of its rivals")
    ]
    parsed = Question.parse("Which companies signed the code?")
    question = replace(parsed, kind=AnswerKind.ORGANISATION)
    ranked = Ranker(FakeReader(), fake_calibration()).weigh(question, spans, passages, several=True)
    time = read_question_time(question.text, TODAY)
    kept, use = fit_items(question, asked_in(question.text), time, ranked, passages, 0.5)
    assert [item.candidate.text for item in kept] == ["Acme"]
    assert use is None


def test_cells_of_a_table_that_was_read_as_prose_are_no_item_together() -> None:
    passages = [make_passage("| Ash House | Pell | 40 | Ana Roth |")]
    spans = [
        find_span(passages, 0, words, 8.0, 5.0)
        for words in ("| Ash House", "Pell | 40", "Ana Roth |")
    ]
    question = Question.parse("List the clinics")
    ranked = Ranker(FakeReader(), fake_calibration()).weigh(question, spans, passages, several=True)
    time = read_question_time(question.text, TODAY)
    kept, _ = fit_items(question, asked_in(question.text), time, ranked, passages, 0.5)
    assert kept == []


def test_items_of_another_time_are_left_out() -> None:
    passages = [
        make_passage("Acme signed the code in 2023."),
        make_passage("Beta did in 2025.", article_id="b"),
    ]
    spans = [
        find_span(passages, 0, "Acme", 8.0, 5.0),
        find_span(passages, 1, "Beta", 8.0, 5.0),
    ]
    question = Question.parse("Which companies signed the code in 2025?")
    ranked = Ranker(FakeReader(), fake_calibration()).weigh(question, spans, passages, several=True)
    time = read_question_time(question.text, TODAY)
    kept, use = fit_items(question, asked_in(question.text), time, ranked, passages, 0.5)
    assert ([item.candidate.text for item in kept], use) == (["Beta"], "filter")
    kept, use = fit_items(question, asked_in(question.text), time, ranked, passages, 1.0)
    assert (len(kept), use) == (2, "not met")


def test_words_that_only_count_are_no_items() -> None:
    passages = [make_passage("Acme gave two grounds, and 71 others: bad luck.")]
    spans = [find_span(passages, 0, words, 8.0, 5.0) for words in ("two grounds", "71", "bad luck")]
    question = Question.parse("What grounds did Acme give?")
    ranked = Ranker(FakeReader(), fake_calibration()).weigh(question, spans, passages, several=True)
    kept, _ = fit_items(
        question,
        asked_in(question.text),
        read_question_time(question.text, TODAY),
        ranked,
        passages,
        0.5,
    )
    assert [item.candidate.text for item in kept] == ["bad luck"]


def test_other_wordings_of_an_item_and_its_place_are_left_out() -> None:
    passages = [make_passage("The Acme club in Leeds signed.", "Acme and Beta did.")]
    spans = [
        find_span(passages, 0, words, score, 5.0)
        for words, score in (("Acme club", 9.0), ("Leeds", 8.5), ("Beta", 8.0))
    ]
    question = Question.parse("Which clubs signed?")
    ranked = Ranker(FakeReader(), fake_calibration()).weigh(question, spans, passages, several=True)
    time = read_question_time(question.text, TODAY)
    kept, _ = fit_items(question, asked_in(question.text), time, ranked, passages, 0.5)
    assert [item.candidate.text for item in kept] == ["Acme club", "Beta"]


def test_words_that_name_only_a_month_are_no_item() -> None:
    passages = [make_passage("Japan approved the drug in August.")]
    spans = [find_span(passages, 0, words, 8.0, 5.0) for words in ("Japan", "drug in August")]
    question = replace(Question.parse("Which countries approved the drug?"), kind=AnswerKind.PLACE)
    ranked = Ranker(FakeReader(), fake_calibration()).weigh(question, spans, passages)
    time = read_question_time(question.text, TODAY)
    kept, _ = fit_items(question, asked_in(question.text), time, ranked, passages, 0.5)
    assert [item.candidate.text for item in kept] == ["Japan"]


def listed(question: str, sentence: str, *words: str) -> list[str]:
    """The items of a list among what was read in one sentence."""
    passages = [make_passage(sentence)]
    parsed = replace(Question.parse(question), kind=asked_in(question).kind)
    found = [find_span(passages, 0, each) for each in words]
    spans = item_spans(parsed, found, passages)
    ranked = Ranker(FakeReader(), fake_calibration()).weigh(parsed, spans, passages, several=True)
    items, _ = fit_items(
        parsed, asked_in(parsed.text), read_question_time(question, TODAY), ranked, passages, 0.5
    )
    return [item.candidate.text for item in items]


def test_a_place_is_listed_without_what_is_there() -> None:
    sentence = "Acme opened a shop in Lyon in May and a depot."
    read = listed("Where did Acme open shops?", sentence, "a shop in Lyon in May", "a depot")
    assert read == ["Lyon"]


def test_a_name_within_a_word_is_no_item() -> None:
    question = "Which firms cut jobs?"
    sentence = "The Leipold-based carmaker Torvane cuts jobs, as does Castell."
    assert sorted(listed(question, sentence, "Leipold", "Torvane", "Castell")) == [
        "Castell",
        "Torvane",
    ]


def test_holders_are_named_with_their_office_once() -> None:
    question = "Who has managed Rovers?"
    sentence = "Manager Bo Ek, with Ann Lee as captain, said Ek would go."
    assert listed(question, sentence, "Bo Ek", "Ek") == ["Bo Ek"]
    assert listed(question, "Rovers signed the striker Ann Lee.", "Ann Lee") == []


def test_a_firm_among_people_is_no_item() -> None:
    question = "Name the coaches of Rovers"
    sentence = "Rovers named Bo Ek coach after Ann Lee, once of Skar Athletic, KBU and Skar FC."
    words = ("Bo Ek", "Ann Lee", "Skar Athletic", "KBU", "Skar FC")
    assert sorted(listed(question, sentence, *words)) == ["Ann Lee", "Bo Ek"]


def test_a_name_may_have_words_like_verbs() -> None:
    read = listed("Which banks signed?", "Banco do Brasil signed.", "Banco do Brasil")
    assert read == ["Banco do Brasil"]


def test_initials_are_of_a_person() -> None:
    read = listed("Name the players who left", "JD Vance left the club.", "JD Vance")
    assert read == ["JD Vance"]


def test_the_office_is_read_in_a_question_that_has_no_who() -> None:
    question = "Name the former chief executives of Acme"
    assert listed(question, "Acme sold the yard to Ann Lee.", "Ann Lee") == []
    assert listed(question, "Ann Lee is Acme's chief executive.", "Ann Lee") == ["Ann Lee"]


def test_an_investor_may_be_a_firm() -> None:
    read = listed("Who are the investors?", "Skar Capital put money in.", "Skar Capital")
    assert read == ["Skar Capital"]


def test_who_led_held_any_office_of_a_leader() -> None:
    question = "Who has led Acme?"
    assert listed(question, "Bo Ek ran the company.", "Bo Ek") == ["Bo Ek"]
    assert listed(question, "Bo Ek, the finance chief, spoke.", "Bo Ek") == []
    question = "Who has been chief executive of Acme?"
    assert listed(question, "The firm is now led by Bo Ek.", "Bo Ek") == ["Bo Ek"]


def test_what_has_a_verb_or_is_only_a_day_is_no_name() -> None:
    sentence = "Acme has signed on 14 August, as Beta did."
    words = ("Acme has signed", "14 August", "Beta")
    assert listed("Which companies signed?", sentence, *words) == ["Beta"]


def test_a_short_name_is_no_item_of_its_own() -> None:
    sentence = "Acme signed, and so did Acme Motors."
    assert len(listed("Which companies signed?", sentence, "Acme", "Acme Motors")) == 1
    sentence = "Bo Ek Olsen joined, Bo Ek said."
    assert len(listed("Which people joined?", sentence, "Bo Ek Olsen", "Bo Ek")) == 1
    sentence = "The plants are in Mexico and Mexico City."
    assert len(listed("In which places are plants?", sentence, "Mexico", "Mexico City")) == 2


def test_the_asked_year_does_not_count_against_what_is_of_it() -> None:
    passages = [
        make_passage("Acme signed.", day=dt.date(2024, 5, 1)),
        make_passage("Beta signed.", article_id="b", day=dt.date(2022, 5, 1)),
    ]
    spans = [find_span(passages, n, words, 8.0, 5.0) for n, words in enumerate(("Acme", "Beta"))]
    question = Question.parse("Which companies signed from 2023 to 2025?")
    asked, time = asked_in(question.text), read_question_time(question.text, TODAY)
    years = Feature(mean=1.0, scale=1.0, weight=20.0)
    calibration = fake_calibration()
    weights = {**calibration.features, "years": years}
    ranker = Ranker(FakeReader(), calibration.model_copy(update={"features": weights}))
    found = weigh_items(
        ranker, question, asked, time, spans, [], passages, lambda _: [passages[0].chunk], 0.5
    )
    assert ([item.candidate.text for item in found.items], found.use) == (["Acme"], "filter")
    assert found.items[0].confidence > 0.5 > found.ranked[0].confidence


def fitting(question: str, sentence: str, *words: str) -> list[str]:
    passages = [make_passage(sentence)]
    spans = [find_span(passages, 0, each, 8.0, 5.0) for each in words]
    asked = asked_in(question)
    parsed = replace(Question.parse(question), kind=asked.kind)
    ranked = Ranker(FakeReader(), fake_calibration()).weigh(parsed, spans, passages, several=True)
    time = read_question_time(question, TODAY)
    kept, _ = fit_items(parsed, asked, time, ranked, passages, 0.5)
    return [item.candidate.text for item in kept]


def test_who_lost_an_election_holds_no_office() -> None:
    sentence = "Ann Lee was elected leader; 20 voted for Bo Ek, the candidate of the right."
    assert fitting("Who has led the council?", sentence, "Ann Lee", "Bo Ek") == ["Ann Lee"]


def test_a_number_of_things_is_no_item_beside_their_names() -> None:
    sentence = "Three centres signed the code: the Lind Lab and Hune Hall."
    question = "Which laboratories have signed the code?"
    assert fitting(question, sentence, "Three centres", "Lind Lab") == ["Lind Lab"]
