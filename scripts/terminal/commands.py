"""What all commands share: results and errors, help with examples, and common options."""

from __future__ import annotations

import functools
import inspect
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer
from tqdm import tqdm

from index.embedding.encoder import Precision
from index.errors import ArticleQAError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.progress import BuildProgress

PLAIN_STATUSES: Final = (
    "0 when it is done, 1 when it could not be (standard error says why), 2 for a wrong argument, "
    "130 when interrupted."
)
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
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON on standard output, and nothing else there.")
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


@contextmanager
def chunk_bar(what: str) -> Iterator[Callable[[BuildProgress], None]]:
    """Show on a terminal how far a build is; gives what is to be told of its progress."""
    with tqdm(desc=what, unit="chunk", disable=None) as bar:

        def show(progress: BuildProgress) -> None:
            bar.total = progress.chunks_total
            bar.update(progress.chunks - bar.n)

        yield show


_json_alone: ContextVar[bool] = ContextVar("json_alone", default=False)


def print_result(result: Mapping[str, object], show: Callable[[], None] | None = None) -> None:
    """Print what a command found: as people read it, then as one line of JSON.

    With ``--json`` there is nothing but the JSON. Progress, warnings and logs belong on standard
    error.

    Args:
        result: What JSON can hold.
        show: Prints it for people; None where the JSON alone is what the command promises.
    """
    if show is not None and not _json_alone.get():
        show()
    print(json.dumps(result, ensure_ascii=False), flush=True)


def print_values(result: Mapping[str, object], indent: str = "") -> None:
    """Print names and values, a line each, what is within others under them."""
    width = max((len(name) for name in result), default=0)
    for name, value in result.items():
        if isinstance(value, Mapping):
            print(f"{indent}{name}")
            print_values(value, f"{indent}  ")
        elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            print(f"{indent}{name}")
            for number, one in enumerate(value):
                if number:
                    print()
                print_values(one, f"{indent}  ")
        else:
            print(f"{indent}{name:<{width}}  {'-' if value is None else value}")


class Command(NamedTuple):
    """A function whose parameters are a command's, and what its help ends with.

    Attributes:
        main: The function; its docstring is the help.
        examples: Command lines, each with what it does.
        statuses: Sentences that say what the exit statuses mean.
        has_result: Whether it prints a result; if so, it gets ``--json`` unless it has one.
    """

    main: Callable[..., None]
    examples: Sequence[tuple[str, str]]
    statuses: str = PLAIN_STATUSES
    has_result: bool = True


def command_line(command: Command) -> typer.Typer:
    """Make a command of a function."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    _add(app, None, command)
    return app


def command_group(told: str | None, commands: Mapping[str, Command]) -> typer.Typer:
    """Make one command of several, each called by its name."""
    app = typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=told
    )
    for name, command in commands.items():
        _add(app, name, command)
    return app


def _add(app: typer.Typer, name: str | None, command: Command) -> None:
    shown = [f"{line}  # {what}" for line, what in command.examples]
    epilog = "\n\n".join(["Examples:", *shown, f"Exit status: {command.statuses}"])
    main = _with_json(command.main) if command.has_result else command.main
    app.command(name, epilog=epilog)(main)


def _with_json(main: Callable[..., None]) -> Callable[..., None]:
    """Give a command the option ``--json``, unless it has one of its own; see `print_result`."""
    signature = inspect.signature(main, eval_str=True)
    if any(_is_json(parameter.annotation) for parameter in signature.parameters.values()):
        return main

    @functools.wraps(main)
    def run(*, json_alone: bool, **options: Any) -> None:
        token = _json_alone.set(json_alone)
        try:
            main(**options)
        finally:
            _json_alone.reset(token)

    added = inspect.Parameter(
        "json_alone", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=JsonOption
    )
    parameters = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in (*signature.parameters.values(), added)
    ]
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run


def _is_json(annotation: object) -> bool:
    options = getattr(annotation, "__metadata__", ())
    return any("--json" in (one.default, *(one.param_decls or ())) for one in options)
