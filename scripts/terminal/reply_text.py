"""A reply in plain text for a terminal; without colours in a file or pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from api.cited_text import completeness_of, subject_of, warnings_of

if TYPE_CHECKING:
    from api.schemas import (
        AskResponse,
        CitationOut,
        NearestOut,
        PeriodOut,
        QuantityOut,
    )


def print_reply(response: AskResponse) -> None:
    """Print answers with their citations, or the reason for none and the nearest passages."""
    console = Console(highlight=False)
    # Only a terminal has a width; elsewhere a line is a line.
    console.soft_wrap = not console.is_terminal
    if response.undated_left_out:
        note = f"{response.undated_left_out} articles without a date are left out by the filter."
        console.print(Text(note, style="dim"))
    for asked, spelled in response.names.read_as.items():
        console.print(Text(f"Read '{asked}' as '{spelled}'.", style="dim"))
    if response.abstention is not None:
        console.print(Text("No answer. ", style="bold").append(response.abstention.reason, "none"))
        for near in response.abstention.nearest:
            console.print(
                Text(f"  nearest: {near.sentence}\n           ").append_text(_place(near))
            )
        return
    for warning in warnings_of(response):
        console.print(Text(warning, style="yellow"))
    _print_answers(console, response)
    if response.listing is not None:
        console.print(Text(completeness_of(response.listing), style="dim"))
    _print_timeline(console, response)


def _print_answers(console: Console, response: AskResponse) -> None:
    """Print every answer with its citations; of a comparison what was compared first."""
    if response.comparison is not None:
        console.print(Text(response.comparison.statement, style="bold"))
    for number, answer in enumerate(response.answers):
        when = "" if answer.as_of is None else f", {answer.standing} as of {answer.as_of}"
        about = f"  ({answer.confidence:.0%}{when})"
        line = Text(subject_of(response, number)).append(answer.text, "bold").append(about, "dim")
        if answer.value is not None:
            line.append(f"  = {_value(answer.value)}", "dim")
        console.print(line)
        for citation in response.citations:
            if citation.number in answer.citations:
                console.print(_marked(citation))


def _print_timeline(console: Console, response: AskResponse) -> None:
    """Print differing statements by the day as of which they hold, and their own citations."""
    if response.timeline:
        console.print(Text("Over time:", style="bold"))
    for entry in response.timeline:
        line = Text(f"  {entry.shown_day}  ").append(entry.text, "bold")
        console.print(line.append(f"  {entry.standing} [{entry.citation}]", "dim"))
    cited = {number for answer in response.answers for number in answer.citations}
    for citation in response.citations:
        if citation.number not in cited:
            console.print(_marked(citation))


def _value(value: QuantityOut | PeriodOut) -> str:
    """A value in full, the same however the answer words it."""
    if value.kind == "date":
        low, high, unit = value.low.isoformat(), value.high.isoformat(), value.unit
    else:
        low, high, unit = _figure(value.low), _figure(value.high), value.unit
    ends = low if low == high else f"{low} to {high}"
    return ends if unit is None else f"{ends} {unit}"


def _figure(number: float) -> str:
    return f"{int(number):,}" if number.is_integer() else f"{number:,.6f}".rstrip("0")


def _marked(citation: CitationOut) -> Text:
    """The cited sentence with its quote marked, and the article that it is from."""
    line = Text(f"  [{citation.number}] ")
    if citation.before is not None:
        line.append(f"{citation.before} ", "dim")
    first = citation.start - citation.sentence_start
    sentence = Text(citation.sentence)
    sentence.stylize("bold green", first, first + citation.end - citation.start)
    return line.append_text(sentence).append("\n      ").append_text(_place(citation))


def _place(cited: CitationOut | NearestOut) -> Text:
    """Where a sentence stands; on a terminal, a link to the article where it has an address."""
    article = cited.article
    page = None if cited.page is None else f"page {cited.page}"
    parts = (article.title, article.source, article.published_at, article.id, page)
    place = Text(", ".join(str(part) for part in parts if part is not None), style="dim")
    url = article.url
    if url is not None and url.startswith(("https://", "http://")) and url.isprintable():
        place.stylize(f"link {url}")
    return place
