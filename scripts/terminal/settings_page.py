"""The page of all settings, in Markdown, from their class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.keys import Keyring
from api.settings import SECRET, Settings, variable

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOP: Final = """\
# Settings

*Made from `api/settings.py` by `article-qa config --markdown`.*

A setting has one name, in small letters in the file `article-qa.toml` of the working folder (or the
one that `--config` or `QA_CONFIG` names), and with `QA_` before it in capitals in the environment:

    # article-qa.toml
    corpus_dir = "articles"
    port = 9000
    cors_origins = ["https://example.org"]

    QA_PORT=9001 article-qa serve

An option of a command comes first, then the environment, the file and the default. `article-qa
config` shows what is in force and where each value comes from. Relative paths start at the working
folder. A wrong name or value in the file ends a command with file, line and what was expected.
"""
_SECTIONS: Final = {  # the first setting of each
    "index_dir": "Articles and index",
    "encoder": "Models",
    "preflight_gold": "Rebuilding",
    "host": "Serving",
    "api_keys": "Access",
    "max_body_bytes": "Connections and bodies",
    "max_in_flight": "Load",
    "log_format": "Logs and traces",
    "url": "Commands that ask a service",
}


def settings_page() -> str:
    """The content of docs/settings.md."""
    return "\n".join([_TOP, *_lines()]) + "\n"


def shown_value(name: str, value: object) -> str:
    """A value for people; of keys no more than the names."""
    if isinstance(value, Keyring):
        value = [key.name for key in value.keys]
    elif name in SECRET and value is not None:
        return "(set)"
    if value is None or (isinstance(value, list | tuple) and not value):
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def _lines() -> Iterator[str]:
    separator = ""
    for name, field in Settings.model_fields.items():
        if name in _SECTIONS:
            yield f"{separator}## {_SECTIONS[name]}\n"
            yield "| setting | default | meaning |\n|---|---|---|"
            separator = "\n"
        yield (
            f"| `{name}`<br>`{variable(name)}` | {_default(name, field.default)} "
            f"| {_prose(field.description)} |"
        )


def _default(name: str, value: Any) -> str:
    shown = shown_value(name, value)
    return shown if shown == "none" else f"`{shown}`"


def _prose(description: str | None) -> str:
    return "" if description is None else " ".join(description.replace("``", "`").split())
