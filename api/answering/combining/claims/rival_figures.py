"""Figures that other sources give beside a claim's own: "the police put it at 18,200"."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.clauses_after import CLAUSE, clauses_after
from api.answering.combining.claims.comparable_figures import comparable, not_far_apart
from api.answering.time.statements import near_in_time, read_statement
from api.answering.values.figures import figure_at, figures_in
from api.answering.values.tokens import FIGURE_AHEAD
from api.answering.word_stems import is_past, stems
from api.answering.words import STOP_WORDS
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.combining.claims.claim import Claim
    from api.answering.values.value import Value
    from index.records import Passage

_SAYS: Final = re.compile(
    r"\b(?:says?|said|puts?|gives?|gave|counts?|counted|estimates?|estimated|reckons?|reports?|"
    r"reported|publish(?:es|ed)|arriv(?:es|ed)\sat|came\s(?:to|up\swith)|sp(?:eaks?|oke|oken)\sof|"
    r"cit(?:es|ed)|claim(?:s|ed)|names?|named|lists?|listed|mention(?:s|ed)|maintain(?:s|ed)|"
    r"insist(?:s|ed)|quot(?:es|ed)|calculat(?:es|ed)|show(?:s|ed)?|f(?:inds?|ound)|"
    r"conclude[sd]?|believe[sd]?|suggests?|suggested|record(?:s|ed)|valu(?:es?|ed)(?=\s(?:it|them|him|her|this|that)\b)|"
    r"(?:count|estimate|figure|forecast|number|projection|tally|toll)\s(?:is|was|stands|stood))\b",
    re.IGNORECASE,
)
_ACCORDING: Final = re.compile(r"\bAccording\sto\s[^,;]{2,80},\s", re.IGNORECASE)
_OTHER_SOURCE: Final = re.compile(
    r"\W*(?!(?:it|he|she|they|this|that|which|who)\b)\w", re.IGNORECASE
)
# What goes on behind these is no part of what is said: "at 410, since it counts others".
_STOPS: Final = re.compile(
    r"[,;:.)](?=\s|\Z)|\s(?:because|since|as|who|which|while|although|though|instead|after)\b|"
    r"\sand\s(?:said|says?|adds?|added|told|called|denied|denies)\b"
)
# What a figure is called that was told before, and those whom it counts.
_MEASURES: Final = frozenset(
    "amount attendance bill cost costs count estimate fee figure forecast loss losses number price "
    "projection share sum tally toll total turnout value".split()
)
_TOLD_BEFORE: Final = frozenset(
    "affected concerned involved injured killed hurt dead part people persons same own only just "
    "lower higher much far nearer closer present there same mark right true "
    "likelier realistic".split()
)
# "The police value them at 1.8 million, the insurer at 2.4 million": who says it, and no verb.
_GAPPED: Final = re.compile(
    r"(?:\s[a-z]+){0,2},\s(?!(?:after|against|among|before|compared|down|from|"
    r"including|instead|last|more|of|plus|rather|than|up|versus|well|with)\b)"
    r"(?:and\s)?(?:(?:the|its|their|his|her)\s)?(?:[\w&.'’-]+\s){1,4}?"
    r"(?:(?:at|of|on|with)\s)?(?:(?:about|around|nearly|some|only|just)\s)?" + FIGURE_AHEAD
)
_GIVES: Final = re.compile(r"gives?\b|gave\b", re.IGNORECASE)
_GRAMMAR: Final = frozenset(
    "about around nearly almost roughly approximately some over under least most than more less "
    "fewer done so did were "
    "was been had has have being them those it that at to of be is are".split()
)
_AT_ONCE: Final = re.compile(r"\s(?:at|for|in|on|over)\s(?:that|the\ssame)\s[a-z]+\b")
_WORD: Final = re.compile(r"[^\W\d_][\w’'-]*")
_AFTER_FIGURE: Final = 2  # words after a figure that say what is counted, and what happened to it
_OF_MORE: Final = re.compile(
    r"\b(?:a\sfurther|another|country|county|in\s(?:all|total)|nation(?:al|wide)|region)\b",
    re.IGNORECASE,
)
_MOST: Final = 4  # figures of a clause that are looked at


def rival_figures(claim: Claim, passages: Sequence[Passage]) -> list[Claim]:
    """Find what other sources say the claim's figure is, later in its article.

    In its paragraph right after it, a source may say nothing but the figure; further down it must
    say of what: "the union put the number of those affected at 410".

    Args:
        claim: A claim with a value; others have no rivals.
        passages: What was read; those of the article are looked at.
    """
    if claim.value is None:
        return []
    day = claim.passage.article.published_at
    rivals = _gapped_rivals(claim)
    for clause in clauses_after(claim, passages):
        known = _stems_without(claim.sentence, clause.text)
        for low, high, value in figures_in(clause.text, day, _MOST):
            if value is None or not _may_be_of_one(claim.value, value):
                continue
            told = _told(clause.text, low, high, value)
            again = _counts_again(claim, clause.text, low, value)
            if told is None or not _is_of_known(told, known, explicit=clause.apart and not again):
                continue
            # "..., which has said that 84 were"
            part = max(clause.text.rfind(", ", 0, low), 0)
            statement = read_statement(clause.text[part:], Span(low - part, high - part), day)
            if statement.words is not None and not near_in_time(claim.statement, statement):
                continue
            start = clause.start
            place = Span(start + low, start + high)
            if any(rival.span.span == place for rival in rivals):
                break
            rivals.append(
                replace(
                    claim,
                    span=replace(claim.span, span=place),
                    passage=clause.passage,
                    text=clause.text[low:high],
                    value=value,
                    sentence=clause.text,
                    sentence_start=start,
                    statement=replace(claim.statement, standing=statement.standing),
                )
            )
            break
    return rivals


def _counts_again(claim: Claim, clause: str, low: int, value: Value) -> bool:
    """Whether a higher figure counts the same that the same happened to: "640 cattle drowned".

    A lower one may be of some of them.
    """
    first = claim.value
    if first is None or value.kind != "count" or first.unit != value.unit:
        return False
    after = _WORD.findall(claim.sentence[claim.in_sentence.end :].lower())
    happened = next((word for word in after[:_AFTER_FIGURE] if word != value.unit), "")
    if not is_past(happened) or not stems(happened) <= stems(clause):
        return False
    if not isinstance(value.low, Fraction) or not isinstance(first.high, Fraction):
        return False
    return value.low > first.high and _OF_MORE.search(clause[:low]) is None


def _gapped_rivals(claim: Claim) -> list[Claim]:
    """The figure of another source right after the claim's, where one verb stands for both.

    "Police put the dead at 12, the injured at 40" tells of two things: what the verb speaks of
    must be a pronoun or a measure.
    """
    start, end = claim.in_sentence
    sentence = claim.sentence
    sayings = list(_SAYS.finditer(sentence, 0, start))
    match = _GAPPED.match(sentence, end)
    if claim.value is None or not sayings or match is None or not sayings[-1].start():
        return []
    of = [word.lower() for word in _WORD.findall(sentence[sayings[-1].end() : start])]
    if not of and _GIVES.match(sayings[-1][0]) is not None:
        return []  # "The fund gives $20 million, the universities $24 million"
    if any(
        word not in _MEASURES and word not in STOP_WORDS and word not in _GRAMMAR for word in of
    ):
        return []
    low, high, value = figure_at(sentence, match.end(), claim.passage.article.published_at)
    if value is None or not _may_be_of_one(claim.value, value):
        return []
    place = Span(claim.sentence_start + low, claim.sentence_start + high)
    span = replace(claim.span, span=place)
    return [replace(claim, span=span, text=sentence[low:high], value=value)]


def _may_be_of_one(value: Value, rival: Value) -> bool:
    """Whether a rival figure may be of a claim's thing: who gives one need not say its unit."""
    bare = rival.kind == "number" and value.kind == "count" and not_far_apart(value, rival)
    return bare or comparable(value, rival)


def is_rival(claim: Claim, other: Claim) -> bool:
    """Whether a claim is what another source says the other claim's figure is."""
    if claim.value is None:
        return False
    start, end = claim.in_sentence
    cuts = [0, *(cut.end() for cut in CLAUSE.finditer(claim.sentence)), len(claim.sentence)]
    low = max(cut for cut in cuts if cut <= start)
    high = min(cut for cut in cuts if cut >= end)
    clause = claim.sentence[low:high]
    told = _told(clause, start - low, end - low, claim.value)
    known = _stems_without(other.sentence, clause)
    return told is not None and _is_of_known(told, known, explicit=False)


def _stems_without(sentence: str, clause: str) -> frozenset[str]:
    """The stems of a sentence without one of its clauses."""
    return stems(sentence.replace(clause, " "))


def _told(clause: str, low: int, high: int, value: Value) -> list[str] | None:
    """What a clause says of a figure at ``[low, high)`` beside who gives it, in small letters.

    Returns:
        None where no source, or only a pronoun, gives it.
    """
    sayings = list(_SAYS.finditer(clause, 0, low))
    according = _ACCORDING.match(clause)
    if according is not None and according.end() <= low:
        begins = according.end()
    elif sayings and sayings[-1].start() and _OTHER_SOURCE.match(clause):
        begins = sayings[-1].end()
        noun = _WORD.match(sayings[-1][0])
        # "The ministry's own forecast is 38,000": a source's, and not "the forecast".
        if (
            noun is not None
            and noun[0].lower() in _MEASURES
            and not re.search(r"['’]s?\s|\b(?:by|of|from)\s", clause[: sayings[-1].start()])
        ):
            return None
    else:
        return None
    stop = _STOPS.search(clause, high)
    after = clause[high : len(clause) if stop is None else stop.start()]
    unit = stems(value.unit) if value.unit is not None else frozenset[str]()
    words = _WORD.findall(f"{clause[begins:low]} {_AT_ONCE.sub(' same', after)}")
    return [word.lower() for word in words if not stems(word) <= unit or not stems(word)]


def _is_of_known(told: Sequence[str], known: frozenset[str], *, explicit: bool) -> bool:
    """Whether words say nothing of a figure that was not told before.

    Args:
        told: The words.
        known: The stems of what was told before.
        explicit: Whether they must say what it is of, too.
    """
    telling = [word for word in told if word not in STOP_WORDS and word not in _GRAMMAR]
    if explicit and not (
        any(word in _MEASURES for word in telling)
        and any(word in _TOLD_BEFORE or stems(word) & known for word in telling)
    ):
        return False
    return all(
        word in _MEASURES or word in _TOLD_BEFORE or stems(word) <= known for word in telling
    )
