"""What words hold a value, which one, and which words are text."""

from datetime import date
from fractions import Fraction

import pytest

from api.answering.values.parsing import parse_value
from api.answering.values.value import Value


def _read(words: str, sentence: str = "", day: date | None = None) -> tuple[object, ...] | None:
    value = parse_value(words, sentence, published_at=day)
    if value is None:
        return None
    ends = (value.low,) if value.low == value.high else (value.low, value.high)
    return (value.kind, *ends, value.unit)


@pytest.mark.parametrize(
    ("words", "low", "high", "unit"),
    [
        ("$53bn", 53 * 10**9, None, "USD"),
        ("53 billion US dollars", 53 * 10**9, None, "USD"),
        ("US$53,000 million", 53 * 10**9, None, "USD"),
        ("€3.5 million", 3_500_000, None, "EUR"),
        ("€35 million", 35_000_000, None, "EUR"),
        ("£4.2m", 4_200_000, None, "GBP"),
        ("285p", Fraction(285, 100), None, "GBP"),
        ("-€3m", -3_000_000, None, "EUR"),
        ("$-5", -5, None, "USD"),
        ("Rs 40 crore", 400_000_000, None, "INR"),
        ("Rs. 1.5 lakh crore", 1_500_000_000_000, None, "INR"),
        ("Rs 1,00,000", 100_000, None, "INR"),
        ("NZ$6.4m", 6_400_000, None, "NZD"),
        ("$22 million Canadian", 22_000_000, None, "CAD"),
        ("RM3.4 billion", 3_400_000_000, None, "MYR"),
        ("19bn shillings", 19 * 10**9, None, "shillings"),
        ("9,000 Swiss francs", 9_000, None, "CHF"),
        ("390m złoty", 390_000_000, None, "PLN"),
        ("Eighteen thousand dollars", 18_000, None, "USD"),
        ("3,5 Milliarden Euro", 3_500_000_000, None, "EUR"),
        ("1.118,50 Euro", Fraction(111850, 100), None, "EUR"),
        ("$64 billion to $72 billion", 64 * 10**9, 72 * 10**9, "USD"),
        ("$64-72 billion", 64 * 10**9, 72 * 10**9, "USD"),
        ("between $800 million and $1.2 billion", 800 * 10**6, 1200 * 10**6, "USD"),
        ("$900,000 to $1.2 million", 900_000, 1_200_000, "USD"),
        ("$34 a share", 34, None, "USD per share"),
        ("Rs 315 to Rs 332 a share", 315, 332, "INR per share"),
        ("a further $25 billion", 25 * 10**9, None, "USD"),
        ("$600 billion over four years", 600 * 10**9, None, "USD"),
    ],
)
def test_parse_value_reads_money(words: str, low: int, high: int | None, unit: str) -> None:
    assert parse_value(words) == Value(
        "money", Fraction(low), Fraction(low if high is None else high), unit
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("-5%", ("percent", -5, "percent")),
        ("minus 5 per cent", ("percent", -5, "percent")),
        ("5-10 per cent", ("percent", 5, 10, "percent")),
        ("-5% to 10%", ("percent", -5, 10, "percent")),
        ("62% of revenue", ("percent", 62, "percent")),
        ("25 basis points", ("percent", 25, "basis points")),
        ("74,000 jobs", ("count", 74_000, "jobs")),
        ("801 likely voters", ("count", 801, "voters")),
        ("two crew members", ("count", 2, "members")),
        ("21 gigawatts", ("count", 21, "gigawatts")),
        ("-5 °C to 10 °C", ("count", -5, 10, "degrees Celsius")),
        ("16 tonnes of mussels", ("count", 16, "tonnes")),
        ("92 metres thick", ("count", 92, "metres")),
        ("up to 176 km/h", ("count", 176, "kilometres per hour")),
        ("13,500 barrels a day", ("count", 13_500, "barrels per day")),
        ("about nine days", ("duration", 9, "days")),
        ("19-day", ("duration", 19, "days")),
        ("a year and a half", ("duration", Fraction(3, 2), "years")),
        ("two hours and five minutes", ("duration", 7_500, "seconds")),
        ("2:08:30", ("duration", 7_710, "seconds")),
        ("1,118", ("number", 1_118, None)),
        ("1 118", ("number", 1_118, None)),
        ("11.18", ("number", Fraction(1118, 100), None)),
        ("1.118", ("number", Fraction(1118, 1000), None)),
        ("twelve", ("number", 12, None)),
        ("Fifty-eight", ("number", 58, None)),
        ("One hundred and three", ("number", 103, None)),
        ("Three hundred thousand", ("number", 300_000, None)),
        ("half a million", ("number", 500_000, None)),
        ("two thirds", ("number", Fraction(2, 3), None)),
        ("three-quarters of voters", ("number", Fraction(3, 4), None)),
        ("20 lakh", ("number", 2_000_000, None)),
        ("2½", ("number", Fraction(5, 2), None)),
    ],
)
def test_parse_value_reads_quantities(words: str, expected: tuple[object, ...]) -> None:
    assert _read(words) == expected


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("1 February 2024", "2024-02-01", "2024-02-01"),
        ("Sept. 6, 2022", "2022-09-06", "2022-09-06"),
        ("the 7th of March 2019", "2019-03-07", "2019-03-07"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("25/03/2024", "2024-03-25", "2024-03-25"),
        ("12-14 March 2024", "2024-03-12", "2024-03-14"),
        ("June 2024", "2024-06-01", "2024-06-30"),
        ("October to March 2025", "2024-10-01", "2025-03-31"),
        ("first quarter of 2026", "2026-01-01", "2026-03-31"),
        ("Q3 2025", "2025-07-01", "2025-09-30"),
        ("the second half of 2024", "2024-07-01", "2024-12-31"),
        ("spring of 2025", "2025-03-01", "2025-05-31"),
        ("mid-2025", "2025-05-01", "2025-08-31"),
        ("by the end of 2026", "2026-12-31", "2026-12-31"),
        ("the year to March 2027", "2026-04-01", "2027-03-31"),
        ("the 13 weeks to 29 April 2023", "2023-01-29", "2023-04-29"),
        ("six months to 15 August 2023", "2023-02-16", "2023-08-15"),
        ("in 2018", "2018-01-01", "2018-12-31"),
        ("from 2023 to 2025", "2023-01-01", "2025-12-31"),
        ("between 2023 and 2025", "2023-01-01", "2025-12-31"),
        ("early June 2024", "2024-06-01", "2024-06-10"),
        ("2024-25", "2024-01-01", "2025-12-31"),
        ("the 1990s", "1990-01-01", "1999-12-31"),
    ],
)
def test_parse_value_reads_days_and_periods(words: str, low: str, high: str) -> None:
    value = parse_value(words)
    assert value == Value("date", date.fromisoformat(low), date.fromisoformat(high))


def test_parse_value_keeps_a_fiscal_year_apart_from_the_year() -> None:
    assert parse_value("fiscal 2024") == parse_value("FY24")
    assert parse_value("fiscal 2024") != parse_value("2024")


@pytest.mark.parametrize(
    ("words", "published", "day"),
    [
        ("20 December", "2024-01-10", "2023-12-20"),
        ("June 10", "2024-04-02", "2024-06-10"),
        ("Tuesday, Sept. 6", "2022-08-30", "2022-09-06"),
        ("Tuesday, Sept. 6", "2023-02-20", "2022-09-06"),
        ("29 February", "2023-02-20", "2024-02-29"),
    ],
)
def test_parse_value_puts_a_day_nearest_to_the_article(
    words: str, published: str, day: str
) -> None:
    at = date.fromisoformat(day)
    assert _read(words, day=date.fromisoformat(published)) == ("date", at, None)
    assert parse_value(words) is None


@pytest.mark.parametrize(
    "words",
    [
        "", "Tim Cook", "Formula One", "Apollo 11", "COVID-19", "May", "M15X", "7th", "50-year-old",
        "14 to 3", "3-1", "131 votes to 88", "3 to 14", "5 or 6", "11 of 14", "dozens", "a quarter",
        "tens of millions", "12:30 a.m.", "a 12-hour shift", "fell 11 per cent to 7,420",
        "from 5% to 10%", "$5 million and $6 million", "€5 million to $6 million",
        "$800 to $1.2 bn",
        "20% to 25 degrees", "5k", "10m", "100m race", "192.168.1.1", "007", "12,34", "03/04/2024",
        "2009-12", "a loss of $5 million", "31 February 2024", "1,11", "1,1118", "1,00,00",
        "1.11.1",
        "2023 and 2025", "12 and 14 March 2024", "5 million" * 40, "$" * 200, "last week",
    ],
)  # fmt: skip
def test_parse_value_leaves_text_alone(words: str) -> None:
    assert parse_value(words) is None


@pytest.mark.parametrize(
    "words",
    ["about 5%", "some 5%", "more than 5%", "up to 5%", "5% or more", "no more than 5%", "~5%"],
)
def test_parse_value_notes_approximations_without_changing_the_value(words: str) -> None:
    value = parse_value(words)
    assert value is not None
    assert value.approximate
    assert value == parse_value("5%")


def test_parse_value_keeps_a_conversion_as_the_equivalent() -> None:
    value = parse_value("380 billion yuan ($53 billion)")
    assert value is not None
    assert value == parse_value("380 billion yuan")
    assert value.equivalent == parse_value("$53 billion")
    assert value != value.equivalent


@pytest.mark.parametrize(
    ("words", "sentence", "expected"),
    [
        ("1,118", "It drew 1,118 spectators on Sunday.", ("count", 1_118, "spectators")),
        ("44", "It was 44 per cent in May.", ("percent", 44, "percent")),
        ("$89.90", "Crude settled at $89.90 a barrel.", ("money", Fraction(899, 10),
                                                         "USD per barrel")),
        ("5%", "Prices moved by -5% then.", ("percent", -5, "percent")),
        ("5%", "Prices rose 3-5% then.", ("percent", 5, "percent")),
        ("500", "It paid $500 for it.", ("money", 500, "USD")),
        ("$5m and $7m", "It expects between $5m and $7m.", ("money", 5 * 10**6, 7 * 10**6, "USD")),
        ("$5m and $7m", "It paid $5m and $7m.", None),
        ("$5m to $6m", "Sales rose $5m to $6m.", None),
        ("20 cents", "Each pays 20 cents, not €1.", ("money", Fraction(1, 5), "EUR")),
        ("1.118", "Der Preis ist 1.118 und die Zahl ist 5.", ("number", 1_118, None)),
        ("2018", "A budget of 2018.", ("date", date(2018, 1, 1), date(2018, 12, 31), None)),
        ("2018", "It lost 2018 jobs.", ("count", 2_018, "jobs")),
        ("2018", "Its 2018 results fell.", ("date", date(2018, 1, 1), date(2018, 12, 31), None)),
        ("a quarter", "It covers a quarter of the bill.", ("number", Fraction(1, 4), None)),
        ("7 million", "Peru spent 4 million euros, Chile 6 million and Cuba 7 million.",
         ("money", 7 * 10**6, "EUR")),
        ("7 million", "Sales were $9 million, up from 7 million.", ("money", 7 * 10**6, "USD")),
        ("7 million", "It paid $9 million to 7 million Kenyans.", ("number", 7 * 10**6, None)),
        ("7 million", "It has 9 million users, up from 7 million.", ("number", 7 * 10**6, None)),
        ("$5 million in cash and shares", "It cost $5 million in cash and shares.",
         ("money", 5 * 10**6, "USD")),
        ("68 pounds", "It raised 3 million pounds from tickets of 68 pounds.",
         ("money", 68, "GBP")),
        ("68 pounds", "It cost £70, that is 68 pounds more.", ("money", 68, "GBP")),
    ],
)  # fmt: skip
def test_parse_value_takes_from_the_sentence_what_the_words_leave_out(
    words: str, sentence: str, expected: tuple[object, ...] | None
) -> None:
    assert _read(words, sentence) == expected


@pytest.mark.parametrize(
    ("words", "share"),
    [
        ("One in four", Fraction(25)),
        ("one in four children", Fraction(25)),
        ("two in three", Fraction(200, 3)),
        ("three out of ten", Fraction(30)),
        ("nearly nine in 10 pensioners", Fraction(90)),
        ("1 in 200", Fraction(1, 2)),
        ("one in every five", Fraction(20)),
    ],
)
def test_a_part_of_a_round_number_is_per_cent(words: str, share: Fraction) -> None:
    assert _read(words) == ("percent", share, "percent")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("two in 2019", ""),
        ("12 in 30", "He scored 12 in 30 matches."),
        ("two in three", "It is the second flood, two in three years."),
        ("two in three years", ""),
        ("five in four", ""),
        ("one in May", ""),
        ("half in ten", ""),
    ],
)
def test_what_only_looks_like_a_part_is_no_per_cent(words: str, sentence: str) -> None:
    value = parse_value(words, sentence)
    assert value is None or value.kind != "percent"
