"""The configuration beside a reader's weights, and what kind of reader it tells of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from api.answering.errors import ReaderError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CONFIG_FILE: Final = "config.json"
SPAN_MODEL: Final = "article-qa-span-reader-1"
ADAPTER: Final = "article-qa-adapter-1"
CASCADE: Final = "article-qa-cascade-1"


def stated_format(folder: Path) -> str:
    """The format that a reader's configuration states.

    Returns:
        One of the formats above; empty for a model of Hugging Face, and without a configuration.

    Raises:
        ReaderError: If the configuration is not a JSON object, or cannot be read.
    """
    path = folder / CONFIG_FILE
    if not path.is_file():
        return ""
    try:
        return str(json.loads(path.read_text("utf-8")).get("format", ""))
    except (OSError, ValueError, AttributeError) as error:
        raise ReaderError(f"{path}: expected the configuration of a reader; {error}") from error


def write_config(folder: Path, config: Mapping[str, object]) -> None:
    """Write the configuration of a reader into its folder."""
    text = json.dumps(config, indent=2)
    (folder / CONFIG_FILE).write_text(text + "\n", encoding="utf-8")
