"""Enumerations: "A, B and C" in a sentence, taken apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.periods import CAPITALISED_DAYS
from api.answering.reading.reader import move_spans
from api.answering.sentences import sentence_around
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.answering.reading.reader import ScoredSpan
    from index.records import Passage

WORD: Final = r"[^\W\d_a-z][\w’'&.-]*(?<![.’'])|(?!\d+-[a-z])\d[\w-]*+(?![.,]\d)"
"""A word of a name, as alternatives of a pattern: with a capital, or a number."""
LINK: Final = r"&|of\sthe|of|de\sla|de|du|da|van\sder|van|von|der|bin|al"
"""What links the words of a name, as alternatives of a pattern."""
# Bounded, as it is tried at each of its words.
NAME: Final = rf"(?:the\s)?(?:{WORD})(?:\s(?:(?:{LINK})\s)?(?:{WORD})){{0,15}}(?:’s?|'s?)?"
"""A name of up to sixteen words."""
_NO_NAME: Final = (
    f"{CAPITALISED_DAYS}|Both|Either|Neither|And|But|Or|On|In|At|For|With|From|By|As|While|When|"
    "After|Before|Since|Under|Of|To|Like|Only|Also|Besides|Among|Between|Including|Unlike|Despite"
)
_DETERMINER: Final = r"(?:the|an?|its|his|her|their)\s"
_PLAIN: Final = r"(?:(?!(?:and|or|but|who|which|that|while|when)\b)[a-z\d][\w’'-]*\s)"
_PLACED: Final = (
    r"(?:\s(?:in|at|near|from)\s(?:the\s)?(?:" + WORD + r")(?:\s(?:" + WORD + r")){0,7})?"
)
_NUMBERED: Final = r"(?:\s\d+(?:[.,]\d+)*(?![\w%]))?"
# Numbers may be words of a name, or stand before or after it: each item is read in one way only.
# "the lawyer Ada Lind", "the cottage hospital at Skar in Penhallow", "wings from Acme".
_ITEM: Final = rf"(?>(?:{_DETERMINER}{_PLAIN}{{0,3}}|{_PLAIN}{{1,2}})?{NAME}{_PLACED}{_NUMBERED})"
_FIRST: Final = (
    rf"(?!(?:{_NO_NAME})\b)(?>(?:{_DETERMINER}{_PLAIN}{{1,3}})?{NAME}{_PLACED}{_NUMBERED})"
)
_JOINT: Final = r",?\s(?:and|or|as\swell\sas)\s"  # "&" is of a name: "Marks & Spencer"
_NAMES: Final = re.compile(
    # Of two no comma stands between: "through the Grand Tour, and Ada Lind".
    rf"(?<![\w’'-]){_FIRST}(?:(?:[,;]\s{_ITEM}){{1,60}}{_JOINT}|\s(?:and|or|as\swell\sas)\s){_ITEM}"
)
_PARTS: Final = re.compile(rf"{_JOINT}|[,;]\s(?:and\s)?")
_LOWER_PARTS: Final = re.compile(r",?\s(?:and|or)\s|[,;]\s")
_LED_TO: Final = re.compile(
    rf"\A(?:{_DETERMINER})?(?P<before>{_PLAIN}{{0,3}}?)(?P<name>{NAME})(?P<placed>{_PLACED}){_NUMBERED}\Z"
)
# "led by Acme", "both in Skar": what leads to the name here is nothing of its own.
_ONLY_LED: Final = re.compile(
    r"(?:(?:both|all|mostly|mainly|also|then)\s)?(?:(?:[a-z]+ed|built|held|led|made|run)\s)?"
    r"(?:by|from|in|at|of|near|to|with|on|for)\s"
)
_PREPOSITIONS: Final = frozenset("in at near from of for by with on to".split())
ARTICLE: Final = re.compile(rf"\A{_DETERMINER}")
"""The article or pronoun that words begin with."""
_GOES_ON: Final = re.compile(r"(?:,\s[^,.;:()\n]{1,60})*,?\sand\s[^,.;:()\n]{1,60}?(?=[.;,)\n]|\Z)")
_BEFORE_IT: Final = re.compile(r"(?:\A|[:(]\s?)((?:[^,.;:()\n]{1,60},\s)+)\Z")
# "pumps and valves in Bergen, Turku and Ghent": where they all are, and no more of them.
_IN_PLACES: Final = re.compile(
    rf"\s(?:in|at|near|from)\s(?:the\s)?(?:{WORD})(?:\s(?:{WORD})){{0,7}}(?:,|,?\s(?:and|or))\s"
)
_JOINT_LOWER: Final = re.compile(r"\s(?:and|or)\s[a-z]")
_LONGEST_PART: Final = 8  # words
_LONGEST_LAST: Final = 14  # words; more may follow the last: "and 40 seats added over the summer"
# No part of an enumeration begins so, but what is said beside one: "the cake, all of it sold, and".
_NO_PART: Final = re.compile(
    r"\s*(?:and\s)?(?:all|among|as|but|especially|including|mainly|most|mostly|one|part|some|"
    r"though|which|while|who|whose|with)\b",
    re.IGNORECASE,
)


def taken_apart(
    spans: Sequence[ScoredSpan], passages: Sequence[Passage], *, named: bool = True
) -> list[ScoredSpan]:
    """Replace spans that are part of "A, B and C" by a span for each name, scored as they are.

    A span that holds the enumeration, or only some of its names, stands for all of them. Of equal
    spans the best stays.

    Args:
        spans: What was read.
        passages: Where it was read.
        named: Whether the items are names. What is written in lower case is parted where the
            reader took the whole, and where no names are asked for also where it took a part.
    """
    return move_spans(spans, lambda scored: _parts_of(scored, passages[scored.passage], named))


def _parts_of(scored: ScoredSpan, passage: Passage, named: bool) -> list[Span]:
    around = enumerated_names(scored, passage)
    if around is not None:
        return around
    span = scored.span if named else _whole_enumeration(scored, passage)
    words = _before_places(passage.chunk.words(span))
    parts = list(_split(words, span.start, _LOWER_PARTS))
    if len(parts) < 2:  # of "and" alone there is none
        return [span]
    texts = [passage.chunk.words(part) for part in parts]
    lengths = [len(text.split()) for text in texts]
    short = max(lengths[:-1]) <= _LONGEST_PART and lengths[-1] <= _LONGEST_LAST
    figures = any(not any(map(str.isalpha, text)) for text in texts)
    digits = named and any(map(str.isdigit, words))
    joined = re.search(r"\s(?:and|or)\s", words) is not None
    return parts if short and joined and not figures and not digits else [span]


def _before_places(words: str) -> str:
    """An enumeration in lower case without the enumeration of places behind it."""
    joint = _JOINT_LOWER.search(words)
    places = None if joint is None else _IN_PLACES.search(words, joint.end())
    return words if places is None else words[: places.start()]


def _whole_enumeration(scored: ScoredSpan, passage: Passage) -> Span:
    """A span with the rest of its enumeration: "medicine" of "medicine, law and chemistry"."""
    span = scored.span
    words, at = passage.chunk.text, passage.chunk.start
    around = sentence_around(passage, span)
    low, high = around.start - at, around.end - at
    if words[span.start - at].isupper():
        return span
    after = _GOES_ON.match(words, span.end - at, high)
    end = span.end if after is None else at + after.end()
    if " and " not in words[span.start - at : end - at]:
        return span
    before = _BEFORE_IT.search(words[low : span.start - at])
    start = span.start if before is None else span.start - len(before[1])
    parts = _LOWER_PARTS.split(words[start - at : end - at])
    return span if any(map(_NO_PART.match, parts[1:])) else Span(start, end)


def enumerated_names(scored: ScoredSpan, passage: Passage) -> list[Span] | None:
    """The names of the enumeration that a span is of; None where it is of none."""
    around = sentence_around(passage, scored.span)
    led = _ONLY_LED.match(passage.chunk.words(scored.span))
    first = scored.span.start + (0 if led is None else led.end())
    for match in _NAMES.finditer(passage.chunk.words(around)):
        start, end = around.start + match.start(), around.start + match.end()
        if start <= first and scored.span.end <= end:
            return _named_parts(match[0], start)
    return None


def _named_parts(words: str, start: int) -> list[Span]:
    """The name of each part of an enumeration, with the words before it where it needs them.

    "the lawyer Ada Lind" is Ada Lind, but "the cottage hospital at Skar" needs all of its words.
    """
    parts = list(_split(words, start, _PARTS))
    matches = [_LED_TO.match(words[part.start - start : part.end - start]) for part in parts]
    named = []
    for part, match in zip(parts, matches, strict=True):
        if match is None:
            named.append(part)
            continue
        leads = _led(match)
        low = 0 if leads else match.start("name")
        high = match.end("name") if not leads else match.end("placed")
        name = words[part.start - start + low : part.start - start + high]
        low += 4 if name.startswith("the ") else 0
        named.append(Span(part.start + low, part.start + high))
    return named


def _led(match: re.Match[str]) -> bool:
    """Whether the words before a name end in a preposition, so that the name is not the item."""
    words = match["before"].split()
    if _ONLY_LED.fullmatch(match["before"]):
        return False
    plural = len(words) > 1 and words[-2].endswith("s")  # "the islands of Skar, Hune and Rona"
    return bool(words) and words[-1] in _PREPOSITIONS and not plural


def _split(words: str, start: int, separator: re.Pattern[str]) -> Iterator[Span]:
    at = 0
    for match in [*separator.finditer(words), None]:
        end = len(words) if match is None else match.start()
        part = words[at:end]
        article = ARTICLE.match(part)
        first = at + (0 if article is None else article.end())
        last = end - (len(part) - len(part.removesuffix("'s").removesuffix("’s")))
        if first < last:
            yield Span(start + first, start + last)
        if match is not None:
            at = match.end()
