import pytest

from api.answering.combining.spans.levels import asks_for_move, moved_to
from tests.api.answering.making import find_span, make_passage


@pytest.mark.parametrize(
    ("sentence", "words", "level"),
    [
        ("It raised its rate by 25 basis points to 4.25%.", "25 basis points", "4.25%"),
        ("Profit rose 9% to 118 million pounds.", "9%", "118 million pounds"),
        ("Shares fell 3.2% to 412 pence.", "3.2%", "412 pence"),
        ("Revenue edged up 1.2 per cent to £9.83bn.", "1.2 per cent", "£9.83bn"),
        ("Turnout was 52.1% to the day.", "52.1%", "52.1%"),
        ("It holds 9% to 10% of the shares.", "9% to 10%", "9% to 10%"),
        ("It cut its rate from 4% to 3%.", "4%", "4%"),
        ("It was put off from June to October 2026.", "June to October 2026", "October 2026"),
        ("The fare went from £2.10 to £2.40.", "£2.10 to £2.40", "£2.40"),
        (
            "The works last from June to October 2026.",
            "June to October 2026",
            "June to October 2026",
        ),
        ("It gave 5% to 12 charities.", "5%", "5%"),
        ("Profit rose to 118 million pounds.", "118 million pounds", "118 million pounds"),
    ],
)
def test_where_a_figure_moved_takes_the_place_of_how_far(
    sentence: str, words: str, level: str
) -> None:
    passages = [make_passage(sentence)]
    (moved,) = moved_to([find_span(passages, 0, words)], passages)
    assert sentence[slice(*moved.span)] == level


def test_a_level_that_was_read_as_well_stays_once_with_the_best_score() -> None:
    passages = [make_passage("Profit rose 9% to 118 million pounds.")]
    spans = [
        find_span(passages, 0, "9%", score=8),
        find_span(passages, 0, "118 million pounds", score=5),
    ]
    assert [scored.score for scored in moved_to(spans, passages)] == [8]


@pytest.mark.parametrize(
    ("question", "move"),
    [
        ("norges bank key rate", False),
        ("What was the profit of Acme?", False),
        ("How much did profit rise?", True),
        ("By how much was the rate cut?", True),
        ("What was the change in turnout?", True),
    ],
)
def test_a_question_about_a_move_is_told(question: str, move: bool) -> None:
    assert asks_for_move(question) is move
