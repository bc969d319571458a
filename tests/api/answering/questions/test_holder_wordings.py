from __future__ import annotations

import pytest

from api.answering.questions.holder_wordings import other_wording

CHIEF = "Who is the chief executive of Acme Bank?"
RUNS = "Who runs Acme Bank?"


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("Who runs Acme Bank?", CHIEF),
        ("who leads Acme Bank now", CHIEF),
        ("Who is in charge of Acme Bank?", CHIEF),
        ("Who is now the head of Acme Bank?", CHIEF),
        ("Who is the CEO of Acme Bank?", RUNS),
        ("Who's the current chief executive officer at Acme Bank?", RUNS),
        ("Who is Acme Bank's CEO?", RUNS),
        ("Who is Acme Bank’s boss?", RUNS),
        ("Who ran Acme Bank?", None),
        ("Who will run Acme Bank?", None),
        ("Who is the finance chief of Acme Bank?", None),
        ("Who is the former chief executive of Acme Bank?", None),
        ("Who runs Acme Bank, and since when?", None),
        ("What does Acme Bank run?", None),
    ],
)
def test_who_leads_a_firm_is_asked_in_other_words(question: str, other: str | None) -> None:
    assert other_wording(question) == other
