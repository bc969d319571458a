"""Relevance judgements: which retrieved articles and passages a gold question is answered by."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from api.answering.values.normal_form import normalise_answer
from scripts.evaluation.results import Found

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.schemas import PassageOut
    from index.loading.gold import GoldQuestion
    from scripts.evaluation.asking import Slice


def found_passages(
    relevant: Sequence[bool], gold: GoldQuestion, passages_of: Callable[[str], Sequence[Slice]]
) -> Found | None:
    """The ranks of the passages with an answer, and how many of them the index has.

    Where no passage of the gold articles holds an answer, one counts as missed.

    Args:
        relevant: Whether each retrieved passage is relevant, best first.
        gold: The gold question.
        passages_of: An article's id to all its passages.

    Returns:
        None where the question is unanswerable.
    """
    if not gold.answers:
        return None
    ranks = tuple(rank for rank, hit in enumerate(relevant, start=1) if hit)
    in_index = sum(
        _holds_answer(passage.text, gold.answers)
        for article in dict.fromkeys(gold.articles)
        for passage in passages_of(article)
    )
    return Found(relevant=max(1, in_index, len(ranks)), ranks=ranks)


def found_articles(passages: list[PassageOut], gold: GoldQuestion) -> Found | None:
    """The ranks of the gold articles among the distinct articles of the passages."""
    wanted = set(gold.articles)
    if not wanted:
        return None
    ranked = dict.fromkeys(passage.article.id for passage in passages)
    ranks = tuple(rank for rank, article in enumerate(ranked, start=1) if article in wanted)
    return Found(relevant=len(wanted), ranks=ranks)


def is_relevant(passage: PassageOut, gold: GoldQuestion) -> bool:
    """Whether a passage is of a gold article and holds a gold answer."""
    return passage.article.id in gold.articles and _holds_answer(passage.text, gold.answers)


def _holds_answer(text: str, answers: tuple[str, ...]) -> bool:
    """Whether a text holds one of the answers, in whole words and in normal form."""
    words = f" {_normal(text)} "
    return any(f" {_normal(answer)} " in words for answer in answers)


_normal = lru_cache(maxsize=8192)(normalise_answer)
