"""Reasons told in several parts: "costs rose" of "because costs rose and demand fell", in full."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.questions.answer_kind import AnswerKind
from api.answering.reading.reader import move_spans
from api.answering.sentences import sentence_around
from api.answering.word_stems import is_past
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.questions.question import Question
    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

_CLAUSE: Final = r"because(?!\sof\b)|as|since|given\sthat"
_PHRASE: Final = (
    r"because\sof|due\sto|owing\sto|thanks\sto|on\saccount\sof|amid|over|"
    r"blam(?:ed|es|ing)(?:\son)?|cit(?:ed|es|ing)"
)
_AIM: Final = r"(?:in\sorder\s)?to"
_TELLS: Final = re.compile(
    rf"\b(?:(?P<clause>{_CLAUSE})|(?P<phrase>{_PHRASE})|(?P<aim>{_AIM}))"
    r"(?:\s(?:both|the|an?|its|his|her|their))?\s\Z",
    re.IGNORECASE,
)
_BEGINS: Final = re.compile(
    rf"(?:(?P<clause>{_CLAUSE})|(?P<phrase>{_PHRASE})|(?P<aim>{_AIM}))\s", re.IGNORECASE
)
# "costs rose, demand fell and staff left"
_INSIDE: Final = r"(?:[^\s,;:!?()—\"”]|[,:](?=\d))"
_PART: Final = rf"{_INSIDE}+(?:\s{_INSIDE}+){{0,5}}"
_GOES_ON: Final = re.compile(
    rf"\A(?:,\s(?!(?:and|but|he|it|she|they|though|which|while|who)\b){_PART}){{0,3}}"
    rf"\sand\s(?P<again>because\s(?:of\s)?)?(?P<rest>{_INSIDE}+(?:\s{_INSIDE}+){{0,13}}?(?<!\.))"
    r"(?=[,;:!?()—\"”]|\.?\s*\Z|\s(?:although|but|though|which|while|who)\s)"
)
_SAID: Final = re.compile(r"\b(?:added|said|says|told)\b")
# What the firm did is told on, and no reason any more: "and it will reopen", "and moved to Skar".
_OF_MAIN_CLAUSE: Final = re.compile(
    r"(?:he|it|she|they|we|is|are|was|were|has|have|had|will|would|can|could|may|might|also|"
    r"instead|later|not|now|plans?|expects?|hopes?|so|still|that|then)\b",
    re.IGNORECASE,
)
_AUXILIARY: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|do|does|did)\b"
)
_NO_NOUN: Final = frozenset(
    "a an the its his her their this that these those to in on at from for with by up out off "
    "down over back away into again against as all some".split()
)
_DETERMINERS: Final = frozenset("a an the its his her their".split())


def whole_reasons(
    question: Question, spans: Sequence[ScoredSpan], passages: Sequence[Passage]
) -> list[ScoredSpan]:
    """Let the spans of a question that asks why go on over the further parts of their reason.

    Only where words before them or their own say that a reason is told, and what follows "and" is
    of its shape. The firm's next step ("because costs rose and moved to Skar") is none.
    """
    if question.kind is not AnswerKind.REASON:
        return list(spans)
    return move_spans(spans, lambda scored: [_whole(scored, passages[scored.passage])])


def _whole(scored: ScoredSpan, passage: Passage) -> Span:
    around, span = sentence_around(passage, scored.span), scored.span
    sentence = passage.chunk.words(around)
    start, end = span.start - around.start, span.end - around.start
    told = _BEGINS.match(sentence, start, end) or _TELLS.search(sentence[:start])
    after = None if told is None else _GOES_ON.match(sentence[end:])
    if told is None or after is None or _SAID.search(after[0]):
        return span
    rest = after["rest"].split()
    shape = _is_clause if told["clause"] else _is_aim if told["aim"] else _is_phrase
    if after["again"] is None and (_OF_MAIN_CLAUSE.match(after["rest"]) or not shape(rest)):
        return span
    return Span(span.start, span.end + after.end("rest"))


def _is_verb_phrase(words: Sequence[str]) -> bool:
    """Whether words begin with a verb of the past: "moved to Skar", but not "reduced demand"."""
    return is_past(words[0].lower()) and (len(words) < 2 or words[1].lower() in _NO_NOUN)


def _is_clause(words: Sequence[str]) -> bool:
    """Whether words are a subject with its verb: "demand fell", "no parts could be had"."""
    later = [word.lower() for word in words[1:]]
    has_verb = any(is_past(word) or _AUXILIARY.fullmatch(word) for word in later)
    return has_verb and not _is_verb_phrase(words)


def _is_phrase(words: Sequence[str]) -> bool:
    """Whether words are a thing: "falling demand"."""
    return not _is_verb_phrase(words)


def _is_aim(words: Sequence[str]) -> bool:
    """Whether words begin with the verb of a further aim: "free cash"."""
    first = words[0]
    return (
        first.islower()
        and first not in _DETERMINERS
        and not is_past(first)
        and not first.endswith(("ing", "s"))
        and len(words) > 1
    )
