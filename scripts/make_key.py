"""Make an API key: `article-qa key NAME --scopes ask+admin`."""

from __future__ import annotations

import sys
from typing import Annotated, Final

import typer

from api.keys import Keyring, check_name, digest_of, new_key
from scripts.terminal.commands import Command, JsonOption, command_line, print_result


def main(
    name: Annotated[
        str, typer.Argument(help="Whose key it is: what its requests are logged under.")
    ],
    scopes: Annotated[
        str,
        typer.Option(
            help="What it opens: ask (asking, searching, articles), admin (rebuilding, changing "
            "articles, evaluations, metrics), or ask+admin."
        ),
    ] = "ask",
    as_json: JsonOption = False,
) -> None:
    """Print a new key, for the client, and its entry, for the server's QA_API_KEYS, as JSON.

    The key is shown this once: the entry has only its hash. A client sends 'Authorization: Bearer
    KEY'; the commands take it from QA_API_KEY. QA_API_KEYS has the entries of all keys, separated
    by commas.
    """
    key = new_key()
    entry = f"{name}:{scopes}:sha256:{digest_of(key).hex()}"
    try:
        check_name(name)
        Keyring.parse(entry)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(1) from error
    print_result({"key": key, "entry": entry}, as_json=as_json)


_EXAMPLES: Final = (
    ("article-qa key alice", "a key to ask with"),
    ("article-qa key ops --scopes ask+admin", "one to ask and to rebuild with"),
)
app = command_line(Command(main, _EXAMPLES))

if __name__ == "__main__":
    app()
