import datetime as dt

import pytest

from api.answering.time.frames import read_question_time
from api.answering.time.statements import read_statement
from api.answering.values.dates import parse_date
from index.records import Span

TODAY = dt.date(2025, 11, 20)


@pytest.mark.parametrize(
    ("question", "words", "start", "end", "firm"),
    [
        ("What was its revenue in 2023?", "in 2023", "2023-01-01", "2023-12-31", True),
        ("What was its 2023 revenue?", "2023", "2023-01-01", "2023-12-31", True),
        (
            "as of november 2024, who ran it",
            "as of november 2024",
            "2024-11-01",
            "2024-11-30",
            True,
        ),
        ("What did it earn last quarter?", "last quarter", "2025-07-01", "2025-09-30", True),
        ("What did it earn in Q3?", "in Q3", "2025-07-01", "2025-09-30", True),
        (
            "Who died between 2019 and 2021?",
            "between 2019 and 2021",
            "2019-01-01",
            "2021-12-31",
            True,
        ),
        ("How many since 2020?", "since 2020", "2020-01-01", "2025-11-20", True),
        ("How many before 2020?", "before 2020", "None", "2019-12-31", True),
        ("Who won after 2020?", "after 2020", "2021-01-01", "None", True),
        ("How will it grow by 2030?", "by 2030", "None", "2030-12-31", True),
        ("Who won this week?", "this week", "2025-11-17", "2025-11-23", False),
        ("Who is currently in charge?", "currently", "None", "2025-11-20", False),
        ("What will it cost?", "will", "2025-11-20", "None", False),
        ("Who won Euro 2024?", "2024", "2024-01-01", "2024-12-31", False),
        ("What was revenue in fiscal 2025?", "in fiscal 2025", "2025-01-01", "2025-12-31", False),
        (
            "What did it forecast in July 2024 for 2025?",
            "in July 2024",
            "2024-07-01",
            "2024-07-31",
            True,
        ),
        (
            "What 2025 range did it set in July 2024?",
            "in July 2024",
            "2024-07-01",
            "2024-07-31",
            True,
        ),
        (
            "Was it more in 2023 than in 2024?",
            "in 2023 than in 2024",
            "2023-01-01",
            "2024-12-31",
            True,
        ),
    ],
)
def test_a_question_bounds_its_time(
    question: str, words: str, start: str, end: str, firm: bool
) -> None:
    frame = read_question_time(question, TODAY).frame
    assert frame is not None
    assert (frame.words, *map(str, frame.period), frame.firm) == (words, start, end, firm)
    assert not frame.contradictory


@pytest.mark.parametrize(
    "question", ["Who runs Meta?", "May I march?", "What did the 2000 people say?"]
)
def test_a_question_without_a_time_has_no_frame(question: str) -> None:
    assert read_question_time(question, TODAY).frame is None


@pytest.mark.parametrize(
    "question", ["What was sold in 2023 in 2025?", "Who won before 2019 and after 2021?"]
)
def test_times_that_share_no_day_contradict_and_bound_nothing(question: str) -> None:
    frame = read_question_time(question, TODAY).frame
    assert frame is not None
    assert (frame.contradictory, frame.firm, frame.period) == (True, False, (None, None))


@pytest.mark.parametrize(
    ("question", "bound"),
    [
        ("What is the population according to the 2024 census?", False),
        ("Who won the 2022 World Cup?", False),
        ("What did Acme's 2024 general election cost?", False),
        ("What was the population in 2024?", True),
        ("What was the 2024 budget?", True),
        ("In 2024 Acme won what?", True),
    ],
)
def test_a_year_that_names_an_event_shuts_nothing_newer_out(question: str, bound: bool) -> None:
    assert read_question_time(question, TODAY).bound is bound


@pytest.mark.parametrize(
    ("question", "as_of"),
    [
        ("As of May 2024, who ran it?", True),
        ("Who had signed by May 2024?", True),
        ("What will it cost by 2030?", False),
        ("Who ran it in May 2024?", False),
    ],
)
def test_a_question_may_ask_for_what_held_on_a_day(question: str, as_of: bool) -> None:
    frame = read_question_time(question, TODAY).frame
    assert frame is not None
    assert frame.as_of is as_of


@pytest.mark.parametrize(
    ("question", "aspect"),
    [
        ("What does it expect to spend?", "future"),
        ("What will it spend?", "future"),
        ("What is its forecast?", "future"),
        ("Who is the current chair?", "latest"),
        ("Who was the chair?", "past"),
        ("How much is Meta spending?", "any"),
        ("Who leads the project?", "any"),
        ("Who led the brigade when the fire broke out?", "then"),
        ("Who chaired the club before Bo Ek?", "then"),
        ("Who is the former chair?", "then"),
        ("Who used to chair the club?", "then"),
        ("How many had died by that time?", "then"),
        ("How many died when the tower fell?", "any"),
    ],
)
def test_a_question_has_an_aspect(question: str, aspect: str) -> None:
    assert read_question_time(question, TODAY).aspect == aspect


_EVERY_KIND = (
    "yesterday last Sunday next Friday tomorrow, this week, next weekend, last month, Q4, H1,"
    " winter, last October, next March, Christmas, 29 February, 31 January, the 31st,"
    " 12 months to June, 3 weeks to Monday, a week earlier, two decades ago, 999 decades ago,"
    " the next 999 decades, the past 99 years, before 0001-01-01, after 9999-12-31,"
    " 12 months to 9999-12-31"
)


@pytest.mark.parametrize(
    "day", [dt.date.min, dt.date.max, dt.date(1000, 1, 1), dt.date(2999, 12, 31)]
)
@pytest.mark.parametrize("words", [_EVERY_KIND, *_EVERY_KIND.split(",")])
def test_any_words_are_read_on_any_day(words: str, day: dt.date) -> None:
    read_question_time(f"How much did it make {words}?", day)
    read_statement(f"It made 5 {words}.", Span(8, 9), day)
    parse_date(words.strip(), day)
