"""The console command: `article-qa COMMAND`, each the command of a module beside this one."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final, NamedTuple

import typer
from typer.core import TyperCommand

from scripts.terminal.commands import CommandGroup


class _Entry(NamedTuple):
    """A command as the list of all shows it.

    Attributes:
        module: The module of `scripts` whose ``app`` it is.
        summary: What it does.
    """

    module: str
    summary: str


COMMANDS: Final = {
    "serve": _Entry("serve", "Index the articles where that is due, and serve them."),
    "ask": _Entry("ask", "Answer questions with the exact words of an article."),
    "verify": _Entry("verify", "Check that quotes cited before still stand in the articles."),
    "build": _Entry("build_index", "Build the index of a folder of articles."),
    "info": _Entry("index_info", "Show what the index holds and what the last build changed."),
    "evaluate": _Entry("evaluate", "Answer gold questions and measure the answers."),
    "gold": _Entry("gold", "Check a gold set, choose settings with it, mark answers."),
    "key": _Entry("make_key", "Make an API key."),
    "mcp": _Entry("mcp_server", "Let assistants ask the articles, over MCP."),
    "config": _Entry("config", "Show every setting that is in force, and where it comes from."),
    "fetch-base": _Entry("fetch_base", "Fetch the base encoder of the large reader."),
    "benchmark": _Entry("benchmark", "Measure speed and memory."),
}


class _Console(CommandGroup):
    """The group of all commands; a command's module is imported when it runs."""

    def __init__(self, **attributes: Any) -> None:
        listed = [TyperCommand(name, help=entry.summary) for name, entry in COMMANDS.items()]
        super().__init__(**{**attributes, "commands": listed})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        if name is not None:
            module = import_module(f"scripts.{COMMANDS[name].module}")
            command = typer.main.get_command(module.app)
        return name, command, rest


_EPILOG: Final = """Examples:

article-qa serve --corpus ~/articles  # index a folder and serve it

article-qa ask "Who runs Intel?"  # one question, without a server

article-qa build --help  # options, examples and exit statuses of a command

Settings come from options, QA_* variables and article-qa.toml, in this order; 'article-qa config'
shows them.
"""
app = typer.Typer(
    cls=_Console,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    epilog=_EPILOG,
)


@app.callback()
def _console() -> None:
    """Ask a folder of articles; get the exact words, where they stand, and how sure."""
