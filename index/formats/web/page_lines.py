"""Lines that a page has around an article: labels, counters, links to share or print it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.formats.web.element_names import names_of
from index.formats.web.links import control_labels, letters_of, spaced_words, stands_alone
from index.formats.web.reader_offers import asks_consent, asks_readers

if TYPE_CHECKING:
    from lxml.etree import _Element

_SHARE_VERB: Final = (
    r"share|print|save|tweet|copy|bookmark|teilen|merken|drucken"
    r"|partager|imprimer|compartir|copiar|guardar|condividi|stampa|dela|spara|delen|udostępnij"
    r"|compartilhar|sdílet|réagir|commenter|kommentieren|comentar|commenta"
)
_PLATFORM: Final = (
    r"facebook|twitter|x|whatsapp|linkedin|reddit|telegram|pinterest|bluesky|threads|messenger"
    r"|pocket|flipboard"
)
_RIGHTS: Final = re.compile(
    r"(?:reuse this content|order reprints|purchase licensing rights|(?:leave|post|write) a comment"
    r"|gift this article|listen to (?:this )?article|add to (?:my|your) \w+(?: stories)?"
    r"|artikel (?:verschenken|anhören|teilen)|offrir l.article|écouter l.article"
    r"|ajouter à vos (?:sélections|favoris)|lyssna på artikeln|ascolta l.articolo"
    r"|escuchar (?:el )?artículo|odsłuchaj artykuł)",
    re.IGNORECASE,
)
_LONGEST_INLINE: Final = 60  # letters
_FOLLOW: Final = re.compile(
    r"(?:follow|like|find|join) |folgen sie|suivez|retrouvez|síguenos|seguici|följ|volg ",
    re.IGNORECASE,
)
_NETWORK: Final = re.compile(rf"(?:{_PLATFORM}|instagram|youtube|tiktok)", re.IGNORECASE)
_CONTROL: Final = re.compile(
    r"(?:back to top|show more|nach oben"
    r"|(?:(?:click|post|pin|e-?mail|mail|link|enlace|lien|link copied|copied|comments?|comment"
    r"|kommentare?|commentaires?|comentarios?|commenti|views?|likes?|this|to|the|article|story|page"
    rf"|full|on|in|via|en|sur|su|auf|på|with|it|by|\d+|{_SHARE_VERB}|{_PLATFORM})\b[\W_]*)+)\Z",
    re.IGNORECASE,
)
_CONTROL_WORD: Final = re.compile(rf"\b(?:{_SHARE_VERB}|top|show|oben)\b", re.IGNORECASE)
_LONGEST_CONTROL: Final = 120
_COUNTER: Final = re.compile(
    r"\W*(?:(?:view|read|show|see|alle|voir|ver) )?(?:\d[\d.,]*k? )?"
    r"(?:comments?|shares|views|kommentare|commentaires|comentarios|commenti|kommentarer"
    r"|komentarz[ey]|reacties|reactions)(?: \(?\d[\d.,]*\)?)?\W*\Z",
    re.IGNORECASE,
)
_BUY: Final = re.compile(
    r"(?:shop|buy|order|see|check|view|get) (?:it )?(?:now|(?:the |this )?(?:price|deal|offer))"
    r"|(?:shop|buy) (?:it )?(?:at|on|from) .{1,40}|add to (?:cart|basket|bag)|jetzt kaufen"
    r"|zum angebot|acheter|comprar(?: ahora)?",
    re.IGNORECASE,
)
_LONGEST_WARE: Final = 200  # letters of a thing for sale
_COUNT_WORDS: Final = {"views", "likes", "shares", "comments", "count", "counter", "nr"}
_COUNT: Final = re.compile(r"[\d.,]+ ?[KkMm]?")
_LONGEST_COUNT: Final = 10  # letters
_LONGEST_AROUND: Final = 80  # letters around a box that asks for something, as its heading
_SHARE_WORDS: Final = {"share", "sharing", "social"}
_LONGEST_SHARE: Final = 80  # letters of links to share a page
_MEDIA_WORDS: Final = {"video", "audio", "podcast"}
_LONGEST_MEDIA: Final = 150  # letters of the title of a recording
_NO_ARTICLE: Final = re.compile(
    r"\W*(?:advertisements?|adverts?|sponsored|ad|ad feedback|anzeige|werbung|publicité|publicidad"
    r"|pubblicità|advertentie|annons|annonse|annonce|reklame|reklama"
    r"|advertisement\W{1,5}continue reading below)\W*\Z"
    r"|\W*(?:copyright|©|\(c\))\W*(?:19|20)\d\d\b(?!(?-i:\s+[a-z]))|\W*© riproduzione riservata",
    re.IGNORECASE,
)
_NOTICE: Final = re.compile(
    r".{0,40}?(?:copyright|©|\(c\)).{0,100}(?:all rights reserved|alle rechte vorbehalten"
    r"|tous droits réservés|todos los derechos reservados|tutti i diritti riservati)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_NOTICE: Final = 300  # letters
_LONGEST_NO_ARTICLE: Final = 120  # letters of such a line
_LONGEST_WORDS: Final = 600  # characters of one with its buttons, which have no letters
# Lines that pages of newspapers have around an article, in full.
_PAGE_LINE: Final = re.compile(
    r"\A(?:\W*(?:(?:item|photo|image|slide)?\s*\d+\s*(?:of|/)\s*\d+|(?:small|medium|large) text"
    r"|our standards\s*:.*|(?:last )?updated?:? (?:at )?\d+ (?:minutes?|hours?|days?) ago"
    r"|(?:last |laatste )?updated?:? \d{1,2}[:.]\d\d"
    r"|(?:temps de )?lecture\s*:?\s*\d+\s*min\w*|\d+[ -]min(?:ute)?s?\.?(?: read| de lecture)"
    r"|lesezeit\s*:?\s*\d+\s*min\w*|tiempo de lectura\s*:?\s*\d+\s*min\w*"
    r"|\d+ minut[oi] di lettura|(?:was this (?:page|article)|war dieser artikel) \w+\W*(?:yes|ja)?"
    r"\W*(?:no|nein)?"
    r"|(?:article |contenu )?réservée? (?:aux|à nos) abonnés|(?:nur )?für abonnenten"
    r"|(?:for )?subscribers only|solo para suscriptores"
    r"|il vous reste \d+(?:[.,]\d+)?\s?% de cet article à lire.*"
    r"|la suite (?:de cet article )?est réservée aux abonnés|story continues(?: below.*)?"
    r"|regístrate (?:gratis )?para (?:seguir|continuar) leyendo|suscríbete para seguir leyendo)"
    r"|.*\bwe may (?:receive|earn|be paid|get) (?:a |an )?(?:affiliate )?"
    r"(?:compensation|commissions?)\b.*)\W*\Z",
    re.IGNORECASE,
)


def is_line_of_page(element: _Element, letters: int) -> bool:
    """Whether a block is a label, a counter or a copyright line, or is there to share or to sell.

    Args:
        element: The block.
        letters: How many letters it has.
    """
    if _is_named_line(element, letters) or is_copyright_notice(element, letters):
        return True
    if letters <= _LONGEST_NO_ARTICLE and len(words := spaced_words(element)) <= _LONGEST_WORDS:
        if _NO_ARTICLE.match(words) or _PAGE_LINE.match(words) or _is_control(words):
            return True
        if _is_counter(element, words):
            return True
        if _FOLLOW.match(words) and all(map(_NETWORK.fullmatch, control_labels(element))):
            return next(control_labels(element), None) is not None
    if letters <= _LONGEST_WARE and _sells(element):
        return True
    return element.find(".//h1") is None and _is_for_readers(element, letters)


def _is_for_readers(element: _Element, letters: int) -> bool:
    """Whether an element is a box that asks readers for something, not one around such a box."""
    if asks_consent(element, letters):
        return True
    if not asks_readers(element, letters):
        return False
    for child in element.iterchildren("*"):
        inside = letters_of(child)
        if inside < letters and child.tag != "a" and asks_readers(child, inside):
            return letters - inside <= _LONGEST_AROUND
    return True


def _sells(element: _Element) -> bool:
    """Whether an element is a thing for sale; a picture may be for sale, its caption is not."""
    if element.tag == "figcaption" or next(element.iter("figcaption"), None) is not None:
        return False
    return any(map(_BUY.fullmatch, control_labels(element, apart=True)))


def _is_named_line(element: _Element, letters: int) -> bool:
    """Whether a short block is named as links to share, as a counter or as a recording."""
    if letters > _LONGEST_MEDIA:
        return False
    names = names_of(element)
    if letters <= _LONGEST_SHARE and not _SHARE_WORDS.isdisjoint(names):
        return True
    if letters <= _LONGEST_COUNT and not _COUNT_WORDS.isdisjoint(names):
        return _COUNT.fullmatch(spaced_words(element)) is not None
    return not _MEDIA_WORDS.isdisjoint(names) and not any(
        True for _ in element.iter("p", "figcaption")
    )


def _is_counter(element: _Element, words: str) -> bool:
    """Whether a block says how many comments there are, or is a number beside a button."""
    if _COUNTER.match(words) is not None:
        return any(map(str.isdecimal, words)) and not words.endswith(("shares", "views"))
    parent = element.getparent()
    is_number = _COUNT.fullmatch(words) is not None
    return is_number and parent is not None and parent.find("button") is not None


def is_copyright_notice(element: _Element, letters: int) -> bool:
    """Whether an element is a notice of copyright, a few words of a footer before it or not."""
    return letters <= _LONGEST_NOTICE and _NOTICE.match(spaced_words(element)) is not None


def is_control_link(link: _Element) -> bool:
    """Whether a link is there to share or print the page, or leads to its comments."""
    words = spaced_words(link)
    if (_RIGHTS.fullmatch(words) or _BUY.fullmatch(words)) and not (link.tail or "").strip():
        return True
    return (_is_control(words) or _COUNTER.match(words) is not None) and stands_alone(link)


def is_inline_line(element: _Element, letters: int) -> bool:
    """Whether an inline element without words beside it is a line that stands around an article."""
    before = element.getprevious()
    beside = element.getparent().text if before is None else before.tail
    if letters > _LONGEST_INLINE or (beside or "").strip() or (element.tail or "").strip():
        return False
    words = spaced_words(element)
    return len(words) <= _LONGEST_WORDS and (
        _PAGE_LINE.match(words) is not None or _is_control(words)
    )


def _is_control(words: str) -> bool:
    return _RIGHTS.fullmatch(words) is not None or (
        len(words) <= _LONGEST_CONTROL
        and _CONTROL.match(words) is not None
        and _CONTROL_WORD.search(words) is not None
    )
