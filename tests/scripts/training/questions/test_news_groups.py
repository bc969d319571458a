import random
from itertools import count
from pathlib import Path

import pytest

from index.records import Chunk, Span
from index.retriever import Retriever
from scripts.training.questions.news import NewsArticle, NewsFamily, NewsQuestion
from scripts.training.questions.news_corpus import open_news_corpus
from scripts.training.questions.news_groups import answer_span, news_bundles
from tests.conftest import FakeEncoder


def _article(name: str, text: str) -> NewsArticle:
    return NewsArticle(name, "Harbour talks", "The Post", "", "2024-03-08", "report", text)


FAMILY = NewsFamily(
    "harbour-01",
    (
        _article("a1", "The union said 68 per cent backed the deal on Friday."),
        _article("a2", "The union said 71 per cent backed the strike in March."),
        _article("a3", "A quiz asks who backed the deal: 68 per cent did, it says."),
    ),
    (
        NewsQuestion("q1", "percentage", "Who backed the deal?", ("a1",), ("68 per cent",)),
        NewsQuestion("q2", "person", "Who chairs the union?", (), ()),
        NewsQuestion("q3", "person", "Who left?", ("a2",), ("Nobody of that name",)),
    ),
)


def test_group_holds_what_answers_beside_what_retrieval_brings_up(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    retriever = Retriever(open_news_corpus(tmp_path, [FAMILY], encoder), encoder)
    bundles = list(news_bundles([FAMILY], retriever, random.Random(1), count(7)))
    assert len(bundles) == 2  # the answer of q3 is in no passage
    answered, unanswered = bundles
    spans = {pair.passage: pair.span for pair in answered}
    assert spans == {
        FAMILY.articles[0].text: (15, 26),
        FAMILY.articles[1].text: None,
    }  # a3 holds the words but does not answer: it is left out
    assert {pair.group for pair in answered} == {7}
    assert len(unanswered) == 3
    assert all(pair.span is None and pair.group == 8 for pair in unanswered)


def test_group_holds_what_is_left_out_without_a_label_where_asked_for(tmp_path: Path) -> None:
    encoder = FakeEncoder()
    retriever = Retriever(open_news_corpus(tmp_path, [FAMILY], encoder), encoder)
    bundles = list(news_bundles([FAMILY], retriever, random.Random(1), count(7), unlabelled=2))
    unlabelled = [[pair.passage for pair in some if not pair.labelled] for some in bundles]
    texts = [article.text for article in FAMILY.articles]
    assert unlabelled[:2] == [[texts[2]], []]  # of q2, nothing is left out
    assert len(unlabelled[2]) == 2  # of q3, everything
    assert all(pair.span is None for some in bundles for pair in some if not pair.labelled)
    labelled = [[pair for pair in some if pair.labelled] for some in bundles]
    assert [len(some) for some in labelled] == [2, 3, 0]


def test_answering_passage_that_is_not_retrieved_is_sought_with_the_answers_words(
    tmp_path: Path,
) -> None:
    hidden = _article("b1", "Zygmunt left the harbour.")
    others = tuple(_article(f"b{n}", f"Who of them sank {n} boats?") for n in range(2, 30))
    question = NewsQuestion("q1", "person", "Who sank of them?", ("b1",), ("Zygmunt",))
    family = NewsFamily("harbour-02", (hidden, *others), (question,))
    encoder = FakeEncoder()
    retriever = Retriever(open_news_corpus(tmp_path, [family], encoder), encoder)
    asked = [family], retriever, random.Random(1)
    assert list(news_bundles(*asked, count(1))) == []
    (bundle,) = news_bundles(*asked, count(1), sought=True)
    assert [pair.passage for pair in bundle if pair.span] == [hidden.text]
    assert len(bundle) == 5


@pytest.mark.parametrize(
    ("answer", "question", "span"),
    [
        ("ten", "Who paid?", (9, 12)),
        ("ten", "Who asked?", (24, 27)),
        ("often", "Who paid?", None),
    ],
)
def test_answer_span_is_in_the_sentence_nearest_the_question(
    answer: str, question: str, span: tuple[int, int] | None
) -> None:
    text = "Ann paid ten. Bob asked ten."
    chunk = Chunk("a", 100, 128, text, "", (Span(100, 113), Span(114, 128)))
    assert answer_span(chunk, answer, question) == span
