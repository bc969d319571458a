from __future__ import annotations

from typing import TYPE_CHECKING

from api.answering.combining.lists.list_questions import asked_list
from api.answering.combining.lists.told_in_sentences import told_in_sentences
from api.answering.questions.question import Question
from api.answering.ranking.candidates import Candidate
from api.answering.ranking.ranker import DescribedCandidate, RankedCandidate
from tests.api.answering.making import find_span, make_passage

if TYPE_CHECKING:
    from index.records import Passage

ARRESTED = "Who has been arrested over the fire at Skar Hall?"
HOLDERS = "Who has held the post of harbour master of Skar?"
COUNTRIES = "Which countries are sharing the cost of Rona-3?"
BAR = 0.5


def told(
    question: str, passages: list[Passage], *items: tuple[int, str, float, float], unfit: str = ""
) -> set[str]:
    """The words told, of items with their passage, margin and confidence."""
    parsed, asked = Question.parse(question), asked_list(question)
    assert asked is not None
    ranked = [
        RankedCandidate(
            DescribedCandidate(
                Candidate(words, (find_span(passages, passage, words, margin),)),
                {},
                0,
                unfit=words == unfit,
            ),
            confidence,
        )
        for passage, words, margin, confidence in items
    ]
    places = told_in_sentences(
        parsed,
        asked,
        ranked,
        passages,
        lambda article: [item.chunk for item in passages if item.article.id == article],
        BAR,
    )
    return {passages[passage].chunk.words(span) for passage, span in places}


def test_what_was_done_is_told_where_the_article_names_the_thing() -> None:
    passages = [
        make_passage("Skar Hall burned in May."),
        make_passage("Bo Ek was arrested on Friday.", start=100),
        make_passage("Cy Orn was arrested in Hune.", article_id="b"),
    ]
    items = ((1, "Bo Ek", -6.0, 0.1), (2, "Cy Orn", -6.0, 0.1))
    assert told(ARRESTED, passages, *items) == {"Bo Ek"}
    assert told(ARRESTED, passages, *items, unfit="Bo Ek") == set()


def test_what_the_reader_takes_for_none_at_all_is_not_told() -> None:
    passages = [make_passage("Skar Hall burned. Bo Ek was arrested on Friday.")]
    assert told(ARRESTED, passages, (0, "Bo Ek", -20.0, 0.0)) == set()


def test_holders_are_told_with_those_before_and_after_them() -> None:
    passages = [
        make_passage("Skar is closed, said Ann Lee, the harbour master.", "Bo Ek follows her."),
        make_passage("Skar reopened.", "Cy Orn will succeed Dee Fry.", article_id="b"),
    ]
    items = (
        (0, "Ann Lee", -2.0, 0.1),
        (0, "Bo Ek", -5.0, 0.1),
        (1, "Cy Orn", -2.0, 0.1),
    )
    assert told(HOLDERS, passages, *items) == {"Ann Lee", "Bo Ek"}


def test_a_holder_of_it_is_told_where_the_thing_stands_before() -> None:
    passages = [
        make_passage("Hune harbour closed.", "Its harbour master, Ann Lee, left Skar."),
        make_passage("Skar stays open. Hune may.", "Its harbour master, Bo Ek, is sure."),
        make_passage("Skar closed.", "Its harbour master, Cy Orn, left.", article_id="b"),
    ]
    items = ((0, "Ann Lee", -2.0, 0.1), (1, "Bo Ek", -2.0, 0.1), (2, "Cy Orn", -2.0, 0.1))
    assert told(HOLDERS, passages, *items) == {"Ann Lee", "Bo Ek", "Cy Orn"}
    passages[0] = make_passage("Hune closed.", "Its harbour master, Ann Lee, left.")
    assert "Ann Lee" not in told(HOLDERS, passages, *items)


def test_one_more_is_told_beside_a_sure_item() -> None:
    passages = [
        make_passage("Hune and Pell share the cost of Rona-3."),
        make_passage("Rona-3 is late.", "Moor comes in as a fourth member.", article_id="b"),
    ]
    more = (1, "Moor", -6.0, 0.1)
    assert told(COUNTRIES, passages, more) == set()
    assert told(COUNTRIES, passages, (0, "Hune", 8.0, 0.9), more) == {"Moor"}


def test_a_number_of_things_is_no_name() -> None:
    passages = [make_passage("Three cooks of Skar Hall were arrested.")]
    assert told(ARRESTED, passages, (0, "Three cooks", -2.0, 0.1)) == set()


def test_a_question_without_a_name_is_told_by_no_article() -> None:
    passages = [make_passage("Bo Ek was arrested.")]
    assert told("Who has been arrested?", passages, (0, "Bo Ek", 5.0, 0.6)) == set()
