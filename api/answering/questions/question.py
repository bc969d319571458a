"""A question, parsed once: everything after the request works on this, not on a string."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from api.answering.periods import MONTH_NAMES, WEEKDAYS
from api.answering.questions.active_voice import active_voice
from api.answering.questions.answer_kind import AnswerKind, wanted_kind
from api.answering.questions.closing_question import as_one_question
from api.answering.questions.keywords import holder_question, keyword_kind
from api.answering.questions.question_mark import with_question_mark
from api.answering.questions.talk import without_courtesies
from api.answering.words import STOP_WORDS, has_capital, split_words
from index.folding import fold, plain_marks

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPACE: Final = re.compile(r"\s+")
_YEAR: Final = re.compile(r"(?:19|20)\d\d\Z")
# Days and months are no names: "as of January 2025", but "What did May say?".
_TIMES: Final = re.compile(
    rf"\b(?:{'|'.join(WEEKDAYS)})\b"
    r"|\b(?:after|and|before|between|by|during|early|end\sof|from|in|last|late|mid|next|of|on|since|this|to|until)[\s-]"
    rf"(?:{MONTH_NAMES})\b(?!\s[^\W\d_a-z])"
    rf"|\b(?:{MONTH_NAMES})\s\d",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what it asks about; two are equal if their texts are.

    Attributes:
        text: The question with each run of white space as one space, without courtesies around it,
            as one question in the active voice and with its mark: what encoder, reader and lexical
            index get. Nothing else is normalised; capitals tell names from words.
        verbatim: The question as it was sent, which the reply repeats.
        names: Its capitalised words except the first word, stop words, days and months, folded.
        years: Its numbers from 1900 to 2099.
        words: Its words except stop words, folded; names and years are among them.
        kind: The kind of answer that it asks for.
        aliases: The words of other names, by a word of the name that the question uses.
    """

    text: str
    verbatim: str = field(compare=False)
    names: frozenset[str] = field(compare=False)
    years: frozenset[str] = field(compare=False)
    words: frozenset[str] = field(compare=False)
    kind: AnswerKind = field(compare=False)
    aliases: Mapping[str, tuple[frozenset[str], ...]] = field(
        compare=False, default_factory=dict, repr=False
    )

    @classmethod
    def parse(cls, verbatim: str) -> Question:
        """Parse a question."""
        asked = as_one_question(without_courtesies(_SPACE.sub(" ", verbatim)))
        text = with_question_mark(active_voice(holder_question(asked)))
        tokens = split_words(plain_marks(text))
        lowered = [fold(token) for token in tokens]
        times = {fold(word) for match in _TIMES.findall(text) for word in split_words(match)}
        kind = wanted_kind(text)
        return cls(
            text=text,
            verbatim=verbatim,
            names=frozenset(
                low
                for token, low in zip(tokens[1:], lowered[1:], strict=True)
                if has_capital(token) and low not in STOP_WORDS and low not in times
            ),
            years=frozenset(low for low in lowered if _YEAR.match(low)),
            words=frozenset(low for low in lowered if low not in STOP_WORDS),
            kind=keyword_kind(text) if kind is AnswerKind.OTHER else kind,
        )

    def lacking_names(self, present: frozenset[str]) -> frozenset[str]:
        """The names that are not among some words, nor any alias of them."""
        return frozenset(
            name
            for name in self.names - present
            if not any(alias <= present for alias in self.aliases.get(name, ()))
        )

    def share_named(self, present: frozenset[str]) -> float:
        """The share of its names that some words name, in [0, 1]; 1 if it has none."""
        if not self.names:
            return 1.0
        return 1.0 - len(self.lacking_names(present)) / len(self.names)
