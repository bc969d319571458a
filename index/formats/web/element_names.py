"""Names that pages give to their elements: classes, ids and labels of components."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import _Element

_ATTRIBUTES: Final = {
    *("class", "id", "data-component", "data-testid", "data-test-id", "data-qa", "data-module"),
}
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def joined_names(element: _Element) -> str:
    """The names of an element in lower case, their words joined by hyphens; empty without any.

    The tag of a custom element is one of them.
    """
    stated = [element.tag] if "-" in element.tag else []
    stated += [value for name, value in element.items() if name in _ATTRIBUTES]
    if not stated:
        return ""
    return _HUMP.sub("-", " ".join(stated)).lower().replace("_", "-")


def split_names(joined: str) -> set[str]:
    """The words of joined names."""
    return set(joined.replace("-", " ").split())


def names_of(element: _Element) -> set[str]:
    """The words of an element's names, in lower case."""
    return split_names(joined_names(element))
