"""Check that quotes cited before still stand: `article-qa verify citations.json`."""

from __future__ import annotations

import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args

import typer

from api.answering.verifying import QuoteStatus
from api.schemas import MAX_QUOTES
from api.settings import read_settings
from index.embedding.encoder import DEFAULT_MODEL
from scripts.terminal.citation_file import CitationFileError, read_citations
from scripts.terminal.commands import (
    ApiKeyOption,
    Command,
    DeviceOption,
    EncoderOption,
    IndexOption,
    JsonOption,
    UrlOption,
    command_line,
    print_result,
    reported_errors,
)
from scripts.terminal.services import open_service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.client import Service
    from api.client.calls import Quote

_STANDARD_INPUT: Final = "-"
_EXIT: Final[dict[QuoteStatus, int]] = {"intact": 0, "moved": 3, "changed": 4, "gone": 5}
_SHOWN_CHARACTERS: Final = 100  # of a quote
_EXAMPLES: Final = (
    ("article-qa verify citations.json", "what 'article-qa ask --json > citations.json' wrote"),
    ("article-qa verify replies.jsonl --url http://127.0.0.1:8000", "in a running service"),
    ("article-qa verify citations.json --json", "where each of them stands now"),
)
_STATUSES: Final = (
    "0 when every quote stands where it was cited; that of the worst otherwise: 3 when one has "
    "moved within its article, 4 when an article has other words now, 5 when an article is gone; "
    "1 when they could not be checked, 2 for a wrong argument or file, 130 when interrupted."
)


def main(
    file: Annotated[
        str,
        typer.Argument(
            help="Replies as 'article-qa ask --json' prints them, or citations of such replies, a "
            "line each; '-' for standard input."
        ),
    ],
    *,
    url: UrlOption = None,
    api_key: ApiKeyOption = None,
    index: IndexOption = Path("var/index"),
    encoder: EncoderOption = DEFAULT_MODEL,
    device: DeviceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check that quotes that were cited before still stand in the articles.

    Each is intact, moved within its article, changed (the article has other words now) or gone
    with its article.
    """
    with reported_errors():
        quotes = _read(file)
        settings = read_settings(index_dir=index, encoder=encoder, device=device)
        result = _verify(quotes, open_service(settings, url, api_key))
    print_result(result, lambda: _show(result), as_json=as_json, json_last=False)
    worst = max((_EXIT[citation["status"]] for citation in result["citations"]), default=0)
    if worst:
        raise typer.Exit(worst)


def _read(file: str) -> list[Quote]:
    try:
        if file == _STANDARD_INPUT:
            return read_citations(sys.stdin.read(), "standard input")
        return read_citations(Path(file).read_text(encoding="utf-8-sig"), file)
    except CitationFileError as error:
        raise typer.BadParameter(str(error)) from error
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{file}: not UTF-8") from error


def _verify(quotes: Sequence[Quote], service: Service) -> dict[str, Any]:
    """Look up all quotes, as many at a time as the service takes."""
    citations: list[dict[str, Any]] = []
    versions: dict[str, None] = {}
    left = iter(quotes)
    while batch := list(islice(left, MAX_QUOTES)):
        reply = service.verify(batch)
        versions[reply.index_version] = None
        citations += [
            {**quote, "status": now.status, "now": {"start": now.start, "end": now.end}}
            for quote, now in zip(batch, reply.quotes, strict=True)
        ]
    counts = Counter(citation["status"] for citation in citations)
    return {
        **{status: counts[status] for status in get_args(QuoteStatus)},
        # Several where the index was rebuilt meanwhile.
        "index_versions": list(versions),
        "citations": citations,
    }


def _show(result: dict[str, Any]) -> None:
    for citation in result["citations"]:
        now = citation["now"]
        place = f"{citation['start']}-{citation['end']}"
        if citation["status"] == "moved":
            place = f"{place}, now {now['start']}-{now['end']}"
        words = _printable(citation["quote"])
        shown = words if len(words) <= _SHOWN_CHARACTERS else f"{words[:_SHOWN_CHARACTERS]}…"
        print(f"{citation['status']:<8} {_printable(citation['article_id'])}, {place}: “{shown}”")
    statuses = ", ".join(f"{result[status]} {status}" for status in get_args(QuoteStatus))
    print(f"{len(result['citations'])} citations: {statuses}")


def _printable(text: str) -> str:
    """A text in one line, without what would steer a terminal: the file may come from anybody."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


app = command_line(Command(main, _EXAMPLES, _STATUSES))

if __name__ == "__main__":
    app()
