from __future__ import annotations

from api.answering.combining.claims.claim import claims_of
from api.answering.combining.claims.support import supporting
from api.answering.questions.question import Question
from api.answering.ranking.candidates import Candidate
from api.answering.ranking.ranker import DescribedCandidate, RankedCandidate
from tests.api.answering.making import find_span, make_passage


def supported(question: str, words: str, *sentences: str) -> list[str]:
    """The sentences that support an answer that all of them have, best first."""
    passages = [
        make_passage(sentence, article_id=f"a{number}") for number, sentence in enumerate(sentences)
    ]
    spans = tuple(find_span(passages, at, words, score=9 - at) for at in range(len(passages)))
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


def test_what_is_added_does_not_support_the_whole() -> None:
    best = "Amazon has committed $4 billion to Anthropic."
    other = "Amazon committed a further $4 billion to Anthropic."
    question = "How much has Amazon committed to Anthropic?"
    assert supported(question, "$4 billion", best, other) == [best]


def test_the_same_figure_of_another_firm_supports_nothing() -> None:
    best = "Meta spent $9 billion on cables."
    other = "Apple spent $9 billion on cables, which is much for Apple."
    assert supported("How much did Meta spend on cables?", "$9 billion", best, other) == [best]
