"""Metadata of web pages, without what extractors take for it by mistake."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.formats.bylines import byline_names, marked_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_MODIFIED: Final = re.compile(r"modif|updat|revis|copyright", re.IGNORECASE)
_COPYRIGHT: Final = re.compile(r"©|\(c\)|copyright|all rights reserved", re.IGNORECASE)
_LONGEST_COPYRIGHT: Final = 300  # characters; a longer element is an article about copyright
_JSON_MODIFIED: Final = re.compile(r"\"date(?:Modified|Updated)\"\s*:\s*\"[^\"]*\"\s*,?")
_TITLE_SEPARATOR: Final = re.compile(r"\s+[|·•–—»:-]+\s+|\s*[|»]\s*")
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# A day or time behind a name, of which extractors drop the digits or not.
_DAY_BEHIND: Final = re.compile(
    rf"(?<![\s,|·•–—-])[\s,|·•–—-]*(?:\b(?:on|at|published|posted|updated)\b[\s:]*)?"
    rf"(?:\b{_MONTH}\b\.?(?:\s+\d.*)?|\d.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
# A further author: words in capitals, not "staff writer" or the letters of an agency.
_NAME_WORD: Final = (
    r"(?:(?:[a-z]\w{0,2}['’-])?[^\W\d_a-z][\w.'’-]*|[a-z\d_]\w{0,2}(?![\w'’-])|della)"
)
_NAME: Final = re.compile(rf"(?!\W*[A-Z]{{2,5}}\Z){_NAME_WORD}(?:\s{_NAME_WORD})*\Z")
_AROUND: Final = " \t\n·|,–—-"  # what pages set names apart with
_FIRST_LINES: Final = 6
_LONGEST_TITLE: Final = 1000  # characters; what is longer holds no headline
_OF_TITLE: Final = 0.5  # share of a title that its headline has at least
_SITE_ENDS: Final = (":", " -", " –", " —", "|", "»")
_SITE_BEGINS: Final = ("|", "·", "- ", "– ", "— ", "»", "（", "【")
_BY: Final = re.compile(r"(?:(?:written |posted |story )?by|par|por):?\s+", re.IGNORECASE)
_BYLINE_NAMES: Final = {"by", "byline", "author", "autor", "auteur", "autore"}
# Labels of forms and accounts, which stand where authors do.
_NO_AUTHORS: Final = {
    *("username", "user name", "user", "password", "email", "e-mail", "log in", "login", "sign in"),
    *("register", "admin", "administrator", "webmaster", "author", "anonymous", "guest", "search"),
    *("name", "unknown", "your name", "none", "null", "undefined"),
}


def prune_metadata(page: _Element) -> _Element:
    """Remove from a page what is not of its publication: days of changes, copyright, forms."""
    for meta in page.xpath("//meta[@property or @name or @itemprop]"):
        names = " ".join(meta.get(name, "") for name in ("property", "name", "itemprop"))
        if _MODIFIED.search(names) is not None:
            meta.drop_tree()
    for script in page.xpath("//script[contains(@type, 'ld+json')]"):
        script.text = _JSON_MODIFIED.sub("", script.text or "")
    for element in page.xpath("//time | //abbr[@title] | //*[@itemprop]"):
        own = " ".join(element.get(name, "") for name in ("class", "itemprop", "id"))
        if _MODIFIED.search(own) is not None and element.getparent() is not None:
            element.drop_tree()
    for element in page.xpath("//label | //fieldset"):
        if element.getparent() is not None:
            element.drop_tree()
    for element in page.xpath("//body//*[not(*)]"):
        text = element.text or ""
        if len(text) <= _LONGEST_COPYRIGHT and _COPYRIGHT.search(text) is not None:
            element.drop_tree()
    return page


def clean_author(author: str | None, site: str | None = None) -> str | None:
    """The names of authors, without days behind them, labels of forms and the site among them."""
    if author is None:
        return None
    names = [_DAY_BEHIND.sub("", _BY.sub("", name.strip(), count=1)) for name in author.split(";")]
    people = [name.strip(_AROUND) for name in names if name.strip().lower() not in _NO_AUTHORS]
    people = [name for at, name in enumerate(people) if at == 0 or _NAME.match(name)]
    if site is not None and people[:1] != [site]:
        people = [name for name in people if name.casefold() != site.casefold()]
    return "; ".join(dict.fromkeys(filter(None, people))) or None


def byline_author(page: _Element, author: str | None, site: str | None) -> str | None:
    """The author of a byline, where a page states the name of the site for it."""
    if author is None:
        return None
    title = " ".join((page.findtext(".//head/title") or "").split())
    first = author.partition(";")[0]
    if first != site and first not in _TITLE_SEPARATOR.split(title):
        return author
    for element in page.xpath("//body//*[@class or @rel]"):
        classes = f"{element.get('class', '')} {element.get('rel', '')}".lower().replace("_", "-")
        if _BYLINE_NAMES.isdisjoint(re.split(r"[\s-]+", classes)):
            continue
        names = marked_names(_words(element))
        if names is not None:
            return names
    return author


def clean_title(
    page: _Element, main: _Element, extracted: str | None, site: str | None
) -> str | None:
    """The title of the article, not that of the site.

    Args:
        page: The whole page.
        main: The element of the article.
        extracted: What an extractor took for the title.
        site: The name of the site, where the page states it.
    """
    stated = next(_stated_titles(page), None)
    if stated is not None and site is not None:
        stated = _without_site(stated, site)
    banners = {_words(element) for element in page.iter("h1") if not _is_inside(element, main)}
    banners |= set() if site is None else {site}
    headings = [_words(element) for element in main.iter("h1", "h2")]
    title = page.findtext(".//head/title")
    parts = [part for part in _TITLE_SEPARATOR.split(" ".join((title or "").split())) if part]
    in_title = [heading for heading in headings if heading in parts]
    if stated is not None and (stated not in banners or (stated != site and not in_title)):
        return stated
    if extracted and extracted in parts and len(parts) > 1 and in_title:
        extracted = max(extracted, *in_title, key=len)  # the shorter one is the name of the site
    if extracted and extracted not in banners:
        return extracted
    if headings and (headings[0] in parts or not parts):
        return headings[0]
    own = [part for part in parts if part not in banners]
    return max(own, key=len) if own else extracted


def told_title(page: _Element, text: str) -> str | None:
    """The headline of a text that is, but for the name of the site, the `title` of its page."""
    title = " ".join((page.findtext(".//head/title") or "").split())
    if len(title) > _LONGEST_TITLE:
        return None
    lines = text.split("\n\n", _FIRST_LINES)[:_FIRST_LINES]
    for line in lines:
        words = line.lstrip("# ")
        if len(words) < _OF_TITLE * len(title) or not words:
            continue
        before, behind = title.removesuffix(words), title.removeprefix(words)
        if before.rstrip().endswith(_SITE_ENDS):
            return words
        if line.startswith("# ") and (not behind or behind.lstrip().startswith(_SITE_BEGINS)):
            return words
    for separator in _TITLE_SEPARATOR.finditer(title):
        behind = title[separator.end() :]
        if len(behind) >= _OF_TITLE * len(title) and any(line.startswith(behind) for line in lines):
            return behind
    return None


def stated_author(page: _Element) -> str | None:
    """What the metadata of a page says of its author."""
    return next(
        (name for name in page.xpath("//meta[@name='author']/@content") if name.strip()), None
    )


def told_author(text: str) -> str | None:
    """The authors that a line near the beginning of a text names, as that of a byline."""
    lines = (line.lstrip("# ") for line in text.split("\n\n", _FIRST_LINES)[:_FIRST_LINES])
    return next(filter(None, map(byline_names, lines)), None)


def page_titles(page: _Element) -> Iterator[str]:
    """What a page says its title is, in its metadata and in its `title`."""
    yield from _stated_titles(page)
    title = page.findtext(".//head/title")
    if title is not None and title.strip():
        yield title


def _without_site(title: str, site: str) -> str:
    """A title without the name of the site behind it."""
    folded = site.casefold()
    for separator in _TITLE_SEPARATOR.finditer(title):
        is_short = len(title) - separator.end() <= len(folded)
        if separator.start() > 0 and is_short and title[separator.end() :].casefold() == folded:
            return title[: separator.start()]
    return title


def _stated_titles(page: _Element) -> Iterator[str]:
    for name in ("og:title", "twitter:title", "dc.title", "citation_title"):
        for meta in page.xpath("//meta[@property=$name or @name=$name]", name=name):
            words = " ".join(meta.get("content", "").split())
            if words:
                yield words


def _is_inside(element: _Element, main: _Element) -> bool:
    return element is main or any(parent is main for parent in element.iterancestors())


def _words(element: _Element) -> str:
    return " ".join("".join(element.itertext()).split())
