"""The names of a question in what was read: in another spelling, by an alias or by initials."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from api.answering.actors.asked_actors import Actor, initials_of, telling, telling_words
from api.answering.questions.common_words import COMMON
from api.answering.questions.mentions import mentions
from api.answering.questions.places import is_country_or_state
from api.answering.words import text_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.actors.named_text import NamedText
    from api.answering.questions.mentions import Mention
    from api.answering.questions.question import Question

_STEM, _ENDING = 4, 3  # letters


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
        """Whether the question itself has a name, or another form of it."""
        words = frozenset(word.folded for word in mention.words)
        forms = (form for others in self._question.aliases.values() for form in others)
        return not telling_words(mention).isdisjoint(self._question.names) or any(
            form <= words for form in forms
        )

    def in_question(self, mention: Mention) -> bool:
        """Whether a name is that of an actor, or another of the question."""
        return self.named_by(mention) or self.spells(mention)

    def stand_in(self, text: str) -> bool:
        """Whether a text names an actor."""
        return self._tell(text_words(text), self._text.names(text))

    def any_name_in(self, text: str) -> bool:
        """Whether a text has any name of the question."""
        return self.stand_in(text) or not self._names.isdisjoint(text_words(text))

    def lacking_in(self, article_id: str) -> bool:
        """Whether an article, as far as it was read, has no name of the question; another one has.

        Countries and states do not count: an article on one seldom names its own.
        """
        return bool(self._naming) and article_id not in self._naming

    @cached_property
    def _naming(self) -> frozenset[str]:
        """The articles that have a name of the question, in any form."""
        names = frozenset(name for name in self._names if not is_country_or_state(name))
        if not names:
            return frozenset()
        return frozenset(
            article_id
            for article_id, words in self._text.words.items()
            if self._has_any(names, words) or self._spelled_out(article_id)
        )

    def _has_any(self, names: frozenset[str], words: frozenset[str]) -> bool:
        """Whether some words name any of these, in another form or by an alias, too."""
        return not names <= self._question.lacking_names(words) or any(
            word.startswith(_stem(name)) and len(word) <= len(name) + _ENDING
            for name in names
            for word in words
        )

    @cached_property
    def _with_initials(self) -> list[Actor]:
        """The names of the question that initials may stand for, or that may be initials."""
        named = (Actor.of(mention) for mention in mentions(self._question.text))
        return [name for name in named if not name.is_one_word or name.initials.isupper()]

    def _spelled_out(self, article_id: str) -> bool:
        """Whether an article spells the initials of a name out, or the other way round."""
        return bool(self._with_initials) and any(
            _stand_for(asked, name)
            for sentence in self._text.sentences(article_id)
            for name in self._text.names(sentence.text)
            for asked in self._with_initials
        )

    def _tell(self, words: frozenset[str], names: Sequence[Mention]) -> bool:
        aliases = self._question.aliases
        return any(
            words & actor.words
            or any(_stand_for(actor, name) for name in names)
            or any(alias <= words for name in actor.words for alias in aliases.get(name, ()))
            for actor in self._actors
        )


def _stem(name: str) -> str:
    """What "Hollander" shares with "Holland", "Swedes" with "Sweden"."""
    return name[: max(_STEM, len(name) - 2)]


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
