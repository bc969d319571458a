"""What all commands share: how they report errors, and their common options."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.encoder import Precision
from index.errors import ArticleQAError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

IndexOption = Annotated[
    Path, typer.Option("--index", envvar="QA_INDEX_DIR", help="Folder of the index.")
]
EncoderOption = Annotated[
    str,
    typer.Option(
        "--encoder", envvar="QA_ENCODER", help="sentence-transformers model, by name or path."
    ),
]
DeviceOption = Annotated[
    str | None,
    typer.Option("--device", envvar="QA_DEVICE", help="cpu, cuda, ...; the fastest by default."),
]
PrecisionOption = Annotated[
    Precision,
    typer.Option(
        "--precision",
        envvar="QA_PRECISION",
        help="Of the embedding model; bfloat16 is faster where the processor computes in it.",
    ),
]
UrlOption = Annotated[
    str | None,
    typer.Option("--url", envvar="QA_URL", help="Ask the service there, not the local index."),
]
ApiKeyOption = Annotated[
    str | None,
    typer.Option("--api-key", envvar="QA_API_KEY", help="For the service; better set QA_API_KEY."),
]


@contextmanager
def reported_errors() -> Iterator[None]:
    """Print an error of this project as one line and exit with status 1."""
    try:
        yield
    except (ArticleQAError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        raise typer.Exit(130) from None


def command(
    main: Callable[..., None], *, examples: Sequence[tuple[str, str]], statuses: str
) -> None:
    """Run a command whose help ends with examples and what its exit statuses mean.

    Args:
        main: The function whose parameters are the command's.
        examples: Command lines, each with what it does.
        statuses: A sentence.
    """
    shown = [f"{line}  # {what}" for line, what in examples]
    app = typer.Typer(add_completion=False)
    app.command(epilog="\n\n".join(["Examples:", *shown, statuses]))(main)
    app()
