"""Mentions: the stretches of a question that name somebody or something."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.answering.questions.common_words import COMMON, OPENERS
from api.answering.words import STOP_WORDS, has_capital
from index.folding import fold, plain_marks

if TYPE_CHECKING:
    from collections.abc import Iterator

_LETTERS: Final = r"[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad])*"  # accents may be apart
_WORD: Final = re.compile(rf"{_LETTERS}(?:['’.&‐‑–-]{_LETTERS})*")
_POSSESSIVE: Final = re.compile(r"['’]s?\Z")
_AFTER_POSSESSIVE: Final = re.compile(r"['’]")
_OPENED: Final = re.compile(r"[:;.?!]\s\Z")  # of "Bo Ek: On butter, we are covered"
_TITLE_CASE: Final = 0.6  # of the words: more capitals say nothing
_FEW_WORDS: Final = 4
_SHORTEST_TITLED: Final = 4  # letters of a word that title case gives a capital
_NEVER_TITLED: Final = frozenset(
    "across amid among around behind beneath beside between beyond despite inside outside since "
    "through throughout toward towards under until unlike upon versus while within without".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question and its place; a possessive ending is left out of both."""

    text: str
    start: int
    end: int
    possessive: bool

    @property
    def folded(self) -> str:
        """The word as it is looked up."""
        return fold(self.text)


@dataclass(frozen=True, slots=True)
class Mention:
    """The words of one name, which follow one another.

    Attributes:
        begins: Whether it begins the question, so that its first capital says nothing.
    """

    words: tuple[Word, ...]
    begins: bool = False

    @property
    def start(self) -> int:
        """Where it begins in the question."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Where it ends in the question."""
        return self.words[-1].end

    def spelled(self, question: str) -> str:
        """Its words as the question spells them."""
        return question[self.start : self.end]


def question_words(question: str) -> list[Word]:
    """Split a question into words with their places."""
    words = []
    for match in _WORD.finditer(question):
        text = _POSSESSIVE.sub("", match.group())
        after = question[match.end() : match.end() + 1]
        possessive = text != match.group() or _AFTER_POSSESSIVE.match(after) is not None
        words.append(Word(text, match.start(), match.start() + len(text), possessive))
    return words


def has_telling_capitals(words: list[Word]) -> bool:
    """Whether capitals tell names from other words: not in lower, upper or title case."""
    later = [word for word in words[1:] if word.text[:1].isalpha()]
    capitals = sum(has_capital(word.text) for word in later)
    if not capitals or (capitals == len(later) and capitals > 2):
        return False
    return (
        len(later) < _FEW_WORDS
        or capitals <= _TITLE_CASE * len(later)
        or (any(map(_is_left_small, later)) and not any(map(_is_titled, later)))
    )


def _is_left_small(word: Word) -> bool:
    """Whether a word has no capital that title case would give it: "leaving", but not "from"."""
    long = len(word.text) >= _SHORTEST_TITLED and word.text.islower()
    return long and word.folded not in STOP_WORDS | _NEVER_TITLED


def _is_titled(word: Word) -> bool:
    """Whether a word that names nothing has a capital, as title case gives it: "Did", "Of"."""
    return word.text[:1].isupper() and word.folded in STOP_WORDS


def mentions(question: str) -> Iterator[Mention]:
    """Find the names in a question by their capitals."""
    words = question_words(question)
    if has_telling_capitals(words):
        yield from _runs(question, words)


def mentions_in_text(sentence: str) -> Iterator[Mention]:
    """Find the names in a sentence or heading of a text, where not most words have capitals."""
    words = question_words(sentence)
    later = [word for word in words[1:] if word.text[:1].isalpha()]
    capitals = sum(has_capital(word.text) for word in later)
    if len(later) < _FEW_WORDS or capitals <= _TITLE_CASE * len(later):
        yield from _runs(sentence, words)


def _runs(question: str, words: list[Word]) -> Iterator[Mention]:
    run: list[Word] = []
    for place, word in enumerate(words):
        joins = bool(run) and _joined(question, run[-1], word)
        if run and not joins:
            yield Mention(tuple(run), begins=run[0] is words[0])
            run = []
        opens = place == 0 or _OPENED.search(question[max(0, word.start - 2) : word.start])
        if _is_named(word, first=bool(opens)):
            run.append(word)
        elif run:
            yield Mention(tuple(run), begins=run[0] is words[0])
            run = []
    if run:
        yield Mention(tuple(run), begins=run[0] is words[0])


def _is_named(word: Word, *, first: bool) -> bool:
    """Whether a word is spelled as a name; of the first of a sentence a capital says little."""
    if not has_capital(word.text) or len(word.text) < 2:
        return False
    folded = word.folded
    named = [part for part in word.text.split("-") if has_capital(part) or not part[:1].islower()]
    if folded in COMMON or all(fold(part) in COMMON for part in named):
        return False
    return not (first and folded in OPENERS)


def _joined(question: str, left: Word, right: Word) -> bool:
    between = plain_marks(question[left.end : right.start])
    return not left.possessive and between in (" ", " & ")
