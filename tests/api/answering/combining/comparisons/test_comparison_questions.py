from __future__ import annotations

import pytest

from api.answering.combining.comparisons.comparison_questions import asked_comparison


def sides(question: str) -> list[tuple[str, str]]:
    asked = asked_comparison(question)
    assert asked is not None
    return [(side.subject, side.question) for side in asked.sides]


@pytest.mark.parametrize(
    ("question", "first", "aim"),
    [
        (
            "Which earned the larger profit in 2024, Acme or Beta's bank?",
            ("Acme", "Acme earned how large a profit in 2024?"),
            "most",
        ),
        (
            "Who spent most on chips in May: Acme, Beta, Gamma or Delta?",
            ("Acme", "Acme spent how much on chips in May?"),
            "most",
        ),
        (
            "Whose women's team drew the larger average crowd, Acme's or Beta's?",
            ("Acme", "Acme's women's team drew how large an average crowd?"),
            "most",
        ),
        (
            "Is Acme or Beta Cloud bigger by revenue in 2025?",
            ("Acme", "What is the revenue of Acme in 2025?"),
            "most",
        ),
        (
            "Did Acme spend less on chips than Beta in 2024?",
            ("Acme", "How much did Acme spend on chips in 2024?"),
            "least",
        ),
        (
            "Was Acme's profit higher than Beta's in 2024?",
            ("Acme", "How high was Acme's profit in 2024?"),
            "most",
        ),
        (
            "Is the Acme fare lower than the Beta fare?",
            ("the Acme fare", "How high is the Acme fare?"),
            "least",
        ),
        ("Is Acme worth more than Beta?", ("Acme", "How much is Acme worth?"), "most"),
        ("Which of Acme and Beta has more clerks?", ("Acme", "Acme has how many clerks?"), "most"),
        (
            "In 2024, which is older, the Acme or the Beta?",
            ("the Acme", "How old is the Acme in 2024?"),
            "most",
        ),
        (
            "Which plan cost more, that on Acme or that on the Beta?",
            ("Acme", "The plan on Acme cost how much?"),
            "most",
        ),
        (
            "Did fewer people die in the Acme fire or in the Beta fire?",
            ("the Acme fire", "How many people did die in the Acme fire?"),
            "least",
        ),
        (
            "Who won more Emmys, Acme or Beta?",
            ("Acme", "Acme won how many Emmys?"),
            "most",
        ),
        (
            "Which is nearer to the sea, Acme or Beta?",
            ("Acme", "How far is Acme from the sea?"),
            "least",
        ),
        ("Which is cheaper, Plan A or Plan B?", ("Plan A", "How expensive is Plan A?"), "least"),
        (
            "Which was valued more highly, Acme or Beta?",
            ("Acme", "How much was Acme worth?"),
            "most",
        ),
        (
            "How did Acme's revenue change from 2023 to 2024?",
            ("2023", "What was Acme's revenue in 2023?"),
            "change",
        ),
        (
            "How much did the fare rise between May 2023 and June 2024?",
            ("May 2023", "What was the fare as of May 2023?"),
            "change",
        ),
        (
            "How did the fare change from the first to the second quarter of 2025?",
            ("the first quarter of 2025", "What was the fare in the first quarter of 2025?"),
            "change",
        ),
        (
            "How did the fare change from Q1 to the second quarter of 2025?",
            ("Q1 of 2025", "What was the fare in Q1 of 2025?"),
            "change",
        ),
        (
            "How did the fare change from the first to Q2 2025?",
            ("", "What was the fare?"),
            "change",
        ),
        (
            "How did the fare change between March and May 2025?",
            ("March 2025", "What was the fare as of March 2025?"),
            "change",
        ),
        (
            "How did the deficit change between 2023-24 and 2024-25?",
            ("2023-24", "What was the deficit in 2023-24?"),
            "change",
        ),
        ("How has the fare changed since 2020?", ("", "What was the fare?"), "change"),
        (
            "Was turnout higher in Leeds than in York?",
            ("Leeds", "How high was turnout in Leeds?"),
            "most",
        ),
        (
            "Is the grant to Leeds bigger than York's?",
            ("Leeds", "How big is the grant to Leeds?"),
            "most",
        ),
        (
            "Is the prize in Leeds larger than that of York?",
            ("Leeds", "How large is the prize in Leeds?"),
            "most",
        ),
        (
            "Is the way longer from Leeds or from York?",
            ("Leeds", "How long is the way from Leeds?"),
            "most",
        ),
        (
            "Where did less rain fall in May, in Leeds or York?",
            ("Leeds", "How much rain did fall in May in Leeds?"),
            "least",
        ),
        (
            "At which shop do you wait longer for a loaf, Lind's or the Mill?",
            ("Lind's", "How long do you wait for a loaf at Lind's?"),
            "most",
        ),
        (
            "which of the two has the higher rating Ada Lind or Bo Holm",
            ("Ada Lind", "Ada Lind has what rating?"),
            "most",
        ),
        (
            "Which port was shut for longer in May, Leeds or York?",
            ("Leeds", "Leeds was shut for how long in May?"),
            "most",
        ),
        ("Which was founded earlier, Acme or Beta?", ("Acme", "When was Acme founded?"), "least"),
        (
            "Is the old line longer than the northern line?",
            ("the old line", "How long is the old line?"),
            "most",
        ),
        (
            "Was the Velda storm deadlier than the one in Upper Marn?",
            ("the Velda storm", "How many people did the Velda storm kill?"),
            "most",
        ),
        (
            "Which was the deadlier storm in May, Ada or Bo?",
            ("Ada", "How many people did Ada kill in May?"),
            "most",
        ),
        (
            "Was the storm in Hune deadlier than the one in Skar?",
            ("Hune", "How many people did the storm in Hune kill?"),
            "most",
        ),
        (
            "Is the bridge at Hune longer than the Skar one?",
            ("the bridge at Hune", "How long is the bridge at Hune?"),
            "most",
        ),
        (
            "Is the bridge at Hune longer than the one at Skar?",
            ("Hune", "How long is the bridge at Hune?"),
            "most",
        ),
        ("Of Acme and Beta, which has more clerks?", ("Acme", "Acme has how many clerks?"), "most"),
        ("Compare the fees in Leeds and York.", ("Leeds", "What are the fees in Leeds?"), "most"),
        (
            "How does Acme's profit compare with Beta's?",
            ("Acme", "What is Acme's profit?"),
            "most",
        ),
        (
            "Was the attack on the school deadlier than the one on the church?",
            ("the attack on the school", "How many people did the attack on the school kill?"),
            "most",
        ),
        (
            "Which quake was more deadly, Velda or Marn?",
            ("Velda", "How many people did Velda kill?"),
            "most",
        ),
        (
            "Which vaccine is more effective, Calder's or Pellis's?",
            ("Calder", "How effective is Calder's?"),
            "most",
        ),
        (
            "How does Acme's revenue in 2024 compare with 2023?",
            ("2024", "What was Acme's revenue in 2024?"),
            "most",
        ),
        (
            "Compare Acme's 2023 and 2024 revenue",
            ("2023", "What was Acme's revenue in 2023?"),
            "most",
        ),
        (
            "Was Acme's profit in 2024 higher than the year before?",
            ("2024", "How high was Acme's profit in 2024?"),
            "most",
        ),
        (
            "Did Acme or Beta suffer more severe losses?",
            ("Acme", "How many severe losses did Acme suffer?"),
            "most",
        ),
        ("Acme vs Beta 2024 revenue", ("Acme", "What was Acme's 2024 revenue?"), "most"),
        (
            "São Paulo vs Rio de Janeiro CO2 emissions",
            ("São Paulo", "What was São Paulo's CO2 emissions?"),
            "most",
        ),
        (
            "Acme losses March 2024 vs March 2023",
            ("March 2024", "What was Acme losses in March 2024?"),
            "most",
        ),
        ("Tesla 2023 vs 2024 sales", ("2023", "What was Tesla sales in 2023?"), "most"),
        ("Acme vs Beta revenue", ("Acme", "What was Acme's revenue?"), "most"),
        (
            "Acme vs. Beta: net profit 2024",
            ("Acme", "What was Acme's net profit 2024?"),
            "most",
        ),
        (
            "Acme sales versus Beta 2024",
            ("Acme", "What was Acme's sales 2024?"),
            "most",
        ),
        (
            "US inflation vs UK inflation in 2023",
            ("US", "What was US's inflation in 2023?"),
            "most",
        ),
        ("Acme headcount 2023 vs 2024", ("2023", "What was Acme headcount in 2023?"), "most"),
        (
            "Q1 2024 vs Q1 2025 Acme profit",
            ("Q1 2024", "What was Acme profit in Q1 2024?"),
            "most",
        ),
        (
            "Which was bigger, the 2023 or the 2024 loss?",
            ("the 2023 loss", "How big was the 2023 loss?"),
            "most",
        ),
        (
            "Did Acme make a bigger loss in 2024 than the year before?",
            ("2024", "How big a loss did Acme make in 2024?"),
            "most",
        ),
        (
            "How did Acme's sales in the first quarter change from 2024 to 2025?",
            ("the first quarter of 2024", "What was Acme's sales in the first quarter of 2024?"),
            "change",
        ),
        (
            "Does Acme collect less garden waste than Beta?",
            ("Acme", "How much garden waste does Acme collect?"),
            "least",
        ),
    ],
)
def test_each_side_is_asked_on_its_own(question: str, first: tuple[str, str], aim: str) -> None:
    assert sides(question)[0] == first
    asked = asked_comparison(question)
    assert asked is not None
    assert asked.aim == aim


def test_what_sides_share_is_asked_of_each() -> None:
    assert sides("Which is higher, Acme's or Bolt's capital spending in 2025?") == [
        ("Acme's capital spending", "How high is Acme's capital spending in 2025?"),
        ("Bolt's capital spending", "How high is Bolt's capital spending in 2025?"),
    ]


def test_sides_stand_in_the_order_of_the_question() -> None:
    question = "Who paid more for Gamma, Acme or Beta, in 2025?"
    assert sides(question) == [
        ("Acme", "Acme paid how much for Gamma in 2025?"),
        ("Beta", "Beta paid how much for Gamma in 2025?"),
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Which company is the biggest?",
        "Which company spent more than it earned?",
        "Who spends most?",
        "How did Ada Lind change the company?",
        "By how much did the shares fall on 25 October?",
        "Did Acme earn more than expected?",
        "Is it Paris or London?",
        "Which is bigger, A or B or C or D or E?",
        "Who owns more, Acme or Acme?",
        "Is the fare higher than last year?",
        "Compare the fees.",
        "Leeds vs Norwich score",
        "Leeds vs Norwich attendance",
        "Apple vs Samsung damages",
        "Godzilla vs Kong budget",
        "Acme vs Beta vs Gamma revenue",
        "US debt vs GDP 2024",
        "Who reported lower sales in 2023 vs 2024?",
        "Was Acme's profit higher in March 2024 than a year earlier?",
        "Acme sales vs target 2024",
        "What did Acme say about revenue vs Beta?",
        "Who won Leeds vs Norwich?",
    ],
)
def test_facts_are_not_compared(question: str) -> None:
    assert asked_comparison(question) is None


def test_one_stands_for_what_the_other_side_names() -> None:
    for other, subject in (
        ("the one in Upper Marn", "the storm in Upper Marn"),
        ("the Upper Marn one", "the Upper Marn storm"),
    ):
        asked = asked_comparison(f"Was the Velda storm deadlier than {other}?")
        assert asked is not None
        assert [side.subject for side in asked.sides] == ["the Velda storm", subject]
