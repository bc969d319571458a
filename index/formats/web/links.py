"""Links and other things to press, and the words beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_MOST_LINKS: Final = 30  # beside each other, to share or print a page
_FIELDS: Final = ("button", "form", "input")


def has_control(element: _Element) -> bool:
    """Whether there is something to press in an element, other than a link in a sentence."""
    return next(element.iter(*_FIELDS), None) is not None or any(
        stands_alone(link) for link in element.iter("a")
    )


def leads_elsewhere(element: _Element) -> bool:
    """Whether there are links to other pages, or something to fill in, in an element."""
    return (
        any("#" not in link.get("href", "#") for link in element.iter("a"))
        or next(element.iter(*_FIELDS), None) is not None
    )


def control_labels(element: _Element, *, apart: bool = False) -> Iterator[str]:
    """The words of each thing to press in an element.

    Args:
        element: The element.
        apart: Without the links in its sentences.
    """
    for control in element.iter("a", "button", "input"):
        if apart and control.tag == "a" and not stands_alone(control):
            continue
        words = control.get("value", "") if control.tag == "input" else spaced_words(control)
        if words:
            yield words


def stands_alone(link: _Element) -> bool:
    """Whether there are no words beside a link, in what it is in."""
    beside = _words_beside(link)
    return beside is not None and not beside.strip()


def is_in_sentence(link: _Element) -> bool:
    """Whether there are words beside a link, and not only marks between links."""
    return any(map(str.isalnum, _words_beside(link) or ""))


def _words_beside(link: _Element) -> str | None:
    """The words beside a link, in what it is in; None where that holds too many elements."""
    parent = link.getparent()
    if parent is None or len(parent) > _MOST_LINKS:
        return None
    return "".join(filter(None, (parent.text, *(child.tail for child in parent))))


def spaced_words(element: _Element) -> str:
    """The words of an element, those of different elements apart."""
    return " ".join(" ".join(element.itertext()).split())


def letters_of(element: _Element) -> int:
    """Count the letters of an element, without white space."""
    return sum(len("".join(text.split())) for text in element.itertext())
