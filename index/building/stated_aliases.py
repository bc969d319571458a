"""Aliases that articles state: "Meta (formerly Facebook)", "initial public offering (IPO)"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.folding import plain_marks

if TYPE_CHECKING:
    from collections.abc import Iterator

# Names begin where a word does: tried from each of its letters, a long one would take time with the
# square of its length.
_NAME: Final = (
    r"(?<![\w&-])[A-Z][\w&.'-]*(?: (?:of|de|the|and|&) [A-Z][\w&.'-]*| [A-Z][\w&'-]*){0,4}"
)
_FORMER: Final = (
    r"(?:formerly|previously|once)(?: known as| called| named)?|also known as|now called|"
    r"now known as|now|known as|better known as"
)
_OWNER: Final = r"parent company|parent group|parent|owner"
_STATED: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<one>{_NAME})(?: \([A-Z][\w&-]*\))? \((?:{_FORMER}) (?:the )?(?P<other>{_NAME})",
        rf"(?P<one>{_NAME})(?: \([A-Z][\w&-]*\))?, (?:{_FORMER}) (?:the )?(?P<other>{_NAME})[,.;]",
        rf"(?P<one>{_NAME}), (?P<other>{_NAME})'s? (?:{_OWNER})\b",
        rf"(?P<one>{_NAME}), (?:the )?(?:{_OWNER}) of (?P<other>{_NAME})",
        rf"(?P<other>{_NAME})'s (?:{_OWNER}),? (?P<one>{_NAME})",
        rf"(?<![\w&-])(?P<other>[A-Z][\w&-]*) (?:{_OWNER}) (?P<one>{_NAME})",
    )
)
_SHORT_AFTER: Final = re.compile(
    r"(?<![\w&'-])((?:[\w&'-]+ ){1,8})\((?:the )?([A-Z][A-Za-z]{0,3}[A-Z]s?)\)"
)
_LONG_AFTER: Final = re.compile(r"\b([A-Z]{2,6}) \(((?:[\w&'-]+ ){1,7}[\w&'-]+)\)")
_AND: Final = re.compile(r" and (?:the )?(?=[A-Z])")
_SMALL: Final = frozenset("of and the for in de on to & a".split())


def stated_aliases(text: str) -> Iterator[tuple[str, str]]:
    """Give each pair of names that a text states to be names of one thing."""
    plain = plain_marks(text)
    if "(" in plain or "parent" in plain or "owner" in plain or "formerly" in plain:
        for pattern in _STATED:
            for match in pattern.finditer(plain):
                yield _bare(match["one"]), _bare(match["other"])
    if "(" not in plain:
        return
    for match in _SHORT_AFTER.finditer(plain):
        long = long_form(match[1].split(), match[2])
        if long is not None:
            yield long, match[2]
    for match in _LONG_AFTER.finditer(plain):
        if long_form(match[2].split(), match[1]) == match[2]:
            yield match[2], match[1]


def long_form(words: list[str], short: str) -> str | None:
    """The last of some words that begin with the letters of an abbreviation; None without such.

    After Schwartz and Hearst, "A Simple Algorithm for Identifying Abbreviation Definitions in
    Biomedical Text", PSB 2003, for initials only.
    """
    letters = short.removesuffix("s").lower()
    for start in range(len(words) - 1, -1, -1):
        chosen = words[start:]
        initials = "".join(part[:1] for word in chosen for part in word.split("-")).lower()
        bare = "".join(
            part[:1] for word in chosen if word not in _SMALL for part in word.split("-")
        ).lower()
        if letters in (initials, bare) and words[start] not in _SMALL:
            return " ".join(chosen)
    return None


def _bare(name: str) -> str:
    """A name without article and possessive, and only the first of two."""
    first = _AND.split(name, maxsplit=1)[0]
    return first.removeprefix("The ").removesuffix("'s").rstrip(".,'")
