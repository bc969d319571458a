import pytest

from api.answering.time.offices import exact_office, office_asked_for


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who chairs the club?", "its chairwoman"),
        ("Who is the chief executive of Intel?", "the CEO"),
        ("who will be chief exec of Intel", "its chief executive"),
        ("Who runs Intel?", "chief executive since March"),
        ("Who runs the port?", "its administrator"),
        ("Who led the council in 2024?", "the leader"),
        ("Who was director of the array?", "its director"),
        ("Who is the finance chief of Meta?", "chief financial officer"),
        ("What is the name of Intel's chief executive?", "the CEO"),
        ("Who has been named the port's finance chief?", "its CFO"),
        ("Who will head the port from May?", "its new head"),
        ("Who replaced Bo Ek as mayor while she was ill?", "the mayor"),
        ("Who holds the top job at Intel?", "the chief executive"),
        ("Who took over when the chairman left?", "its new chairman"),
        ("Who ran Intel before its finance chief stepped in?", "the CEO"),
        ("Who just became the chief executive of Intel?", "the CEO"),
        ("Who most recently led the council?", "the leader"),
        ("Who last chaired the club?", "its chairwoman"),
        ("Who will run BP until the spring?", "chief executive"),
        ("Who is to manage the club?", "its manager"),
    ],
)
def test_an_office_is_known_by_all_its_names(question: str, words: str) -> None:
    office = office_asked_for(question)
    assert office is not None
    assert office.search(words)


@pytest.mark.parametrize(
    ("question", "own", "another"),
    [
        ("Who chairs the club?", "its chairwoman", "its vice chairwoman"),
        ("Who is the prime minister?", "the prime minister", "the trade minister"),
        ("Who is Norway's finance minister?", "the finance minister", "the prime minister"),
        ("Who is the vice president?", "the vice-president", "the president"),
        ("Who is the chief executive of Intel?", "the boss of Intel", "the finance chief"),
        ("Who is the finance chief of Meta?", "the CFO", "the chief executive"),
    ],
)
def test_an_office_is_told_from_others(question: str, own: str, another: str) -> None:
    exact = exact_office(question)
    assert exact is not None
    assert exact.search(own)
    assert not exact.search(another)


@pytest.mark.parametrize("question", ["Who leads the club?", "Who won?", "Is he the president?"])
def test_who_leads_may_hold_any_office(question: str) -> None:
    assert exact_office(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "Who won the race?",
        "How many directors has it?",
        "Who sued the chief executive of Acme?",
        "Who told the Norwegian president of the fire?",
        "Who will run for the club?",
        "Who just told the president of the fire?",
        "Who carried out the inquiry that led to the fall?",
        "Who closed the port while its director slept?",
        "Who spoke for the port before its ousted leader came back?",
    ],
)
def test_other_questions_ask_for_no_holder(question: str) -> None:
    assert office_asked_for(question) is None
