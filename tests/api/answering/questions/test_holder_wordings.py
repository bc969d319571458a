from __future__ import annotations

import pytest

from api.answering.questions.holder_wordings import other_wordings

CHIEF = "Who is the chief executive of Acme Bank?"
RUNS = "Who runs Acme Bank?"


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("Who runs Acme Bank?", (CHIEF,)),
        ("who leads Acme Bank now", (CHIEF,)),
        ("Who is in charge of Acme Bank?", (CHIEF,)),
        ("Who is now the head of Acme Bank?", (CHIEF,)),
        ("Who is the CEO of Acme Bank?", (CHIEF, RUNS)),
        ("Who's the current chief executive officer at Acme Bank?", (RUNS,)),
        ("Who is Acme Bank's CEO?", (CHIEF, RUNS)),
        ("Who is Acme Bank’s boss?", (CHIEF, RUNS)),
        ("Who is in charge of Acme Gardens?", ("Who is the director of Acme Gardens?",)),
        ("Who ran Acme Bank?", ()),
        ("Who will run Acme Bank?", ()),
        ("Who is the finance chief of Acme Bank?", ()),
        ("Who is the former chief executive of Acme Bank?", ()),
        ("Who runs Acme Bank, and since when?", ()),
        ("What does Acme Bank run?", ()),
    ],
)
def test_who_leads_a_firm_is_asked_in_other_words(question: str, others: tuple[str, ...]) -> None:
    assert other_wordings(question) == others
