"""Times on a page: those of live blogs' entries, and what a page writes relative to now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import _Element

_RELATIVE: Final = re.compile(
    r"(?:just now|(?:about )?(?:an?|\d+) ?(?:s|m|h|d|w|secs?|seconds?|mins?|minutes?|hrs?|hours?"
    r"|days?|weeks?|months?|years?) ago|vor \w+ \w+|il y a \w+ \w+|hace \w+ \w+)\Z",
    re.IGNORECASE,
)
_STATED: Final = re.compile(r"\s*(?P<day>\d{4}-\d\d-\d\d)(?:[T ](?P<time>\d\d:\d\d))?")
_CLOCK: Final = r"\d{1,2}[:.]\d\d(?:[ap]\.?m\b\.?)?|\d{1,2}[ap]\.?m\b\.?"
_BEGINS_WITH_CLOCK: Final = re.compile(rf"\W*(?:{_CLOCK})", re.IGNORECASE)
_CLOCK_TIME: Final = re.compile(rf"(?:{_CLOCK})\Z|[ap]\.?m\.?\Z", re.IGNORECASE)
_TIME_WORD: Final = re.compile(
    rf"(?:{_CLOCK}|[ap]\.?m\.?|\d{{1,4}}(?:st|nd|rd|th|\.)?|\d{{4}}-\d\d-\d\d|at|uhr"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?|(?-i:[A-Z]{2,4}))\Z",
    re.IGNORECASE,
)
_SEPARATORS: Final = re.compile(r"[\s,()|·]+")
_LONGEST_RELATIVE: Final = 8  # characters, such as "12h ago"
_LONGEST: Final = 50  # characters


def is_entry_time(words: str) -> bool:
    """Whether a block is a time of day and nothing else, its day and zone beside it or not."""
    if len(words) > _LONGEST:
        return False
    parts = [part for part in _SEPARATORS.split(words) if part]
    return any(map(_CLOCK_TIME.match, parts)) and all(map(_TIME_WORD.match, parts))


def begins_entry(heading: _Element, time: str) -> bool:
    """Whether nothing but a time stands before a heading in the element that holds both.

    It may be written relative to now there, besides.
    """
    longest = len(time) + _LONGEST_RELATIVE
    inner = heading
    for element in heading.iterancestors():
        letters = len((element.text or "").strip())
        for child in inner.itersiblings(preceding=True):
            letters += sum(len(words.strip()) for words in (*child.itertext(), child.tail or ""))
            if letters > longest:
                return False
        if letters:
            return True
        inner = element
    return False


def time_marks(element: _Element) -> tuple[str, str | None]:
    """What stands before and after the words of an element `time`.

    Pages part it from its neighbours by their style alone. One such as "2 hours ago" is the time
    that the page states for it.

    Returns:
        The two; None after it where the words are not to be written.
    """
    words = " ".join("".join(element.itertext()).split())
    stated = _STATED.match(element.get("datetime", ""))
    before = " " if _touches(element.getprevious(), element.getparent()) else ""
    tail = element.tail or ""
    after = " " if tail[:1].isalnum() or (not tail and element.getnext() is not None) else ""
    if stated is None or _RELATIVE.match(words) is None:
        return before, after
    following = element.getnext()
    beside = tail if tail.strip() or following is None else "".join(following.itertext())
    parts = ("day",) if _BEGINS_WITH_CLOCK.match(beside) is not None else ("day", "time")
    moment = " ".join(part for part in map(stated.group, parts) if part is not None)
    return f"{before}{moment}{after}", None


def _touches(previous: _Element | None, parent: _Element | None) -> bool:
    """Whether words stand right before an element."""
    if previous is not None:
        return not previous.tail or previous.tail[-1].isalnum()
    return parent is not None and (parent.text or "")[-1:].isalnum()
