import pytest

from api.answering.time.former_holders import (
    asks_for_former_holder,
    held_until,
    is_former_holder,
    is_leaving,
)


@pytest.mark.parametrize(
    ("sentence", "former"),
    [
        ("Former chairman Ann Lee spoke.", True),
        ("She succeeded Ann Lee in May.", True),
        ("Bo Ek took over from Ann Lee.", True),
        ("Bo Ek, who took over as administrator from Ann Lee in May, spoke.", True),
        ("Ann Lee, the chairman, resigned.", True),
        ("Ann Lee was replaced in May.", True),
        ("Ann Lee is the chairman.", False),
        ("Rovers named the former City captain Ann Lee as coach.", False),
        ("Rovers named Bo Ek to succeed Ann Lee.", True),
        ("Ann Lee succeeded Bo Ek.", False),
        ("Ann Lee, who ran its Nordic arm until March, is chief executive.", False),
        ("Ann Lee, whom Bo Ek replaced in May, spoke.", True),
        ("Ann Lee stood down.", True),
        ("Her predecessor in the chair, Ann Lee, spoke.", True),
        ("Rovers have sacked manager Ann Lee.", True),
        ("Bo Ek had taken over in June from Ann Lee.", True),
        ("Bo Ek took the chair last year from Ann Lee.", True),
        ("Before him, Ann Lee ran the firm.", True),
        ("He demands that Ann Lee, chief executive since March, resign at once.", False),
    ],
)
def test_a_former_holder_is_told(sentence: str, former: bool) -> None:
    start = sentence.index("Ann Lee")
    assert is_former_holder(sentence, start, start + len("Ann Lee")) is former


@pytest.mark.parametrize(
    ("sentence", "leaving"),
    [
        ("Ann Lee will leave Rovers at the end of the season.", True),
        ("Ann Lee, the coach, is stepping down.", True),
        ("Ann Lee will leave City to become coach of Rovers.", False),
        ("Ann Lee will leave Rovers to become coach of City.", True),
        ("Ann Lee will leave City for Rovers.", False),
        ("Ann Lee will lead Rovers.", False),
    ],
)
def test_a_holder_who_leaves_is_told_from_one_who_comes(sentence: str, leaving: bool) -> None:
    assert is_leaving(sentence, len("Ann Lee"), frozenset({"rovers"})) is leaving


@pytest.mark.parametrize(
    "question",
    [
        "Who is the former chief executive of Acme?",
        "Who was Acme's previous chairman?",
        "Who is the ex-mayor of Skar?",
        "Who was the old boss of Acme?",
        "Who used to run Acme?",
        "Who led Acme before Bo Ek?",
        "Who was mayor of Skar before Bo Ek took over?",
        "Who chaired the club before him?",
        "Who was Bo Ek's predecessor at Acme?",
        "Who preceded Bo Ek as mayor?",
    ],
)
def test_one_who_held_an_office_before_is_asked_for(question: str) -> None:
    assert asks_for_former_holder(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who is the chief executive of Acme?",
        "Who is the 70-year-old chief executive of Acme?",
        "Who was the chief executive of Acme in 2023?",
        "Who led Acme before May 2024?",
        "Who succeeded Bo Ek as mayor?",
        "Who sued the former chief executive of Acme?",
        "Who is the former Acme banker who now leads Beta?",
        "Which former captain coaches Rovers?",
        "Who won before Bo Ek?",
    ],
)
def test_other_holders_are_asked_for_otherwise(question: str) -> None:
    assert not asks_for_former_holder(question)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Ann Lee, who led the firm until March, spoke.", True),
        ("Ann Lee, chair until March, spoke.", True),
        ("Ann Lee, 61, ran the firm until March.", True),
        ("Ann Lee will lead the firm until March.", False),
        ("Ann Lee, the chair, will wait until March.", False),
    ],
)
def test_until_when_something_was_held_is_told(sentence: str, told: bool) -> None:
    assert held_until(sentence, len("Ann Lee")) is told
