"""Connectors to other frameworks: a retriever and a question-answering component for each.

Each is a module of its own, and an extra of the same name; nothing else imports them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def needs_extra(name: str) -> Iterator[None]:
    """Say which extra has a module that is missing.

    Raises:
        ModuleNotFoundError: If one is.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"there is no module '{error.name}'; install the extra '{name}': "
            f"pip install '.[{name}]'",
            name=error.name,
        ) from error
