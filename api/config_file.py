"""The configuration file: settings by name, in TOML."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from api.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

CONFIG_FILE: Final = Path("article-qa.toml")
CONFIG_VARIABLE: Final = "QA_CONFIG"


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The settings of a configuration file.

    Attributes:
        path: The file.
        values: Its settings by name, unchecked.
    """

    path: Path
    values: Mapping[str, Any]
    _text: str

    def place(self, name: str) -> str:
        """File and line of a setting, as ``FILE:LINE``."""
        key = re.escape(name)
        assigned = re.compile(rf"""\s*(?:(["']?){key}\1\s*[=.]|\[\[?\s*(["']?){key}\2\s*[\].])""")
        for number, line in enumerate(self._text.splitlines(), start=1):
            if assigned.match(line):
                return f"{self.path}:{number}"
        return str(self.path)


def find_config_file(names: Collection[str]) -> ConfigFile | None:
    """Read the file that ``QA_CONFIG`` names, else ``article-qa.toml`` of the working folder.

    Args:
        names: Every setting that there is.

    Returns:
        The file; None where the variable is not set and the working folder has none.

    Raises:
        SettingsError: If the file cannot be read, is not TOML, or has a key that is no setting.
    """
    named = os.environ.get(CONFIG_VARIABLE)
    path = Path(named) if named else CONFIG_FILE
    try:
        text = path.read_text(encoding="utf-8")
        config = ConfigFile(path, tomllib.loads(text), text)
    except FileNotFoundError as error:
        if not named:
            return None
        raise SettingsError(
            f"{path}: no such file; expected the configuration file that --config or "
            f"{CONFIG_VARIABLE} names"
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}; expected settings in TOML") from error
    for name, value in config.values.items():
        _check(config, name, value, names)
    return config


def _check(config: ConfigFile, name: str, value: object, names: Collection[str]) -> None:
    """Check that a key is a setting, and that it has a value of its own.

    Raises:
        SettingsError: If it is another, or the name of a table.
    """
    if name in names and not isinstance(value, dict):
        return
    if isinstance(value, dict):
        raise SettingsError(
            f"{config.place(name)}: '{name}' is a table; expected settings at the top level, such "
            "as port = 8000"
        )
    near = get_close_matches(name.lower().replace("-", "_").removeprefix("qa_"), names, n=1)
    advice = f"the nearest is '{near[0]}'" if near else "docs/settings.md lists all"
    raise SettingsError(f"{config.place(name)}: '{name}' is no setting; {advice}")
