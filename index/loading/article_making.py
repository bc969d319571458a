"""Raw articles of one file to articles: id, sidecar, day and title, and what cannot be stored."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from index.errors import ArticleError
from index.formats.control_characters import without_control_characters
from index.formats.fields import id_fault
from index.formats.raw_article import MAX_TEXT_BYTES
from index.formats.registry import read_sidecar
from index.loading.corpus_folder import SIDECAR, Skipped
from index.loading.describing import Day, find_day, find_title
from index.records import Article, ArticleInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.formats.fields import ArticleFields
    from index.formats.raw_article import Entry, RawArticle
    from index.formats.registry import Format
    from index.loading.corpus_folder import CorpusFile

_CONTENT_DIGITS: Final = 16  # of the hash that names an article without an id
_SIDECAR_FIELDS: Final = ("id", "title", "url", "source", "author", "published_at", "tags")


class ArticleMaker:
    """Makes the articles of one file.

    An article that is the whole file has the path for an id, unless it states one. One of several
    in a file has its address for an id where no other one there has the same, else a hash of what
    it says: its place in the file changes with every new entry.
    """

    def __init__(self, file: CorpusFile, row: Format) -> None:
        self._file = file
        self._row = row
        self._urls: set[int] = set()  # hashes of those of earlier entries without an id

    def articles(self, entries: list[Entry]) -> Iterator[Article | Skipped]:
        """Make articles of entries, or say why there is none.

        Raises:
            ReadingEndedError: If something other than the file kept its sidecar from being read.
        """
        urls = Counter(
            entry.content.fields.url
            for entry in entries
            if not isinstance(entry.content, ArticleError) and entry.content.fields.id is None
        )
        for entry in entries:
            place = f"{self._file.relative}:{entry.number}" if entry.number else self._file.relative
            try:
                if isinstance(entry.content, ArticleError):
                    raise entry.content
                if entry.number:
                    url = entry.content.fields.url
                    unique = urls[url] == 1 and hash(url) not in self._urls
                    yield self._one_of_several(entry.content, place, unique=unique)
                else:
                    yield self._whole(entry.content)
            except ArticleError as error:
                yield Skipped(place, str(error))
        self._urls.update(hash(url) for url in urls if url is not None)
        if self._file.sidecar is not None and any(entry.number for entry in entries):
            reason = "metadata of a file with several articles; each of them states its own"
            yield Skipped(f"{self._file.relative}{SIDECAR}", reason)

    def _whole(self, raw: RawArticle) -> Article:
        """Make the article that is the whole file.

        Raises:
            ArticleError: If it cannot be stored.
        """
        path = self._file.relative
        raw, sidecar = self._with_sidecar(raw)
        raw = without_control_characters(raw)
        if sidecar is not None and sidecar.published_at is not None:
            day: Day | None = Day(sidecar.published_at, "metadata")
        else:
            day = find_day(raw, path, self._row)
        stated = sidecar is not None and sidecar.title is not None
        title = raw.fields.title if stated else find_title(raw, path, self._row)
        return self._checked(
            raw, path if raw.fields.id is None else raw.fields.id, path, title, day
        )

    def _one_of_several(self, raw: RawArticle, place: str, *, unique: bool) -> Article:
        """Make an article that is an entry of the file.

        Raises:
            ArticleError: If it cannot be stored.
        """
        raw = without_control_characters(raw)
        fields = raw.fields
        day = None if fields.published_at is None else Day(fields.published_at, self._row.stated)
        article_id = fields.id
        if (
            article_id is None
            and fields.url is not None
            and unique
            and id_fault(fields.url) is None
        ):
            article_id = fields.url
        if article_id is None:
            article_id = f"{self._file.relative}:{_content_hash(raw)}"
        return self._checked(raw, article_id, place, fields.title, day)

    def _with_sidecar(self, raw: RawArticle) -> tuple[RawArticle, ArticleFields | None]:
        """Set what the sidecar states.

        Raises:
            ReadingEndedError: If something other than the file kept it from being read.
        """
        path = self._file.sidecar
        if path is None:
            return raw, None
        try:
            sidecar = read_sidecar(path)
        except (OSError, ArticleError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            return replace(raw, left_out=(*raw.left_out, f"{path.name}: {reason}")), None
        states = {
            name: value
            for name in _SIDECAR_FIELDS
            if (value := getattr(sidecar.fields, name)) not in (None, [])
        }
        faults = [f"{path.name}: {fault}" for fault in sidecar.left_out]
        fields = raw.fields.model_copy(update=states)
        return replace(raw, fields=fields, left_out=(*raw.left_out, *faults)), sidecar.fields

    def _checked(
        self, raw: RawArticle, article_id: str, place: str, title: str | None, day: Day | None
    ) -> Article:
        """Make an article, once it can be stored.

        Raises:
            ArticleError: If the text is blank, too long or cannot be stored as UTF-8.
        """
        fields, text = raw.fields, raw.text
        if not text.strip():
            raise ArticleError("empty: there is no text in it")
        for name, value in (("text", text), ("id", article_id), *_texts(fields)):
            try:
                value.encode()
            except UnicodeEncodeError as error:
                raise ArticleError(
                    f"field '{name}': a lone surrogate (half of a character) at offset "
                    f"{error.start}"
                ) from None
        stored = text.encode()
        if len(stored) > MAX_TEXT_BYTES:
            raise ArticleError(
                f"its text has {len(stored)} bytes; an article may have at most {MAX_TEXT_BYTES}"
            )
        info = ArticleInfo(
            id=article_id,
            title=title,
            url=fields.url,
            source=fields.source,
            author=fields.author,
            published_at=None if day is None else day.day,
            tags=tuple(dict.fromkeys(fields.tags)),
            sha256=hashlib.sha256(stored).hexdigest(),
            path=place,
            pages=raw.pages,
            published_at_from=None if day is None else day.origin,
            left_out=raw.left_out,
            marks_headings=self._row.marks_headings,
            recognised=raw.recognised,
        )
        return Article(info=info, text=text)


def _content_hash(raw: RawArticle) -> str:
    """The same for entries that say the same, wherever they stand."""
    said = json.dumps([raw.fields.model_dump(mode="json"), raw.text], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:_CONTENT_DIGITS]


def _texts(fields: ArticleFields) -> Iterable[tuple[str, str]]:
    for name in ("title", "url", "source", "author"):
        value = getattr(fields, name)
        if value is not None:
            yield name, value
    for tag in fields.tags:
        yield "tags", tag
