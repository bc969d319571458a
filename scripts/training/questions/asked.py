"""A question on a window of text, and what can be told of the pair without a model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.training.questions.vocabulary import NAME, sentences_of

YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Source:
    """An answerable question on `passage` (a window), the answer's offsets in code points.

    `article_names` are the names of the whole article, where swaps of the same kind come from.
    """

    question: str
    passage: str
    start: int
    end: int
    article_names: Sequence[str]


def with_right_year(source: Source) -> str | None:
    """The question with the one year of the answer's sentence added, or None; still answered.

    It keeps "in 1969?" at the end of a question from giving a near-miss away.
    """
    year = only_year(source)
    return None if year is None else ask_in_year(source.question, year)


def only_year(source: Source) -> str | None:
    """The one year in the answer's sentence, when neither question nor answer is about a year."""
    asked = source.question.lower()
    if YEAR.search(source.question) or asked.startswith("when") or "year" in asked:
        return None
    found = {
        year
        for a, b in sentences_of(source.passage)
        if a <= source.start < b
        for year in YEAR.findall(source.passage[a:b])
    }
    year = found.pop() if len(found) == 1 else None
    return None if year is None or year in answer_of(source) else year


def ask_in_year(question: str, year: str) -> str:
    """The question with "in YEAR" at its end."""
    return f"{question.rstrip(' ?')} in {year}?"


def answer_of(source: Source) -> str:
    """The answer's text."""
    return source.passage[source.start : source.end]


def apart(name: str, text: str) -> bool:
    """True when `name` shares no word with `text`."""
    return not {w.lower() for w in name.split()} & {
        w.lower() for w in re.findall(r"[\w'’-]+", text)
    }


def same_initials(name: str, other: str) -> bool:
    """True for an abbreviation and its long form ("US", "United States"), either way round."""
    short, long = sorted((name, other), key=len)
    capitals = "".join(c for c in long if c.isupper())
    return short.replace(".", "") == capitals or short[:4] == long[:4]


def may_answer(source: Source, name: str) -> bool:
    """True when a sentence with `name` holds something of the answer's kind (or the answer)."""
    numeric = any(c.isdigit() for c in answer_of(source))
    for start, end in sentences_of(source.passage):
        sentence = source.passage[start:end]
        if name not in sentence:
            continue
        rest = sentence.replace(name, " ")
        if numeric and not any(c.isdigit() for c in rest):
            continue
        if not numeric and start > source.end and NAME.search(rest[3:]) is None:
            continue
        return True
    return False


def replace_word(text: str, word: str, other: str) -> str:
    """The text with the first whole `word` exchanged."""
    return re.sub(rf"\b{re.escape(word)}\b", other, text, count=1)
