import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answering.reading.span_text import tidy_span

MONEY = "Meta has earmarked approximately $65 billion for AI, more than in 2024."


def _tidied(text: str, words: str) -> str:
    start = text.index(words)
    begin, end = tidy_span(text, start, start + len(words))
    return text[begin:end]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (MONEY, "65", "approximately $65 billion"),
        (MONEY, "$65 billion", "approximately $65 billion"),
        (MONEY, "approximately", "approximately"),
        (
            "Alibaba will put in over 380 billion yuan in three years.",
            "380 billion",
            "over 380 billion yuan",
        ),
        ("Shares rose 3.5% on Monday.", "3.5", "3.5%"),
        ("It fell by 12 percentage points.", "12", "12 percentage points"),
        ("The stake is worth US$1.2 bn today.", "1.2", "US$1.2 bn"),
        ("In May it was about 20 people.", "20", "20"),
        ("It opened in 1987.", "1987.", "1987"),
        ("Bidders offered 18,693 processors.", "693", "18,693"),
        ("Bidders offered 18,693 processors.", "18", "18,693"),
        ("Version 3.1 came out in May.", "3", "3.1"),
        ("He was born in the U.S. in 1950.", "the U.S.", "the U.S."),
        ("the town (population 900) grew", "(population 900", "population 900"),
        ("the town (population 900) grew", "population 900)", "population 900"),
        ('She said "never again" twice.', '"never again', "never again"),
        ("a snapped wordling here", "ordli", "wordling"),
        ("It was -5 degrees then.", "-5", "-5 degrees"),
        ("an 8-bit, 3.5 million yen deal", "3.5 million", "3.5 million yen"),
        ("The tower is `42` metres high.", "42` metres", "`42` metres"),
        ("The tower is **42 metres** high.", "**42 metres", "42 metres"),
        ("The tower is **42 metres** high.", "42 metres*", "42 metres"),
        ("The tower is `tall` here.", "`tall`", "`tall`"),
        ("The *tower is tall.", "*tower", "tower"),
        ("Founded by Ann Lee, Bob Ray; sold later.", ", Bob Ray;", "Bob Ray"),
    ],
)
def test_tidy_span_returns_what_a_reader_would_mark(text: str, words: str, expected: str) -> None:
    assert _tidied(text, words) == expected


def test_tidy_span_of_punctuation_is_empty() -> None:
    start, end = tidy_span("well , then", 5, 6)
    assert start == end


def test_tidy_span_keeps_two_figures_apart() -> None:
    text = "Microsoft plans $80 billion and Meta $65 billion."
    assert _tidied(text, "$80 billion") == "$80 billion"
    assert _tidied(text, "$65 billion") == "$65 billion"


def test_tidy_span_offsets_are_code_points() -> None:
    text = "𝔘 café spent €5 million."
    start, end = tidy_span(text, text.index("5"), text.index("5") + 1)
    assert text[start:end] == "€5 million"


@given(
    st.text(st.sampled_from("ab 1.,;$%*`\"'()[]“”’-–\n"), max_size=40),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_tidy_span_ends_and_stays_in_the_text(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    first, last = tidy_span(text, start, end)
    assert 0 <= first <= last <= len(text)
    assert first == last or not text[first:last].isspace()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("540", "540"),
        ("million euros", "540"),
        ("540; Employees", "540"),
        ("1,210\n- Country", "1,210"),
        ("Denmark; Sales", "Denmark"),
    ],
)
def test_tidy_span_stays_in_a_cell_and_takes_a_heading_for_its_value(
    words: str, expected: str
) -> None:
    text = (
        "Country: Sweden; Sales (million euros): 540; Employees: 1,210\n"
        "- Country: Denmark; Sales (million euros): 450; Employees: 880"
    )
    start = text.index(words)
    first, last = tidy_span(text, start, start + len(words))
    assert text[first:last] == expected
