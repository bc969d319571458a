"""Web pages (.html, .htm, .xhtml): main text and metadata, found by trafilatura."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any, Final

import lxml.html
import trafilatura
from lxml.etree import strip_elements

from index.errors import ArticleError
from index.formats.control_characters import without_controls
from index.formats.encodings import decode_labelled, replace_control_references
from index.formats.fields import ArticleFields, lenient_fields
from index.formats.raw_article import RawArticle
from index.formats.web.hidden import UNSEEN, drop_link_notes, is_hidden
from index.formats.web.html_main import MainContent
from index.formats.web.html_metadata import (
    byline_author,
    clean_author,
    clean_title,
    page_titles,
    prune_metadata,
    stated_author,
    told_author,
    told_title,
)
from index.formats.web.linked_data import linked_fields
from index.formats.web.markup import tree_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECLARED: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._-]{1,40})", re.IGNORECASE
)
_DECLARED_WITHIN: Final = 4096  # bytes; the HTML standard looks for it in the first 1024
_XML_DECLARATION: Final = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
# A date that the page states, not one guessed from its words; of publication, not of an update.
_DATES: Final = {"extensive_search": False, "original_date": True}
_NO_WORDS: Final = UNSEEN - {"button", "input", "textarea"}  # which tell what stands around them
_MOST_OF_PAGE: Final = 0.5  # hidden by a script that shows it, or behind an open dialog


def read_html(raw: bytes) -> RawArticle:
    """Read a page without its navigation, advertisements, footers and teasers of other pages.

    Raises:
        ArticleError: If the encoding cannot be detected, or the page has no main text.
    """
    page = _parse(raw)
    _remove_hidden(page)
    drop_link_notes(page)
    found = trafilatura.bare_extraction(
        prune_metadata(copy.deepcopy(page)),
        with_metadata=True,
        include_comments=False,
        include_formatting=False,
        date_extraction_params=_DATES,
    )
    body = page.find("body")
    if not isinstance(found, trafilatura.settings.Document) or body is None:
        raise ArticleError("no main text was found in the page")
    linked = linked_fields(page) or ArticleFields()
    strip_elements(body, *_NO_WORDS, with_tail=False)
    main = MainContent(body, _blocks(found.body), [*page_titles(page)])
    text = tree_text(main.root, main.skips)
    tags = [tag.strip() for tags in found.tags or () for tag in tags.split(",")]
    site = found.sitename or linked.source
    stated = (found.author, linked.author, stated_author(page))
    author = next(filter(None, (clean_author(each, site) for each in stated)), None)
    title = clean_title(page, main.root, found.title or linked.title, site)
    told = told_title(page, text)
    if told is not None and (title is None or title not in told):
        title = told
    fields = lenient_fields(
        {
            "title": title,
            "author": told_author(text) if author is None else byline_author(page, author, site),
            "url": found.url,
            "source": site,
            "published_at": found.date or linked.published_at,
            "tags": [tag for tag in tags if tag],
        }
    )
    left_out = (f"{main.teasers} parts that lead to other pages",) if main.teasers else ()
    return RawArticle(fields, text, left_out=left_out)


def _parse(raw: bytes) -> _Element:
    """Decode and parse a page.

    Raises:
        ArticleError: If the encoding cannot be detected, or there is nothing in the page.
    """
    declared = _DECLARED.search(raw, 0, _DECLARED_WITHIN)
    markup = decode_labelled(raw, None if declared is None else declared[1].decode("ascii"))
    markup = replace_control_references(_XML_DECLARATION.sub("", markup, count=1))
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True)
    try:
        return lxml.html.document_fromstring(without_controls(markup), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        raise ArticleError("no main text was found in the page") from None


def _remove_hidden(page: _Element) -> None:
    """Remove what a browser does not show, unless that is most of the page."""
    letters = len("".join(page.itertext()))
    for element in [*page.iter()]:
        if is_hidden(element) and element.getparent() is not None:
            if len("".join(element.itertext())) <= _MOST_OF_PAGE * letters:
                element.drop_tree()
            else:
                for name in ("hidden", "aria-hidden", "style"):
                    element.attrib.pop(name, None)


def _blocks(body: Any) -> list[str]:
    """The texts of the extracted elements that have words of their own."""
    return [
        "".join(element.itertext())
        for element in body.iter("p", "head", "item", "quote", "cell", "code", "ab")
        if not any(child.tag in {"p", "item", "row", "list"} for child in element)
    ]
