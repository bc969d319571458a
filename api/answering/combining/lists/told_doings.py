"""Names of which a sentence says that they did what a list asks for, or that they are one more.

"Bo Ek was arrested in May", "Beta has come in as a fourth member": an article that says what of
need not say it in the same sentence, and a reader takes such a sentence for no answer.
"""

from __future__ import annotations

import re
from typing import Final

from api.answering.combining.lists.list_forms import OF_SEVERAL
from api.answering.word_stems import stems
from api.answering.words import STOP_WORDS, text_words

_AUXILIARY: Final = (
    rf"{OF_SEVERAL}|has|is|was|had|been|being|be|already|also|now|since|ever|all|first"
)
_ASKED: Final = re.compile(
    rf"\b(?:who|which|what)\b[^?]*?\s(?P<aux>(?:(?:{_AUXILIARY})\s)+)(?P<verb>[a-z]{{3,}}(?:ed|en|t|d|n))\b"
    r"(?P<object>[^?]*)",
    re.IGNORECASE,
)
_PAST: Final = re.compile(
    r"\A(?:in\s)?(?:who|which(?:\s[\w’'-]+){1,3}?)\s(?P<verb>[a-z]{2,}ed|won|bought|sold|left|took|built|lost)"
    r"(?P<object>\s[^?]*)",
    re.IGNORECASE,
)
_NO_OBJECT: Final = (
    r"in|on|at|to|from|for|by|with|of|over|after|before|since|under|during|as|that|which|who|where|"
    r"when|because|last|this|earlier|later|again|too|also"
)
_OBJECT: Final = re.compile(
    rf"\A(?P<thing>(?:\s(?!(?:{_NO_OBJECT})\b)[^\s?]+){{1,6}})", re.IGNORECASE
)
_ROLE: Final = re.compile(r"\A\sas\s((?:[\w’'-]+\s?){1,5})")
# "joined in May", "signed it": the same thing as in the sentences around
_SAME_OBJECT: Final = re.compile(rf"\A(?:\W*\Z|\s?[,.;:]|\s(?:{_NO_OBJECT}|it|them|both)\b)")
_NAMED_OBJECT: Final = re.compile(r"\A\s(?:(?:the|its|an?)\s)?((?:[^\W\d_a-z][\w’'-]*\s?)+)")
_BE: Final = r"(?:is|are|was|were|be|been|being)"
_IS: Final = re.compile(rf"\b{_BE}\b")
_PLAIN: Final = (
    r"(?:(?:also|already|since|then|now|later|both|all|each|first|duly|has|have|had)\s)*"
)
_WORD: Final = re.compile(r"[a-z]+")
# The words between a name and its verb that belong to the verb: "has also been".
_LEADS_TO_VERB: Final = re.compile(rf"\s(?:{_BE}\s)?{_PLAIN}\Z")
_PASSIVE: Final = re.compile(rf"\b{_BE}\s{_PLAIN}\Z")
_OF_VERB: Final = re.compile(rf"(?:\A|\s)(?:has\s|have\s|had\s)?(?:{_BE}\s)?{_PLAIN}\Z")
_CLAUSE_END: Final = re.compile(r"[;.]|,\s(?:but|while|and)\s")
_NAME: Final = (
    r"(?:the\s)?[^\W\d_a-z][\w’'&.-]*(?:\s(?:(?:of|the|de|van|von)\s)?[^\W\d_a-z][\w’'&.-]*)*"
)
# What may stand between a name and its verb: more names, what is said of them, nothing else.
_APPOSITION: Final = r"(?:,\s(?!(?:and|but|or|while|when|as|after|before|though)\b)[^,;:]{1,60})"
_BETWEEN: Final = re.compile(
    rf"(?:{_APPOSITION}{{0,3}},?\s(?:and|or|as\swell\sas)\s{_NAME}|,\s{_NAME}){{0,6}}(?:{_APPOSITION}{{1,3}},)?\s?\Z"
)
_DENIED: Final = re.compile(
    r"\b(?:not|never|no|neither|nor|declined?|refused?|denied|rejected|failed|dropped|against|without|"
    r"almost|nearly|instead)\b|n[’']t\b",
    re.IGNORECASE,
)
_LONGEST_GAP: Final = 160  # characters

_NUMBER: Final = r"second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|latest|newest"
_SOME: Final = r"(?:one|two|three|four|five|six|\d{1,2})"
_UNNAMED: Final = r"members?|suspects?|men|man|women|woman|persons?|people|partners?|part(?:y|ies)"
_UNSURE: Final = re.compile(r"\b(?:may|might|could|would|should|hopes?|wants?|if)\b", re.IGNORECASE)


class DoingTelling:
    """Reads of which names sentences say that they did what a list asks for.

    Args:
        question: The question's words.
        noun: What each item is called; None where the question does not say.
    """

    def __init__(self, question: str, noun: str | None) -> None:
        asked = _ASKED.search(question) or _PAST.search(question)
        self._verb = frozenset[str]() if asked is None else stems(asked["verb"])
        self._passive = (
            asked is not None and _IS.search(asked.groupdict().get("aux") or "") is not None
        )
        thing = None if asked is None else _OBJECT.match(asked["object"])
        self._object = frozenset[str]() if thing is None else _plain_stems(thing["thing"])
        self._words = text_words(question)
        self._stems = stems(question)
        nouns = _UNNAMED if noun is None else rf"{_UNNAMED}|{re.escape(noun)}s?"
        self._counts_on = re.compile(
            rf"\b(?:a|the|its|their)\s(?:{_NUMBER})\s(?:[a-z-]+\s){{0,3}}?(?:{nouns}|one)\b|"
            rf"\b{_SOME}\s(?:more|new|other|further)\s(?:[a-z-]+\s){{0,2}}?(?:{nouns})\b|"
            rf"\banother\s(?:[a-z-]+\s){{0,2}}?(?:{nouns})\b|"
            rf"\b(?:has|have)\sjoined\s(?:them|the\s(?:other\s)?(?:two|three|four|five|six|others))\b",
            re.IGNORECASE,
        )

    def did(self, sentence: str, end: int) -> bool:
        """Whether a sentence says of the name that ends at ``end`` that it did so."""
        after = sentence[end:]
        for match in _WORD.finditer(after[:_LONGEST_GAP]):
            verb = stems(match[0])
            if not verb or not verb <= self._verb:
                continue
            before = after[: match.start()]
            if _LEADS_TO_VERB.search(before) is None or _DENIED.search(before) is not None:
                continue
            if (_PASSIVE.search(before) is not None) != self._passive:
                continue
            rest = _CLAUSE_END.split(after[match.end() :], maxsplit=1)[0]
            if _BETWEEN.match(_OF_VERB.sub(" ", before)) and self._is_same_thing(rest):
                return True
        return False

    def _is_same_thing(self, rest: str) -> bool:
        """Whether what follows the verb names no other thing than the question's."""
        role = _ROLE.match(rest)
        if role is not None and stems(role[1]).isdisjoint(self._stems):
            return False  # "Which ministers resigned?" is not answered by who did as a coach
        other = None if self._passive else _NAMED_OBJECT.match(rest)
        if other is not None and not text_words(other[1]) - STOP_WORDS <= self._words:
            return False
        told = not self._object or not self._object.isdisjoint(stems(rest))
        return told or _SAME_OBJECT.match(rest) is not None

    def is_one_more(self, sentence: str) -> bool:
        """Whether a sentence counts on: "a fourth member", "two more people"."""
        counted = self._counts_on.search(sentence) is not None
        return counted and _UNSURE.search(sentence) is None


def _plain_stems(words: str) -> frozenset[str]:
    """The stems of words without capitals and figures: "bond" and "sale" of "Acme's bond sale"."""
    return stems(" ".join(word for word in words.split() if word.isalpha() and word.islower()))
