import pytest

from api.answering.time.standing import standing_of


def standing(sentence: str, words: str) -> str:
    start = sentence.index(words)
    return standing_of(sentence, start, start + len(words), [(0, len(sentence))])


@pytest.mark.parametrize(
    ("sentence", "words", "expected"),
    [
        ("Revenue rose to $5 billion.", "$5 billion", "reported"),
        ("The firm reported sales of $5 billion.", "$5 billion", "reported"),
        (
            "Its project cost $5 billion because of delays due to the weather.",
            "$5 billion",
            "reported",
        ),
        ("The firm will spend $5 billion.", "$5 billion", "planned"),
        ("The firm won't stop: it'll spend $5 billion.", "$5 billion", "planned"),
        ("The firm said it would spend $5 billion.", "$5 billion", "planned"),
        ("The firm plans to spend $5 billion.", "$5 billion", "planned"),
        ("Tesla will spend $5 billion, it said.", "$5 billion", "planned"),
        ("In a will he left $5 billion.", "$5 billion", "reported"),
        ("The firm aims to spend $5 billion.", "$5 billion", "planned"),
        ("It pledged $5 billion for the site.", "$5 billion", "planned"),
        ("She is to testify next Wednesday.", "next Wednesday", "planned"),
        ("The trial is set for May.", "May", "planned"),
        ("A suit was filed, to be heard in September.", "September", "planned"),
        ("The site is due in May.", "May", "planned"),
        ("The number of branches to be shut is down to 104.", "104", "planned"),
        ("The opening has moved again, to December.", "December", "planned"),
        ("The firm moved to Texas in December.", "December", "reported"),
        ("The firm expects revenue of $5 billion.", "$5 billion", "forecast"),
        ("It forecast sales of $5 billion.", "$5 billion", "forecast"),
        ("Sales could reach $5 billion.", "$5 billion", "forecast"),
        ("It now sees a net profit of $5 billion.", "$5 billion", "forecast"),
        ("The ministry looks for a wheat harvest of 21 tonnes.", "21 tonnes", "forecast"),
        ("The bank looks for a buyer after losses of £12m.", "£12m", "reported"),
        ("Economists see growth of 2% this year.", "2%", "forecast"),
        ("The gallery sees 5 million visitors a year.", "5 million", "reported"),
        ("The plant should restart in May.", "May", "forecast"),
        ("Sales are likely to reach $5 billion.", "$5 billion", "forecast"),
        ("Analysts predict a loss of $5 billion.", "$5 billion", "forecast"),
        ("The firm denied that it had paid $5 billion.", "$5 billion", "denied"),
        ("The firm has no plans to pay $5 billion.", "$5 billion", "denied"),
        ("It dismissed reports of a $5 billion bid.", "$5 billion", "denied"),
        ("The firm paid $5 billion, two people said.", "$5 billion", "attributed"),
        ("According to the ministry 97 people died.", "97", "attributed"),
        ("The fee is understood to be $5 million.", "$5 million", "attributed"),
        ("Its owner claimed 500 members.", "500", "attributed"),
    ],
)
def test_a_cue_tells_the_standing(sentence: str, words: str, expected: str) -> None:
    assert standing(sentence, words) == expected


def test_the_nearest_cue_before_the_words_tells() -> None:
    sentence = "It would close 21 shops and expected a loss of $5 million."
    assert standing(sentence, "21 shops") == "planned"
    assert standing(sentence, "$5 million") == "forecast"


def test_what_would_have_been_is_no_plan() -> None:
    assert standing("It would have cost $5 million.", "$5 million") == "reported"


def test_a_saying_beyond_a_semicolon_attributes_nothing() -> None:
    assert standing("He said nothing; the machine cost $5.", "$5") == "reported"
