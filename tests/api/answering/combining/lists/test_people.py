import pytest

from api.answering.combining.lists.people import is_person


@pytest.mark.parametrize(
    "text",
    [
        "The target is in reach, said Bo Ek, the chief executive.",
        "That is what chief executive Bo Ek told reporters.",
        "Bo Ek, 49, said so. Ek has no plans.",
        "Mr Ek has no plans.",
        "Bo Ek, Acme's finance director, resigned.",
    ],
)
def test_who_has_an_office_or_an_age_is_a_person(text: str) -> None:
    assert is_person("Ek", text)


@pytest.mark.parametrize(
    "text",
    [
        "Acme, the lender, will cut 1,200 jobs.",
        "The chief executive of Acme said so.",
        "Jobs go at Acme, Beta and Gamma.",
        "It bought Acme, the chief rival in Spain.",
    ],
)
def test_a_firm_beside_an_office_is_no_person(text: str) -> None:
    assert not is_person("Acme", text)


def test_no_words_are_no_person() -> None:
    assert not is_person("", "Bo Ek, 49, said so.")
