"""Present and former holders of an office, told apart by what was read."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from api.answering.actors.office_owners import is_named_with
from api.answering.actors.offices import APPOINTS, HELD_BY, OFFICE
from api.answering.questions.mentions import mentions_in_text, question_words
from api.answering.time.former_holders import THE_POST, held_until, is_former_holder
from api.answering.time.offices import office_asked_for
from api.answering.words import text_words
from index.records import Span

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from api.answering.actors.asked_names import AskedNames
    from api.answering.actors.named_text import NamedText
    from api.answering.questions.question import Question
    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

_ANY_OFFICE: Final = re.compile(rf"\b{OFFICE}\b", re.IGNORECASE)
_TITLED: Final = re.compile(rf"(?:{OFFICE}\s)+", re.IGNORECASE)
# "The former City captain Bo Ek": which office was given up.
_RANKED: Final = re.compile(
    r"\b(?:former|ex|previous)[\s-](?P<office>(?:[\w'’&-]+\s){1,4})\Z", re.IGNORECASE
)
# "Bo Ek, the former City captain"
_FORMERLY: Final = re.compile(
    rf"\A,\s(?:(?:the|an?|its|their)\s)?(?:former|ex|previous)[\s-](?P<office>(?:[\w'’&-]+\s){{0,4}}?{OFFICE})\b",
    re.IGNORECASE,
)
# "Acme" of "Acme chief executive Bo Ek" is nobody.
_OWNS_OFFICE: Final = re.compile(
    r"\A(?:['’]s?)?\s(?:(?!(?:an?|and|as|is|the|their|to|was|while|who)\b)[a-z-]+\s){0,2}?"
    rf"{OFFICE}\b",
    re.IGNORECASE,
)
_GIVEN_IT: Final = re.compile(
    rf"\b(?:{APPOINTS}\s(?:[\w'’-]+\s){{0,4}}|(?:now\s)?{HELD_BY}\sby\s)\Z", re.IGNORECASE
)
_HAS_IT: Final = re.compile(
    r"\A(?:,[^,;]{0,60},)?(?:,?\swho)?\s(?:now\s)?(?:has\s(?:led|run|headed|chaired|managed|coached)|"
    r"leads|runs|heads|chairs|manages|coaches|(?:(?:has|had|will|is\sto)\s)?(?:succeed(?:s|ed)?|"
    rf"replac(?:es?|ed)|t(?:akes?|ook|aken)\s(?:over|{THE_POST})))\b",
    re.IGNORECASE,
)
# A last name that is a word of its own, too: "Moira Finn".
_LAST_NAME: Final = re.compile(r"\s[A-Z][\w’'-]*")
_NEAR: Final = 3  # sentences from a present holder on that may tell of the former one


class _Telling(NamedTuple):
    """What a sentence says of somebody: the last name, whether the office was given up, and when.

    ``of_asked`` is whether it names the asked actor itself.
    """

    name: str
    former: bool
    day: dt.date | None
    of_asked: bool


class OfficeHolders:
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

    def is_of_present_holder(self, words: str) -> bool:
        """Whether words name somebody who holds the office, and of whom nothing says otherwise."""
        own = question_words(words)
        return bool(own) and own[-1].folded in self._present

    def predecessor(self, scored: ScoredSpan) -> Span | None:
        """The former holder who is told of beside a present one: "Bo Ek. He succeeded Ann Lee".

        Args:
            scored: What was read.

        Returns:
            Where the first such name stands, in a sentence that has the present holder's or in the
            next two; None where there is none, or the span does not name a present holder.
        """
        chunk = self._passages[scored.passage].chunk
        words = chunk.words(scored.span)
        if not self.is_of_present_holder(words):
            return None
        own = question_words(words)[-1].folded
        others = self._present - {own}
        behind = [bounds for bounds in chunk.sentences if bounds.end > scored.span.start]
        naming = [bounds for bounds in chunk.sentences if own in text_words(chunk.words(bounds))]
        for bounds in [*naming, *behind[:_NEAR]]:
            sentence = chunk.words(bounds)
            if not others.isdisjoint(text_words(sentence)):
                continue
            for mention in self._text.names(sentence):
                start, end = mention.start, mention.end
                if self._is_former(sentence, start, end):
                    start = _untitled(sentence, start, end)
                    more = _LAST_NAME.match(sentence[end:])
                    end += 0 if more is None else more.end()
                    return Span(bounds.start + start, bounds.start + end)
        return None

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
        at, before, after = _untitled(sentence, start, end), sentence[:start], sentence[end:]
        if _OWNS_OFFICE.match(after):
            return None
        ranked = _RANKED.search(sentence[:at]) or _FORMERLY.match(after)
        if ranked is not None and self._is_asked(ranked["office"]):
            return True
        of_another = ranked is not None and _ANY_OFFICE.search(ranked["office"]) is not None
        gave_up = is_former_holder(sentence, start, end) or held_until(sentence, end)
        if gave_up and not of_another:
            return True
        given = _GIVEN_IT.search(before) is not None and self._office.search(sentence) is not None
        named = is_named_with(self._office, sentence, at, end)
        return False if given or named or _HAS_IT.match(after) else None

    def _is_asked(self, office: str) -> bool:
        """Whether words are those of the asked office, and not of another owner's."""
        if self._office.search(office) is None:
            return False
        return self._asked.stand_in(office) or not any(mentions_in_text(f"the {office}"))


def _untitled(sentence: str, start: int, end: int) -> int:
    """Where a name begins behind an office: "President Ada Ruiz"."""
    titled = _TITLED.match(sentence, start, end)
    return start if titled is None else titled.end()


def _follows(other: _Telling, telling: _Telling) -> bool:
    """Whether a newer article tells another holder of the asked actor's office."""
    if other.day is None or telling.day is None or not other.of_asked:
        return False
    return other.name != telling.name and other.day > telling.day
