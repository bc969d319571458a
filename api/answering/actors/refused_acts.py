"""Acts that a text says were not done: who "declined to sign" the letter did not sign it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.word_stems import same_verb
from api.answering.words import AUXILIARY
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.answering.questions.question import Question
    from index.records import Chunk

_NOT: Final = (
    rf"(?:\b{AUXILIARY}\s(?:[a-z]+ly\s|also\s|still\s)?(?:not|never)|"
    r"\b(?:is|are|was|were|do|does|did|has|have|had|wo|would|ca|could|should)n['’]t|"
    r"\b(?:can)?not|\bnever)\b"
)
# "Did not attend", "declined to sign", "was unable to", "abstained from voting"
_UNDONE: Final = re.compile(
    rf"{_NOT}(?!\s(?:just|merely|only)\b)(?:\s(?:been|being|even|ever|to|yet|[a-z]+ly))*"
    r"(?:\s(?:able|allowed|asked|free|invited|prepared|ready|willing)\sto)?\s(?P<act>[a-z]+)"
    r"|\b(?:declin|refus|fail)(?:es?|s|ed|ing)?\sto\s(?P<declined>[a-z]+)"
    r"|\b(?:unable|unwilling|reluctant|too\s[a-z]+)\sto\s(?P<unable>[a-z]+)"
    r"|\b(?:abstain(?:s|ed)\sfrom|pull(?:s|ed)\sout\sof|stop(?:s|ped)\sshort\sof|"
    r"ruled\sout|rules\sout)\s(?P<left>[a-z]+ing)\b"
)
# "Ann Lee signed, but Bo Ek did not."
_ELLIPSIS: Final = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|will|would)(?:\snot|n['’]t)"
    r"(?=\s*(?:[.,;!)\n]|\Z)|\sdo\sso\b)"
)
_ASKS_OF_UNDONE: Final = re.compile(
    rf"{_NOT}|\b(?:declin|refus|fail|except|without|unable|unwilling|abstain|absent)",
    re.IGNORECASE,
)
_NAMES: Final = r"(?:the\s)?[A-Z][\w'’&.-]*(?:\s[A-Z][\w'’&.-]*){0,3}"
# Between a subject and its verb: "Bo Ek of Acme and Ann Lee, its chair, who", "12 of its members",
# "Bo Ek called it a sham and".
_OF_SUBJECT: Final = re.compile(
    rf"\A(?:\s{_NAMES})?(?:\s(?:of|from|at|in|for)\s{_NAMES})?(?:,?\s(?:and|or|nor)\s{_NAMES})*"
    r"(?:\s(?:of\s(?:(?:the|its|their|those)\s)?(?:\d+\s)?)?[a-z-]+(?:s|men|people|staff))?"
    r"(?:,[^,;]{0,60},)?(?:,?\s(?:who|which|that))?(?:(?:\s[a-z]+){1,5},?\s(?:and|but))?"
    rf"(?:\s(?:[a-z]+ly|also|both|{AUXILIARY}|agreed|chose|decided|opted|pledged|voted|vowed))*\s\Z"
)
_OF_OBJECT: Final = re.compile(r"\A\s(?:(?:by|any|the|an?|its|his|her|their)\s){0,2}\Z")
_UNTIL: Final = re.compile(r"\A[^,;.]*\b(?:until|till|before)\b")
_AFTER_ALL: Final = re.compile(
    r"\b(?:but|and|then|until)\s(?:(?:did|later|finally|eventually|then|has)\s)*(?P<act>[a-z]+)"
)
_NEITHER: Final = re.compile(r"\b[Nn]either\s(?:[\w'’&.-]+\s){0,6}\Z")
_EXCEPTED: Final = re.compile(
    r"\b(?:except(?:\sfor)?|all\sbut|but\snot|with\sthe\sexception\sof)\s"
    r"(?:the\s)?(?:[A-Z][\w'’&.-]*\s){0,2}\Z"
)
_WORD: Final = re.compile(r"[a-z]+")
_REACH: Final = 200  # characters before its sentence that may have the verb of an ellipsis


def is_of_undone_act(question: Question, chunk: Chunk, around: Span, span: Span) -> bool:
    """Whether a span is who did not do what a question asks for, or what it was not done to.

    "Bo Ek declined to sign the letter" tells no answer to "Who signed the letter?", but one to
    "Who declined to sign the letter?".

    Args:
        question: The question.
        chunk: Where the span stands.
        around: Its sentence.
        span: The span.
    """
    if _ASKS_OF_UNDONE.search(question.text):
        return False
    sentence = chunk.words(around)
    start, end = span.start - around.start, span.end - around.start
    if _NEITHER.search(sentence[:start]) or _EXCEPTED.search(sentence[:start]):
        return _tells_of_act(question, sentence)
    earlier = chunk.words(Span(max(chunk.start, around.start - _REACH), around.start))
    return any(
        _OF_SUBJECT.match(sentence[end:low]) is not None
        if low >= end
        else _OF_OBJECT.match(sentence[high:start]) is not None
        for low, high in [*_undone(question, sentence), *_left_out(question, earlier, sentence)]
    )


def _undone(question: Question, sentence: str) -> Iterator[tuple[int, int]]:
    """Where a sentence says that the asked act was not done: the words from "not" to the verb."""
    for match in _UNDONE.finditer(sentence):
        act = next(verb for verb in match.groups() if verb is not None)
        rest = sentence[match.end() :]
        if not _is_asked(act, question) or _UNTIL.match(rest):
            continue
        if not any(same_verb(after["act"], act) for after in _AFTER_ALL.finditer(rest)):
            yield match.span()


def _left_out(question: Question, earlier: str, sentence: str) -> Iterator[tuple[int, int]]:
    """Where a sentence says so without the verb, which stands before: "Bo Ek did not"."""
    for match in _ELLIPSIS.finditer(sentence):
        if _tells_of_act(question, earlier + sentence[: match.start()]):
            yield match.span()


def _tells_of_act(question: Question, text: str) -> bool:
    return any(_is_asked(act[0], question) for act in _WORD.finditer(text))


def _is_asked(act: str, question: Question) -> bool:
    return any(same_verb(act, word) for word in question.words)
