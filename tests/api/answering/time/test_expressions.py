import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answering.time.expressions import find_expressions

WEDNESDAY = dt.date(2024, 6, 12)


def named(
    text: str, day: dt.date | None = WEDNESDAY, *, ahead: bool = False
) -> list[tuple[str, str, str]]:
    return [
        (
            text[item.start : item.end],
            str(item.days(ahead=ahead).start),
            str(item.days(ahead=ahead).end),
        )
        for item in find_expressions(text, day)
    ]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("on 2024-03-05", "2024-03-05", "2024-03-05"),
        ("on 5 March 2024", "2024-03-05", "2024-03-05"),
        ("on the 5th of March, 2024", "2024-03-05", "2024-03-05"),
        ("on March 5th, 2024", "2024-03-05", "2024-03-05"),
        ("on Tuesday, Nov. 5, 2024", "2024-11-05", "2024-11-05"),
        ("from June 5-7, 2024", "2024-06-05", "2024-06-07"),
        ("in November 2024", "2024-11-01", "2024-11-30"),
        ("in early November 2024", "2024-11-01", "2024-11-10"),
        ("by the end of 2026", "2026-10-01", "2026-12-31"),
        ("in mid-2025", "2025-05-01", "2025-08-31"),
        ("in the second half of April 2024", "2024-04-16", "2024-04-30"),
        ("in the spring of 2024", "2024-03-01", "2024-05-31"),
        ("in the third quarter of 2024", "2024-07-01", "2024-09-30"),
        ("in the June quarter of 2025", "2025-04-01", "2025-06-30"),
        ("its 2024 third-quarter revenue", "2024-07-01", "2024-09-30"),
        ("in Q3 2024", "2024-07-01", "2024-09-30"),
        ("in 3Q24", "2024-07-01", "2024-09-30"),
        ("in the first half of 2024", "2024-01-01", "2024-06-30"),
        ("in H1 2024", "2024-01-01", "2024-06-30"),
        ("in fiscal 2025", "2025-01-01", "2025-12-31"),
        ("in FY25", "2025-01-01", "2025-12-31"),
        ("in the financial year 2023-24", "2023-04-01", "2024-03-31"),
        ("in the 2024-25 season", "2024-07-01", "2025-06-30"),
        ("between 2019 and 2021", "2019-01-01", "2021-12-31"),
        ("from 2026 to 2029", "2026-01-01", "2029-12-31"),
        ("from July to September 2023", "2023-07-01", "2023-09-30"),
        ("from December to January 2024", "2023-12-01", "2024-01-31"),
        ("in the April-June quarter of 2023", "2023-04-01", "2023-06-30"),
        ("in the three months to 30 September 2023", "2023-07-01", "2023-09-30"),
        ("in the year ended March 2024", "2023-04-01", "2024-03-31"),
        ("in the 13 weeks to 29 April 2023", "2023-01-29", "2023-04-29"),
        ("in the 1990s", "1990-01-01", "1999-12-31"),
        ("since 1908", "1908-01-01", "1908-12-31"),
    ],
)
def test_full_dates_name_their_days_without_a_day_of_writing(
    text: str, start: str, end: str
) -> None:
    assert [item[1:] for item in named(text, day=None)] == [(start, end)]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("yesterday", "2024-06-11", "2024-06-11"),
        ("on Tuesday", "2024-06-11", "2024-06-11"),
        ("on Wednesday", "2024-06-12", "2024-06-12"),
        ("last Wednesday", "2024-06-05", "2024-06-05"),
        ("next Monday", "2024-06-17", "2024-06-17"),
        ("last week", "2024-06-03", "2024-06-09"),
        ("last month", "2024-05-01", "2024-05-31"),
        ("this year", "2024-01-01", "2024-12-31"),
        ("earlier this year", "2024-01-01", "2024-06-12"),
        ("later this year", "2024-06-12", "2024-12-31"),
        ("last quarter", "2024-01-01", "2024-03-31"),
        ("last season", "2022-07-01", "2023-06-30"),
        ("in November last year", "2023-11-01", "2023-11-30"),
        ("last October", "2023-10-01", "2023-10-31"),
        ("next March", "2025-03-01", "2025-03-31"),
        ("in May", "2024-05-01", "2024-05-31"),
        ("in September", "2023-09-01", "2023-09-30"),
        ("in the third quarter", "2023-07-01", "2023-09-30"),
        ("in the second quarter", "2023-04-01", "2023-06-30"),
        ("in the first half, up from $3bn", "2023-01-01", "2023-06-30"),
        ("the past three months", "2024-03-12", "2024-06-12"),
        ("over the next two years", "2024-06-12", "2026-06-12"),
        ("four years ago", "2020-01-01", "2020-12-31"),
        ("two weeks ago", "2024-05-29", "2024-05-29"),
    ],
)
def test_relative_expressions_count_from_the_day_of_writing(
    text: str, start: str, end: str
) -> None:
    assert [item[1:] for item in named(text)] == [(start, end)]


def test_relative_expressions_name_nothing_without_a_day_of_writing() -> None:
    assert named("last month, on Tuesday, in May, four years ago", day=None) == []


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("in September", "2024-09-01", "2024-09-30"),
        ("on Friday", "2024-06-14", "2024-06-14"),
        ("on 1 May", "2025-05-01", "2025-05-01"),
        ("in the second quarter", "2024-04-01", "2024-06-30"),
    ],
)
def test_what_is_to_come_is_counted_ahead(text: str, start: str, end: str) -> None:
    assert [item[1:] for item in named(text, ahead=True)] == [(start, end)]


@pytest.mark.parametrize(
    "text",
    [
        "She may spend $2024 on it",
        "May I march on the second floor?",
        "Theresa May met April Jones",
        "They sold 2000 shares and 1950 tickets",
        "2,024 people in 2.024 days",
        "a goal in the first half",
        "they spring and fall",
    ],
)
def test_words_that_name_no_time_are_left(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("since May 2020", (dt.date(2020, 5, 1), WEDNESDAY)),
        ("until May 2020", (None, dt.date(2020, 5, 31))),
        ("before 2020", (None, dt.date(2019, 12, 31))),
        ("after 2020", (dt.date(2021, 1, 1), None)),
        ("from 1 May 2020", (dt.date(2020, 5, 1), None)),
        ("as of May 2020", (dt.date(2020, 5, 1), dt.date(2020, 5, 31))),
    ],
)
def test_a_relation_bounds_the_period(
    text: str, period: tuple[dt.date | None, dt.date | None]
) -> None:
    (item,) = find_expressions(text, WEDNESDAY)
    assert item.period(ahead=False, today=WEDNESDAY) == period
    assert text[item.start : item.end] == text


def test_a_move_from_one_month_to_another_is_no_range() -> None:
    items = named("The opening was put back from May to September")
    assert [words for words, *_ in items] == ["from May", "September"]


def test_a_29_february_without_a_year_is_found_in_a_leap_year() -> None:
    assert named("on 29 February", dt.date(2023, 5, 1)) == [
        ("29 February", "2020-02-29", "2020-02-29")
    ]


@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(
            "in of the to and from May 31 30 2024 99 Q3 February early since last next year week "
            "quarter 0000-00-00 ended months three - , Tuesday ago a".split()
        ),
        max_size=14,
    ).map(" ".join),
    st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 1, 1)) | st.none(),
)
def test_expressions_stand_in_order_inside_the_text(text: str, day: dt.date | None) -> None:
    items = find_expressions(text, day)
    at = 0
    for item in items:
        assert at <= item.end <= len(text)
        assert item.start < item.end
        assert item.earlier.start <= item.earlier.end
        assert item.later.start <= item.later.end
        at = item.end
