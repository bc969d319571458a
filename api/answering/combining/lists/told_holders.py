"""Names that a sentence gives the asked office, or that it says followed one who has it.

"Ann Lee, the general secretary, said no", "the executive chose Bo Ek to follow her": an article
names its union once, and a reader takes such a sentence, which does not, for no answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.actors.offices import TITLE
from api.answering.combining.lists.possible_holders import asked_office
from api.answering.questions.common_words import COMMON
from api.answering.time.offices import exact_office
from api.answering.words import STOP_WORDS, text_words

if TYPE_CHECKING:
    from api.answering.questions.question import Question

_WHOSE: Final = (
    r"(?:(?:the|its|his|her|their|an?)\s|(?:[\w’'&-]+\s){0,4}?[\w&-]+(?:['’]s|s['’])\s)?"
)
_ASKED: Final = re.compile(
    rf"\bwho\s(?:was|is)\s{_WHOSE}(?:(?:former|previous|past)\s)?"
    r"(?P<office>(?!(?:of|at|for|in)\b|in\scharge\b)[a-z-]+(?:\s(?!(?:of|at|for|in)\b)[a-z-]+){0,3}?)"
    r"(?=\s(?:of|at|for|in|from|since|during|between|until|under|after|before|as)\b|\W*\Z)",
    re.IGNORECASE,
)
# "deputy general secretary", "the flight director": not the office itself
_OTHER: Final = re.compile(
    r"\b(?:deputy|vice|assistant|shadow|honorary|rival|finance|financial|technical|flight|press|branch|"
    r"regional|research|sporting|medical|artistic|sales|marketing|legal|operations|operating|"
    r"technology|creative|musical|human)[\s-]\Z",
    re.IGNORECASE,
)
_BETWEEN: Final = (
    r"(?:(?:acting|interim|caretaker|temporary|permanent|new|newly|appointed|elected|current|present|"
    r"former|previous|outgoing|incoming|departing|retiring|long-serving|longtime|long-time|first|"
    r"next|last|late|founding|union’s|union's|club’s|club's|company’s|company's|council’s|council's|"
    r"team’s|team's|agency’s|agency's)\s){0,3}"
)
_AGE: Final = r"(?:,\s\d\d)?"
_ITS: Final = r"(?:(?:the|its|his|her|their|an?|then|now)\s)*"
_HELD: Final = (
    r"(?:(?:has|had|have)\s)?(?:is|was|been|became|become|becomes|remains|remained|served|acted|"
    r"(?:takes|took|taken)\sover|stepped\sin|(?:was|is)\s(?:named|appointed|elected|chosen))"
)
_GIVES_UP: Final = (
    r"(?:(?:gave|gives|given)\sup\sthe\s(?:post|job|role|office)\sof|"
    r"(?:resign(?:s|ed)?|step(?:s|ped)?\sdown|retir(?:es?|ed)|quits?|left)\sas)"
)
_BEHIND_NAME: Final = (
    rf"\A{_AGE},\s(?:who\s{_HELD}\s(?:as\s)?)?",
    rf"\A{_AGE}(?:,\s[^,;:]{{1,60}},|,)?\s{_HELD}\s(?:as\s)?",
    rf"\A{_AGE},\swho\s[^,;:]{{1,50}}?\sand\s{_HELD}\s",
    rf"\A{_AGE}(?:,\s[^,;:]{{1,60}},)?\s(?:(?:has|had|will)\s)?{_GIVES_UP}\s",
    rf"\A{_AGE},\swho\s(?:(?:has|had)\s)?",  # "who has led it": a verb
    rf"\A{_AGE}\sas\s",
)
_BEHIND_MADE: Final = rf"\A{_AGE}\s"  # of whom it was "named", "chosen"
_NAMING: Final = re.compile(
    r"\b(?:named|appointed|elected|chose|chosen|made|picked|hired|promoted)\s(?:[\w’'-]+\s){0,4}\Z"
)
_WANTED: Final = re.compile(
    r"\b(?:want(?:s|ed)?|propos(?:es|ed)|suggest(?:s|ed)|back(?:s|ed)|tip(?:s|ped)|nominat(?:es|ed)|"
    r"prefer(?:s|red)?|sees?|saw|voted\sfor|beat)\s(?:[\w’'-]+\s){0,3}\Z",
    re.IGNORECASE,
)
_OF_IT: Final = r"(?:\sof\s[^,.;:]{1,60})?"
_OWNER: Final = re.compile(r"\A\s(?:of|at|for|in|to)\s(?:the\s)?(?P<owner>[^,.;:]{1,80})")
_OBJECT: Final = re.compile(r"\A\s(?:the\s)?(?P<owner>(?:[^\W\d_a-z][\w’'-]*\s?)+)")
_NAME: Final = re.compile(r"[^\W\d_a-z][\w’'-]*")
_OWNER_BEFORE: Final = re.compile(r"(?P<owner>(?:[^\W\d_a-z][\w’'-]*\s)+)(?:[a-z-]+\s){0,3}\Z")

_FOLLOWS: Final = (
    r"(?:succeed(?:s|ed)?|replac(?:e|es|ed)|follow(?:s|ed)?|t(?:ake|akes|ook|aken)\sover)"
)
_FOLLOWS_AFTER: Final = re.compile(
    rf"\A{_AGE},?\s(?:(?:(?:his|her|its|their)|who\s(?:is|was)\s(?:his|her|its|their))\s"
    rf"(?:predecessor|successor)\b|[^.;]{{0,50}}?(?:to|will|would|has|had|who)\s{_FOLLOWS}\b|"
    rf"[^,.;]{{0,20}}?\b{_FOLLOWS}\b)|\A[^.;]{{0,60}}?\s(?:(?:elected|appointed|named|chosen)\sin\s"
    r"(?:his|her|their)\s(?:place|stead)|(?:fills|filled|steps|stepped|stood|stands)\sin|"
    r"t(?:akes|ook)\scharge|look(?:s|ed)\safter\sthe\s(?:club|company|council|firm|side|team))\b"
)
_FOLLOWS_BEFORE: Final = re.compile(
    r"(?:\b(?:predecessor|successor)(?:\s(?:was|is|will\sbe))?,?\s|"
    r"\b(?:succeeded|replaced|followed)\sby\s(?:[a-z-]+\s){0,5}|\breplaced\s(?:[\w’'-]+\s){1,3}with\s|"
    r"\b(?:succe(?:eds?|eded)|replac(?:es|ed)|follow(?:s|ed)|t(?:akes|ook|aken)\sover(?:\s[\w\s]{0,30}?)?"
    rf"\sfrom)\s(?:[a-z-]+\s){{0,4}}){TITLE}\Z",
    re.IGNORECASE,
)
_NOTHING: Final = r"(?!)"


class HolderTelling:
    """Reads which names sentences give the office that a list asks for.

    Args:
        question: The question for the list.
        of_one: The question for a single holder: "Who was general secretary of the Guild?".
    """

    def __init__(self, question: Question, of_one: str) -> None:
        self._words = question.words | question.names
        told = _office(of_one)
        self._asks = told is not None
        office = rf"\b(?P<told>(?:{_NOTHING if told is None else told})(?:man|woman|person)?)\b"
        *self._behind, self._behind_made = (
            re.compile(rf"{lead}{_ITS}{_BETWEEN}{office}", re.IGNORECASE)
            for lead in (*_BEHIND_NAME, _BEHIND_MADE)
        )
        self._ahead = re.compile(
            rf"{office}{_OF_IT}(?:,|\s(?:is|was|will\sbe|by))?\s{TITLE}\Z", re.IGNORECASE
        )

    @property
    def asks(self) -> bool:
        """Whether an office is asked for that articles give to names."""
        return self._asks

    def holds(self, sentence: str, start: int, end: int) -> bool:
        """Whether a sentence gives the name at ``[start, end)`` the office, and no other's."""
        before, after = sentence[:start], sentence[end:]
        if not self._asks or _WANTED.search(before) is not None:
            return False
        made = [] if _NAMING.search(before) is None else [self._behind_made]
        for behind in (*self._behind, *made):
            match = behind.match(after)
            if match is not None and not self._of_another(after, *match.span("told")):
                return True
        match = self._ahead.search(before)
        return match is not None and not self._of_another(before, *match.span("told"))

    def _of_another(self, text: str, start: int, end: int) -> bool:
        """Whether the office at ``[start, end)`` is that of something that is not asked about."""
        told = _OWNER.match(text[end:]) or _OBJECT.match(text[end:])
        before = _OWNER_BEFORE.search(text[:start])
        owners = [match["owner"] for match in (told, before) if match is not None]
        other = _OTHER.search(text[:start])
        return other is not None or any(not self._is_asked(owner) for owner in owners)

    def _is_asked(self, owner: str) -> bool:
        names = frozenset().union(*(text_words(name) for name in _NAME.findall(owner)))
        return names - STOP_WORDS - COMMON <= self._words


def is_in_turn(sentence: str, start: int, end: int) -> bool:
    """Whether a sentence says of a name that its holder came before or after another one."""
    return (
        _FOLLOWS_AFTER.match(sentence[end:]) is not None
        or _FOLLOWS_BEFORE.search(sentence[:start]) is not None
    )


def _office(of_one: str) -> str | None:
    """A pattern of the asked office: its own words, and what else articles call it."""
    asked = _ASKED.search(of_one)
    told = asked_office(of_one) if asked is None else exact_office(of_one)
    own = None if asked is None else re.escape(asked["office"])
    return "|".join(each for each in (own, told and told.pattern) if each) or None
