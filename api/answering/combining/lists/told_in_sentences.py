"""Items that their sentences tell, where these need not name the thing: their article does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.naming import words_in
from api.answering.combining.lists.told_doings import DoingTelling
from api.answering.combining.lists.told_holders import HolderTelling, is_in_turn
from api.answering.combining.spans.enumerations import NAME
from api.answering.questions.answer_kind import AnswerKind
from api.answering.questions.common_words import COMMON
from api.answering.sentences import sentence_around, sentence_before
from api.answering.words import text_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.answering.combining.lists.list_questions import AskedList
    from api.answering.questions.question import Question
    from api.answering.ranking.ranker import RankedCandidate
    from api.answering.reading.reader import ScoredSpan
    from index.records import Chunk, Passage, Span

_IS_NAME: Final = re.compile(NAME)
_FAR_FROM_HERE: Final = -10.0  # a span's margin: the reader takes anything else for the answer
_NEAR_ANSWER: Final = -8.0  # a span's margin, where only counting on tells it
_NEAR: Final = 40  # characters around a name
_PRONOUN: Final = re.compile(r"\b(?:its|their)\b", re.IGNORECASE)
_LEAD: Final = 12  # characters that may stand before the name with which a sentence begins


def told_in_sentences(
    question: Question,
    asked: AskedList,
    items: Sequence[RankedCandidate],
    passages: Sequence[Passage],
    chunks_of: Callable[[str], Sequence[Chunk]],
    threshold: float,
) -> set[tuple[int, Span]]:
    """Find the items of which a sentence says what is asked, in an article that names the thing.

    - It gives the name the asked office, or says that its holder came before or after such a one.
    - It says that the name did what is asked.
    - It counts on: "a fourth member"; only beside an item that is told in another way.

    Args:
        question: The question.
        asked: What it lists.
        items: What can be items.
        passages: Where they were read.
        chunks_of: Loads the chunks of an article.
        threshold: The confidence from which an item is sure.

    Returns:
        The number of the passage and the place of each that is told.
    """
    if not question.names - COMMON:
        return set()
    about: dict[str, bool] = {}

    def is_about(passage: Passage) -> bool:
        article = passage.article.id
        if article not in about:
            lacking = question.lacking_names(words_in(chunks_of(article)))
            about[article] = not lacking - COMMON
        return about[article]

    spans = [
        scored
        for item in items
        if not item.described.unfit
        for scored in item.candidate.spans
        if not scored.of_another
        and scored.margin > _FAR_FROM_HERE
        and _IS_NAME.fullmatch(passages[scored.passage].chunk.words(scored.span))
        and is_about(passages[scored.passage])
    ]
    sentences = [_NameInSentence.of(scored, passages[scored.passage]) for scored in spans]
    if question.kind is AnswerKind.PERSON and asked.of_one is not None:
        holders = HolderTelling(question, asked.of_one)
        if holders.asks:
            return {each.place for each in _holding(holders, sentences, question)}
    doing = DoingTelling(question.text, asked.noun)
    told = {each.place for each in sentences if doing.did(each.sentence, each.end)}
    sure = {
        (scored.passage, scored.span)
        for item in items
        if item.confidence >= threshold
        for scored in item.candidate.spans
    }
    if told or sure:
        told |= {each.place for each in _best_of_sentences(sentences) if each.is_one_more(doing)}
    return told


@dataclass(frozen=True, slots=True)
class _NameInSentence:
    """A name in its sentence, from ``start`` to ``end``, and the sentence before that."""

    scored: ScoredSpan
    sentence: str
    start: int
    end: int
    before: str

    @classmethod
    def of(
        cls,
        scored: ScoredSpan,
        passage: Passage,
    ) -> _NameInSentence:
        chunk = passage.chunk
        around = sentence_around(passage, scored.span)
        start = scored.span.start - around.start
        before = sentence_before(chunk, around.start, list)
        earlier = "" if before is None else chunk.words(before)
        end = start + scored.span.end - scored.span.start
        return cls(scored, chunk.words(around), start, end, earlier)

    @property
    def place(self) -> tuple[int, Span]:
        return self.scored.passage, self.scored.span

    @property
    def name(self) -> str:
        return self.sentence[self.start : self.end]

    @property
    def has_pronoun(self) -> bool:
        """Whether "its" or "their" stands near the name: what that is stands before."""
        low = max(0, self.start - _NEAR)
        return _PRONOUN.search(self.sentence, low, self.end + _NEAR) is not None

    def names_any_of(self, names: frozenset[str]) -> bool:
        """Whether its sentence or the one before has one of some names."""
        return not names.isdisjoint(text_words(f"{self.before} {self.sentence}"))

    def is_one_more(self, doing: DoingTelling) -> bool:
        """Whether its sentence counts on, or that before one which begins with the name."""
        if self.scored.margin < _NEAR_ANSWER:
            return False
        leads = self.start <= _LEAD
        return doing.is_one_more(self.sentence) or (leads and doing.is_one_more(self.before))


def _holding(
    holders: HolderTelling, sentences: Sequence[_NameInSentence], question: Question
) -> list[_NameInSentence]:
    """The names that are given the office, and those that came before or after one of them."""
    told = [
        each
        for each in sentences
        if holders.holds(each.sentence, each.start, each.end)
        and (not each.has_pronoun or each.names_any_of(question.names - COMMON))
    ]
    surnames = {each.name.split()[-1] for each in told}
    for each in sentences:
        beside = text_words(f"{each.before} {each.sentence}") - text_words(each.name)
        if is_in_turn(each.sentence, each.start, each.end) and any(
            text_words(name) <= beside for name in surnames
        ):
            told.append(each)
    return told


def _best_of_sentences(sentences: Sequence[_NameInSentence]) -> list[_NameInSentence]:
    """The names that the reader prefers in their sentences."""
    best: dict[tuple[int, str], float] = {}
    for each in sentences:
        key = each.scored.passage, each.sentence
        best[key] = max(each.scored.margin, best.get(key, each.scored.margin))
    return [
        each for each in sentences if each.scored.margin == best[each.scored.passage, each.sentence]
    ]
