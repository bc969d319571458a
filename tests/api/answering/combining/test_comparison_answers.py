"""Comparisons of figures that articles give for several years, quarters and days."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

from api.answering.answerer import Answerer, AskParameters
from api.answering.ranking.ranker import Ranker
from api.answering.reading.reader import ReaderFacts, ScoredSpan, Unit
from api.answering.words import text_words
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from index.generations.generation import open_current
from index.records import Span
from index.retriever import Retriever
from tests.conftest import FakeEncoder, fake_calibration, write_articles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.answering.questions.question import Question
    from index.records import Passage

ASKED_ON = AskParameters(as_of=dt.date(2025, 9, 1))
_FIGURE = re.compile(
    r"[€$]?\d[\d,.]*\d(?: (?:million|billion|members|people|cars|visitors))|[€$]\d+ \w+"
)


class FiguresReader:
    """Returns every amount and count, the better the more of the question its sentence has."""

    facts = ReaderFacts("figures", "v1", Unit.SPAN, reads_apart=True, own_weights=True)

    def read(self, question: Question, passages: Sequence[Passage]) -> list[ScoredSpan]:
        spans = []
        for index, passage in enumerate(passages):
            chunk = passage.chunk
            for sentence in chunk.sentences:
                words = chunk.words(sentence)
                shared = len(question.words & text_words(words)) / len(question.words)
                for match in _FIGURE.finditer(words):
                    span = Span(sentence.start + match.start(), sentence.start + match.end())
                    score = 5.0 + 5.0 * shared
                    spans.append(ScoredSpan(index, span, score, 5.0, score - 5.0))
        return sorted(spans, key=lambda found: (-found.score, found.passage, found.span))


class Case(NamedTuple):
    """A question and articles, a day and a text each, and what is compared.

    Attributes:
        figures: What answers of each side, in the question's order.
        greater: The number of the greater side.
        apart: What is said of their times, if that differs.
    """

    question: str
    articles: tuple[tuple[str, str], ...]
    figures: tuple[str, ...]
    greater: int | None
    apart: str | None = None


QUARTER_OF_BOTH = Case(
    "Which is bigger, Aldane's or Brisk's revenue?",
    (
        ("2025-02-11", "Aldane had revenue of $160 billion in 2024."),
        ("2025-07-29", "Aldane had revenue of $46 billion in the second quarter of 2025."),
        ("2025-08-05", "Brisk had revenue of $30 billion in the second quarter of 2025."),
    ),
    ("$46 billion", "$30 billion"),
    0,
)
YEAR_OF_BOTH = Case(
    "Who made the larger profit, Corvo or Delmar?",
    (
        ("2024-03-01", "Corvo made a profit of €12 million in 2023."),
        ("2025-03-03", "Corvo made a profit of €9 million in 2024."),
        ("2024-03-20", "Delmar made a profit of €10 million in 2023."),
    ),
    ("€12 million", "€10 million"),
    0,
)
DAY_OF_BOTH = Case(
    "Who has more staff, Elmby or Fenwick?",
    (
        ("2024-02-01", "At the end of 2023 Elmby had a staff of 4,100 people."),
        ("2025-02-01", "At the end of 2024 Elmby had a staff of 3,600 people."),
        ("2024-02-09", "At the end of 2023 Fenwick had a staff of 3,900 people."),
    ),
    ("4,100 people", "3,900 people"),
    0,
)
ASKED_YEAR = Case(
    "Did Gantry or Holt spend more on research in 2024?",
    (
        ("2024-02-20", "Gantry spent $14 million on research in 2023."),
        ("2025-02-20", "Gantry spent $11 million on research in 2024."),
        ("2025-01-30", "Gantry spent $3.1 million on research in the fourth quarter of 2024."),
        ("2025-03-01", "Holt spent $12 million on research in 2024."),
    ),
    ("$11 million", "$12 million"),
    1,
)
CHANGE = Case(
    "How did Ivel's profit change from 2023 to 2024?",
    (
        ("2024-02-14", "Ivel made a profit of €31 million in 2023."),
        ("2024-05-14", "Ivel made a profit of €6.2 million in the first quarter of 2024."),
        ("2025-02-13", "Ivel made a profit of €27 million in 2024."),
    ),
    ("€31 million", "€27 million"),
    0,
)
OLDER_COUNT_OF_BOTH = Case(
    "Which club has more members, Jory or Kestle?",
    (
        ("2024-11-02", "The Jory club had 2,400 members in 2024."),
        ("2025-08-02", "The Jory club had 2,900 members in 2025."),
        ("2024-11-20", "The Kestle club had 2,600 members in 2024."),
    ),
    ("2,400 members", "2,600 members"),
    1,
)
YEARS_APART_BUT_A_QUARTER_OF_BOTH = Case(
    "Which is bigger, Lorne's or Mull's revenue?",
    (
        ("2025-02-11", "Lorne had revenue of €80 million in 2024."),
        ("2025-05-06", "Lorne had revenue of €22 million in the first quarter of 2025."),
        ("2024-02-20", "Mull had revenue of €70 million in 2023."),
        ("2025-05-09", "Mull had revenue of €25 million in the first quarter of 2025."),
    ),
    ("€22 million", "€25 million"),
    1,
)
THREE_SIDES = Case(
    "Who sold most cars: Norrin, Oskar or Pell?",
    (
        ("2024-01-20", "Norrin sold 120,000 cars in 2023."),
        ("2025-01-20", "Norrin sold 90,000 cars in 2024."),
        ("2024-01-22", "Oskar sold 100,000 cars in 2023."),
        ("2025-01-22", "Oskar sold 110,000 cars in 2024."),
        ("2024-01-25", "Pell sold 80,000 cars in 2023."),
    ),
    ("120,000 cars", "100,000 cars", "80,000 cars"),
    0,
)
NO_TIME_OF_BOTH = Case(
    "Who made the larger profit, Quill or Rook?",
    (
        ("2024-03-01", "Quill made a profit of €12 million in 2023."),
        ("2025-03-03", "Rook made a profit of €9 million in 2024."),
    ),
    ("€12 million", "€9 million"),
    0,
    "2023; 2024",
)
HALF_OF_BOTH = Case(
    "Which town had more visitors, Saltby or Tarn?",
    (
        ("2025-01-20", "The town of Saltby had 90,000 visitors in 2024."),
        ("2025-07-20", "The town of Saltby had 40,000 visitors in the first half of 2025."),
        ("2025-07-25", "The town of Tarn had 50,000 visitors in the first half of 2025."),
    ),
    ("40,000 visitors", "50,000 visitors"),
    1,
)
YEARS_IN_ONE_ARTICLE = Case(
    "Did Umber or Vale spend more in 2024?",
    (
        ("2025-02-20", "Umber spent $40 million in 2024. Umber spent $55 million in 2023."),
        ("2024-10-30", "Vale spent $14 million in the third quarter of 2024."),
        ("2025-02-25", "Vale spent $45 million in 2024."),
    ),
    ("$40 million", "$45 million"),
    1,
)
CHANGE_OVER_YEARS = Case(
    "How did the number of members of Wren change from 2022 to 2024?",
    (
        ("2023-01-14", "The number of members of Wren was 7,100 people in 2022."),
        ("2024-01-14", "The number of members of Wren was 8,300 people in 2023."),
        ("2025-01-13", "The number of members of Wren was 7,900 people in 2024."),
    ),
    ("7,100 people", "7,900 people"),
    1,
)
ANOTHER_MEASURE_OF_THAT_TIME = Case(
    "Which is bigger, Xeno's or Yarrow's revenue?",
    (
        ("2025-02-11", "Xeno had revenue of $50 million in 2024."),
        ("2025-05-11", "Xeno made a profit of $4 million in the first quarter of 2025."),
        ("2025-05-12", "Yarrow had revenue of $12 million in the first quarter of 2025."),
    ),
    ("$50 million", "$12 million"),
    0,
    "2024; first quarter of 2025",
)
ASKED_QUARTER = Case(
    "Which company had more revenue in the first quarter of 2025, Zeal or Arden?",
    (
        ("2025-02-11", "Zeal had revenue of $60 million in 2024."),
        ("2025-05-11", "Zeal had revenue of $15 million in the first quarter of 2025."),
        ("2024-05-12", "Arden had revenue of $17 million in the first quarter of 2024."),
        ("2025-05-12", "Arden had revenue of $14 million in the first quarter of 2025."),
    ),
    ("$15 million", "$14 million"),
    0,
)


@pytest.mark.parametrize(
    "case",
    [
        QUARTER_OF_BOTH,
        YEAR_OF_BOTH,
        DAY_OF_BOTH,
        ASKED_YEAR,
        CHANGE,
        OLDER_COUNT_OF_BOTH,
        YEARS_APART_BUT_A_QUARTER_OF_BOTH,
        THREE_SIDES,
        NO_TIME_OF_BOTH,
        HALF_OF_BOTH,
        YEARS_IN_ONE_ARTICLE,
        CHANGE_OVER_YEARS,
        ANOTHER_MEASURE_OF_THAT_TIME,
        ASKED_QUARTER,
    ],
    ids=lambda case: case.question,
)
def test_figures_of_one_time_are_compared(case: Case, tmp_path: Path, encoder: FakeEncoder) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    articles = [
        {"id": f"a{number}", "text": text, "published_at": day}
        for number, (day, text) in enumerate(case.articles)
    ]
    write_articles(folder, articles)
    build_index(folder, tmp_path / "index", encoder, ChunkingParameters())
    retriever = Retriever(open_current(tmp_path / "index", encoder), encoder)
    reply = Answerer(retriever, Ranker(FiguresReader(), fake_calibration())).ask(
        case.question, ASKED_ON
    )
    comparison = reply.comparison
    assert comparison is not None
    assert reply.abstention is None, reply.abstention
    told = [reply.answers[side.answer].text for side in comparison.sides if side.answer is not None]
    assert told == list(case.figures)
    assert comparison.greater == case.greater
    said = comparison.statement.partition("They are of different times: ")[2]
    assert (said or None) == (None if case.apart is None else f"{case.apart}.")
