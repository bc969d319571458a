"""The names of a question in what was read: in another spelling, by an alias or by initials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.answering.actors.asked_actors import initials_of, telling, telling_words
from api.answering.questions.common_words import COMMON
from api.answering.words import text_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from api.answering.actors.asked_actors import Actor
    from api.answering.actors.named_text import NamedText
    from api.answering.questions.mentions import Mention
    from api.answering.questions.question import Question


class AskedNames:
    """Tells where a question's actors and its other names stand.

    Args:
        question: The question.
        actors: Whom it asks about.
        text: The names in what was read.
    """

    def __init__(self, question: Question, actors: Sequence[Actor], text: NamedText) -> None:
        self._question = question
        self._actors = actors
        self._text = text
        self._names = telling(question.names) - COMMON

    def named_by(self, mention: Mention) -> bool:
        """Whether a name is that of an actor, or an alias of it."""
        words = frozenset(word.folded for word in mention.words)
        return self._tell(words, {initials_of(mention)})

    def spells(self, mention: Mention) -> bool:
        """Whether the question itself has a name."""
        return not telling_words(mention).isdisjoint(self._question.names)

    def in_question(self, mention: Mention) -> bool:
        """Whether a name is that of an actor, or another of the question."""
        return self.named_by(mention) or self.spells(mention)

    def stand_in(self, text: str) -> bool:
        """Whether a text names an actor."""
        initials = {initials_of(mention) for mention in self._text.names(text)}
        return self._tell(text_words(text), initials)

    def any_name_in(self, text: str) -> bool:
        """Whether a text has any name of the question."""
        return self.stand_in(text) or not self._names.isdisjoint(text_words(text))

    def _tell(self, words: frozenset[str], initials: AbstractSet[str]) -> bool:
        aliases = self._question.aliases
        return any(
            words & actor.words
            or any(_shortens(actor.initials, other) for other in initials)
            or any(alias <= words for name in actor.words for alias in aliases.get(name, ()))
            for actor in self._actors
        )


def _shortens(left: str, right: str) -> bool:
    """Whether one of two initials begins the other: "TS" of a name without its last words."""
    short, long = sorted((left, right), key=len)
    return len(short) > 1 and long.isupper() and long.startswith(short)
