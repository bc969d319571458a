import pytest

from api.answering.time.former_holders import is_former_holder, is_leaving


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
