"""The checks of a gold set, each from questions to findings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scripts.evaluation.lint.findings import Finding, Rule, Severity
from scripts.evaluation.lint.occurrence import Occurrence, nearest_words, occurrence
from scripts.evaluation.lint.similarity import similar_questions
from scripts.evaluation.lint.statement_checks import check_absent_names, check_statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from index.loading.gold import GoldQuestion
    from index.records import Filters
    from scripts.evaluation.lint.known_articles import KnownArticles

_SHOWN_HOLDERS: Final = 3


@dataclass(frozen=True, slots=True)
class Placed:
    """A gold question with the line that it stands in."""

    line: int
    question: GoldQuestion

    def error(self, rule: Rule, field: str, message: str) -> Finding:
        """A finding about this question that makes figures wrong."""
        return Finding(Severity.ERROR, rule, message, self.line, self.question.id, field)

    def warning(self, rule: Rule, field: str, message: str) -> Finding:
        """A finding about this question for a human to look at."""
        return Finding(Severity.WARNING, rule, message, self.line, self.question.id, field)


def check_articles(
    path: Path, placed: Sequence[Placed], articles: KnownArticles
) -> Iterator[Finding]:
    """Check what the questions say of the articles; of another corpus only that it is one."""
    named = {name for one in placed for name in one.question.articles}
    if named and named.isdisjoint(articles.infos):
        yield Finding(
            Severity.ERROR,
            Rule.OTHER_CORPUS,
            f"none of the {len(named)} articles that {path} names is in {articles.place}, for "
            f"example '{min(named)}'; is it a gold set of another corpus?",
        )
        return
    for one in placed:
        yield from _check_named_articles(one, articles)
        yield from _check_answers(one, articles)
        yield from _check_filters(one, articles)
    yield from check_statements(placed, articles)
    yield from check_absent_names(placed, articles)


def _check_named_articles(one: Placed, articles: KnownArticles) -> Iterator[Finding]:
    filters = one.question.filters.to_filters()
    for position, name in enumerate(one.question.articles):
        field = f"articles.{position}"
        info = articles.infos.get(name)
        if info is None:
            message = f"no article '{name}' in {articles.place}{_did_you_mean(name, articles)}"
            yield one.error(Rule.UNKNOWN_ARTICLE, field, message)
        elif not filters.matches(info):
            yield one.error(
                Rule.FILTERED_OUT, field, f"article '{name}' does not pass the question's filters"
            )


def _check_answers(one: Placed, articles: KnownArticles) -> Iterator[Finding]:
    texts = {name: articles.text(name) for name in one.question.articles if name in articles.infos}
    if not texts:
        return
    holding = set[str]()
    for position, answer in enumerate(one.question.answers):
        found = {name: occurrence(answer, text) for name, text in texts.items()}
        holding |= {name for name, how in found.items() if how >= Occurrence.RESPELLED}
        name, best = max(found.items(), key=lambda item: item[1])
        field = f"answers.{position}"
        if best is Occurrence.RESPELLED:
            message = f"'{answer}' is spelled otherwise in '{name}'{_nearest(answer, texts[name])}"
            yield one.warning(Rule.ANSWER_RESPELLED, field, message)
        elif best is Occurrence.INSIDE_WORD:
            message = f"'{answer}' stands in '{name}' only as a part of a longer word or number"
            yield one.error(Rule.ANSWER_INSIDE_WORD, field, message)
        elif best is Occurrence.NONE:
            yield one.error(Rule.ANSWER_NOT_FOUND, field, _not_found(answer, texts, articles))
    comparison = one.question.comparison
    sides = set() if comparison is None else {side.article for side in comparison.sides}
    for position, name in enumerate(one.question.articles):
        if name in texts and name not in holding | sides:
            message = f"article '{name}' holds none of the answers"
            yield one.error(Rule.ARTICLE_WITHOUT_ANSWER, f"articles.{position}", message)


def _not_found(answer: str, texts: dict[str, str], articles: KnownArticles) -> str:
    quoted = ", ".join(f"'{name}'" for name in texts)
    message = f"'{answer}' is not in {quoted}"
    others = [
        name
        for name in articles.infos
        if name not in texts and occurrence(answer, articles.text(name)) is Occurrence.EXACT
    ]
    if others:
        shown = ", ".join(f"'{name}'" for name in others[:_SHOWN_HOLDERS])
        more = f" and {len(others) - _SHOWN_HOLDERS} more" if len(others) > _SHOWN_HOLDERS else ""
        return f"{message}, but in {shown}{more}"
    return message + _nearest(answer, " \n".join(texts.values()))


def _nearest(answer: str, text: str) -> str:
    words = nearest_words(answer, text)
    return "" if words is None else f"; nearest is '{words}'"


def _did_you_mean(name: str, articles: KnownArticles) -> str:
    from rapidfuzz.process import extractOne  # noqa: PLC0415 - of an extra

    known = extractOne(name, articles.infos.keys(), score_cutoff=75)
    return "" if known is None else f"; did you mean '{known[0]}'?"


def _check_filters(one: Placed, articles: KnownArticles) -> Iterator[Finding]:
    """A filter may name what no article has on purpose; mostly it is a slip."""
    infos = articles.infos.values()
    filters = one.question.filters
    for name, values, known in (
        ("sources", filters.sources, {info.source for info in infos}),
        ("article_ids", filters.article_ids, set(articles.infos)),
        ("tags", filters.tags, {tag for info in infos for tag in info.tags}),
    ):
        for position, value in enumerate(values):
            if value not in known:
                yield one.warning(
                    Rule.UNKNOWN_FILTER_VALUE,
                    f"filters.{name}.{position}",
                    f"no article in {articles.place} has '{value}'",
                )


def check_repeats(placed: Sequence[Placed]) -> Iterator[Finding]:
    """Find values that come twice in one list of one question."""
    for one in placed:
        for name in ("answers", "articles", "tags"):
            values = getattr(one.question, name)
            for position, value in enumerate(values):
                if value in values[:position]:
                    message = f"'{value}' comes twice"
                    yield one.warning(Rule.REPEATED_VALUE, f"{name}.{position}", message)


def check_similar(
    placed: Sequence[Placed], least: float, articles: KnownArticles
) -> Iterator[Finding]:
    """Find questions that are asked twice, and unanswerable ones that another one answers.

    Under other filters the same question is another one, so two answerable questions count as
    duplicates under the same filters only.
    """
    for pair in similar_questions([one.question.question for one in placed], least):
        first, second = placed[pair.first], placed[pair.second]
        same = pair.score == 100
        other = f"line {first.line} ('{first.question.id}')"
        if bool(first.question.answers) != bool(second.question.answers):
            opened, answered = (second, first) if first.question.answers else (first, second)
            if article := _admitted(
                answered.question, opened.question.filters.to_filters(), articles
            ):
                report = opened.error if same else opened.warning
                how = "the same" if same else f"nearly the same ({pair.score:.0f} of 100)"
                yield report(
                    Rule.ANSWERABLE,
                    "answers",
                    f"it counts as unanswerable, but line {answered.line} "
                    f"('{answered.question.id}') asks {how} and is answered by "
                    f"'{answered.question.answers[0]}' in article '{article}'",
                )
        elif first.question.filters == second.question.filters:
            if same:
                apart = set(first.question.answers) ^ set(second.question.answers)
                but = ", but expects other answers" if apart else ""
                yield second.error(Rule.DUPLICATE, "question", f"asks the same as {other}{but}")
            else:
                yield second.warning(
                    Rule.NEAR_DUPLICATE,
                    "question",
                    f"asks nearly the same as {other} ({pair.score:.0f} of 100): "
                    f"'{first.question.question}'",
                )


def _admitted(question: GoldQuestion, filters: Filters, articles: KnownArticles) -> str | None:
    """Find an article with an answer to one question that passes the filters of another."""
    return next(
        (
            name
            for name in question.articles
            if name in articles.infos
            and filters.matches(articles.infos[name])
            and _holds_any(question, articles.text(name))
        ),
        None,
    )


def _holds_any(question: GoldQuestion, text: str) -> bool:
    return any(occurrence(answer, text) >= Occurrence.RESPELLED for answer in question.answers)


def check_balance(placed: Sequence[Placed], least_of_tag: int) -> Iterator[Finding]:
    """Find tags that are too small to measure, and sets that cannot measure abstention."""
    counts = Counter(tag for one in placed for tag in set(one.question.tags))
    small = sorted((count, tag) for tag, count in counts.items() if count < least_of_tag)
    if small:
        tags = ", ".join(f"{tag} ({count})" for count, tag in small)
        yield Finding(
            Severity.WARNING,
            Rule.SMALL_TAG,
            f"tags with fewer than the {least_of_tag} questions that it takes to measure one by "
            f"itself: {tags}",
        )
    if placed and len({bool(one.question.answers) for one in placed}) == 1:
        kind = "answerable" if placed[0].question.answers else "unanswerable"
        yield Finding(
            Severity.WARNING,
            Rule.ONE_KIND,
            f"every question is {kind}, so that abstention cannot be measured; "
            "expected some of the other kind",
        )
