"""Quotes of earlier citations, looked up in articles that may have changed."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answering.verifying import CitedQuote, Verification, nearest_occurrence, sha256_of, verify
from index.errors import ArticleNotFoundError
from index.records import Article, Span

if TYPE_CHECKING:
    from index.stores.backend import Articles

words = st.text(alphabet="ab 😀\n", min_size=1, max_size=6)
texts = st.text(alphabet="ab 😀\n", max_size=40)


class _Articles:
    """Articles of texts; each has a page of ten code points after another."""

    def __init__(self, **texts: str) -> None:
        self.texts = texts
        self.loaded: list[str] = []

    def article(self, article_id: str) -> Article:
        self.loaded.append(article_id)
        if article_id not in self.texts:
            raise ArticleNotFoundError(article_id)
        info: Any = SimpleNamespace(id=article_id, page_at=lambda offset: offset // 10 + 1)
        return Article(info, self.texts[article_id])


def _verify(articles: _Articles, *quotes: CitedQuote) -> list[Verification]:
    return verify(quotes, cast("Articles", articles))


def test_each_quote_gets_what_became_of_it_in_order() -> None:
    articles = _Articles(a="It cost $5, they say.", b="It cost $6.")
    quotes = [
        CitedQuote("b", "$5", 8),
        CitedQuote("a", "$5", 8),
        CitedQuote("c", "$5", 8),
        CitedQuote("a", "they", 2),
    ]
    assert _verify(articles, *quotes) == [
        Verification("changed"),
        Verification("intact", Span(8, 10), 1),
        Verification("gone"),
        Verification("moved", Span(12, 16), 2),
    ]
    assert articles.loaded == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("start", "nearest"), [(0, 2), (2, 2), (5, 2), (6, 8), (8, 8), (11, 8), (12, 14), (99, 14)]
)
def test_of_several_occurrences_the_nearest_counts(start: int, nearest: int) -> None:
    assert nearest_occurrence("..ab....ab....ab..", "ab", start) == nearest


@given(text=texts, quote=words, start=st.integers(0, 50))
def test_nearest_occurrence_is_that_of_all_of_them(text: str, quote: str, start: int) -> None:
    occurrences = [at for at in range(len(text)) if text[at : at + len(quote)] == quote]
    expected = min(occurrences, key=lambda at: (abs(at - start), at), default=None)
    assert nearest_occurrence(text, quote, start) == expected


@given(before=texts, quote=words, after=texts, edit=texts)
def test_an_edit_elsewhere_moves_a_quote(before: str, quote: str, after: str, edit: str) -> None:
    cited = CitedQuote("a", quote, len(before))
    (now,) = _verify(_Articles(a=f"{edit}{before}{quote}{after}"), cited)
    assert now.span is not None
    assert f"{edit}{before}{quote}{after}"[slice(*now.span)] == quote
    assert now.status == ("intact" if now.span.start == len(before) else "moved")
    (same,) = _verify(_Articles(a=f"{before}{quote}{edit}"), cited)
    assert same == Verification("intact", Span(len(before), len(before) + len(quote)), same.page)


@given(before=texts, quote=words, after=texts, data=st.data())
def test_an_edit_within_changes_a_quote(
    before: str, quote: str, after: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(quote) - 1))
    edited = f"{before}{quote[:at]}#{quote[at + 1 :]}{after}"
    (now,) = _verify(_Articles(a=edited), CitedQuote("a", quote, len(before)))
    if quote not in edited:
        assert now == Verification("changed")
    else:
        assert now.status == "moved"  # the same words stand beside


def test_time_is_linear_where_text_and_quote_repeat_themselves() -> None:
    text = "-" * 400_000
    assert nearest_occurrence(text, "-" * 2_500 + "+" + "-" * 2_499, 200_000) is None
    assert nearest_occurrence(text, "+" + "-" * 4_999, 200_000) is None


def test_hash_is_that_of_utf_8() -> None:
    assert sha256_of("a €") == hashlib.sha256(b"a \xe2\x82\xac").hexdigest()
