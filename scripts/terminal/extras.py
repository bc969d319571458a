"""Extras: packages that only some commands need."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from index.errors import ArticleQAError

_MODULES: Final = {
    "cluster": ("ray",),
    "evaluation": ("ir_measures", "jinja2", "matplotlib", "rapidfuzz", "scipy", "sklearn"),
}


class MissingExtraError(ArticleQAError):
    """An extra is not installed."""


def require_extra(name: str) -> None:
    """Check that an extra is installed, before a command does any work.

    Raises:
        MissingExtraError: If one of its modules is missing; the message says what to install.
    """
    missing = [module for module in _MODULES[name] if find_spec(module) is None]
    if missing:
        raise MissingExtraError(
            f"there is no module '{missing[0]}'; install the extra '{name}': "
            f"pip install '.[{name}]'"
        )
