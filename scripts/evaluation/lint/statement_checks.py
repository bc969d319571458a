"""The checks of what gold questions expect beside words, each from questions to findings."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from api.answering.questions.mentions import mentions
from api.answering.questions.question import Question
from api.answering.values.equality import meaning
from api.answering.values.parsing import parse_value
from api.answering.words import text_words
from scripts.evaluation.lint.findings import Rule
from scripts.evaluation.lint.occurrence import Occurrence, occurrence, places
from scripts.evaluation.metrics.stated_values import agree, to_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.answering.values.value import Value
    from index.loading.gold_statements import GoldComparison, GoldSide, GoldStatement, GoldValue
    from scripts.evaluation.lint.checks import Placed
    from scripts.evaluation.lint.findings import Finding
    from scripts.evaluation.lint.known_articles import KnownArticles


def check_kinds(placed: Sequence[Placed]) -> Iterator[Finding]:
    """Find questions whose other fields do not fit their kind."""
    for item in placed:
        for field, message in _misfits(item):
            yield item.error(Rule.KIND_MISFIT, field, message)
        if item.question.comparison is not None:
            yield from _check_greater(item, item.question.comparison)


def _misfits(item: Placed) -> Iterator[tuple[str, str]]:
    question = item.question
    kind, values = question.kind, {meaning(answer).key for answer in question.answers}
    if kind == "absent_name" and question.answers:
        yield "answers", "a question of kind 'absent_name' has no answers"
    if kind == "list" and len(values) == 1:
        yield "answers", "a list has two or more items; expected every item of it"
    if kind == "disagree" and len(values) == 1:
        yield "answers", "articles disagree on two or more answers; expected each of them"
    if kind in ("list", "disagree", "absent_name") and question.value is not None:
        yield "value", f"a question of kind '{kind}' has no single value"
    if kind in ("latest", "as_of") and question.answers and question.as_of is None:
        yield "as_of", f"a question of kind '{kind}' says as of which day its answer holds"
    if kind == "compare" and question.answers and question.comparison is None:
        yield "comparison", "a question of kind 'compare' has the sides that it compares"
    if kind != "compare" and question.comparison is not None:
        yield "comparison", "only questions of kind 'compare' have sides"
    if question.value is not None and not question.answers:
        yield "value", "without an answer there is no value"


def _check_greater(item: Placed, comparison: GoldComparison) -> Iterator[Finding]:
    """Check which side is the greater where all are in the same unit."""
    ends = [to_value(side.value).in_base_unit() for side in comparison.sides]
    lows = [end[1] for end in ends if end is not None]
    if len({end[0] for end in ends if end is not None}) > 1 or len(lows) < len(ends):
        return
    greatest = [at for at, low in enumerate(lows) if low == max(lows)]
    expected = greatest[0] if len(greatest) == 1 else None
    if comparison.greater != expected:
        shown, wanted = ("null" if at is None else at for at in (comparison.greater, expected))
        yield item.error(
            Rule.KIND_MISFIT,
            "comparison.greater",
            f"is {shown}; by the values of the sides it is {wanted}",
        )


def check_statements(placed: Sequence[Placed], articles: KnownArticles) -> Iterator[Finding]:
    """Check values, timelines and sides against the words of the articles."""
    for item in placed:
        question = item.question
        if question.value is not None and question.answers:
            yield from _check_value(item, question.value, articles)
        yield from _check_order(item)
        for position, entry in enumerate(question.timeline):
            yield from _check_quoted(item, f"timeline.{position}", entry, articles)
        if question.comparison is not None:
            for position, side in enumerate(question.comparison.sides):
                yield from _check_quoted(item, f"comparison.sides.{position}", side, articles)


def _check_value(item: Placed, value: GoldValue, articles: KnownArticles) -> Iterator[Finding]:
    said = [
        spoken
        for answer in item.question.answers
        for name in item.question.articles
        for spoken in _spoken(answer, name, articles)
    ]
    if not any(agree(spoken, to_value(value)) for spoken in said):
        quoted = ", ".join(f"'{answer}'" for answer in item.question.answers)
        yield item.error(Rule.VALUE_NOT_SAID, "value", f"no answer says it: {quoted}{_read(said)}")


def _check_order(item: Placed) -> Iterator[Finding]:
    timeline = item.question.timeline
    for position, (before, entry) in enumerate(pairwise(timeline), start=1):
        if entry.as_of < before.as_of:
            yield item.error(
                Rule.OUT_OF_ORDER,
                f"timeline.{position}.as_of",
                f"{entry.as_of} comes after {before.as_of}; expected the oldest first",
            )


def _check_quoted(
    item: Placed, field: str, quoted: GoldStatement | GoldSide, articles: KnownArticles
) -> Iterator[Finding]:
    """Check that a statement stands in its article, and that its words say its value."""
    name, text = quoted.article, quoted.text
    if name not in articles.infos:
        message = f"no article '{name}' in {articles.place}"
        yield item.error(Rule.UNKNOWN_ARTICLE, f"{field}.article", message)
        return
    if occurrence(text, articles.text(name)) is not Occurrence.EXACT:
        message = f"'{text}' is not in '{name}' in these words"
        yield item.error(Rule.STATEMENT_NOT_FOUND, f"{field}.text", message)
    if quoted.value is None:
        return
    said = list(_spoken(text, name, articles))
    if not any(agree(spoken, to_value(quoted.value)) for spoken in said):
        report = item.error if said else item.warning  # what cannot be parsed may still say it
        message = f"'{text}' does not say it{_read(said)}"
        yield report(Rule.VALUE_NOT_SAID, f"{field}.value", message)


def _spoken(text: str, name: str, articles: KnownArticles) -> Iterator[Value]:
    """The values that words say, by themselves and wherever they stand in an article."""
    readings = [parse_value(text)]
    info = articles.infos.get(name)
    if info is not None:
        whole = articles.text(name)
        readings += [parse_value(text, whole, at, info.published_at) for at in places(text, whole)]
    for reading in readings:
        if reading is not None:
            yield reading
            if reading.equivalent is not None:
                yield reading.equivalent


def _read(said: Sequence[Value]) -> str:
    if not said:
        return " (no clear value is read in it)"
    value = said[0]
    unit = "" if value.unit is None else f" {value.unit}"
    return f" (read as {value.kind} {value.low} to {value.high}{unit})"


def check_absent_names(placed: Sequence[Placed], articles: KnownArticles) -> Iterator[Finding]:
    """Find questions about an absent name that name nothing, or only what an article names."""

    @cache
    def words_of(name: str) -> frozenset[str]:
        title = articles.infos[name].title
        return text_words(f"{'' if title is None else title}\n{articles.text(name)}")

    for item in placed:
        if item.question.kind != "absent_name":
            continue
        holders = {
            spelled: next((name for name in articles.infos if words <= words_of(name)), None)
            for spelled, words in _named(item.question.question).items()
        }
        if None in holders.values():
            continue
        message = "it names nothing" if not holders else "every name in it is mentioned: "
        message += ", ".join(f"'{spelled}' in '{name}'" for spelled, name in holders.items())
        yield item.error(Rule.NAME_PRESENT, "question", message)


def _named(question: str) -> dict[str, frozenset[str]]:
    """The names in a question with their words; all its capitals where they cannot be parted."""
    spelled = [mention.spelled(question) for mention in mentions(question)]
    if spelled:
        return {name: text_words(name) for name in spelled}
    names = Question.parse(question).names
    return {" ".join(sorted(names)): names} if names else {}
