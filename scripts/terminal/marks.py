"""The commands on marked answers: list, mark, review."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.client import Client
from api.service.local_marks import LocalMarks
from api.settings import read_settings
from scripts.terminal.commands import (
    ApiKeyOption,
    IndexOption,
    JsonOption,
    UrlOption,
    print_result,
    reported_errors,
)

if TYPE_CHECKING:
    from api.client import Marks
    from api.client.calls import Quote
    from api.schemas import MarkedQuestionOut


def list_marks(
    *,
    only_open: Annotated[
        bool, typer.Option("--open", help="Only those that are not reviewed yet.")
    ] = False,
    url: UrlOption = None,
    api_key: ApiKeyOption = None,
    index: IndexOption = Path("var/index"),
    as_json: JsonOption = False,
) -> None:
    """List the answers that users marked right or wrong."""
    with reported_errors():
        marked = _open(index, url, api_key).marked_answers().questions
    shown = [question for question in marked if not (only_open and question.reviewed)]

    def show() -> None:
        for question in shown:
            print(_line(question))
        waiting = sum(not question.reviewed for question in shown)
        print(f"{len(shown)} marked, {waiting} to review")

    result = {"questions": [question.model_dump(mode="json") for question in shown]}
    print_result(result, show, as_json=as_json, json_last=False)


def mark_answer(
    question: Annotated[str, typer.Argument(help="The question, in plain words.")],
    *,
    article: Annotated[
        str | None, typer.Option(help="Id of the article that the right words stand in.")
    ] = None,
    words: Annotated[
        list[str] | None,
        typer.Option(help="The right words, exactly as the article has them; may be repeated."),
    ] = None,
    start: Annotated[
        int | None,
        typer.Option(
            min=0, help="Where they begin, in code points; where they stand there several times."
        ),
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="No article answers it.")] = False,
    url: UrlOption = None,
    api_key: ApiKeyOption = None,
    index: IndexOption = Path("var/index"),
    as_json: JsonOption = False,
) -> None:
    """Say which words of an article answer a question, or that none do.

    It becomes a gold question in gold.local.jsonl beside the articles, in place of an earlier one
    of the same words.
    """
    if none == bool(words) or (article is None) != none:
        raise typer.BadParameter("expected --article with --words, or --none")
    if start is not None and len(words or ()) > 1:
        raise typer.BadParameter("--start: expected one --words")
    with reported_errors():
        marks = _open(index, url, api_key)
        text = "" if article is None else marks.article(article).text
        places = [_place(article or "", said, text, start) for said in words or ()]
        marked = marks.mark_answer(question, places)
    print_result(
        marked.model_dump(mode="json"),
        lambda: print(_line(marked)),
        as_json=as_json,
        json_last=False,
    )


def review_marks(
    ids: Annotated[list[str], typer.Argument(help="Ids, as 'article-qa gold marks' shows them.")],
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Remove them instead.")] = False,
    url: UrlOption = None,
    api_key: ApiKeyOption = None,
    index: IndexOption = Path("var/index"),
    as_json: JsonOption = False,
) -> None:
    """Accept marked answers, so that evaluations ask them; or remove them."""
    done = []
    with reported_errors():
        marks = _open(index, url, api_key)
        for gold_id in ids:
            if remove:
                marks.remove_marked(gold_id)
                done.append(gold_id)
            else:
                done.append(marks.review_marked(gold_id).id)
    what = "removed" if remove else "reviewed"
    print_result(
        {what: done}, lambda: print(f"{what}: {', '.join(done)}"), as_json=as_json, json_last=False
    )


def _open(index: Path, url: str | None, api_key: str | None) -> Marks:
    if url is not None:
        return Client(url, api_key=api_key)
    return LocalMarks(read_settings(index_dir=index))


def _place(article: str, words: str, text: str, start: int | None) -> Quote:
    """Find words in an article.

    Raises:
        typer.BadParameter: If they stand there several times, or not at all.
    """
    first = text.find(words) if start is None else start
    if first < 0:
        raise typer.BadParameter(f"--words '{words[:60]}': they do not stand in '{article}'")
    if start is None and text.find(words, first + 1) >= 0:
        raise typer.BadParameter(
            f"--words '{words[:60]}': they stand in '{article}' more than once; expected --start, "
            f"such as {first}"
        )
    return {"article_id": article, "quote": words, "start": first, "end": first + len(words)}


def _line(question: MarkedQuestionOut) -> str:
    answers = ", ".join(f"“{answer}”" for answer in question.answers)
    says = f"{answers} in {', '.join(question.articles)}" if answers else "no article says it"
    by = "" if question.marked_by is None else f" by {question.marked_by}"
    at = "" if question.marked_at is None else f" on {question.marked_at:%Y-%m-%d}"
    state = "reviewed" if question.reviewed else "open"
    line = f"{question.id}  {state:<8}  {question.question}  {says} (marked{by}{at})"
    return "".join(letter if letter.isprintable() else " " for letter in line)
