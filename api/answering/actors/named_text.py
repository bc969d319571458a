"""The names in what was read: which are people, and which sentence names what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from api.answering.actors.offices import HELD_BY, OFFICE
from api.answering.questions.mentions import mentions_in_text, question_words
from api.answering.words import split_words, text_words
from index.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.answering.questions.mentions import Mention
    from index.records import Passage, Span

_PERSON_BEFORE: Final = re.compile(
    rf"(?:\b{OFFICE}|\b(?:said|says|told|added|mr|mrs|ms|dr|sir))[,.]?\s\Z", re.IGNORECASE
)
_PERSON_AFTER: Final = re.compile(
    rf"\A,\s(?:who\b|\d\d\b|(?:(?:its|their|an?|the|once|now)\s)?(?:[a-z][\w-]*\s){{0,2}}{OFFICE}\b)"
    rf"|\A\s(?:stays|stayed|remains|remained|becomes?|became|is|was|will\sbe|resigned|retired)\s"
    rf"(?:(?:as|the|its|their|an?)\s){{0,2}}(?:[a-z][\w-]*\s){{0,2}}{OFFICE}\b",
    re.IGNORECASE,
)
# "Acme, the firm", "Acme, led by", "Acme's chief executive"
_APPOSED: Final = re.compile(
    rf"\A(?:,\s(?:the|which|whose|{HELD_BY}\sby)\s|(?:['’]s?)?\s(?:[\w-]+\s){{0,3}}?{OFFICE}\b)",
    re.IGNORECASE,
)
# What articles about business often begin sentences with, though it has a small letter elsewhere.
_NO_NAMES: Final = frozenset(
    "analysts bookings capital chairman costs customers deliveries demand earnings employees "
    "executives exports growth imports income inflation investment investors lawyers losses "
    "management ministers officials operating orders output pay people police prices production "
    "profit profits prosecutors rates regulators revenue revenues rivals sales share shareholders "
    "shares spending staff stock stocks trade trading turnover unemployment unions wages "
    "workers".split()
)
_SAME_PARAGRAPH: Final = 1  # characters of white space between sentences of one paragraph
_BETWEEN_BLOCKS: Final = 4  # characters of white space between paragraphs or list items
_HEADINGS: Final = " — "


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article.

    Attributes:
        start: Where it begins in the article.
        text: Its words.
        opens: Whether a paragraph begins with it, or what comes before was not read.
        known: Whether everything before it in the article was read.
    """

    start: int
    text: str
    opens: bool
    known: bool


class NamedText:
    """The names and sentences of some passages.

    Args:
        passages: What was read.
        asked: The words of the question's names, in lower case.
    """

    def __init__(self, passages: Sequence[Passage], asked: frozenset[str]) -> None:
        self._passages = passages
        self._asked = asked
        self._named: dict[str, list[Mention]] = {}
        self._read: dict[str, list[Sentence]] = {}

    def names(self, text: str) -> list[Mention]:
        """The names in a sentence, in order; its first word only where it is a name elsewhere."""
        if text not in self._named:
            self._named[text] = [
                mention
                for mention in mentions_in_text(text)
                if not mention.begins or len(mention.words) > 1 or self._is_name(mention, text)
            ]
        return self._named[text]

    def sentences(self, article_id: str) -> list[Sentence]:
        """The sentences of an article that were read, in order."""
        if article_id not in self._read:
            self._read[article_id] = list(_sentences(article_id, self._passages))
        return self._read[article_id]

    @cached_property
    def words(self) -> dict[str, frozenset[str]]:
        """The folded words that were read of each article, with its title and headings, by id."""
        words: dict[str, frozenset[str]] = {}
        for passage in self._passages:
            known = words.get(passage.article.id, frozenset())
            words[passage.article.id] = known | text_words(passage.chunk.indexed_text)
        return words

    def are_people(self, words: Iterable[str]) -> bool:
        """Whether any of some folded words is the last of a person's name."""
        return not self._people.isdisjoint(words)

    def is_person(self, mention: Mention) -> bool:
        """Whether a name is, or ends like, that of somebody who is shown to be a person."""
        return mention.words[-1].folded in self._people and (
            len(mention.words) > 1 or mention.words[-1].folded not in self._asked
        )

    def _is_name(self, mention: Mention, text: str) -> bool:
        """Whether the first word of a sentence is a name: it has a capital elsewhere, too."""
        word = mention.words[0].folded
        if word in self._asked or word in self._inside:
            return True
        again = word in self._openers or _APPOSED.match(text[mention.end :]) is not None
        return again and word not in self._small

    @cached_property
    def _inside(self) -> frozenset[str]:
        """The words of names that have a capital within a sentence, and never a small letter."""
        named: set[str] = set()
        for text in self._texts:
            for mention in mentions_in_text(text):
                words = mention.words[1:] if mention.begins else mention.words
                named.update(word.folded for word in words)
        return frozenset(named - self._small)

    @cached_property
    def _small(self) -> frozenset[str]:
        """The words that have a small letter somewhere."""
        words = (word for text in self._texts for word in split_words(text))
        return frozenset(fold(word) for word in words if word[:1].islower()) | _NO_NAMES

    @cached_property
    def _openers(self) -> frozenset[str]:
        """The words that begin a heading as well as a sentence."""
        sentences, headings = (
            {word.folded for text in texts for word in question_words(text)[:1]}
            for texts in (self._all_sentences, self._headings)
        )
        return frozenset(sentences & headings)

    @cached_property
    def _people(self) -> frozenset[str]:
        """The last words of the names of people."""
        return frozenset(
            mention.words[-1].folded
            for text in self._texts
            for mention in mentions_in_text(text)
            if len(mention.words) > 1
            and (
                _PERSON_BEFORE.search(text[: mention.start])
                or _PERSON_AFTER.match(text[mention.end :])
            )
        )

    @property
    def _texts(self) -> list[str]:
        return [*self._all_sentences, *self._headings]

    @cached_property
    def _all_sentences(self) -> list[str]:
        chunks = (passage.chunk for passage in self._passages)
        texts = (chunk.words(bounds) for chunk in chunks for bounds in chunk.sentences)
        return list(dict.fromkeys(texts))

    @cached_property
    def _headings(self) -> list[str]:
        contexts = (passage.chunk.context for passage in self._passages)
        return list(dict.fromkeys(line for text in contexts for line in headings_of(text)))


def headings_of(context: str) -> list[str]:
    """The title and the headings above a chunk."""
    return context.split(_HEADINGS)


def _sentences(article_id: str, passages: Sequence[Passage]) -> list[Sentence]:
    bounds: dict[Span, str] = {}
    for passage in passages:
        chunk = passage.chunk
        if chunk.article_id == article_id:
            bounds |= {span: chunk.words(span) for span in chunk.sentences}
    sentences: list[Sentence] = []
    end, known = 0, True
    for span in sorted(bounds):
        if sentences and span.start < end:
            continue
        gap = span.start - end
        breaks = not sentences or gap > _SAME_PARAGRAPH
        known = known and gap <= _BETWEEN_BLOCKS
        sentences.append(Sentence(span.start, bounds[span], breaks, known))
        end = span.end
    return sentences
