"""Ask the index a question: `python -m scripts.ask "How much is Meta spending?"`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.text import Text

from api.answering.answerer import AskParameters
from api.schemas import MAX_TOP_K, AskResponse, CitationOut, NearestOut, Question
from api.serving import Serving, load_models
from api.settings import Settings
from api.translation import from_reply
from index.encoder import DEFAULT_MODEL
from index.generation import current_folder
from scripts.commands import DeviceOption, EncoderOption, IndexOption, reported_errors


def main(
    question: Annotated[str, typer.Argument(help="The question, in plain words.")],
    *,
    index: IndexOption = Path("var/index"),
    encoder: EncoderOption = DEFAULT_MODEL,
    device: DeviceOption = None,
    top_k: Annotated[int, typer.Option(min=1, max=MAX_TOP_K, help="Passages to read.")] = 8,
    min_confidence: Annotated[
        float | None, typer.Option(min=0, max=1, help="Least confidence of an answer.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what POST /v1/ask would return.")
    ] = False,
) -> None:
    """Answer a question from the index with the exact words, where they stand, and how sure.

    Example: python -m scripts.ask "How much is Meta spending?" --json
    """
    asked = _checked(question)
    with reported_errors():
        current_folder(index)
        settings = Settings(index_dir=index, encoder=encoder, device=device)
        answerer = Serving(index, load_models(settings)).current().answerer
        parameters = AskParameters(top_k=top_k, min_confidence=min_confidence)
        response = from_reply(answerer.ask(asked, parameters))
    if as_json:
        print(response.model_dump_json(indent=2))
    else:
        _print(response)


def _checked(question: str) -> str:
    """Refuse what POST /v1/ask would refuse."""
    try:
        return TypeAdapter[str](Question).validate_python(question)
    except ValidationError as error:
        raise typer.BadParameter(f"the question: {error.errors()[0]['msg']}") from error


def _print(response: AskResponse) -> None:
    console = Console(highlight=False)
    if response.abstention is not None:
        console.print(Text("No answer. ", style="bold").append(response.abstention.reason, "none"))
        for near in response.abstention.nearest:
            console.print(Text(f"  nearest: {near.sentence}\n           {_place(near)}"))
        return
    for answer in response.answers:
        console.print(Text(answer.text, style="bold").append(f"  ({answer.confidence:.0%})", "dim"))
        for citation in response.citations:
            if citation.number in answer.citations:
                console.print(_marked(citation))


def _marked(citation: CitationOut) -> Text:
    """The cited sentence with the quote marked, and where it stands."""
    line = Text(f"  [{citation.number}] ")
    first = citation.start - citation.sentence_start
    sentence = Text(citation.sentence)
    sentence.stylize("bold green", first, first + citation.end - citation.start)
    return line.append_text(sentence).append(f"\n      {_place(citation)}", "dim")


def _place(cited: CitationOut | NearestOut) -> str:
    article = cited.article
    known = (article.title, article.source, article.published_at, article.id)
    return ", ".join(str(part) for part in known if part is not None)


if __name__ == "__main__":
    typer.run(main)
