"""Question -> the question to ask, what it calls things elsewhere, and names that are nowhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Final

from api.answering.names.findings import Names
from api.answering.names.usual_aliases import usual_aliases
from api.answering.questions.common_words import COMMON
from api.answering.questions.keywords import asks_in_words
from api.answering.questions.mentions import (
    Mention,
    has_telling_capitals,
    mentions,
    question_words,
)
from api.answering.questions.question import Question
from api.answering.words import STOP_WORDS, text_words
from index.folding import fold, word_forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from api.answering.questions.mentions import Word
    from index.generations.generation import Generation
    from index.records import ArticleInfo, Chunk

_SHORTEST_CORRECTED: Final = 5  # letters; of shorter words too many are a letter apart
_SHORTEST_BESIDE: Final = 4  # of a word whose name has others that tell what it is
_SHORTEST_UNCAPPED: Final = 6
_COUNTING: Final = frozenset({"many", "few", "fewer", "more", "most", "all", "these", "those"})
# What stands behind a plural, and not between an owner and what is owned.
_OWNED_BY_NOTHING: Final = frozenset(
    "and are as at by can could did do for from had has have in is of on or that to was were which "
    "who will with would".split()
)
_MOST_NAMES: Final = 16  # of one question; each costs several look-ups
_MOST_WORDS: Final = 8  # of a name; longer ones are headlines
_CHUNKS_COMPARED: Final = 50  # of each word of a name whose words stand in no chunk together


@dataclass(frozen=True, slots=True)
class NamedQuestion:
    """A question with its names looked up.

    Attributes:
        question: The question to ask: names spelled as articles do, with their aliases.
        also: Other names of what it asks about, as words for the lexical search.
    """

    question: Question
    also: str
    names: Names


class NameLookup:
    """Looks the names of questions up in one generation.

    Args:
        generation: What is searched; one without names answers every question as it stands.
    """

    def __init__(self, generation: Generation) -> None:
        self._names = generation.names
        self._lexical = generation.lexical
        self._articles = generation.articles

    def look_up(self, question: Question) -> NamedQuestion:
        """Correct and expand a question; cheap, so that both halves of `ask` may do it."""
        aliases = {fold(form): others for form, others in usual_aliases(question.text).items()}
        absent: list[str] = []
        offered: dict[str, tuple[str, ...]] = {}
        read_as: dict[str, str] = {}
        if self._names is not None:
            named = list(mentions(question.text))
            beside = _beside(question.text, named)
            for mention in named[:_MOST_NAMES]:
                spelled = mention.spelled(question.text)
                other = beside.get(mention)
                if other is not None and all(map(self._is_present, other.words)):
                    others = aliases.get(fold(spelled), ())
                    aliases[fold(spelled)] = (*others, other.spelled(question.text))
                    continue
                stated = tuple(self._names.aliases(spelled))
                if stated:
                    aliases[fold(spelled)] = (*aliases.get(fold(spelled), ()), *stated)
                    continue
                lacking = [
                    word
                    for word in mention.words
                    if not self._is_present(word)
                    and not self._has_any(aliases.get(word.folded, ()))
                ]
                if mention.begins and lacking == [mention.words[0]] and not lacking[0].possessive:
                    continue  # any word is a capital at the beginning
                near = {word.text: self._near_beside(word, mention) for word in lacking}
                if not lacking:
                    here = self._is_name_here(mention, spelled)
                    if not here and not _stand_side_by_side(mention, question):
                        absent.append(spelled)
                elif all(len(spellings) == 1 for spellings in near.values()):
                    read_as |= {text: spellings[0] for text, spellings in near.items()}
                else:
                    absent.append(spelled)
                    offered |= {text: tuple(group) for text, group in near.items() if group}
            read_as |= self._slips_without_capitals(question)
        asked = _corrected(question, self._possessives(question) | read_as)
        also = " ".join(dict.fromkeys(other for others in aliases.values() for other in others))
        return NamedQuestion(
            replace(asked, aliases=_alias_words(aliases)),
            also,
            Names(tuple(dict.fromkeys(absent)), read_as, offered),
        )

    def _is_present(self, word: Word) -> bool:
        """Whether the corpus has a word, its singular, or each part of it."""
        names = self._names
        if names is None or word.text.isdigit():
            return True
        forms = word_forms(word.text)
        if names.has_word(forms[-1]):
            return True
        if len(forms) > 1:
            return all(names.has_word(form) for form in forms[:-1])
        return (
            any(names.has_word(form) for form in _singulars(forms[0]))
            or names.has_people(forms[0])
            or (word.text.isupper() and names.has_initials(forms[0]))
        )

    def _has_any(self, others: Sequence[str]) -> bool:
        """Whether articles use one of the other names of something, all words of it together."""
        names = self._names
        return names is not None and any(
            names.has_name(other)
            or (len(other.split()) > 1 and self._lexical.has_together(other.split()))
            for other in others
        )

    def _near(self, word: Word, shortest: int = _SHORTEST_CORRECTED) -> list[str]:
        if self._names is None or len(word.text) < shortest or not word.text.isalpha():
            return []
        near = self._names.near_names(word.folded)
        # A slip is hardly ever in the first letter.
        return [name for name in near if fold(name)[0] == word.folded[0]]

    def _near_beside(self, word: Word, mention: Mention) -> list[str]:
        """Spellings near a word of a name; of a short one with a letter more or less there.

        Such a name must stand in a passage as a whole: "Abu Dabi" is Abu Dhabi, but a Carl Rowe is
        no Carl Rose.
        """
        if len(word.text) >= _SHORTEST_CORRECTED or len(mention.words) < 2:
            return self._near(word)
        return [
            name
            for name in self._near(word, _SHORTEST_BESIDE)
            if len(name) != len(word.text)
            and self._stands_whole([name if each is word else each.text for each in mention.words])
        ]

    def _stands_whole(self, words: Sequence[str]) -> bool:
        """Whether words follow one another in a passage of those that have most to do with them."""
        name = " ".join(words)
        return any(fold(name) in fold(chunk.text) for chunk, _ in self._chunks_with(name))

    def _is_name_here(self, mention: Mention, spelled: str) -> bool:
        """Whether the corpus has a name whose words it has, whole or without an opening word.

        Only a name that begins the question has an opening word, so that at most one is left out.
        """
        if self._names is None or self._names.has_name(spelled) or self._stand_together(mention):
            return True
        first, *rest = mention.words
        if not mention.begins or not rest or first.possessive or not self._is_plain_word(first):
            return False
        # "Attendance Castellar v Villamar" asks of Castellar.
        after = Mention(tuple(rest))
        return self._is_name_here(after, spelled[after.start - mention.start :])

    def _is_plain_word(self, word: Word) -> bool:
        """Whether articles write a word without a capital, so that it names nothing."""
        plain = re.compile(rf"\b{re.escape(word.text.lower())}\b")
        return any(plain.search(chunk.text) for chunk, _ in self._chunks_with(word.text))

    def _stand_together(self, mention: Mention) -> bool:
        """Whether a name's words stand in one passage, or else in one article."""
        words = list(dict.fromkeys(word.text for word in mention.words))
        if not 1 < len(words) <= _MOST_WORDS or self._lexical.has_together(words):
            return True
        articles = [{info.id for _, info in self._chunks_with(word)} for word in words]
        return bool(set.intersection(*articles))

    def _chunks_with(self, words: str) -> Iterable[tuple[Chunk, ArticleInfo]]:
        """The chunks that have most to do with some words, with their articles."""
        hits = self._lexical.search(words, _CHUNKS_COMPARED)
        return self._articles.chunks([hit.chunk_id for hit in hits]).values()

    def _possessives(self, question: Question) -> dict[str, str]:
        """Names that a question gives their ending without its mark: "Acmes" for "Acme's".

        What they own stands behind them: of "the directors of the clinics" nothing does.
        """
        names, marked = self._names, dict[str, str]()
        if names is None:
            return marked
        before = ""
        words = question_words(question.text)
        folded = {word.folded for word in words}
        for word, following in zip_longest(words, words[1:]):
            form, counted = word.folded, before in _COUNTING
            before = form
            if following is None or following.folded in _OWNED_BY_NOTHING:
                continue
            if counted or word.possessive or not form.endswith("s") or not form.isalpha():
                continue
            if len(form) < _SHORTEST_CORRECTED or form in STOP_WORDS | COMMON:
                continue
            if form[:-1] in folded:
                continue
            if not names.has_word(form) and form[:-1] in map(fold, names.near_names(form)):
                marked[word.text] = f"{word.text[:-1]}'s"
        return marked

    def _slips_without_capitals(self, question: Question) -> dict[str, str]:
        """Names that a question without telling capitals spells a letter off."""
        words = question_words(question.text)
        if has_telling_capitals(words) or _is_sentence(words):
            return {}
        slips = {}
        for word in words:
            if len(word.text) < _SHORTEST_UNCAPPED or word.folded in STOP_WORDS | COMMON:
                continue
            if not self._is_present(word):
                near = self._near(word)
                if len(near) == 1 and not _is_inflection(word.folded, fold(near[0])):
                    slips[word.text] = near[0]
        return slips


def _beside(question: str, named: Sequence[Mention]) -> dict[Mention, Mention]:
    """The other name that a question itself gives a name: "Advanced Micro Devices (AMD)"."""
    beside: dict[Mention, Mention] = {}
    for one, other in pairwise(named):
        between, after = question[one.end : other.start], question[other.end : other.end + 1]
        if between == " (" and after == ")":
            beside |= {one: other, other: one}
    return beside


def _stand_side_by_side(mention: Mention, question: Question) -> bool:
    """Whether two names stand together only as keywords: "Boeing IAM offer"."""
    initials = sum(word.text.isupper() for word in mention.words)
    return 0 < initials < len(mention.words) and not asks_in_words(question.text)


def _is_sentence(words: list[Word]) -> bool:
    """Whether only the first word has a capital: the question then names nothing."""
    capitals = [word.text[:1].isupper() for word in words]
    return capitals[:1] == [True] and not any(capitals[1:])


def _is_inflection(left: str, right: str) -> bool:
    """Whether words differ in their ending or British spelling: "Rwandan" is no slip."""
    short, long = sorted((left, right), key=len)
    return long.startswith(short) or left.replace("s", "z") == right.replace("s", "z")


def _singulars(form: str) -> Iterator[str]:
    if form.endswith("es"):
        yield form[:-2]
    if form.endswith("s"):
        yield form[:-1]
    else:
        yield f"{form}s"


def _corrected(question: Question, read_as: Mapping[str, str]) -> Question:
    if not read_as:
        return question
    text, at = [], 0
    for word in question_words(question.text):
        text += [question.text[at : word.start], read_as.get(word.text, word.text)]
        at = word.end
    parsed = Question.parse("".join([*text, question.text[at:]]))
    return replace(parsed, verbatim=question.verbatim)


def _alias_words(
    aliases: Mapping[str, tuple[str, ...]],
) -> Mapping[str, tuple[frozenset[str], ...]]:
    """The words of each alias, by each word of the form that the question has."""
    words: dict[str, tuple[frozenset[str], ...]] = {}
    for form, others in aliases.items():
        alternatives = tuple(text_words(other) for other in others)
        for word in text_words(form):
            words[word] = (*words.get(word, ()), *alternatives)
    return words
