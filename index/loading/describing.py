"""Title and day of an article whose file states none: from its path and its first lines."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from index.chunking.blocks import BlockKind, split_blocks
from index.formats.bylines import split_day
from index.formats.days import parse_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.formats.raw_article import RawArticle
    from index.formats.registry import Format
    from index.records import DayOrigin

_FIRST_YEAR: Final = 1900
_PATH_DAY: Final = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<mark>[-_./ ]?)(?P<month>[01]\d)(?P=mark)"
    r"(?P<day>[0-3]\d)(?!\d)"
)
_PATH_DAY_LAST: Final = re.compile(
    r"(?<!\d)(?P<day>[0-3]\d)\.(?P<month>[01]\d)\.(?P<year>(?:19|20)\d\d)(?!\d)"
)
_HEAD_CHARACTERS: Final = 2000
_HEAD_LINES: Final = 12
_BYLINE_LINES: Final = 6  # in which a day may stand behind names
_LONGEST_DAY_LINE: Final = 100
_FOOT_CHARACTERS: Final = 400
_FOOT_LINES: Final = 4  # a day is taken there where a label says that it is that of publication
_LABEL: Final = re.compile(
    r"(?:(?:first )?(?:published|posted|released|issued|dated?|written)|publication date)"
    r"(?: (?:on|at))?\s*:?\s+",
    re.IGNORECASE,
)
_LAST_CHANGE: Final = re.compile(
    r"(?:last )?(?:updated|modified|changed|revised|accessed|retrieved)", re.IGNORECASE
)
# Parts of a line that stand beside a date: a byline, a place, the time that reading takes.
_PART: Final = re.compile(r"\s+(?:[|·•–—]|--?)\s+|\s*[|·•—]\s*")
_DATELINE: Final = re.compile(
    r"(?:[A-Z][\w.'’/ -]{1,40}(?:, [A-Z][\w.' -]{1,30})?,\s+)?\(?(?P<day>[A-Z0-9][\w ,.]{5,24}?)\)?"
    r"(?:\s+\([A-Za-z .]{2,30}\))?\s*(?:[–—:]|--?)\s"
)
_MARKUP: Final = "#*_> \t"
_FILE_TITLES: Final = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)|untitled|document|dokument|slide|print)[\s\d_-]*\Z"
    r"|microsoft (?:word|powerpoint|excel) - .*"
    r"|\S*\.(?:docx?|pdf|indd|qxd|tex|rtf|odt|pptx?|xlsx?|html?|txt)\Z",
    re.IGNORECASE,
)
_NAME_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_NAME_MARKS: Final = re.compile(r"[-_.\s]+")


class Day(NamedTuple):
    """A day of publication, and where it was read."""

    day: dt.date
    origin: DayOrigin


def find_day(raw: RawArticle, path: str, row: Format) -> Day | None:
    """Find the day of publication: stated, in the path, in the first lines, or of the file."""
    if raw.fields.published_at is not None:
        return Day(raw.fields.published_at, row.stated)
    if (day := _day_in_path(path)) is not None:
        return Day(day, "file name")
    if (day := _day_in_head(raw.text)) is not None:
        return Day(day, "text")
    return None if raw.created is None else Day(raw.created, "metadata")


def find_title(raw: RawArticle, path: str, row: Format) -> str | None:
    """Find the title: stated, the heading that begins the text, or the words of the file name."""
    title = raw.fields.title
    if title is not None and (row.stated == "front matter" or not _FILE_TITLES.match(title)):
        return title
    if row.marks_headings:
        return None
    head = raw.text[:_HEAD_CHARACTERS]
    blocks = split_blocks(head, guess_headings=True)
    if len(blocks) > 1 and blocks[0].kind is BlockKind.HEADING:
        return " ".join(head[slice(*blocks[0].span)].split())
    return _title_of_name(path)


def _day_in_path(path: str) -> dt.date | None:
    """The last whole day in a path: of the file's name, else of its folders."""
    for pattern in (_PATH_DAY, _PATH_DAY_LAST):
        for match in reversed(list(pattern.finditer(path))):
            if (day := _day(match)) is not None:
                return day
    return None


def _day(match: re.Match[str]) -> dt.date | None:
    try:
        return _plausible(dt.date(int(match["year"]), int(match["month"]), int(match["day"])))
    except ValueError:
        return None


def _plausible(day: dt.date | None) -> dt.date | None:
    """The day, if an article can have been published on it."""
    if day is None or not day.year >= _FIRST_YEAR:
        return None
    return None if day > dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1) else day


def _day_in_head(text: str) -> dt.date | None:
    """The day in the first lines, or behind a label in the last.

    In the first it stands alone in a line, behind a label, or in the dateline of a report.
    """
    lines = [line.strip(_MARKUP) for line in text[:_HEAD_CHARACTERS].splitlines()]
    for at, line in enumerate([line for line in lines if line][:_HEAD_LINES]):
        dateline = _DATELINE.match(line)
        if dateline is not None and (day := _plausible(parse_day(dateline["day"]))) is not None:
            return day
        if len(line) > _LONGEST_DAY_LINE:
            continue
        for candidate in _candidates(line, in_byline=at < _BYLINE_LINES):
            if (day := _plausible(parse_day(candidate.strip(_MARKUP)))) is not None:
                return day
    for line in [line.strip() for line in text[-_FOOT_CHARACTERS:].splitlines()][-_FOOT_LINES:]:
        label = _LABEL.match(line)
        if label is not None and (day := _plausible(parse_day(line[label.end() :]))) is not None:
            return day
    return None


def _candidates(line: str, *, in_byline: bool) -> Iterator[str]:
    """The parts of a line that may be a day; in a byline, one stands behind the names."""
    for part in _PART.split(line):
        if _LAST_CHANGE.match(part) is not None:
            continue
        words = _LABEL.sub("", part, count=1)
        yield words
        place, comma, after = words.partition(", ")
        if comma and place.isupper():
            yield after
        if in_byline and (day := split_day(words)[1]) is not None:
            yield day


def _title_of_name(path: str) -> str | None:
    name = path.rpartition("/")[2].rpartition(".")[0]
    words = _NAME_MARKS.sub(" ", _PATH_DAY.sub(" ", name)).strip()
    return words if len(_NAME_WORD.findall(words)) > 1 else None
