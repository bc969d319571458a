"""Stems of words: "spend" and "spending" are one, as are the forms of a verb."""

from __future__ import annotations

import re
from typing import Final

from api.answering.periods import MONTH_NAMES, WEEKDAYS
from api.answering.words import STOP_WORDS, split_words

_LETTERS: Final = 5  # letters that "spend" and "spending" share
_ENDING: Final = re.compile(r"(?<=\w{4})(?:ly|ing|ed|es|s)\Z")
# Verbs whose past has another stem.
_PRESENT: Final = {
    "spent": "spend", "paid": "pay", "sold": "sell", "bought": "buy", "built": "build",
    "lost": "lose", "won": "win", "made": "make", "grew": "grow", "grown": "grow", "rose": "rise",
    "risen": "rise", "fell": "fall", "fallen": "fall", "gave": "give", "given": "give",
    "took": "take", "taken": "take", "drew": "draw", "drawn": "draw", "held": "hold",
    "lent": "lend", "borne": "bear", "bore": "bear", "ran": "run", "owed": "owe",
    "went": "go", "saw": "see", "seen": "see",
    "beaten": "beat", "began": "begin", "begun": "begin", "broke": "break", "broken": "break",
    "chose": "choose", "chosen": "choose", "came": "come", "fought": "fight", "found": "find",
    "kept": "keep", "led": "lead", "left": "leave", "met": "meet", "sent": "send", "shot": "shoot",
    "spoke": "speak", "spoken": "speak", "stood": "stand", "struck": "strike",
    "withdrew": "withdraw", "withdrawn": "withdraw", "wrote": "write", "written": "write",
}  # fmt: skip
_VERB_ENDING: Final = re.compile(r"(?<=\w{3})(?:ing|ed|es|s)\Z|(?<=\w{2})e\Z")
_DOUBLED: Final = re.compile(r"([^\W\d_])\1\Z")
_NO_SUBJECT: Final = frozenset(
    "said says told will would year years month million billion trillion thousand percent cent "
    "dollars euros pounds quarter about around nearly almost least since last next new "
    "first second third".split()
).union(MONTH_NAMES.split("|"), WEEKDAYS)


def stems(text: str) -> frozenset[str]:
    """The stems of a text's words that say what it is about."""
    words = (word.lower() for word in split_words(text))
    return frozenset(
        _PRESENT.get(word, _ENDING.sub("", word)[:_LETTERS])
        for word in words
        if word not in STOP_WORDS and word not in _NO_SUBJECT and not word[0].isdigit()
    )


def is_past(word: str) -> bool:
    """Whether a word in lower case looks like the past of a verb: "closed", "rose"."""
    return word in _PRESENT or (word.endswith("ed") and len(word) > len("need"))


def same_verb(left: str, right: str) -> bool:
    """Whether two words in lower case are forms of one verb: "won" and "win"."""
    return _bare(left) == _bare(right)


def _bare(verb: str) -> str:
    """A verb without the ending of its form, for comparison: "carried" and "carry" are one."""
    bare = _DOUBLED.sub(r"\1", _VERB_ENDING.sub("", _PRESENT.get(verb, verb)))
    return f"{bare[:-1]}y" if bare.endswith("i") else bare
