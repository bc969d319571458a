"""The sample articles and gold questions are what the README says of them."""

from __future__ import annotations

from functools import cache

from index.chunking.blocks import BlockKind, split_blocks
from index.chunking.chunker import ChunkingParameters, chunk_article
from index.chunking.sentences import split_sentences
from index.loading.articles import load_articles
from index.loading.gold import GoldQuestion, load_gold
from index.records import Article
from tests.conftest import REPOSITORY

CORPUS = REPOSITORY / "corpus"


@cache
def articles() -> dict[str, Article]:
    loaded = list(load_articles(CORPUS))
    assert all(isinstance(item, Article) for item in loaded)
    return {item.info.id: item for item in loaded if isinstance(item, Article)}


@cache
def gold() -> list[GoldQuestion]:
    return load_gold(CORPUS / "gold.jsonl")


def test_there_are_enough_articles_with_complete_front_matter() -> None:
    assert len(articles()) >= 60
    for article in articles().values():
        info = article.info
        assert None not in {info.title, info.url, info.source, info.author, info.published_at}
        assert len(info.tags) >= 3
        assert 200 <= len(article.text.split()) <= 600, info.id


def test_every_chunk_is_its_slice_and_every_sentence_is_in_one() -> None:
    for article in articles().values():
        chunks = chunk_article(article, ChunkingParameters())
        covered = {span for chunk in chunks for span in chunk.sentences}
        for chunk in chunks:
            assert article.text[chunk.start : chunk.end] == chunk.text
        for block in split_blocks(article.text):
            if block.kind is not BlockKind.HEADING:
                assert set(split_sentences(article.text, block.span, "en")) <= covered


def test_there_are_enough_gold_questions() -> None:
    assert len(gold()) >= 200
    assert sum(not question.answers for question in gold()) >= 60
    words = [question.question.lower() for question in gold() if not question.filters.tags]
    assert len(words) - len(set(words)) <= 5


def test_gold_answers_occur_in_their_articles() -> None:
    wrong = []
    for question in gold():
        texts = [articles()[article_id].text for article_id in question.articles]
        if not all(any(answer in text for text in texts) for answer in question.answers) or not all(
            any(answer in text for answer in question.answers) for text in texts
        ):
            wrong.append(question.id)
    assert wrong == []
