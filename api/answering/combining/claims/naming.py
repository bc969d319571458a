"""Whether the article of a claim names what is asked for: in full, or in part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import nearly_answers
from api.answering.questions.common_words import COMMON
from api.answering.questions.mentions import mentions, mentions_in_text
from api.answering.words import text_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question
    from index.records import Chunk

_MOST_LACKING: Final = 0.4  # share of the words of the question's names


def has_its_names(lead: Claim, other: Claim, question: Question) -> bool:
    """Whether the other's article has all of the question's names that the lead's passage has.

    An article gives a name in full once, and its figures further down. Of a question without
    names, whether both tell of one name.
    """
    if question.names <= COMMON:
        return _share_names(lead, other)
    lacking = question.lacking_names(_words_read(other))
    lacking -= question.lacking_names(text_words(lead.passage.chunk.indexed_text))
    lacking -= COMMON
    read = (passage.chunk for passage in other.read)
    return not lacking or (nearly_answers(other) and _shortens_names(question, read))


def names_thing(question: Question, chunks: Sequence[Chunk]) -> bool:
    """Whether an article has the question's names: most words of them and some of each, or fewer.

    Args:
        question: The question.
        chunks: All chunks of the article.
    """
    lacking = question.lacking_names(words_in(chunks)) - COMMON
    names = [frozenset(word.folded for word in name.words) for name in mentions(question.text)]
    some_of_each = all(name - lacking for name in names)
    if some_of_each and len(lacking) <= _MOST_LACKING * len(question.names - COMMON):
        return True
    return _shortens_names(question, chunks)


def _shortens_names(question: Question, chunks: Iterable[Chunk]) -> bool:
    """Whether an article has the question's names in part: "Kestrel Gate" of "... Studios".

    None of them may go on otherwise: "Kestrel Bank" is another.
    """
    told_names = (
        frozenset(word.folded for word in mention.words)
        for text in {chunk.indexed_text for chunk in chunks}
        for mention in mentions_in_text(text)
    )
    of_names = [words for words in told_names if not words.isdisjoint(question.names - COMMON)]
    told = frozenset[str]().union(*of_names)
    half = 2 * len(told & question.names) >= len(question.names - COMMON)
    return half and told <= question.names | COMMON


def _share_names(lead: Claim, other: Claim) -> bool:
    """Whether sentence or headings of both have a name, or the lead's have none to share.

    Where a question names nothing, as in "Which bank's shares fell most?", that alone tells the
    lead's subject from another's.
    """
    if lead.passage.article.id == other.passage.article.id:
        return True
    own = _names_told(lead)
    return not own or not own.isdisjoint(_names_told(other))


def _names_told(claim: Claim) -> frozenset[str]:
    """The folded words of the names in a claim's sentence and headings, its own aside."""
    told = (claim.sentence, *claim.passage.chunk.context.splitlines())
    words = (word for text in told for name in mentions_in_text(text) for word in name.words)
    return frozenset(word.folded for word in words) - COMMON - text_words(claim.text)


def words_in(chunks: Iterable[Chunk]) -> frozenset[str]:
    """The distinct words of chunks and of the headings above them, folded."""
    return frozenset[str]().union(*(text_words(chunk.indexed_text) for chunk in chunks))


def _words_read(claim: Claim) -> frozenset[str]:
    """The words of what was read of a claim's article."""
    return words_in(passage.chunk for passage in claim.read)
