"""Words for what a figure measures: "the bill stood at £551 million" tells a cost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.sentences import sentence_before
from api.answering.word_stems import stems
from api.answering.words import AUXILIARY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.questions.question import Question
    from index.records import Chunk

# What is counted or measured stands between "how many" and the verb.
_HOW_MANY: Final = re.compile(
    rf"\bhow\s(?:many|much)\s(?P<noun>[^,?]{{0,60}}?)\s?\b(?:{AUXILIARY}|take|took)\b",
    re.IGNORECASE,
)
# What is planned or told of a measure is none itself, nor is how often it is taken.
_NO_MEASURE: Final = frozenset(
    "expec plan promi forec total numbe amoun figur large big high size day week month season "
    "annual yearly avera curre lates accor there".split()
)
_SYNONYMS: Final = {
    stem: row
    for row in (
        frozenset("cost price bill budge estim fee fees charg pay pays paid".split()),
        frozenset("work worke workf emplo staff job jobs payro headc book".split()),
        frozenset("atten crowd gate spect".split()),
        frozenset("close shut closu".split()),
        frozenset("reven sales turno".split()),
        frozenset("popul inhab".split()),
        frozenset("passe journ trip rider".split()),
        frozenset("spend expen capex outla inves".split()),
        frozenset("defic short gap gaps loss overs".split()),
        frozenset("worth value valua".split()),
        frozenset("queue waiti list".split()),
        frozenset("backl order oblig".split()),
        frozenset("open start begin launc compl finis ready".split()),
    )
    for stem in row
}


def tells_measure(
    claim: Claim, question: Question, chunks_of_article: Callable[[], Sequence[Chunk]]
) -> bool:
    """Whether a claim's sentence, or the one before it, has a word for what is asked of a thing.

    Args:
        claim: A claim of a figure.
        question: The question without the names of the thing.
        chunks_of_article: Loads the chunks of the claim's article.
    """
    chunk = claim.passage.chunk
    before = sentence_before(chunk, claim.sentence_start, chunks_of_article)
    told = stems(claim.sentence)
    if before is not None:
        holding = (each for each in chunks_of_article() if each.start <= before.start)
        told |= stems(max(holding, key=lambda each: each.start).words(before))
    return not measure_words(question).isdisjoint(told)


def measure_words(question: Question) -> frozenset[str]:
    """The stems of words for what a question asks of a thing.

    Args:
        question: The question without the names of the thing.
    """
    return frozenset[str]().union(*map(synonyms, _measure_stems(question.text)))


def synonyms(stem: str) -> frozenset[str]:
    """The stems of words for the measure that one names, the given one among them."""
    return _SYNONYMS.get(stem, frozenset((stem,)))


def _measure_stems(question: str) -> frozenset[str]:
    """The stems of what is counted, or else of all that a question says of a thing."""
    counted = _HOW_MANY.search(question)
    if counted is not None:
        nouns = stems(counted["noun"]) - _NO_MEASURE
        if nouns - {"peopl"}:
            return nouns
    return stems(question) - _NO_MEASURE - {"peopl"}
