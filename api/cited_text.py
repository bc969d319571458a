"""A reply as text: answers with the numbers of their citations, then the cited sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.answering.questions.talk import why_not_asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from api.schemas import AskResponse, CitationOut, ListingOut


@dataclass(frozen=True, slots=True)
class Mark:
    """The number of a citation in a text: ``text[start:end] == "[1]"``."""

    citation: CitationOut
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CitedText:
    """A text of paragraphs, and a mark for each citation; none where the reply abstains."""

    text: str
    marks: tuple[Mark, ...]


def cited_text(reply: AskResponse, question: str | None = None) -> CitedText:
    """Write a reply as text: the articles' words, with labels beside them.

    Args:
        reply: The reply.
        question: The question in its reader's words, where another may have been asked.
    """
    notes = [] if question in {None, reply.question} else [f"Asked as '{reply.question}'"]
    notes += [f"Read '{word}' as '{name}'." for word, name in reply.names.read_as.items()]
    if reply.abstention is not None:
        asked = why_not_asked(reply.question) is None
        lead = "The articles do not answer this. " if asked else ""
        notes.append(f"{lead}{reply.abstention.reason}")
        return CitedText("\n\n".join(notes), ())
    writing = _Writing({citation.number: citation for citation in reply.citations})
    if reply.comparison is not None:
        notes.append(reply.comparison.statement)
    for note in (*notes, *warnings_of(reply)):
        writing.add(f"{note}\n\n")
    for number, answer in enumerate(reply.answers):
        writing.add(f"{subject_of(reply, number)}{answer.text} ")
        writing.add_marks(answer.citations)
        standing = "" if answer.standing == "reported" else f", {answer.standing}"
        writing.add(f" ({answer.confidence:.0%} sure{standing})\n\n")
    if reply.listing is not None:
        writing.add(f"{completeness_of(reply.listing)}\n\n")
    _add_timeline(writing, reply)
    for citation in reply.citations:
        writing.add_marks([citation.number])
        writing.add(f" {citation.sentence} ({source_of(citation)})\n\n")
    return writing.finish()


def warnings_of(reply: AskResponse) -> Iterator[str]:
    """What has to be said before the answer: a disagreement, or a time that is not met."""
    time = reply.question_time
    if time is not None and time.use == "not met":
        yield f"No statement of the time asked about ('{time.words}') answers; others follow."
    elif time is not None and time.use == "contradictory":
        yield f"The times in the question contradict each other ('{time.words}'); none is used."
    if reply.agreement == "disagree":
        said = [f"{entry.text} [{entry.citation}]" for entry in reply.timeline]
        yield f"The articles disagree: {'; '.join(said)}."


def subject_of(reply: AskResponse, number: int) -> str:
    """Whose answer the one of this number is, in a comparison; else nothing."""
    sides = [] if reply.comparison is None else reply.comparison.sides
    return "".join(f"{side.subject}: " for side in sides if side.answer == number)


def completeness_of(listing: ListingOut) -> str:
    """How complete a list is, and what was not sure enough to be in it."""
    searched = f"{listing.articles_searched} articles searched."
    if listing.complete == "likely":
        return f"{searched} The list is likely to be complete."
    below = "; ".join(f"{item.text} ({item.confidence:.0%})" for item in listing.below_the_bar)
    return f"{searched} The list may not be complete{below and f'; not sure enough: {below}'}."


def source_of(citation: CitationOut) -> str:
    """Name an article, and the page of a citation."""
    return ", ".join([citation.article.shown_title, *origin_of(citation)])


def origin_of(citation: CitationOut) -> list[str]:
    """Source, day and page of a citation, as far as they are stated, and whether OCR read it."""
    page = None if citation.page is None else f"page {citation.page}"
    recognised = "OCR text" if citation.article.recognised else None
    parts = (citation.article.source, citation.article.published_at, page, recognised)
    return [str(part) for part in parts if part is not None]


def _add_timeline(writing: _Writing, reply: AskResponse) -> None:
    if reply.timeline:
        writing.add("Over time:\n\n")
    for entry in reply.timeline:
        writing.add(f"- {entry.shown_day}: {entry.text} ")
        writing.add_marks([entry.citation])
        writing.add("\n" if entry.standing == "reported" else f" ({entry.standing})\n")
    if reply.timeline:
        writing.add("\n")


class _Writing:
    """A text in the making, and where the number of each citation stands in it."""

    def __init__(self, citations: Mapping[int, CitationOut]) -> None:
        self._citations = citations
        self._marks: dict[int, Mark] = {}
        self._text = ""

    def add(self, text: str) -> None:
        self._text += text

    def add_marks(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            start = len(self._text)
            self._text += f"[{number}]"
            self._marks.setdefault(number, Mark(self._citations[number], start, len(self._text)))

    def finish(self) -> CitedText:
        return CitedText(self._text.rstrip(), tuple(self._marks[n] for n in sorted(self._marks)))
