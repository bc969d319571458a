"""Make an API key: `python -m scripts.make_key NAME --scopes ask+admin`."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from api.keys import Keyring, digest_of, new_key


def main(
    name: Annotated[str, typer.Argument(help="What the key is logged under.")],
    scopes: Annotated[str, typer.Option(help="ask, admin, or ask+admin.")] = "ask",
) -> None:
    """Print a new key, for the client, and its entry, for the server's QA_API_KEYS."""
    key = new_key()
    entry = f"{name}:{scopes}:sha256:{digest_of(key).hex()}"
    try:
        Keyring.parse(entry)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(1) from error
    print(json.dumps({"key": key, "entry": entry}))


if __name__ == "__main__":
    typer.run(main)
