from __future__ import annotations

import pytest

from api.answering.combining.lists.told_holders import HolderTelling, is_in_turn
from api.answering.questions.question import Question

GUILD = "Who was general secretary of the Sailors Guild?"


def holds(of_one: str, sentence: str, name: str) -> bool:
    start = sentence.index(name)
    telling = HolderTelling(Question.parse(of_one), of_one)
    return telling.holds(sentence, start, start + len(name))


@pytest.mark.parametrize(
    ("of_one", "sentence", "name"),
    [
        (GUILD, "It was close, said Ann Lee, the general secretary.", "Ann Lee"),
        (GUILD, "Ann Lee, 44, its acting general secretary, agreed.", "Ann Lee"),
        (GUILD, "Ann Lee, who became general secretary in May, agreed.", "Ann Lee"),
        (GUILD, "The Sailors Guild's general secretary, Ann Lee, agreed.", "Ann Lee"),
        (GUILD, "They elected Ann Lee as general secretary.", "Ann Lee"),
        (GUILD, "The new general secretary is Ann Lee, a pilot.", "Ann Lee"),
        (GUILD, "Ann Lee, a pilot, was named interim general secretary.", "Ann Lee"),
        ("Who chaired Rovers?", "It was the first game for Ann Lee as chairwoman.", "Ann Lee"),
        ("Who was Acme's chief executive?", "Bo Ek, the boss, agreed.", "Bo Ek"),
        (GUILD, "Ann Lee gave up the post of general secretary in May.", "Ann Lee"),
        (GUILD, "Ann Lee, who was a pilot and is its general secretary, agreed.", "Ann Lee"),
        ("Who ran Acme?", "The firm is now led by Ann Lee, a pilot.", "Ann Lee"),
        ("Who led Acme?", "Ann Lee, who had headed Acme since 2012, left.", "Ann Lee"),
        ("Who led Acme?", "Bo Ek has been chief executive since 2022.", "Bo Ek"),
        ("Who was in charge of the Rovers team?", "Bo Ek, the caretaker manager, left.", "Bo Ek"),
    ],
)
def test_a_sentence_gives_a_name_the_asked_office(of_one: str, sentence: str, name: str) -> None:
    assert holds(of_one, sentence, name)


@pytest.mark.parametrize(
    ("of_one", "sentence", "name"),
    [
        (GUILD, "Bo Ek, the general secretary of the Pilots Union, agreed.", "Bo Ek"),
        (GUILD, "The Pilots Union general secretary, Bo Ek, agreed.", "Bo Ek"),
        (GUILD, "Bo Ek, the deputy general secretary, agreed.", "Bo Ek"),
        (GUILD, "The deputy general secretary, Bo Ek, agreed.", "Bo Ek"),
        (GUILD, "Some proposed Bo Ek as general secretary.", "Bo Ek"),
        ("Who led Acme?", "Bo Ek, who had headed Beta since 2012, left.", "Bo Ek"),
        (GUILD, "Bo Ek, a sailor, met the general secretary.", "Bo Ek"),
        (GUILD, "Ann Lee, the general secretary, thanked Bo Ek.", "Bo Ek"),
        ("Who directed the observatory?", "Bo Ek, the flight director, agreed.", "Bo Ek"),
        ("Who was arrested?", "Bo Ek, the mayor, agreed.", "Bo Ek"),
    ],
)
def test_another_office_or_another_name_holds_it_not(of_one: str, sentence: str, name: str) -> None:
    assert not holds(of_one, sentence, name)


@pytest.mark.parametrize(
    "sentence",
    [
        "The executive has chosen her deputy, Bo Ek, to follow her.",
        "Bo Ek, his predecessor, resigned in May.",
        "Her successor is Bo Ek, a pilot.",
        "Lee took over in August from Bo Ek.",
        "Lee was succeeded by the pilot Bo Ek.",
        "The board had replaced her with Bo Ek.",
        "His deputy, the pilot Bo Ek, was elected in his place.",
        "Bo Ek will succeed Lee in June.",
        "Before Lee came the assistant coach, Bo Ek, looked after the team.",
    ],
)
def test_a_sentence_says_who_came_before_or_after(sentence: str) -> None:
    start = sentence.index("Bo Ek")
    assert is_in_turn(sentence, start, start + len("Bo Ek"))


def test_others_came_neither_before_nor_after() -> None:
    sentence = "Lee, who met Bo Ek, retired."
    start = sentence.index("Bo Ek")
    assert not is_in_turn(sentence, start, start + len("Bo Ek"))
