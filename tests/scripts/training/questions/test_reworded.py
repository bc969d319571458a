from pathlib import Path

import pytest

from index.errors import GoldError
from scripts.training.questions.news import load_families
from scripts.training.questions.reworded import load_reworded

_FAMILY = """\
@article a1
title: Union votes
source: The Post
date: 2024-03-08
kind: report

In all, 68 per cent backed it.

@questions
person | Who won? | - | -
"""
_QUESTION = "share | how many said yes | a1 | 68 per cent\n"


def _folders(parent: Path, questions: str, *families: str) -> dict[str, Path]:
    folders = {"folder": parent / "reworded", "news_folder": parent / "news"}
    for folder in folders.values():
        folder.mkdir()
    for name in families:
        (folders["news_folder"] / f"{name}.txt").write_text(_FAMILY, encoding="utf-8")
        (folders["folder"] / f"{name}.txt").write_text(questions, encoding="utf-8")
    return folders


def test_family_is_asked_in_other_words_instead_of_its_own(tmp_path: Path) -> None:
    folders = _folders(tmp_path, _QUESTION, "harbour-01", "harbour-04")
    (family,) = load_reworded("calibration", **folders)
    assert family.name == "harbour-04"
    assert family.articles[0].id == "harbour-04-a1"
    (question,) = family.questions
    assert question.id == "harbour-04-reworded-1"
    assert question.text == "how many said yes"
    assert (question.articles, question.answers) == (("harbour-04-a1",), ("68 per cent",))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("share | how many | a2 | 68", "line 2: no article 'a2'"),
        ("share | how many | a1 | 69", "line 2: '69' stands in none of a1"),
        ("share | how many | a1 | 68 ||", "line 2: expected none of the parts"),
        ("@article a2", "line 2: expected a question"),
    ],
)
def test_fault_is_said_with_the_questions_file_and_line(
    tmp_path: Path, line: str, message: str
) -> None:
    folders = _folders(tmp_path, _QUESTION + line, "harbour-01")
    with pytest.raises(GoldError, match=rf"reworded.harbour-01\.txt, {message}"):
        load_reworded("train", **folders)


def test_questions_on_no_family_are_refused(tmp_path: Path) -> None:
    folders = _folders(tmp_path, _QUESTION, "harbour-01")
    (folders["news_folder"] / "harbour-01.txt").unlink()
    with pytest.raises(GoldError, match="no such family"):
        load_reworded("train", **folders)


def test_file_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"harbour-01\.txt: expected questions, got none"):
        load_reworded("train", **_folders(tmp_path, "\n", "harbour-01"))


def test_written_questions_are_well_formed_and_none_is_for_the_report() -> None:
    families = load_reworded("train", "calibration", "tests", "report")
    assert {family.split for family in families} == {"train", "calibration"}
    own = {family.name: family for family in load_families("train", "calibration")}
    questions = [question for family in families for question in family.questions]
    assert len(questions) >= 2400
    assert 0.2 < sum(not question.answers for question in questions) / len(questions) < 0.35
    for family in families:
        asked = [one.text.lower() for one in (*own[family.name].questions, *family.questions)]
        assert len(asked) == len(set(asked)), family.name
