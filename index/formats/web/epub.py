"""Electronic books (.epub): the chapters in the order of reading."""

from __future__ import annotations

import html
import posixpath
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from index.errors import ArticleError
from index.formats.archives import open_archive, parse_part, read_part
from index.formats.encodings import decode_labelled
from index.formats.fields import lenient_fields
from index.formats.raw_article import RawArticle
from index.formats.web.markup import tree_text

if TYPE_CHECKING:
    import zipfile

    from lxml.etree import _Element

_SUFFIX: Final = ".epub"
_CONTAINER: Final = "META-INF/container.xml"
_ENCRYPTION: Final = "META-INF/encryption.xml"
_ENTITY: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]{1,31};")
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_DECLARED: Final = re.compile(rb"\A\s{0,100}<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{1,40})")


def read_epub(raw: bytes) -> RawArticle:
    """Read the chapters of a book without its table of contents.

    Raises:
        ArticleError: If it is not a book, is protected, or unpacks to too much.
    """
    with open_archive(raw, _SUFFIX) as archive:
        container = parse_part(read_part(archive, _CONTAINER, _SUFFIX))
        package = next((each.get("full-path", "") for each in _named(container, "rootfile")), "")
        book = parse_part(read_part(archive, package, _SUFFIX))
        chapters, contents = _chapters(book, posixpath.dirname(package))
        protected = _protected(archive)
        if any(name in protected for name in chapters):
            raise ArticleError("protected: its chapters are encrypted")
        texts = [_chapter_text(read_part(archive, name, _SUFFIX)) for name in chapters]
    fields = lenient_fields(
        {
            "title": _first(book, "title"),
            "author": ", ".join(_words(book, "creator")),
            "source": _first(book, "publisher"),
            "published_at": _first(book, "date"),
            "tags": _words(book, "subject"),
        }
    )
    left_out = (f"tables of contents: {contents}",) if contents else ()
    return RawArticle(fields, "\n\n".join(filter(None, texts)), left_out=left_out)


def _chapters(book: _Element, folder: str) -> tuple[list[str], int]:
    """The parts that hold the chapters, in order, and how many tables of contents are not there."""
    items = {item.get("id"): item for item in _named(book, "item")}
    chapters: dict[str, None] = {}
    contents = 0
    for reference in _named(book, "itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "html" not in item.get("media-type", ""):
            continue
        if "nav" in item.get("properties", "").split():
            contents += 1
            continue
        path = unquote(item.get("href", "")).partition("#")[0]
        chapters[posixpath.normpath(posixpath.join(folder, path))] = None
    return [*chapters], contents


def _protected(archive: zipfile.ZipFile) -> set[str]:
    """The parts that are encrypted; in many books fonts only."""
    if _ENCRYPTION not in archive.namelist():
        return set()
    encryption = parse_part(read_part(archive, _ENCRYPTION, _SUFFIX))
    return {unquote(each.get("URI", "")) for each in _named(encryption, "CipherReference")}


def _chapter_text(content: bytes) -> str:
    declared = _DECLARED.match(content)
    markup = decode_labelled(content, None if declared is None else declared[1].decode())
    # The names of characters are those of HTML, which a parser of XML does not know.
    markup = _ENTITY.sub(lambda match: html.unescape(match[0]), _DECLARATION.sub("", markup))
    page = parse_part(markup.encode(), recover=True)
    for element in page.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    body = page.find("body")
    return "" if body is None else tree_text(body)


def _named(root: _Element, name: str) -> list[_Element]:
    return [*root.iter(f"{{*}}{name}")]


def _words(book: _Element, name: str) -> list[str]:
    texts = (" ".join((each.text or "").split()) for each in _named(book, name))
    return [text for text in texts if text]


def _first(book: _Element, name: str) -> str | None:
    return next(iter(_words(book, name)), None)
