"""Show every setting that is in force, and where it comes from: `article-qa config`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.settings import Settings, origin_of, read_settings
from scripts.terminal.commands import (
    Command,
    JsonOption,
    command_line,
    print_result,
    reported_errors,
)
from scripts.terminal.settings_page import settings_page, shown_value

if TYPE_CHECKING:
    from api.settings import Origin


def main(
    *,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print docs/settings.md instead.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show every setting that is in force, and where it comes from; keys are not shown.

    A variable comes before the configuration file, which comes before the default.
    """
    if as_markdown:
        print(settings_page(), end="")
        return
    with reported_errors():
        settings = read_settings()
        rows = {
            name: (shown_value(name, getattr(settings, name)), origin_of(name))
            for name in Settings.model_fields
        }

    def show() -> None:
        width = max(map(len, rows))
        longest = max(len(value) for value, _ in rows.values())
        for name, (value, origin) in rows.items():
            print(f"{name:<{width}}  {value:<{longest}}  {_where(origin)}")

    result = {name: {"value": value, **origin._asdict()} for name, (value, origin) in rows.items()}
    print_result(result, show, as_json=as_json, json_last=False)


def _where(origin: Origin) -> str:
    return origin.kind if origin.place is None else origin.place


_EXAMPLES: Final = (
    ("article-qa config", "as things are in this folder"),
    ("article-qa config --config other.toml --json", "as they would be with another file"),
)
app = command_line(Command(main, _EXAMPLES))

if __name__ == "__main__":
    app()
