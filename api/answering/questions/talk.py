"""What is said in a chat and asks nothing of the articles: "Thanks!", "Why?", "Summarise that"."""

from __future__ import annotations

import re
from typing import Final

from api.answering.questions.common_words import OPENERS, TITLES
from api.answering.words import split_words
from index.folding import fold, plain_marks


def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in split_words(plain_marks(text)))


_COURTESIES: Final = frozenset(
    _words(phrase)
    for phrase in (
        "thanks, thank you, thankyou, thx, ty, cheers, much appreciated, appreciated, many "
        "thanks, hello, hi, hey, good morning, good afternoon, good evening, good night, good "
        "day, goodbye, bye, see you, welcome, how are you, ok, okay, alright, all right, right, "
        "great, perfect, excellent, awesome, amazing, wonderful, brilliant, fantastic, nice, "
        "cool, good, fine, super, wow, got it, i see, i understand, understood, makes sense, "
        "that makes sense, noted, sure, of course, exactly, yes, yep, yeah, no, nope, please, "
        "sorry, never mind, nevermind, no problem, that's all, that's it, that's great, that's "
        "right, that's correct, that's helpful, that is all, helpful, that helps, that helped, "
        "very good, very nice, very helpful, so helpful, good job, great job, nice job, well "
        "done, good work, great work, nice work, good answer, great answer, you're welcome, "
        "lol, haha, hmm, ah, oh, test, testing"
    ).split(", ")
)
_BESIDE_THEM: Final = frozenset(  # what makes a courtesy longer
    _words(phrase)
    for phrase in (
        "so much, very much, a lot, very, really, so, again, there, all, everyone, everybody, "
        "then, now, today, for that, for this, for your help, for the help, for your time, for "
        "the answer, for your answer, for the information, for the info, and, but, you too, "
        "indeed"
    ).split(", ")
)
_LONGEST: Final = max(map(len, _COURTESIES | _BESIDE_THEM))

_ASKED_FOR: Final = r"(?:please )?(?:(?:can|could|would|will) you (?:please )?)?"
_OF_THE_ANSWER: Final = re.compile(
    rf"(?:(?:but|and|so) )?{_ASKED_FOR}(?:"
    r"why(?: so| not| is that| is this| that)?|how so|how come|really"
    r"|how do you know(?: that)?|(?:are|were) you (?:sure|certain)(?: about (?:it|that|this))?"
    r"|is (?:that|this|it) (?:right|true|correct|all)|what(?: do| did) you mean(?: by that)?"
    r"|(?:tell|show|give) me more(?: about (?:it|that|this))?|(?:some )?more(?: details?)?|go on"
    r"|continue|(?:explain|elaborate|expand|simplify|shorten|repeat|rephrase|summari[sz]e|translate)"
    r"(?: on)?(?: (?:it|that|this|them|your answer|the answer))?"
    r"(?: (?:again|briefly|please|in(?:to)? \w+(?: \w+)?))?"
    r"|say (?:it|that) again|what else|anything else|(?:your )?sources?|says who|who says(?: so)?"
    r"|who said (?:that|this|so)|where did you (?:get|find|read) (?:it|that|this)"
    r")(?: (?:then|please|exactly|again))?"
)
_WRITING: Final = re.compile(
    rf"{_ASKED_FOR}(?:summari[sz]e|translate|paraphrase|rewrite|write (?:me )?(?:a|an|the|some)"
    r"|compose an?|draft (?:me )?an?) .+"
)
_ASKS: Final = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|how (?:much|many|long|old))\Z"
)
_ENDS: Final = ".,!?;:…\n"
_OPENING: Final = re.compile(rf"\A([^{_ENDS}]*)([{_ENDS}]+)\s*")
_SENTENCE_END: Final = re.compile(r"[.!?…\n]")

NOTHING: Final = (
    "Nothing is asked here. Ask what an article may say: who, what, when, where or how much."
)
OF_THE_ANSWER: Final = (
    "This asks about an answer, and answers are not read: each question is put to the articles "
    "alone. Ask it in full, as in 'Why did the plant close?'."
)
WRITING: Final = (
    "Nothing is summarised, translated or written here: answers are the words of articles. Ask "
    "what they say."
)


def why_not_asked(question: str) -> str | None:
    """Say in plain words why a turn of a chat asks nothing of the articles; None where it does."""
    words = _words(question)
    if _is_courtesy(words):
        return NOTHING
    said = " ".join(_words(without_courtesies(question)))
    if _OF_THE_ANSWER.fullmatch(said):
        return OF_THE_ANSWER
    if _WRITING.fullmatch(said) and not _is_about_a_name(question, said):
        return WRITING
    return None


def _is_about_a_name(question: str, said: str) -> bool:
    """Whether what begins like an order is a question: "Translate Bio raised how much?"."""
    return question.rstrip().endswith("?") and _ASKS.search(said) is not None


def without_courtesies(question: str) -> str:
    """A question without what is said before and after it, as in "Hi, who runs Acme? Thanks!".

    A turn of courtesies alone keeps the last of them.
    """
    rest = question
    while (
        (opening := _OPENING.match(rest)) is not None
        and opening.end() < len(rest)
        and _is_courtesy(_words(opening[1]))
        and _goes_on_behind(opening[2], rest[opening.end() :])
    ):
        rest = rest[opening.end() :]
    ends = (end.end() for end in _SENTENCE_END.finditer(rest.rstrip(".!… \n")))
    closing = max(ends, default=0)
    if closing == 0 or not _is_courtesy(_words(rest[closing:])) or _ends_in_title(rest[:closing]):
        return rest
    return rest[:closing]


def _ends_in_title(text: str) -> bool:
    """Whether words end in "Dr." or the like, so that no sentence does."""
    *_, last = ["", *text.split()]
    return last.endswith(".") and fold(last[:-1]) in TITLES


def _goes_on_behind(end: str, rest: str) -> bool:
    """Whether a question begins here; "Hello! magazine" is a name."""
    first = fold(rest.split(maxsplit=1)[0]).strip(_ENDS)
    return "!" not in end or not rest[0].islower() or first in OPENERS


def _is_courtesy(words: tuple[str, ...]) -> bool:
    """Whether words are courtesies alone, the longest first; no words are, too."""
    place = 0
    while place < len(words):
        for length in range(_LONGEST, 0, -1):
            phrase = words[place : place + length]
            if phrase in _COURTESIES or (place > 0 and phrase in _BESIDE_THEM):
                place += length
                break
        else:
            return False
    return True
