import pytest

from api.answering.combining.spans.single_figures import single_figures
from api.answering.questions.question import Question
from tests.api.answering.making import find_span, make_passage

TOLL = "In all, 6,312 people fell ill and 97 died, the health ministry said."


@pytest.mark.parametrize(
    ("question", "sentence", "words", "cut"),
    [
        ("How many people died of cholera?", TOLL, "6,312 people fell ill and 97", "97"),
        ("Who fell ill?", TOLL, "6,312 people fell ill and 97", "6,312 people fell ill and 97"),
        (
            "How much will Alba spend?",
            "Alba will spend at least 380 billion yuan on AI and cloud over three years.",
            "at least 380 billion yuan on AI and cloud over three years",
            "at least 380 billion yuan",
        ),
        (
            "How much did Corvex pay for Loopchat?",
            "Corvex paid $1 billion for Pixgram and $19 billion for Loopchat.",
            "$1 billion for Pixgram and $19 billion",
            "$19 billion",
        ),
        ("How much will it cost?", "It costs $5 million in all.", "$5 million", "$5 million"),
    ],
)
def test_a_span_is_cut_down_to_the_figure_that_is_asked_for(
    question: str, sentence: str, words: str, cut: str
) -> None:
    passage = make_passage(sentence)
    spans = [find_span([passage], 0, words, 8.0, 5.0)]
    (scored,) = single_figures(Question.parse(question), spans, [passage])
    assert passage.chunk.words(scored.span) == cut
