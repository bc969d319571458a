"""Whatever the figure: sign, magnitude and range are kept, and styles don't count."""

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answering.values.equality import contradicts, meaning
from api.answering.values.normal_form import normal_words
from api.answering.values.parsing import parse_value
from api.answering.values.value import Value

_CURRENCIES = {"USD": ("$", "US dollars"), "EUR": ("€", "euros"), "GBP": ("£", "pounds sterling"),
               "INR": ("Rs ", "Indian rupees"), "CHF": ("CHF ", "Swiss francs")}  # fmt: skip
_SCALES = {1: ("",), 10**3: (" thousand",), 10**6: ("m", " million", "mn"),
           10**9: ("bn", " billion"), 10**12: ("tn", " trillion")}  # fmt: skip
_tenths = st.integers(1, 9_999).map(lambda tenths: Fraction(tenths, 10))
_scales = st.sampled_from(sorted(_SCALES))
_codes = st.sampled_from(sorted(_CURRENCIES))


def _digits(number: Fraction) -> str:
    whole, rest = divmod(number, 1)
    decimals = f"{float(rest):.3f}"[1:].rstrip("0").rstrip(".")
    return f"{int(whole):,}{decimals}"


@given(_tenths, _scales, _codes, st.booleans(), st.data())
def test_money_is_the_same_in_any_style(
    amount: Fraction, scale: int, code: str, negative: bool, data: st.DataObject
) -> None:
    symbol, name = _CURRENCIES[code]
    word = data.draw(st.sampled_from(_SCALES[scale]))
    sign = "-" if negative else ""
    expected = amount * scale * (-1 if negative else 1)
    long = word if word.startswith(" ") or not word else " million" if "m" in word else " billion"
    long = " trillion" if word == "tn" else long
    styles = [
        f"{sign}{symbol}{_digits(amount)}{word}",
        f"{sign}{_digits(amount)}{long} {name}",
        f"about {sign}{symbol}{_digits(amount)}{word}",
        f"{sign}{symbol}{_digits(amount * 1000)}{word}" if scale == 1 else f"{sign}{symbol}"
        f"{_digits(amount * 1000)}{_SCALES[scale // 1000][-1]}",
    ]  # fmt: skip
    if scale == 1:
        styles.pop()
    for style in styles:
        assert parse_value(style) == Value("money", expected, expected, code), style


@given(_tenths, _tenths, _scales, _codes, st.sampled_from([" to ", "-", "–"]))
def test_ranges_keep_both_ends(
    one: Fraction, other: Fraction, scale: int, code: str, joint: str
) -> None:
    low, high = sorted((one, other))
    symbol, word = _CURRENCIES[code][0], _SCALES[scale][-1]
    expected = Value("money", low * scale, high * scale, code)
    assert parse_value(f"{symbol}{_digits(low)}{joint}{_digits(high)}{word}") == expected
    both = f"between {symbol}{_digits(low)}{word} and {symbol}{_digits(high)}{word}"
    assert parse_value(both) == expected
    if low != high:
        assert parse_value(f"{symbol}{_digits(high)}{joint}{_digits(low)}{word}") is None


@given(st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_percentages_keep_sign_and_decimals(units: int, places: int) -> None:
    number = Fraction(units, 10**places)
    sign = "-" if units < 0 else ""
    words = f"{sign}{_digits(abs(number))}"
    assert parse_value(f"{words}%") == Value("percent", number, number, "percent")
    assert parse_value(f"{words} per cent") == parse_value(f"{words}%")


@given(st.integers(0, 10**12))
def test_grouped_and_plain_figures_are_the_same_number(number: int) -> None:
    apart = f"{number:,}".replace(",", "\u202f")
    for words in (f"{number:,} jobs", f"{number} jobs", f"{apart} jobs"):
        assert parse_value(words) == Value("count", Fraction(number), Fraction(number), "jobs")


_values = st.builds(
    lambda sign, amount, scale, unit: f"{sign}{_digits(amount)}{scale} {unit}",
    st.sampled_from(["", "-"]),
    _tenths,
    st.sampled_from(["", " thousand", " million"]),
    st.sampled_from(["euros", "dollars", "jobs", "days", "hours", "per cent", "kilometres",
                     "metres", "percentage points", "basis points", "homes"]),
)  # fmt: skip


@given(_values, _values)
def test_values_are_equal_only_where_every_part_is(left: str, right: str) -> None:
    one, other = parse_value(left), parse_value(right)
    assert one is not None
    assert other is not None
    assert (one == other) == (_plain(left) == _plain(right))
    if one == other:
        assert hash(one) == hash(other)
        assert not contradicts(meaning(left), meaning(right))


def _plain(words: str) -> tuple[Fraction, str]:
    """Another reading of the words above, by its own arithmetic."""
    factors = {"thousand": 1000, "million": 10**6, "days": 24, "hours": 1, "kilometres": 1000,
               "metres": 1, "percentage": 100, "basis": 1}  # fmt: skip
    names = {"days": "time", "hours": "time", "kilometres": "length", "metres": "length",
             "percentage": "points", "basis": "points"}  # fmt: skip
    figure, *rest = words.split()
    number = Fraction(figure.replace(",", ""))
    for word in rest:
        number *= factors.get(word, 1)
    unit = rest[1] if rest[0] in ("thousand", "million") else rest[0]
    return number, names.get(unit, unit)


@given(st.text(max_size=80))
def test_any_text_has_a_normal_form_and_parses_or_not(text: str) -> None:
    parse_value(text)
    parse_value(text[10:20], text)
    assert normal_words(text.upper()) == normal_words(text.upper().replace(" ", "  "))
    assert meaning(text).key == meaning(text).key


@given(st.text(st.sampled_from("0123456789.,$€% -–+½:/()abetwnm illiortushakcKR"), max_size=60))
def test_any_line_of_figures_parses_or_not(text: str) -> None:
    value = parse_value(text, f"It was {text} then.")
    assert value is None or value.low <= value.high  # type: ignore[operator]


@pytest.mark.parametrize("sentence", ["; h2 999 999 ", "5 1/2 million (1 000 or $3.5m)"])
def test_any_part_of_a_sentence_parses_or_not(sentence: str) -> None:
    for start in range(len(sentence)):
        for end in range(start, len(sentence) + 1):
            parse_value(sentence[start:end], sentence, start)


@pytest.mark.parametrize("figure", ["1", "٣", "1,000.", "0.1"])
def test_figure_of_thousands_of_digits_is_text(figure: str) -> None:
    words = normal_words(figure + "1" * 5000)
    assert "1" * 5000 in words[-1]


def test_parsing_takes_time_in_proportion_to_the_text() -> None:
    for piece in ("1,", "one hundred ", "$5 to ", "a ", "(", "1 000 ", "between ", "-", "2024 to "):
        started = time.process_time()
        parse_value(piece * 30, piece * 5_000)
        normal_words(piece * 5_000)
        assert time.process_time() - started < 5
