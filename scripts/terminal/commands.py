"""Common parts of the commands: results, errors, help with examples, and shared options."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer
from tqdm import tqdm
from typer.core import TyperCommand, TyperGroup

from api import __version__
from api.config_file import CONFIG_VARIABLE, find_config_file
from api.settings import Settings, read_settings, variable
from index.embedding.encoder import Precision
from index.errors import ArticleQAError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.progress import BuildProgress

PLAIN_STATUSES: Final = (
    "0 when it is done, 1 when it could not be (standard error says why), 2 for a wrong argument, "
    "130 when interrupted."
)
_MODELS: Final = "Models"
IndexOption = Annotated[
    Path, typer.Option("--index", envvar="QA_INDEX_DIR", help="Folder of the index.")
]
EncoderOption = Annotated[
    str,
    typer.Option(
        "--encoder",
        envvar="QA_ENCODER",
        help="sentence-transformers model, by name or path.",
        rich_help_panel=_MODELS,
    ),
]
DeviceOption = Annotated[
    str | None,
    typer.Option(
        "--device",
        envvar="QA_DEVICE",
        help="cpu, cuda, ...; the fastest by default.",
        rich_help_panel=_MODELS,
    ),
]
PrecisionOption = Annotated[
    Precision,
    typer.Option(
        "--precision",
        envvar="QA_PRECISION",
        help="Of the embedding model; bfloat16 is faster where the processor computes in it.",
        rich_help_panel=_MODELS,
    ),
]
ReaderOption = Annotated[
    str,
    typer.Option(
        "--reader",
        envvar="QA_READER",
        help="small, large, cascade, sentence, or a folder.",
        rich_help_panel=_MODELS,
    ),
]
CalibrationOption = Annotated[
    Path | None,
    typer.Option(
        "--calibration",
        envvar="QA_CALIBRATION",
        help="Calibration file, from evaluate --calibrate; the reader's own by default.",
        rich_help_panel=_MODELS,
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
StorageOption = Annotated[
    str | None,
    typer.Option(
        "--storage",
        envvar="QA_STORAGE",
        metavar="URL",
        help="Storage that machines share: s3://BUCKET/PREFIX, gs://BUCKET/PREFIX, "
        "az://CONTAINER/PREFIX or file:///FOLDER. A build publishes the index there, and the "
        "service fetches it.",
    ),
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
        print(f"error: {_in_words(error)}", file=sys.stderr)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        raise typer.Exit(130) from None


def _in_words(error: Exception) -> str:
    """An error without the number that the system has for it."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)


@contextmanager
def chunk_bar(what: str) -> Iterator[Callable[[BuildProgress], None]]:
    """A progress bar of a build, on a terminal; yields the function to call with its progress."""
    with tqdm(desc=what, unit="chunk", disable=None) as bar:

        def show(progress: BuildProgress) -> None:
            bar.total = progress.chunks_total
            bar.update(progress.chunks - bar.n)

        yield show


def print_result(
    result: Mapping[str, object],
    show: Callable[[], None] | None = None,
    *,
    as_json: bool,
    json_last: bool = True,
) -> None:
    """Print the result of a command: for people, then as one line of JSON.

    Progress, warnings and logs belong on standard error.

    Args:
        result: What JSON can hold.
        show: Prints it for people; None where the command prints JSON in any case.
        as_json: Whether to print nothing but the JSON: the command's `JsonOption`.
        json_last: Whether the JSON follows what is printed for people.
    """
    if show is not None and not as_json:
        show()
    if as_json or json_last:
        print(json.dumps(result, ensure_ascii=False), flush=True)


def print_values(result: Mapping[str, object], indent: str = "") -> None:
    """Print names and values, a line each, with nested ones indented below."""
    width = max((len(name) for name in result), default=0)
    for name, value in result.items():
        if isinstance(value, Mapping):
            print(f"{indent}{name}")
            print_values(value, f"{indent}  ")
        elif isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
            print(f"{indent}{name}")
            for number, row in enumerate(value):
                if number:
                    print()
                print_values(row, f"{indent}  ")
        else:
            print(f"{indent}{name:<{width}}  {'-' if value is None else value}")


class Command(NamedTuple):
    """A command: its function, and the end of its help.

    Attributes:
        main: The function; its parameters are the options, its docstring is the help.
        examples: Command lines, each with what it does.
        statuses: The meaning of the exit statuses.
    """

    main: Callable[..., None]
    examples: Sequence[tuple[str, str]]
    statuses: str = PLAIN_STATUSES


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"article-qa {__version__}")
        raise typer.Exit


def _use_config(ctx: typer.Context, path: Path | None) -> None:
    """Take defaults of the options from the configuration file."""
    if ctx.resilient_parsing:
        return
    if path is not None:
        os.environ[CONFIG_VARIABLE] = str(path)  # for processes that this one starts, too
    with reported_errors():
        config = find_config_file(Settings.model_fields)
        if config is None:
            return
        read_settings()  # so that what is wrong in it is named by file and line
    values = {variable(name): value for name, value in config.values.items()}
    ctx.default_map = {
        option.name: values[option.envvar]
        for option in ctx.command.get_params(ctx)
        if isinstance(option.envvar, str) and option.envvar in values
    }


def _shared(
    *,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            is_eager=True,
            expose_value=False,
            callback=_use_config,
            help="Settings in TOML; article-qa.toml of this folder by default.",
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            is_eager=True,
            expose_value=False,
            callback=_print_version,
            help="Print the version and exit.",
        ),
    ] = False,
) -> None:
    """The options of every command, for typer to parse."""


_only_shared = typer.Typer(add_completion=False)
_only_shared.command()(_shared)
_CONFIG_OPTION, _VERSION_OPTION = typer.main.get_command(_only_shared).params


def _shown_plainly(options: Iterable[Any]) -> list[Any]:
    """Options whose help shows no type where they take no value, and no list where they take one.

    An option that takes several values is given several times, not a list.
    """
    shown = []
    for option in options:
        if getattr(option, "is_flag", False):
            option.metavar = ""  # typer would show <bool>
        elif getattr(option, "multiple", False):
            of_one = option.bare_type().removeprefix("list[").removesuffix("]")
            option.metavar = f"<{of_one}>"  # typer would show <list[str]>
        shown.append(option)
    return shown


class _Command(TyperCommand):
    """A command with ``--config`` and ``--version``."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _shown_plainly([*super().get_params(ctx), _CONFIG_OPTION, _VERSION_OPTION])


class CommandGroup(TyperGroup):
    """A group of commands with ``--version``."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The options of the group itself."""
        return _shown_plainly([*super().get_params(ctx), _VERSION_OPTION])


def command_line(command: Command) -> typer.Typer:
    """A command line of one command."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    _add(app, None, command)
    return app


def command_group(summary: str | None, commands: Mapping[str, Command]) -> typer.Typer:
    """A command line of several commands, each called by its name.

    Its help ends in the first example of each.
    """
    app = typer.Typer(
        cls=CommandGroup,
        add_completion=False,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        help=summary,
        epilog=_examples(command.examples[0] for command in commands.values()),
    )
    for name, command in commands.items():
        _add(app, name, command)
    return app


def _examples(examples: Iterable[tuple[str, str]]) -> str:
    return "\n\n".join(["Examples:", *(f"{line}  # {what}" for line, what in examples)])


def _add(app: typer.Typer, name: str | None, command: Command) -> None:
    epilog = f"{_examples(command.examples)}\n\nExit status: {command.statuses}"
    app.command(name, epilog=epilog, cls=_Command)(command.main)
