"""Which of the candidates can be items of a list: names of the asked kind, each once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.answering.combining.claims.claim import claims_of
from api.answering.combining.lists.name_words import CAPITALISED, NAME_WORD, OF_TIME
from api.answering.combining.lists.people import calls_people_only, is_no_person, is_person
from api.answering.combining.lists.possible_holders import asked_office, may_hold
from api.answering.combining.series.asked_time import meets
from api.answering.questions.answer_kind import NAMED, AnswerKind, kind_fit
from api.answering.sentences import sentence_around
from api.answering.values.parsing import parse_value
from api.answering.words import AUXILIARY, STOP_WORDS, text_words
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from api.answering.answers import FrameUse
    from api.answering.combining.lists.list_questions import AskedList
    from api.answering.questions.question import Question
    from api.answering.ranking.ranker import RankedCandidate
    from api.answering.time.frames import QuestionTime
    from index.records import Chunk, Passage

_LONGEST_ITEM: Final = 9  # words
_OFTEN_SHORT: Final = frozenset({AnswerKind.PERSON, AnswerKind.ORGANISATION})
_PLACED_BEHIND: Final = re.compile(r"\s(?:in|at|near|from)\s(?:the\s)?\Z")
_IN_NAME: Final = re.compile(CAPITALISED)
# No name has a verb, but "Banco do Brasil" looks as if it did.
_CLAUSE: Final = re.compile(rf"\s(?!do\s)(?:{AUXILIARY}|said|says)\b")
_CELL_BAR: Final = re.compile(r"(?:\A|\s)\|(?:\s|\Z)")  # of a table that was read as prose
_COUNTED: Final = re.compile(
    r"(?i:(?:all\s)?(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several))"
    r"\s[a-z]"
)
_HYPHENED: Final = re.compile(r"-[a-z]")


def fit_items(
    question: Question,
    asked: AskedList,
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
        if _is_item(question, item.candidate.text)
        and not _is_person_not_asked_for(question, item, passages)
    ]
    office = None
    if question.kind is AnswerKind.PERSON:
        office = asked_office(asked.of_one or question.text)
        if office is not None or calls_people_only(asked.noun):
            fitting = [item for item in fitting if not _is_organisation(item, passages)]
    if office is not None:
        fitting = [item for item in fitting if may_hold(office, item, passages)]
    kept = _distinct(question, _named_where_possible(question, fitting, passages), passages)
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


def _named_where_possible(
    question: Question, items: Sequence[RankedCandidate], passages: Sequence[Passage]
) -> list[RankedCandidate]:
    """Leave out what has no name where its sentence names a place, firm or person: "a centre".

    Where other things are asked for, only those that are counted: "Three centres signed: ...".
    """
    places = [
        frozenset(
            (scored.passage, sentence_around(passages[scored.passage], scored.span).start)
            for scored in item.candidate.spans
        )
        for item in items
    ]
    named = [
        _COUNTED.match(item.candidate.text) is None
        and (question.kind not in NAMED or _IN_NAME.search(item.candidate.text) is not None)
        for item in items
    ]
    told = frozenset[tuple[int, int]]().union(
        *(own for own, has_name in zip(places, named, strict=True) if has_name)
    )
    return [
        item
        for item, own, has_name in zip(items, places, named, strict=True)
        if has_name or told.isdisjoint(own)
    ]


def _is_surname_of(name: tuple[str, ...], names: Collection[tuple[str, ...]]) -> bool:
    """Whether a name is the last word of a longer one, or the reverse: "Lee" and "Ann Lee"."""
    return any(1 in {len(name), len(other)} and name[-1] == other[-1] for other in names if other)


def _is_short_for(name: tuple[str, ...], names: Collection[tuple[str, ...]]) -> bool:
    """Whether a name begins another one, or the reverse: "Acme" and "Acme Motors"."""
    return any(
        shorter == longer[: len(shorter)]
        for other in names
        if other
        for shorter, longer in [sorted((name, other), key=len)]
    )


def _distinct(
    question: Question, items: Sequence[RankedCandidate], passages: Sequence[Passage]
) -> list[RankedCandidate]:
    """Leave out other wordings of a better item ("Wexcombe town"), and where a better one is."""
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
        name = tuple(NAME_WORD.findall(item.candidate.text.partition(",")[0]))
        if name and (name in names or _is_surname_of(name, names)):
            continue
        if name and question.kind in _OFTEN_SHORT and _is_short_for(name, names):
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
    """Whether words can be an item: of the asked kind, short, and not those of the question."""
    own = text_words(text) - STOP_WORDS
    repeats = own <= question.words
    short = len(text.split()) <= _LONGEST_ITEM
    return (
        not repeats
        and not _counts_items(question, text)
        and short
        and _CELL_BAR.search(text) is None
        and kind_fit(question.kind, text) >= 0
        and not (question.kind in NAMED and (_names_only_a_time(text) or _CLAUSE.search(text)))
    )


def _names_only_a_time(text: str) -> bool:
    """Whether words have no name but that of a month or day: "drug in August", "14 August"."""
    left, times = OF_TIME.subn("", text)
    return times > 0 and _IN_NAME.search(left) is None


def _is_person_not_asked_for(
    question: Question, item: RankedCandidate, passages: Sequence[Passage]
) -> bool:
    """Whether an item is a person and firms, councils or the like are asked for."""
    if question.kind is not AnswerKind.ORGANISATION:
        return False
    article = passages[item.candidate.best.passage].article.id
    return any(
        is_person(item.candidate.text, passage.chunk.text)
        for passage in passages
        if passage.article.id == article
    )


def _is_organisation(item: RankedCandidate, passages: Sequence[Passage]) -> bool:
    """Whether an item is a firm, a club or the like where people are asked for."""
    best = item.candidate.best
    passage = passages[best.passage]
    sentence = sentence_around(passage, best.span)
    before = passage.chunk.words(Span(sentence.start, best.span.start))
    return is_no_person(item.candidate.text, before)


def _counts_items(question: Question, text: str) -> bool:
    """Whether words only count: "Two" of "Two clubs", "two grounds", "71"."""
    value = parse_value(text)
    if value is None or question.kind in NAMED:
        return value is not None
    unit = frozenset[str]() if value.unit is None else text_words(value.unit)
    return value.kind in {"number", "count"} and unit <= question.words
