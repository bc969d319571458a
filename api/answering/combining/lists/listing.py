"""Lists: the items that are read, and how complete they are likely to be."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from api.answering.answers import BelowTheBar, Listing
from api.answering.combining.claims.claim import claims_of
from api.answering.combining.lists.people import is_person
from api.answering.combining.series.asked_time import meets
from api.answering.combining.spans.enumerations import list_heads, taken_apart
from api.answering.combining.spans.parallel_clauses import parallel_heads
from api.answering.questions.answer_kind import NAMED, AnswerKind, kind_fit
from api.answering.reading.reader import move_spans, near_best
from api.answering.sentences import dateline_end, sentence_around
from api.answering.time.offices import office_asked_for
from api.answering.values.parsing import parse_value
from api.answering.words import STOP_WORDS, text_words
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from api.answering.answers import FrameUse
    from api.answering.questions.question import Question
    from api.answering.ranking.ranker import RankedCandidate
    from api.answering.reading.reader import ScoredSpan
    from api.answering.time.frames import QuestionTime
    from index.records import Chunk, Passage

MOST_ITEMS: Final = 10
_LONGEST_ITEM: Final = 9  # words
_SHOWN_BELOW: Final = 5
_BELOW: Final = 0.5  # share of the threshold; a rejected candidate above it makes a list "unknown"
_SENTENCE_APART: Final = 5.0  # scores of two items in one sentence
_NAME_WORD: Final = re.compile(r"(?!The\b)[^\W\d_a-z][\w’'-]*|\d[\w-]*")
_CAPITALISED: Final = r"(?<![\w’'-])(?!(?:The|An?)\b)[^\W\d_a-z][\w’'-]*"
_OF_TIME: Final = re.compile(
    r"\b(?:Jan(?:uary)?|Feb(?:ruary)?|March|April|May|June|July|August|Sept(?:ember)?|October|November|"
    r"December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
_PLACED_BEHIND: Final = re.compile(r"\s(?:in|at|near|from)\s(?:the\s)?\Z")
_IN_NAME: Final = re.compile(_CAPITALISED)
_OFFICE_CHANGES: Final = re.compile(
    r"\b(?:succe(?:eds?|eded|ssor)|predecessor|replac(?:es|ed)|t(?:ook|akes)\sover|appoint(?:s|ed)|"
    r"elect(?:s|ed)|resign(?:s|ed)|retir(?:es|ed)|dismissed|sacked|ousted|voted\sout|in\scharge|"
    r"st(?:ood|ands|epped|eps)\s(?:in|down)|fill(?:s|ed)\sin|caretaker|interim|acting)\b",
    re.IGNORECASE,
)
_HYPHENED: Final = re.compile(r"-[a-z]")
_IN_PLACE: Final = re.compile(
    rf"\b(?:in|at|near|from)\s(?:the\s)?(?P<place>{_CAPITALISED}(?:,?\s{_CAPITALISED})*)"
)
_SENTENCE_END: Final = re.compile(r"[.!?][\"”’]?\s|\n")


def item_spans(
    question: Question,
    spans: Sequence[ScoredSpan],
    passages: Sequence[Passage],
    noun: str | None = None,
) -> list[ScoredSpan]:
    """Take what was read apart into single items: enumerations, clauses, the heads of lists.

    Args:
        question: The question.
        spans: What was read.
        passages: Where it was read.
        noun: What each item is called, if the question says so.
    """
    named = question.kind in NAMED
    within = move_spans(spans, lambda scored: _within_sentence(scored, passages[scored.passage]))
    parts: list[ScoredSpan] = []
    for scored in within:
        passage = passages[scored.passage]
        heads = parallel_heads(scored, passage)
        parts += [replace(scored, span=head) for head in heads]
        parts += [] if heads else taken_apart([scored], passages, named=named)
        parts += [
            replace(scored, span=head) for head in list_heads(scored, passage, question.words)
        ]
    if question.kind is AnswerKind.PLACE:
        parts = move_spans(parts, lambda scored: [_place_in(scored, passages[scored.passage])])
    called = move_spans(parts, lambda scored: [_called(scored, passages[scored.passage], noun)])
    return _without_worse_beside(called, passages)


def _without_worse_beside(
    spans: Sequence[ScoredSpan], passages: Sequence[Passage]
) -> list[ScoredSpan]:
    """Leave out what a sentence has beside a much better item: "the FBI" to which Ada Lind goes."""
    places = [
        (scored.passage, sentence_around(passages[scored.passage], scored.span).start)
        for scored in spans
    ]
    kept = near_best(spans, places, _SENTENCE_APART)
    return [scored for scored, near in zip(spans, kept, strict=True) if near]


def _place_in(scored: ScoredSpan, passage: Passage) -> Span:
    """The place that a span names behind a thing: "Lyon" of "a shop in Lyon in May"."""
    words = passage.chunk.words(scored.span)
    places = [match for match in _IN_PLACE.finditer(words) if not _OF_TIME.match(match["place"])]
    if not places or _NAME_WORD.match(words):
        return scored.span
    start, end = places[0].span("place")
    return Span(scored.span.start + start, scored.span.start + end)


def _called(scored: ScoredSpan, passage: Passage, noun: str | None) -> Span:
    """The only name with the asked noun in a span: "Elba fire" of "17 in the Elba fire"."""
    if noun is None:
        return scored.span
    words = passage.chunk.words(scored.span)
    named = list(re.finditer(rf"(?:{_CAPITALISED}\s){{1,5}}{re.escape(noun)}\b", words))
    if len(named) != 1:
        return scored.span
    return Span(scored.span.start + named[0].start(), scored.span.start + named[0].end())


def _within_sentence(scored: ScoredSpan, passage: Passage) -> list[Span]:
    """A span up to the end of its sentence, behind the dateline; none where nothing is left."""
    start = max(scored.span.start, dateline_end(passage))
    if start >= scored.span.end:
        return []
    words = passage.chunk.words(Span(start, scored.span.end))
    stop = _SENTENCE_END.search(words)
    words = words if stop is None else words[: stop.start()]
    before, bracket, _ = words.partition(")")  # "Hune Hall) and the": the bracket began before it
    words = before if bracket and "(" not in before else words
    return [Span(start, start + len(words))] if words else []


def fit_items(
    question: Question,
    time: QuestionTime,
    ranked: Sequence[RankedCandidate],
    passages: Sequence[Passage],
    threshold: float,
) -> tuple[list[RankedCandidate], FrameUse | None]:
    """Keep the candidates that can be items: names where names are asked for, of the asked time.

    Those of another time stay where none of the asked one would be an answer.

    Returns:
        The items, best first, and what the question's time frame did; None without one.
    """
    fitting = [
        item
        for item in ranked
        if _is_item(question, item.candidate.text) and not _is_of_people(question, item, passages)
    ]
    office = office_asked_for(question.text) if question.kind is AnswerKind.PERSON else None
    if office is not None:
        fitting = [item for item in fitting if _may_hold(office, item, passages)]
    kept = _distinct(_named_where_possible(question, fitting, passages), passages)
    frame = time.frame
    if frame is None or not frame.firm or frame.contradictory:
        use: FrameUse = "evidence" if frame is None or not frame.contradictory else "contradictory"
        return kept, None if frame is None else use
    met = [
        item
        for place, item in enumerate(kept)
        if any(meets(claim, frame) for claim in claims_of(place, item, passages))
    ]
    sure = any(item.confidence >= threshold for item in met)
    return (met, "filter") if sure else (kept, "not met")


def _may_hold(office: re.Pattern[str], item: RankedCandidate, passages: Sequence[Passage]) -> bool:
    """Whether a sentence that names an item names the office, too, or who follows whom in it."""
    sentences = (
        passages[scored.passage].chunk.words(sentence_around(passages[scored.passage], scored.span))
        for scored in item.candidate.spans
    )
    return any(office.search(each) or _OFFICE_CHANGES.search(each) for each in sentences)


def _named_where_possible(
    question: Question, items: Sequence[RankedCandidate], passages: Sequence[Passage]
) -> list[RankedCandidate]:
    """Leave out what has no name where its sentence names a place, firm or person: "a centre"."""
    if question.kind not in NAMED:
        return list(items)
    places = [
        frozenset(
            (scored.passage, sentence_around(passages[scored.passage], scored.span).start)
            for scored in item.candidate.spans
        )
        for item in items
    ]
    named = [_IN_NAME.search(item.candidate.text) is not None for item in items]
    told = frozenset[tuple[int, int]]().union(
        *(own for own, has_name in zip(places, named, strict=True) if has_name)
    )
    return [
        item
        for item, own, has_name in zip(items, places, named, strict=True)
        if has_name or told.isdisjoint(own)
    ]


def _by_surname(name: tuple[str, ...], names: Collection[tuple[str, ...]]) -> bool:
    """Whether a name is the last word of a longer one, or the reverse: "Lee" and "Ann Lee"."""
    return any(1 in {len(name), len(other)} and name[-1] == other[-1] for other in names if other)


def _distinct(
    items: Sequence[RankedCandidate], passages: Sequence[Passage]
) -> list[RankedCandidate]:
    """Leave out other wordings of a better item ("Wexcombe town") and where a better one is."""
    kept: list[RankedCandidate] = []
    names: set[tuple[str, ...]] = set()
    ends: set[tuple[int, int]] = set()
    for item in items:
        best = item.candidate.best
        chunk = passages[best.passage].chunk
        before = chunk.text[: best.span.start - chunk.start]
        placed = _PLACED_BEHIND.search(before)
        if _cuts_a_word(best.span, chunk):
            continue
        # "Lyon, France" is Lyon
        name = tuple(_NAME_WORD.findall(item.candidate.text.partition(",")[0]))
        if name and (name in names or _by_surname(name, names)):
            continue
        if placed is not None and (best.passage, chunk.start + placed.start()) in ends:
            continue
        kept.append(item)
        names.add(name)
        ends |= {(scored.passage, scored.span.end) for scored in item.candidate.spans}
    return kept


def _cuts_a_word(span: Span, chunk: Chunk) -> bool:
    """Whether a span ends within a word with a hyphen: "Basel" of "the Basel-based firm"."""
    return _HYPHENED.match(chunk.text, span.end - chunk.start) is not None


def _is_item(question: Question, text: str) -> bool:
    own = text_words(text) - STOP_WORDS
    repeats = own <= question.words
    short = len(text.split()) <= _LONGEST_ITEM
    return (
        not repeats
        and not _counts_items(question, text)
        and short
        and kind_fit(question.kind, text) >= 0
        and not (question.kind in NAMED and _names_only_a_time(text))
    )


def _names_only_a_time(text: str) -> bool:
    """Whether words have no name but that of a month or day: "drug in August"."""
    left, times = _OF_TIME.subn("", text)
    return times > 0 and _NAME_WORD.search(left) is None


def _is_of_people(question: Question, item: RankedCandidate, passages: Sequence[Passage]) -> bool:
    """Whether an item is a person and firms, councils or the like are asked for."""
    if question.kind is not AnswerKind.ORGANISATION:
        return False
    article = passages[item.candidate.best.passage].article.id
    return any(
        is_person(item.candidate.text, passage.chunk.text)
        for passage in passages
        if passage.article.id == article
    )


def _counts_items(question: Question, text: str) -> bool:
    """Whether words only count: "Two" of "Two clubs", "two grounds", "71"."""
    value = parse_value(text)
    if value is None or question.kind in NAMED:
        return value is not None
    unit = frozenset[str]() if value.unit is None else text_words(value.unit)
    return value.kind in {"number", "count"} and unit <= question.words


def list_state(
    ranked: Sequence[RankedCandidate], threshold: float, most: int, articles_searched: int
) -> Listing:
    """Say how complete the items above the threshold are likely to be.

    Args:
        ranked: All that can be items, best first.
        threshold: The least confidence of an item.
        most: The most items that are given.
        articles_searched: How many articles pass the filters.
    """
    above = sum(item.confidence >= threshold for item in ranked)
    left = [*ranked[:above][most:], *ranked[above:]]
    below = tuple(
        BelowTheBar(item.candidate.text, item.confidence)
        for item in left
        if item.confidence >= _BELOW * threshold
    )
    complete = above > 0 and not below
    return Listing("likely" if complete else "unknown", articles_searched, below[:_SHOWN_BELOW])
