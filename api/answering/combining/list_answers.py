"""Answers to questions for lists: passages of many articles -> items with their citations."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from api.answering.answers import FramedTime, milliseconds_since
from api.answering.combining.abstaining import abstain
from api.answering.combining.citing import Citing
from api.answering.combining.lists.item_spans import item_spans
from api.answering.combining.lists.list_completeness import MOST_ITEMS, list_completeness
from api.answering.combining.lists.list_reading import (
    question_of_one,
    read_again,
    read_in_groups,
    spread,
)
from api.answering.combining.lists.told_lists import told_items
from api.answering.combining.lists.weighed_items import weigh_items
from api.answering.combining.reading_budget import TIMES_READ
from api.answering.combining.several_answers import Bounds, SeveralAnswers
from api.answering.time.frames import read_question_time

if TYPE_CHECKING:
    from api.answering.combining.lists.list_questions import AskedList
    from api.answering.names.looking_up import NamedQuestion
    from api.answering.ranking.ranker import Ranker
    from index.records import Filters, Passage
    from index.retriever import Retrieval, Retriever

_LOOKED_AT: Final = 2  # times what a list reads: passages among which those to read are chosen


class ListAnswering:
    """Answers lists; reads at most three times what a fact does.

    Args:
        retriever: Finds passages.
        ranker: Ranks the candidates in them.
    """

    def __init__(self, retriever: Retriever, ranker: Ranker) -> None:
        self._retriever = retriever
        self._ranker = ranker

    def answer(
        self, named: NamedQuestion, asked: AskedList, bounds: Bounds, retrieval: Retrieval
    ) -> SeveralAnswers:
        """Answer with every item above the threshold, from passages of many articles.

        Where the question can be asked of a single item, too, a third of what a list may cost is
        spent on reading the best passages for that.

        Raises:
            ReaderError: If the reader returns a span outside its passage.
        """
        question = replace(named.question, kind=asked.kind)
        share = (TIMES_READ - (asked.of_one is not None)) * bounds.top_k
        started = time.perf_counter()
        found = _more_passages(self._retriever, retrieval, _LOOKED_AT * share, bounds.filters)
        load_ms = milliseconds_since(started)
        passages = spread(found, share)
        started = time.perf_counter()
        reader = self._ranker.reader
        read = read_in_groups(reader, question, passages, bounds.top_k)
        asked_time = read_question_time(question.text, bounds.day)
        if asked.of_one is not None:
            of_one = question_of_one(asked.of_one, asked_time)
            read = read_again(reader, of_one, passages, read, bounds.top_k)
        spans = item_spans(question, read, passages, asked.noun)
        articles = self._retriever.generation.articles
        told, passages = told_items(question, asked.noun, read, passages, articles.chunks_of)
        read_ms = milliseconds_since(started)
        weighed = weigh_items(
            self._ranker,
            question,
            asked,
            asked_time,
            spans,
            told,
            passages,
            articles.chunks_of,
            bounds.threshold,
        )
        items, use = weighed.items, weighed.use
        most = MOST_ITEMS if bounds.most is None else bounds.most
        above = [item for item in items if item.confidence >= bounds.threshold][:most]
        citing = Citing(articles, passages)
        answers = tuple(citing.answer(question, item, None) for item in above)
        searched = articles.infos(bounds.filters, 0, 0)[1]
        return SeveralAnswers(
            answers,
            None
            if answers
            else abstain(question, items or weighed.ranked, passages, bounds.threshold, citing),
            0.0,
            load_ms,
            read_ms,
            listing=list_completeness(items, bounds.threshold, most, searched),
            time=None
            if use is None or asked_time.frame is None
            else FramedTime(asked_time.frame, use),
        )


def _more_passages(
    retriever: Retriever, retrieval: Retrieval, most: int, filters: Filters
) -> list[Passage]:
    """What was retrieved, and loaded with it what was ranked next, best first."""
    passages = retrieval.passages
    further = retrieval.runners_up[: max(0, most - len(passages))]
    found = [*passages, *retriever.load(further, filters)]
    found.sort(key=lambda passage: -passage.scores.fused)
    return [replace(passage, rank=rank) for rank, passage in enumerate(found[:most], start=1)]
