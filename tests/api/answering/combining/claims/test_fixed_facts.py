import pytest

from api.answering.combining.series.agreement import combine
from api.answering.questions.question import Question
from tests.api.answering.combining.making import Said, choice_of

MILL = "When was the water mill of Varne built?"
CLUB = "When was the Sorrel Vale rowing club founded?"
AGED = "How old was the painter Ilka Brandis when she died?"
DEEP = "How deep is Lake Ormel?"


def agreement(question: str, *said: Said) -> str:
    return combine(choice_of(question, *said).series, str, [], Question.parse(question)).agreement


def of_mill(sentence: str, year: str, *, article: str = "a1") -> str:
    first = Said("The water mill of Varne was built in 1604.", "1604", "2021-03-01", 12, "a0")
    return agreement(MILL, first, Said(f"Varne\n{sentence}", year, "2023-09-01", 3, article))


def of_club(sentence: str, year: str) -> str:
    first = Said("Sorrel Vale, a rowing club, was founded in 1871.", "1871", "2021-03-01", 12)
    return agreement(CLUB, first, Said(f"Sorrel Vale\n{sentence}", year, "2022-09-01", 9))


def of_age(sentence: str, age: str) -> str:
    first = Said(
        "Ilka Brandis, who has died at the age of 91, painted ice.", "91", "2018-03-08", 12
    )
    return agreement(AGED, first, Said(sentence, age, "2019-01-19", 11))


def of_depth(sentence: str, depth: str, question: str = DEEP) -> str:
    first = Said("Lake Ormel is 140 metres deep and cold.", "140 metres", "2021-03-01", 12)
    return agreement(question, first, Said(f"Lake Ormel\n{sentence}", depth, "2023-03-01", 11))


@pytest.mark.parametrize(
    "sentence",
    [
        "The mill was put up in 1588 for the monks of the valley.",
        "In 1588 the mill of Varne was built by a weaver.",
        "A carpenter built the mill in 1588 for the monks.",
        "It is a mill that was erected in 1588, with two wheels.",
    ],
)
def test_two_years_in_which_one_thing_was_built_disagree(sentence: str) -> None:
    assert of_mill(sentence, "1588") == "disagree"


def test_a_year_beside_a_near_one_is_no_rounding_of_it() -> None:
    assert of_mill("The mill was built in 1600 for the monks.", "1600") == "disagree"


def test_a_month_and_its_year_agree() -> None:
    assert of_club("The rowing club was founded in May 1871.", "May 1871") == "agree"


@pytest.mark.parametrize(
    "sentence",
    [
        "The old mill was built in 1588 and is gone.",
        "The barn beside the mill was built in 1588.",
        "The roof of the mill was put up in 1588.",
        "The mill was rebuilt in 1588 after a fire.",
        "The mill was built before 1588, it is thought.",
        "The mill was begun or built in 1588.",
        "The mill of Tressa was built in 1588.",
        "A mill was built in 1588 at Tressa.",
        "The mill was sold in 1588 to a weaver.",
        "The mill was built for a weaver who died in 1588.",
    ],
)
def test_what_only_looks_like_another_year_does_not(sentence: str) -> None:
    assert of_mill(sentence, "1588") in ("single", "agree")


def test_a_year_that_an_article_gives_as_another_sources_disagrees() -> None:
    plaque = "A plaque says that the mill was built in 1588."
    assert of_mill(plaque, "1588", article="a0") == "disagree"
    assert of_mill("The mill was built in 1588.", "1588", article="a0") == "single"


@pytest.mark.parametrize(
    "sentence",
    [
        "You are at a rowing club that was founded in 1868 by millers.",
        "Sorrel Vale have rowed here since the second Friday after they were founded, in 1868.",
    ],
)
def test_two_years_in_which_one_club_was_founded_disagree(sentence: str) -> None:
    assert of_club(sentence, "1868") == "disagree"


def test_a_part_of_a_club_has_a_year_of_its_own() -> None:
    assert of_club("The club's choir was founded in 1868.", "1868") == "single"


@pytest.mark.parametrize(
    "sentence", ["Brandis died at 87 in her own bed.", "Ilka Brandis was 87 when she died."]
)
def test_two_ages_at_which_one_person_died_disagree(sentence: str) -> None:
    assert of_age(sentence, "87") == "disagree"


@pytest.mark.parametrize(
    "sentence",
    [
        "The husband of Ilka Brandis died at 87.",
        "Ilka Brandis, nearly 90 when she died, left no will.",
        "Ilka Brandis had her last show at 87.",
    ],
)
def test_an_age_of_somebody_else_or_at_something_else_does_not(sentence: str) -> None:
    assert of_age(sentence, "90" if "90" in sentence else "87") != "disagree"


def test_two_depths_of_one_lake_disagree_however_far_apart() -> None:
    assert of_depth("Lake Ormel is 118 metres deep.", "118 metres") == "disagree"
    assert of_depth("The lake is 118 metres deep.", "118 metres") == "disagree"


@pytest.mark.parametrize(
    "sentence",
    [
        "Lake Ormel is 118 metres deep near the pier.",
        "The average depth of Lake Ormel is 118 metres.",
        "Lake Ormel is more than 118 metres deep.",
    ],
)
def test_a_depth_of_a_part_or_of_no_exact_figure_does_not(sentence: str) -> None:
    assert of_depth(sentence, "118 metres") != "disagree"


def test_what_is_planned_is_revised() -> None:
    question = "How tall is the Corvin tower?"
    first = Said(
        "The Corvin tower is 140 metres tall, the plans say.", "140 metres", "2021-03-01", 12
    )
    second = Said("The Corvin tower is 118 metres tall.", "118 metres", "2023-03-01", 11)
    assert agreement(question, first, second) == "revised"
