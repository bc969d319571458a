"""The names of a question in what was read: in another spelling, by an alias or by initials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.answering.actors.asked_actors import initials_of, telling, telling_words
from api.answering.questions.common_words import COMMON
from api.answering.words import text_words

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        return self._tell(frozenset(word.folded for word in mention.words), [mention])

    def spells(self, mention: Mention) -> bool:
        """Whether the question itself has a name."""
        return not telling_words(mention).isdisjoint(self._question.names)

    def in_question(self, mention: Mention) -> bool:
        """Whether a name is that of an actor, or another of the question."""
        return self.named_by(mention) or self.spells(mention)

    def stand_in(self, text: str) -> bool:
        """Whether a text names an actor."""
        return self._tell(text_words(text), self._text.names(text))

    def any_name_in(self, text: str) -> bool:
        """Whether a text has any name of the question."""
        return self.stand_in(text) or not self._names.isdisjoint(text_words(text))

    def _tell(self, words: frozenset[str], names: Sequence[Mention]) -> bool:
        aliases = self._question.aliases
        return any(
            words & actor.words
            or any(_stand_for(actor, name) for name in names)
            or any(alias <= words for name in actor.words for alias in aliases.get(name, ()))
            for actor in self._actors
        )


def _stand_for(actor: Actor, name: Mention) -> bool:
    """Whether a name is the initials of an actor's, or the other way round.

    "TS" may leave the last words of a name out. "Wendle Water" and "Wensley Water" are two.
    """
    short, long = sorted((actor.initials, initials_of(name)), key=len)
    return (
        actor.is_one_word != (len(name.words) == 1)
        and len(short) > 1
        and long.isupper()
        and long.startswith(short)
    )
