"""Who holds an office and who held it before, by what was read: the one is not the other."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from api.answering.actors.office_owners import is_named_with
from api.answering.actors.offices import APPOINTS, HELD_BY, OFFICE
from api.answering.questions.mentions import question_words
from api.answering.time.former_holders import (
    asks_for_former_holder,
    held_until,
    is_former_holder,
)
from api.answering.time.offices import office_asked_for

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from api.answering.actors.asked_names import AskedNames
    from api.answering.actors.named_text import NamedText
    from api.answering.questions.question import Question
    from index.records import Passage

_ANY_OFFICE: Final = re.compile(rf"\b{OFFICE}\b", re.IGNORECASE)
_TITLED: Final = re.compile(rf"(?:{OFFICE}\s)+", re.IGNORECASE)
# "The former City captain Bo Ek": which office was given up.
_RANKED: Final = re.compile(
    r"\b(?:former|ex|previous)[\s-](?P<office>(?:[\w'’&-]+\s){1,4})\Z", re.IGNORECASE
)
_GIVEN_IT: Final = re.compile(
    rf"\b(?:{APPOINTS}\s(?:[\w'’-]+\s){{0,4}}|(?:now\s)?{HELD_BY}\sby\s)\Z", re.IGNORECASE
)
_HAS_IT: Final = re.compile(
    r"\A(?:,[^,;]{0,60},)?(?:,?\swho)?\s(?:now\s)?(?:has\s(?:led|run|headed|chaired|managed|coached)|"
    r"leads|runs|heads|chairs|manages|coaches|(?:(?:has|had|will|is\sto)\s)?(?:succeed(?:s|ed)?|"
    r"replac(?:es?|ed)|t(?:akes?|ook|aken)\s(?:over|the\s(?:chair|helm|job|post|reins|role))))\b",
    re.IGNORECASE,
)


class _Telling(NamedTuple):
    """What a sentence says of somebody: the last name, whether the office was given up, and when.

    ``of_asked`` is whether it names the asked actor itself.
    """

    name: str
    former: bool
    day: dt.date | None
    of_asked: bool


class FormerHolders:
    """Tells present holders of an office from former ones.

    Args:
        question: Asks for one who held it before.
        passages: What was read.
        text: The names there.
        asked: The names of the question there.
    """

    def __init__(
        self,
        question: Question,
        passages: Sequence[Passage],
        text: NamedText,
        asked: AskedNames,
    ) -> None:
        office = office_asked_for(question.text)
        self._office = _ANY_OFFICE if office is None else office
        self._passages, self._text, self._asked = passages, text, asked

    @classmethod
    def of(
        cls,
        question: Question,
        passages: Sequence[Passage],
        text: NamedText,
        asked: AskedNames,
    ) -> FormerHolders | None:
        """What tells them where a question asks for a former holder; None where it does not."""
        if not asks_for_former_holder(question.text):
            return None
        return cls(question, passages, text, asked)

    def is_of_present_holder(self, words: str) -> bool:
        """Whether words name somebody who holds the office, and of whom nothing says otherwise."""
        own = question_words(words)
        return bool(own) and own[-1].folded in self._present

    @cached_property
    def _present(self) -> frozenset[str]:
        """The last names of present holders.

        One who is told to hold it in an article that is older than one that names another does
        not hold it any more.
        """
        told = list(self._tellings())
        former = {telling.name for telling in told if telling.former}
        holds = [telling for telling in told if telling.name not in former]
        return frozenset(
            telling.name
            for telling in holds
            if not any(_follows(other, telling) for other in holds)
        )

    def _tellings(self) -> Iterator[_Telling]:
        for passage in self._passages:
            chunk, day = passage.chunk, passage.article.published_at
            for bounds in chunk.sentences:
                sentence = chunk.words(bounds)
                of_asked = self._asked.stand_in(sentence)
                for mention in self._text.names(sentence):
                    former = self._is_former(sentence, mention.start, mention.end)
                    if former is not None:
                        yield _Telling(mention.words[-1].folded, former, day, of_asked)

    def _is_former(self, sentence: str, start: int, end: int) -> bool | None:
        """Whether a name is that of a former holder; None of one who is told to be neither."""
        titled = _TITLED.match(sentence, start, end)
        at = start if titled is None else titled.end()
        ranked = _RANKED.search(sentence[:at])
        if ranked is not None and self._office.search(ranked["office"]):
            return True
        of_another = ranked is not None and _ANY_OFFICE.search(ranked["office"]) is not None
        gave_up = is_former_holder(sentence, start, end) or held_until(sentence, end)
        if gave_up and not of_another:
            return True
        before, after = sentence[:start], sentence[end:]
        given = _GIVEN_IT.search(before) is not None and self._office.search(sentence) is not None
        named = is_named_with(self._office, sentence, at, end)
        return False if given or named or _HAS_IT.match(after) else None


def _follows(other: _Telling, telling: _Telling) -> bool:
    """Whether a newer article tells another holder of the asked actor's office."""
    if other.day is None or telling.day is None or not other.of_asked:
        return False
    return other.name != telling.name and other.day > telling.day
