import datetime as dt

import pytest

from api.answering.time.statements import Statement, read_statement
from index.records import Span

TUESDAY = dt.date(2025, 2, 4)


def statement(sentence: str, words: str, day: dt.date | None = TUESDAY) -> Statement:
    start = sentence.index(words)
    return read_statement(sentence, Span(start, start + len(words)), day)


@pytest.mark.parametrize(
    ("sentence", "words", "as_of", "standing"),
    [
        ("Revenue was $5bn.", "$5bn", "2025-02-04", "reported"),
        ("On Monday it sold 12 ships.", "12", "2025-02-03", "reported"),
        ("Revenue was $5bn in 2024.", "$5bn", "2024-12-31", "reported"),
        ("Revenue was $5bn in the third quarter.", "$5bn", "2024-09-30", "reported"),
        ("It has built 12 ships since 2020.", "12", "2025-02-04", "reported"),
        ("It has built 12 ships this year.", "12", "2025-02-04", "reported"),
        ("It rose under a contract with Slavoj until 2029.", "Slavoj", "2025-02-04", "reported"),
        ("Turnout was 68%, against 65% in 2019.", "68%", "2025-02-04", "reported"),
        ("It cost $9bn, more than the $8bn of October 2024.", "$9bn", "2025-02-04", "reported"),
        ("It cost $9bn in 2024, above the $8bn of 2020.", "$9bn", "2024-12-31", "reported"),
        ("He left on Sunday, when it stood at 12, and came back.", "12", "2025-02-02", "reported"),
        (
            "It sold 12 on Monday, four times what it sold on Sunday.",
            "12",
            "2025-02-03",
            "reported",
        ),
        ("It will spend $5bn, below the $8bn it spoke of in May.", "$5bn", "2025-02-04", "planned"),
        ("It will spend $5bn in 2026.", "$5bn", "2025-02-04", "planned"),
        (
            "In January, the firm said it would spend $5bn this year.",
            "$5bn",
            "2025-01-31",
            "planned",
        ),
        ("Sales should reach $5bn by 2030, it said on Monday.", "$5bn", "2025-02-03", "forecast"),
        ("It denied that it had paid $5bn in 2024.", "$5bn", "2024-12-31", "denied"),
    ],
)
def test_a_statement_holds_as_of_a_day(
    sentence: str, words: str, as_of: str, standing: str
) -> None:
    read = statement(sentence, words)
    assert (str(read.as_of), read.standing) == (as_of, standing)


@pytest.mark.parametrize(
    ("sentence", "words", "as_of"),
    [
        ("Revenue of $5bn (2023: $4bn)", "$5bn", "2025-02-04"),
        ("Revenue of $5bn (2023: $4bn)", "$4bn", "2023-12-31"),
        ("Revenue of $5bn in 2024 (2023: NOK 4.00), profit $2bn", "$5bn", "2024-12-31"),
        ("Output: 12 tonnes (Q3: 14; Q4 2023: 13)", "12 tonnes", "2025-02-04"),
        ("Output: 12 tonnes (Q3: 14; Q4 2023: 13)", "13", "2023-12-31"),
        ("Net profit $5bn (2023: a loss of $4bn)", "$5bn", "2025-02-04"),
        ("Revenue of $5bn ($4bn in 2023)", "$5bn", "2025-02-04"),
        ("Revenue of $5bn ($4bn in 2023)", "$4bn", "2023-12-31"),
        ("Staff: 1,150 (1,090 at the end of 2023)", "1,150", "2025-02-04"),
        ("Revenue was $5bn vs. $4bn in 2023", "$5bn", "2025-02-04"),
        ("Revenue was $5bn (up 8% in 2024)", "$5bn", "2024-12-31"),
        ("The bridge cost $5bn (it was built in 1932)", "$5bn", "1932-12-31"),
        ("Ann Lee (chief executive in 2023, 2 years)", "Ann Lee", "2023-12-31"),
        ("Mine: Hune; Q3 2024 (t): 14; Q3 2023 (t): 13", "14", "2024-09-30"),
    ],
)
def test_a_time_that_heads_a_figure_is_of_no_other(sentence: str, words: str, as_of: str) -> None:
    assert str(statement(sentence, words).as_of) == as_of


def test_a_plan_speaks_of_what_is_to_come() -> None:
    read = statement("The hearing will be in September.", "September")
    assert read.period == (dt.date(2025, 9, 1), dt.date(2025, 9, 30))
    assert read.words == "September"


def test_a_report_of_a_quarter_made_on_a_day_speaks_of_the_quarter() -> None:
    read = statement("On Monday it reported a profit of $5bn for the third quarter.", "$5bn")
    assert read.period == (dt.date(2024, 7, 1), dt.date(2024, 9, 30))


def test_the_time_of_another_clause_does_not_count() -> None:
    read = statement("Ann Lee, who joined in 2018, runs it with Bo Ek.", "Bo Ek")
    assert (read.words, read.as_of) == (None, TUESDAY)
    read = statement("She is the partner; the firm was founded in 1981.", "partner")
    assert (read.words, read.as_of) == (None, TUESDAY)


def test_without_a_day_only_full_dates_count() -> None:
    assert statement("Revenue was $5bn last year.", "$5bn", None).as_of is None
    assert str(statement("Revenue was $5bn in 2024.", "$5bn", None).as_of) == "2024-12-31"


def test_a_date_as_an_answer_is_the_one_to_come_where_it_is_nearer() -> None:
    read = statement("The new date is October 20.", "October 20", dt.date(2023, 5, 3))
    assert read.period == (dt.date(2023, 10, 20), dt.date(2023, 10, 20))


@pytest.mark.parametrize(
    ("sentence", "year"),
    [
        ("Ana Ruiz, 39, takes over on 1 September.", 2025),
        ("Ana Ruiz opens the hall to the public on 1 September.", 2025),
        ("Ana Ruiz starts on 1 September.", 2025),
        ("Ana Ruiz took over on 1 September.", 2024),
        ("Ana Ruiz leaves for good on 1 June.", 2025),  # five weeks ago, not in eleven months
        ("Ana Ruiz leaves the museum she joined on 1 September.", 2024),
        ("Ana Ruiz launches an inquiry into the fire of 1 September.", 2024),
    ],
)
def test_what_is_told_as_present_of_a_day_is_to_come_where_that_is_nearer(
    sentence: str, year: int
) -> None:
    read = statement(sentence, "Ana Ruiz", dt.date(2025, 7, 8))
    assert read.period.start is not None
    assert read.period.start.year == year


def test_every_span_of_a_long_sentence_can_be_read() -> None:
    sentence = "In May 2024, which was said, it will be 5; but 6 was due, who knew, " * 400
    assert statement(sentence, "6 was").standing in {"reported", "planned", "attributed"}


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("up 12% from the previous quarter", "2025-02-04"),
        ("up from 2023", "2025-02-04"),
        ("up 12% from a year earlier", "2025-02-04"),
        ("dearer from 2024", "2024-01-01"),
    ],
)
def test_what_a_change_is_counted_from_is_no_time_of_the_figure(words: str, start: str) -> None:
    read = statement(f"Revenue was $5bn, {words}.", "$5bn")
    assert str(read.period.start) == start
    opened = [mention for mention in read.mentions if mention.end is None]
    assert bool(opened) is (start != "2025-02-04")


def test_what_a_figure_beside_is_compared_with_is_no_time_of_the_figure() -> None:
    sentence = "Revenue was $46bn, 56% more than a year earlier, when it was $30bn."
    years = {mention.end.year for mention in statement(sentence, "$46bn").mentions if mention.end}
    assert years == set()
    years = {mention.end.year for mention in statement(sentence, "56%").mentions if mention.end}
    assert years == {2024}


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Sales increased 6% to $5bn, a pace that it called the best since 2021.", None),
        ("Sales rose to $5bn, a pace that it hadn't seen since 2022.", None),
        ("It has spent $5bn since 2021.", "since 2021"),
        ("It cost $5bn, the largest sum of 90 in that list since 2021.", "since 2021"),
    ],
)
def test_the_time_since_when_a_figure_was_not_matched_is_not_its_own(
    sentence: str, words: str | None
) -> None:
    assert statement(sentence, "$5bn").words == words
