from pathlib import Path

import pytest

from index.errors import GoldError
from scripts.training.questions.news import load_families, parse_family

_FAMILY = """\
@article a1
title: Union votes
source: The Post
date: 2024-03-08
kind: report

In all, 68 per cent backed it.

@article a2
title: Strike over
source: The Post
author: Lena Okafor
date: 2024-03-09
kind: wire

The gates opened.
"""


def _written(folder: Path, questions: str, name: str = "harbour-01.txt") -> Path:
    path = folder / name
    path.write_text(f"{_FAMILY}\n@questions\n{questions}\n", encoding="utf-8")
    return path


def test_family_has_articles_with_ids_of_their_own_and_questions(tmp_path: Path) -> None:
    family = parse_family(
        _written(
            tmp_path,
            "percentage | What share backed it? | a1 | 68 per cent || 68\n"
            "person | Who won? | - | -",
        )
    )
    assert [article.id for article in family.articles] == ["harbour-01-a1", "harbour-01-a2"]
    assert family.articles[0].text == "In all, 68 per cent backed it."
    assert family.articles[0].author == ""
    assert family.questions[0].answers == ("68 per cent", "68")
    assert family.questions[0].articles == ("harbour-01-a1",)
    assert family.questions[1].answers == family.questions[1].articles == ()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("person | Who won? | a1", "line 19: expected 4 parts"),
        ("person | Who won? | a1 | Ada", "'Ada' stands in none of a1"),
        ("person | Who won? | a9 | Ada", "no article 'a9'"),
        ("person | Who won? | a1 | -", "expected both articles and answers"),
    ],
)
def test_family_file_with_a_fault_is_refused_by_line(
    tmp_path: Path, line: str, message: str
) -> None:
    with pytest.raises(GoldError, match=message):
        parse_family(_written(tmp_path, line))


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("a-01", "train"),
        ("a-04", "calibration"),
        ("a-05", "report"),
        ("a-10", "report"),
        ("desk-01", "tests"),
        ("desk-05", "tests"),
    ],
)
def test_split_of_a_family_follows_its_field_and_number(
    tmp_path: Path, name: str, split: str
) -> None:
    assert parse_family(_written(tmp_path, "", f"{name}.txt")).split == split


def test_written_families_are_well_formed_and_no_question_is_asked_twice_in_one() -> None:
    families = load_families("train", "calibration", "tests", "report")
    assert sum(len(family.articles) for family in families) >= 600
    questions = [question for family in families for question in family.questions]
    assert len(questions) >= 5000
    assert 0.35 < sum(not question.answers for question in questions) / len(questions) < 0.6
    for family in families:
        asked = [question.text.lower() for question in family.questions]
        assert len(asked) == len(set(asked)), family.name
