import pytest

from api.answering.combining.series.agreement import combine
from api.answering.questions.question import Question
from tests.api.answering.combining.making import Said, choice_of

LEAKED = "How many litres of diesel leaked from the Marwick depot?"
OWNER = "Petrana, the depot's owner, said that 40,000 litres of diesel had leaked."
COST = "How much will the Orsa line cost?"
MINISTRY = "The ministry said that the Orsa line will cost £40 million."


def agreement(question: str, first: str, figure: str, second: str, other: str, day: str) -> str:
    said = Said(first, figure, "2024-02-10"), Said(second, other, day, 7)
    return combine(choice_of(question, *said).series, str, [], Question.parse(question)).agreement


def of_leak(second: str, first: str = OWNER, day: str = "2024-06-02") -> str:
    return agreement(LEAKED, first, "40,000 litres", second, "95,000 litres", day)


def of_cost(second: str) -> str:
    return agreement(COST, MINISTRY, "£40 million", second, "£52 million", "2024-06-02")


@pytest.mark.parametrize(
    "second",
    [
        "Inspectors, who dug up the yard, reckon that 95,000 litres of diesel leaked there.",
        "95,000 litres of diesel leaked from the Marwick depot, according to chemists at Sarn.",
        "Prosecutors said on Monday that 95,000 litres of diesel leaked from the Marwick depot.",
        "The union says that 95,000 litres of diesel leaked from Marwick, not the 40,000 litres.",
    ],
)
def test_two_bodies_that_tell_months_apart_of_what_happened_once_disagree(second: str) -> None:
    assert of_leak(second) == "disagree"


@pytest.mark.parametrize(
    "second",
    [
        "Petrana told the court that 95,000 litres of diesel leaked from the Marwick depot.",
        "The depot's manager said that 95,000 litres of diesel leaked from the Marwick depot.",
        "A final count found that 95,000 litres of diesel leaked from the Marwick depot.",
        "Inspectors now reckon that 95,000 litres of diesel leaked from the Marwick depot.",
        "Inspectors said that at least 95,000 litres of diesel leaked from the Marwick depot.",
        "Inspectors said that 95,000 litres of diesel leaked from the Marwick depot in May 2024.",
        "In all 95,000 litres of diesel leaked from the Marwick depot.",
    ],
)
def test_who_may_be_the_same_or_know_better_revises(second: str) -> None:
    assert of_leak(second) == "revised"


GAUGE = "How much rain fell at Hollin Moss in the storm?"


def of_rain(second: str, other: str, source: str | None) -> str:
    first = "The gauge at Hollin Moss recorded 112 millimetres of rain in the storm."
    said = (
        Said(first, "112 millimetres", "2023-10-20", source="The Moss Advertiser"),
        Said(second, other, "2023-11-13", 7, source=source),
    )
    return combine(choice_of(GAUGE, *said).series, str, [], Question.parse(GAUGE)).agreement


def test_two_papers_that_tell_of_what_is_over_and_name_nobody_disagree() -> None:
    second = "Rain in the storm, by station: Hollin Moss, 87 millimetres."
    assert of_rain(second, "87 millimetres", "Upland Weather Review") == "disagree"


@pytest.mark.parametrize(
    ("second", "source"),
    [
        ("Rain in the storm, by station: Hollin Moss, 87 millimetres.", "The Moss Advertiser"),
        ("Rain in the storm, by station: Hollin Moss, 87 millimetres.", None),
        ("Hollin Moss has had 87 millimetres of rain in the storm.", "Upland Weather Review"),
        ("Hollin Moss is now known to have had 87 millimetres of rain.", "Upland Weather Review"),
    ],
)
def test_one_paper_or_what_goes_on_revises(second: str, source: str | None) -> None:
    assert of_rain(second, "87 millimetres", source) == "revised"


def test_two_papers_that_tell_a_month_apart_may_tell_of_two_events() -> None:
    scored = "How many litres leaked from the Marwick depot?"
    said = (
        Said("At Marwick 40,000 litres leaked.", "40,000 litres", "2024-02-10", source="Post"),
        Said("At Marwick 95,000 litres leaked.", "95,000 litres", "2024-04-10", 7, source="Echo"),
    )
    asked = Question.parse(scored)
    assert combine(choice_of(scored, *said).series, str, [], asked).agreement == "revised"


def test_what_is_told_a_year_later_may_be_another_event() -> None:
    second = "Inspectors reckon that 95,000 litres of diesel leaked from the Marwick depot."
    assert of_leak(second, day="2025-01-20") == "revised"


@pytest.mark.parametrize(
    ("question", "first", "figure", "second", "other"),
    [
        ("How many people were killed by the Serra flood?",
         "The governor said that 40 people were killed by the Serra flood.", "40 people",
         "Police said that 61 people were killed by the Serra flood.", "61 people"),
        ("How many people work at the Orrin plant?",
         "The manager said that 1,200 people work at the Orrin plant.", "1,200 people",
         "The union says that 950 people work at the Orrin plant.", "950 people"),
        ("How long was the Tarn bridge blocked?",
         "The operator said that the Tarn bridge was blocked for three weeks.", "three weeks",
         "Police said that the Tarn bridge was blocked for nine weeks.", "nine weeks"),
    ],
)  # fmt: skip
def test_what_changes_or_goes_on_is_revised_by_whoever_tells_it(
    question: str, first: str, figure: str, second: str, other: str
) -> None:
    assert agreement(question, first, figure, second, other, "2024-06-02") == "revised"


@pytest.mark.parametrize(
    "second",
    [
        "Campaigners dispute the figure and say that the Orsa line will cost £52 million.",
        "A campaign disputes the sum.\nIt says that the Orsa line will cost £52 million.",
        "The true figure for the cost of the Orsa line is £52 million, the union said.",
        "The union says that the Orsa line will cost £52 million.\nThe firm stands by its sum.",
    ],
)
def test_a_figure_that_is_set_against_another_disagrees_even_of_a_cost(second: str) -> None:
    assert of_cost(second) == "disagree"


@pytest.mark.parametrize(
    "second",
    [
        "The union disputes the number of posts.\nThe Orsa line will cost £52 million.",
        "The firm, which rejects claims of waste, says that the Orsa line will cost £52 million.",
        "The council said that the Orsa line will cost £52 million.",
        "The minister disputes the sum, and says that the Orsa line will cost £52 million.",
    ],
)
def test_what_is_disputed_beside_a_cost_does_not_set_it_against_another(second: str) -> None:
    assert of_cost(second) == "revised"
