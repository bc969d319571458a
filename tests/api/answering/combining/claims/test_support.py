from __future__ import annotations

import pytest

from api.answering.combining.claims.claim import claims_of
from api.answering.combining.claims.support import supporting
from api.answering.questions.question import Question
from api.answering.ranking.candidates import Candidate
from api.answering.ranking.ranker import DescribedCandidate, RankedCandidate
from tests.api.answering.making import find_span, make_passage


def supported(question: str, words: str, *sentences: str, drop: float = 1) -> list[str]:
    """The sentences that support an answer that all of them have, each scored lower by a drop."""
    passages = [
        make_passage(sentence, article_id=f"a{number}") for number, sentence in enumerate(sentences)
    ]
    spans = tuple(
        find_span(passages, at, words, score=9 - drop * at) for at in range(len(passages))
    )
    item = RankedCandidate(DescribedCandidate(Candidate(words, spans), {}, 0), 0.5)
    claims = supporting(Question.parse(question), claims_of(0, item, passages))
    return [claim.sentence for claim in claims]


def test_a_sentence_supports_that_speaks_of_what_is_asked() -> None:
    best, same, other = (
        "Nvidia replaced Intel in the Dow.",
        "In the Dow, Nvidia has Intel's place.",
        "The deal left out Intel's foundry.",
    )
    question = "Which company did Nvidia replace in the Dow?"
    assert supported(question, "Intel", best, same, other) == [best, same]


def test_the_words_of_the_answer_alone_support_nothing() -> None:
    best, other = "It paid 860 million yuan.", "He won 860 million yuan."
    question = "How many yuan went to the harbour?"
    assert supported(question, "860 million yuan", best, other) == [best]


def test_a_name_in_passing_supports_nothing() -> None:
    best = "Cohere hired Ann Lee, formerly of Meta, as chief AI officer."
    other = "Ann Lee left Meta in May."
    question = "Which former Meta researcher did Cohere name chief AI officer?"
    assert supported(question, "Ann Lee", best, other) == [best]


@pytest.mark.parametrize(
    ("question", "words", "best", "other"),
    [
        (
            "How much of the 2023 grant to Acme was paid up front?",
            "$500 million",
            "It agreed to a grant of up to $2 billion, of which $500 million came up front.",
            "Latest rounds: Acme, $13 billion; Beta, $500 million.",
        ),
        (
            "Which countries support the lunar base of Peru and Chile?",
            "Cuba",
            "Peru and Chile plan a lunar base, which Cuba wants to help to build.",
            "The club joins Peru, Chile and Cuba, which had invited it.",
        ),
        (
            "Which companies signed the code of practice for models?",
            "Acme",
            "Acme, Beta and Gamma signed it.",
            "A court ruled that Acme infringed rights because its models knew nine songs.",
        ),
    ],
)
def test_other_words_of_the_question_support_nothing(
    question: str, words: str, best: str, other: str
) -> None:
    assert supported(question, words, best, other) == [best]


def test_more_words_of_the_question_support() -> None:
    best = "The stock rose, which added $197 billion to its market value."
    other = "Acme set the record for a gain on 2 February, when it added $197 billion in one day."
    question = "How much market value did the record of 2 February make Acme gain?"
    assert supported(question, "$197 billion", best, other) == [best, other]


def test_what_the_reader_takes_for_no_answer_supports_nothing() -> None:
    best, other = "Acme paid $9 billion for Beta.", "For Beta, Acme paid $9 billion."
    assert supported("What did Acme pay for Beta?", "$9 billion", best, other, drop=20) == [best]


def test_what_is_added_does_not_support_the_whole() -> None:
    best = "Amazon has committed $4 billion to Anthropic."
    other = "Amazon committed a further $4 billion to Anthropic."
    question = "How much has Amazon committed to Anthropic?"
    assert supported(question, "$4 billion", best, other) == [best]


def test_the_same_figure_of_another_firm_supports_nothing() -> None:
    best = "Meta spent $9 billion on cables."
    other = "Apple spent $9 billion on cables, which is much for Apple."
    assert supported("How much did Meta spend on cables?", "$9 billion", best, other) == [best]
