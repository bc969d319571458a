"""Ask the index a question: `article-qa ask "How much is Meta spending?"`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from pydantic import TypeAdapter, ValidationError
from rich.console import Console

from api.answering.questions.table_rows import SLOT, Grouping
from api.citation_formats import write_citations
from api.schemas import MAX_ANSWERS, MAX_TOP_K, CitationFormat, Question
from api.settings import read_settings
from index.embedding.encoder import DEFAULT_MODEL
from index.errors import ArticleQAError
from index.field_faults import first_fault
from scripts.terminal.commands import (
    ApiKeyOption,
    Command,
    DeviceOption,
    EncoderOption,
    IndexOption,
    JsonOption,
    UrlOption,
    command_line,
    reported_errors,
)
from scripts.terminal.prompt import prompted_questions
from scripts.terminal.reply_text import print_reply
from scripts.terminal.services import open_service
from scripts.terminal.table_text import print_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from api.client import Service, Table
    from api.client.calls import AskOptions, FilterOptions, TableOptions
    from api.schemas import AskResponse
    from api.settings import Settings

    _Show = Callable[[AskResponse, int | None], None]  # with the indent of JSON

_FILTERS: Final = "Which articles may answer"
_STANDARD_INPUT: Final = "-"
_EXAMPLES: Final = (
    ('article-qa ask "How much is Meta spending?"', "one question of the local index"),
    ("article-qa ask", "a prompt with a history"),
    ("article-qa ask --json < questions.txt", "one question and one reply a line"),
    ('article-qa ask "Who runs Intel?" --tag intel --from 2025-01-01', "of some articles only"),
    ('article-qa ask "Who runs Intel?" --format bibtex', "what it cites, for a bibliography"),
    (
        'article-qa ask "Who runs {company}?" --table Intel --table Meta',
        "a table with a row for each name",
    ),
    ('article-qa ask "How much is spent?" --table source', "or for each source of the articles"),
    ('article-qa ask "And Intel?" --after "Who runs AMD?"', "a follow-up"),
    ("article-qa ask --url http://127.0.0.1:8000", "ask a running service instead"),
)
_STATUSES: Final = (
    '0 when every question was answered or abstained from (see "status" in --json), '
    "1 when it could not be asked, 2 for a wrong argument or question, 130 when interrupted."
)


def main(
    question: Annotated[
        str | None,
        typer.Argument(
            help="The question, in plain words. Without one: a prompt, or a question a line from "
            "standard input where that is no terminal; '-' for standard input in any case."
        ),
    ] = None,
    *,
    url: UrlOption = None,
    api_key: ApiKeyOption = None,
    index: IndexOption = Path("var/index"),
    encoder: EncoderOption = DEFAULT_MODEL,
    device: DeviceOption = None,
    published_from: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="Only articles of this day (2025-01-31) or later.",
            rich_help_panel=_FILTERS,
        ),
    ] = None,
    published_to: Annotated[
        str | None,
        typer.Option(
            "--to", help="Only articles of this day or earlier.", rich_help_panel=_FILTERS
        ),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            help="Only articles of this source; may be repeated.", rich_help_panel=_FILTERS
        ),
    ] = None,
    tag: Annotated[
        list[str] | None,
        typer.Option(
            help="Only articles with this tag; may be repeated.", rich_help_panel=_FILTERS
        ),
    ] = None,
    article: Annotated[
        list[str] | None,
        typer.Option(
            help="Only the article with this id; may be repeated.", rich_help_panel=_FILTERS
        ),
    ] = None,
    top_k: Annotated[int, typer.Option(min=1, max=MAX_TOP_K, help="Passages to read.")] = 8,
    max_answers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MAX_ANSWERS,
            help="Most answers that are told apart; without it 3, or 10 where a list is asked for.",
        ),
    ] = None,
    min_confidence: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Least confidence of an answer; without it, that of the reader's calibration.",
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="Day that the question is asked on, as 2025-01-31; without one, today."),
    ] = None,
    allow_partial: Annotated[
        bool,
        typer.Option(
            "--allow-partial",
            help="Answer from a part of the articles where shards of the index do not answer.",
        ),
    ] = False,
    form: Annotated[
        CitationFormat | None,
        typer.Option(
            "--format", help="Print the citations, or the answer as Markdown, and nothing else."
        ),
    ] = None,
    after: Annotated[
        str | None,
        typer.Option(
            help="The question before: its names and time are taken over by one that lacks them, "
            "as 'And for the founders?' does."
        ),
    ] = None,
    table: Annotated[
        list[str] | None,
        typer.Option(
            help="Ask one question of many: of each name, which is put into the question's slot "
            "({company} or the like); without a slot 'source', 'tag', 'month' or 'article'."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Answer questions with the exact words of an article, where they stand, and how sure.

    --json prints what POST /v1/ask would return.
    """
    first = None if question in (None, _STANDARD_INPUT) else _checked(question)
    _check_together(table, first, form, max_answers, as_json=as_json)
    if after is not None and (first is None or table):
        raise typer.BadParameter("--after: expected one question as an argument, and no --table")
    show = _shown_by(form, as_json=as_json)
    interactive = question is None and _is_terminal()
    # Read before the models are loaded: without a question there is nothing to wait for.
    lines = [] if first is not None or interactive else list(_lines())
    if first is None and not interactive and not lines:
        raise typer.BadParameter("no question: expected one as an argument or on standard input")
    with reported_errors():
        settings = read_settings(index_dir=index, encoder=encoder, device=device)
        filters: FilterOptions = {
            "published_from": published_from,
            "published_to": published_to,
            "sources": source or [],
            "tags": tag or [],
            "article_ids": article or [],
        }
        options: AskOptions = {
            "top_k": top_k,
            "max_answers": max_answers,
            "min_confidence": min_confidence,
            "as_of": as_of,
            "allow_partial": allow_partial,
            "filters": filters,
        }
        service = _open(settings, url, api_key)
        if table and first is not None:
            _print_rows(_ask_table(service, first, table, options), as_json=as_json)
            return
        asking = _Asking(service, options)
        if first is not None:
            show(asking.ask(first, after), 2)
        elif interactive:
            asking.ask_each(prompted_questions(), show)
        else:
            plain = not as_json and form is None
            asking.ask_each(lines, show, repeat_question=plain and not _is_terminal())
    if asking.failed:
        raise typer.Exit(asking.failed)


def _open(settings: Settings, url: str | None, api_key: str | None) -> Service:
    """Open the service, with a status line on a terminal: loading models takes seconds."""
    console = Console(stderr=True)
    with console.status("Loading the models" if url is None else f"Asking {url}"):
        return open_service(settings, url, api_key)


class _Asking:
    """Asks questions one after the other, with the same options.

    Attributes:
        failed: The exit status of the worst failure; 0 without one.
    """

    def __init__(self, service: Service, options: AskOptions) -> None:
        self.failed = 0
        self._service = service
        self._options = options

    def ask(self, question: str, previous: str | None = None) -> AskResponse:
        """Ask a question, which may follow up a previous one."""
        if previous is None:
            return self._service.ask(question, **self._options)
        reply = self._service.ask(question, previous_question=previous, **self._options)
        if reply.question != question:
            print(f"asked: {reply.question}", file=sys.stderr)
        return reply

    def ask_each(
        self, questions: Iterable[str], show: _Show, *, repeat_question: bool = False
    ) -> None:
        """Ask every question; a failure is reported, and the next question asked."""
        for number, question in enumerate(questions, start=1):
            if repeat_question:
                print(f"\n> {question}" if number > 1 else f"> {question}")
            try:
                show(self.ask(_checked(question)), None)
            except typer.BadParameter as error:
                self.failed = max(self.failed, 2)
                print(f"error: question {number}: {error.message}", file=sys.stderr)
            except ArticleQAError as error:
                self.failed = max(self.failed, 1)
                print(f"error: question {number}: {error}", file=sys.stderr)


def _check_together(
    table: Sequence[str] | None,
    question: str | None,
    form: CitationFormat | None,
    max_answers: int | None,
    *,
    as_json: bool,
) -> None:
    """Check that the options go with one another.

    Raises:
        BadParameter: If two of them don't.
    """
    if as_json and form is not None:
        raise typer.BadParameter("--json and --format: expected one of them")
    if table and (form is not None or max_answers is not None):
        raise typer.BadParameter("--table has one answer a row: no --format and --max-answers")
    if table and question is None:
        raise typer.BadParameter("--table: expected a question as an argument")


def _print_rows(table: Table, *, as_json: bool) -> None:
    if not as_json:
        print_table(table)
        return
    for row in table:
        print(row.model_dump_json(), flush=True)


def _ask_table(service: Service, question: str, rows: Sequence[str], options: AskOptions) -> Table:
    """Ask a question with a slot of names, or one without of every group.

    Raises:
        BadParameter: If it has no slot and the rows are not one kind of group.
    """
    further: TableOptions = {
        "top_k": options["top_k"],
        "min_confidence": options["min_confidence"],
        "as_of": options["as_of"],
        "filters": options["filters"],
    }
    if SLOT.search(question):
        return service.ask_table(question, rows, **further)
    try:
        (by,) = (TypeAdapter[Grouping](Grouping).validate_python(row) for row in rows)
    except ValueError:
        given = ", ".join(rows)
        raise typer.BadParameter(
            f"--table '{given}': expected source, tag, month or article, or a slot for names such "
            "as {company} in the question"
        ) from None
    return service.ask_table(question, by=by, **further)


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _lines() -> Iterable[str]:
    return (line.strip() for line in sys.stdin if line.strip())


def _checked(question: str) -> str:
    """Validate a question as POST /v1/ask does.

    Raises:
        BadParameter: If the service would refuse it.
    """
    try:
        return TypeAdapter[str](Question).validate_python(question)
    except ValidationError as error:
        raise typer.BadParameter(f"the question: {first_fault(error)}") from error


def _shown_by(form: CitationFormat | None, *, as_json: bool) -> _Show:
    """What prints a reply: as JSON, in a format of citations, or for people."""
    if as_json:
        return lambda reply, indent: print(reply.model_dump_json(indent=indent), flush=True)
    if form is not None:
        return lambda reply, _: _print_citations(reply, form)
    return lambda reply, _: print_reply(reply)


def _print_citations(reply: AskResponse, form: CitationFormat) -> None:
    if reply.abstention is not None and form != "markdown":
        print(f"no answer: {reply.abstention.reason}", file=sys.stderr)
    text = write_citations(reply, form)
    if text:
        print(text.removesuffix("\n"), flush=True)


app = command_line(Command(main, _EXAMPLES, _STATUSES))

if __name__ == "__main__":
    app()
