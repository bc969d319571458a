"""Parts of a web page that are no words of its article: teasers, forms, labels, links to share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.formats.web.markup import BLOCKS

if TYPE_CHECKING:
    from lxml.etree import _Element

PARTS: Final = BLOCKS | {"li"}  # elements that may be a part of a page of their own
_OTHER_TAGS: Final = {"nav", "aside", "footer", "menu", "dialog", "form"}
_OTHER_ROLES: Final = {
    *("navigation", "complementary", "contentinfo", "search", "dialog", "menu", "banner"),
}
# Words of class names and ids that pages give to what is not the article.
_OTHER_WORDS: Final = {
    *("related", "recirc", "recirculation", "teaser", "teasers", "promo", "promos", "newsletter"),
    *("subscribe", "subscription", "sidebar", "breadcrumb", "breadcrumbs", "comments", "advert"),
    *("ads", "advertisement", "sponsored", "outbrain", "taboola", "recommended", "recommendations"),
    *("navbox", "hatnote", "catlinks", "toc"),
    *("sharedaddy", "relatedposts", "adslot", "adsbygoogle"),
    *("trending", "readmore", "morestories", "mostread", "signup", "cookie", "cookies", "consent"),
    *(
        "toolbar",
        "popup",
        "optin",
        "newsletters",
        "mailchimp",
        "disqus",
        "affiliate",
        "merchandise",
    ),
    *("teaserbox", "anzeige", "werbung", "kommentare", "commentaires", "comentarios", "publicite"),
}
_OTHER_PHRASES: Final = re.compile(
    r"(?:read|more|see|most)-(?:more|also|next|stories|articles|news|read|popular|from)"
    r"|(?:^|\s)ads?-(?:slot|unit|box|banner|container|wrapper|placeholder)"
    r"|you-may-(?:also-)?like|social-(?:share|links|media)|share-(?:bar|buttons|links|tools)"
    r"|(?:product|shop|shopping)-(?:box|card|widget|module|carousel)|email-(?:signup|capture)"
    r"|author-(?:bio|biography|box|card|profile)|about-(?:the-)?author|article-tools"
)
# What begins a list of other pages, in the languages of large newspapers.
_OTHER_HEADING: Final = re.compile(
    r"(?:read (?:more|next|also)|also read|related\b|more (?:stories|news|from|on)\b|recommended"
    r"|also (?:in|on)\b|in other news|latest (?:news|stories)|top stories"
    r"|most (?:read|popular)|you (?:may|might) (?:also )?like|see also|don.t miss|trending"
    r"|explore more|suggested topics"
    r"|lesen sie (?:auch|mehr)|mehr (?:zum thema|aus|lesen)\b|auch interessant|meistgelesen"
    r"|das könnte (?:sie|dich)|weitere (?:artikel|themen|meldungen|nachrichten)"
    r"|(?:à )?lire (?:aussi|également)|sur le même (?:sujet|thème)|les plus lus|voir aussi"
    r"|le[ae] también|te puede interesar|más (?:noticias|leíd[oa]s)|noticias relacionadas"
    r"|leggi anche|articoli correlati|i più letti|leia também|veja também|mais lidas"
    r"|lees (?:ook|verder)|meer over|läs (?:också|även|mer)|les (?:også|mer)|læs (?:også|mere))",
    re.IGNORECASE,
)
_LONGEST_HEADING: Final = 60
_LABEL: Final = re.compile(
    r"\W*(?:more|related(?: (?:story|stories|article|articles))?|read(?: (?:more|also|next))?|watch"
    r"|listen|see also|subscribe|sign up|photos|video|gallery|lesen sie auch|(?:à )?lire aussi)"
    r"\s*[:»>]",
    re.IGNORECASE,
)
_LABELLED: Final = 0.5  # share of the words behind a label, in links, that makes it one of teasers
_CONTROL: Final = re.compile(
    r"(?:reuse this content|order reprints|purchase licensing rights|back to top|show more"
    r"|(?:(?:share|print|save|tweet|e-?mail|copy|link|copied|bookmark|comments?|facebook|twitter"
    r"|whatsapp|linkedin|reddit|this|article|story|full|on|via|x|\d+)\b[\W_]*)+)\Z",
    re.IGNORECASE,
)
_CONTROL_WORD: Final = re.compile(
    r"\b(?:share|print|save|tweet|copy|bookmark|reuse|reprints|licensing|top|show)\b", re.IGNORECASE
)
_LONGEST_CONTROL: Final = 80
_MOST_LINKS: Final = 30  # beside each other, to share or print a page
_SHARE_WORDS: Final = {"share", "sharing", "social"}
_LONGEST_SHARE: Final = 80  # letters of links to share a page
_MEDIA_WORDS: Final = {"video", "audio", "podcast"}
_LONGEST_MEDIA: Final = 150  # letters of the title of a recording
_NO_ARTICLE: Final = re.compile(
    r"(?:advertisements?|sponsored|ad|ad feedback|anzeige|werbung|publicité|publicidad|pubblicità"
    r"|advertentie|annons|annonse|annonce|reklame)\Z|\W*(?:copyright|©|\(c\))\W*(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_LONGEST_NO_ARTICLE: Final = 120  # letters of such a line
# Lines that pages of newspapers have around an article, in full.
_PAGE_LINE: Final = re.compile(
    r"\W*(?:(?:item|photo|image|slide)?\s*\d+\s*(?:of|/)\s*\d+|(?:small|medium|large) text"
    r"|our standards\s*:.*|updated \d+ (?:minutes?|hours?|days?) ago"
    r"|(?:temps de )?lecture\s*:?\s*\d+\s*min\w*|\d+[ -]min(?:ute)?s?\.?(?: read| de lecture)"
    r"|lesezeit\s*:?\s*\d+\s*min\w*|tiempo de lectura\s*:?\s*\d+\s*min\w*"
    r"|(?:article |contenu )?réservée? (?:aux|à nos) abonnés|(?:nur )?für abonnenten"
    r"|(?:for )?subscribers only|solo para suscriptores"
    r"|il vous reste \d+(?:[.,]\d+)?\s?% de cet article à lire.*"
    r"|la suite (?:de cet article )?est réservée aux abonnés|story continues below.*)\W*\Z",
    re.IGNORECASE,
)
# Sentences that ask readers to subscribe or to log in, in a box without a heading of the article.
_FOR_SUBSCRIBERS: Final = re.compile(
    r"(?:\A|[.!?:]\s)\W*(?:"
    r"(?:article |contenu )?réservée?s? (?:aux|à nos) abonnés|nur für abonnenten"
    r"|abonnez-vous (?:pour|à|dès)|connectez-vous (?:pour|afin)"
    r"|pour lire la suite|jetzt abonnieren|weiterlesen mit"
    r"|(?:log|sign) ?in (?:to|or) (?:comment|join|subscribe)|join the conversation"
    r"|suscríbete (?:para|y)|inicia sesión para)",
    re.IGNORECASE,
)
_LONGEST_WITH_LINK: Final = 40  # letters of such a box with a link in a sentence
_SIGN_UP: Final = re.compile(
    r"(?:sign up|subscribe|register)\b.{0,60}\bnewsletters?\b|\b(?:to|in) (?:your|their) inbox\b"
    r"|never miss (?:a|an) (?:story|update|issue)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_SIGN_UP: Final = 400  # letters
_WALL_WORDS: Final = {
    "paywall",
    "regwall",
    "barrier",
    "wall",
    "piano",
    "offer",
    "offers",
    "meter",
    "restricted",
}
_OFFER: Final = re.compile(
    r"already (?:a subscriber|have an account|registered)|(?:to|and) (?:continue|keep) reading"
    r"|continue reading (?:with|your)|subscribe (?:now|today|to (?:continue|read))"
    r"|(?:log|sign) ?in to (?:read|continue)|cancel any ?time|unlimited access|free trial"
    r"|déjà abonnée?\b|continuer à lire|la suite est réservée|abonnez-vous"
    r"|schon abonn|weiterlesen mit|ya eres suscriptor|sigue leyendo",
    re.IGNORECASE,
)
_LONGEST_OFFER: Final = 1000  # letters


def is_other_element(element: _Element) -> bool:
    """Whether the kind or role of an element says that it is not the article."""
    return element.tag in _OTHER_TAGS or element.get("role") in _OTHER_ROLES


def is_added(element: _Element) -> bool:
    """Whether a site's program added a part to the article of a feed or of JSON."""
    if element.tag == "a":
        return is_control_link(element)
    return element.tag in PARTS and (is_named_other(element) or is_headed_other(element))


def is_named_other(element: _Element) -> bool:
    """Whether class names or id say that an element is not the article."""
    joined = _joined_names(element)
    if joined == " ":
        return False
    return (
        not _OTHER_WORDS.isdisjoint(_split_names(joined))
        or _OTHER_PHRASES.search(joined) is not None
    )


def is_headed_other(element: _Element) -> bool:
    """Whether an element begins with words such as "Read more", before a link."""
    first = next((text for text in element.itertext() if text.strip()), "").strip()
    is_headed = len(first) <= _LONGEST_HEADING and _OTHER_HEADING.match(first) is not None
    if is_headed:
        return element.find(".//a[@href]") is not None
    label = _LABEL.match(first)
    if label is None:
        return False
    linked = sum(_letters(link) for link in element.iter("a") if link.get("href"))
    return linked > _LABELLED * (_letters(element) - len(label[0]))


def is_line_of_page(element: _Element, letters: int) -> bool:
    """Whether a block is a label of an advertisement, a copyright line, or is there to share."""
    names = _names(element)
    if letters <= _LONGEST_SHARE and not _SHARE_WORDS.isdisjoint(names):
        return True
    if letters <= _LONGEST_MEDIA and not _MEDIA_WORDS.isdisjoint(names):
        return not any(True for _ in element.iter("p", "figcaption"))
    if letters > _LONGEST_SIGN_UP:
        return False
    words = "".join(element.itertext()).strip()
    if letters <= _LONGEST_NO_ARTICLE and (
        _NO_ARTICLE.match(words) or _PAGE_LINE.match(words) or _is_control(words)
    ):
        return True
    return element.find(".//h1") is None and _asks_readers(element, words, letters)


def is_control_link(link: _Element) -> bool:
    """Whether a link that stands alone is there to share or print the page."""
    return _is_control("".join(link.itertext()).strip()) and _stands_alone(link)


def is_offer(element: _Element, letters: int) -> bool:
    """Whether an element asks for a subscription, in place of the rest of the article."""
    return (
        element.tag in BLOCKS
        and not _WALL_WORDS.isdisjoint(_names(element))
        and letters <= _LONGEST_OFFER
        and _OFFER.search("".join(element.itertext())) is not None
    )


def leads_elsewhere(element: _Element) -> bool:
    """Whether there are links to other pages, or something to fill in, in an element."""
    return any("#" not in link.get("href", "#") for link in element.iter("a")) or any(
        True for _ in element.iter("form", "input", "button")
    )


def _is_control(words: str) -> bool:
    return (
        len(words) <= _LONGEST_CONTROL
        and _CONTROL.match(words) is not None
        and _CONTROL_WORD.search(words) is not None
    )


def _asks_readers(element: _Element, words: str, letters: int) -> bool:
    """Whether an element is a box in which readers can sign up, subscribe or log in."""
    is_short = letters <= _LONGEST_WITH_LINK
    if _SIGN_UP.search(words) or (is_short and _FOR_SUBSCRIBERS.search(words)):
        return _asks(element)
    return _asks_apart(element) and any(map(_FOR_SUBSCRIBERS.search, element.itertext()))


def _asks(element: _Element) -> bool:
    """Whether there is something to press in an element."""
    return any(True for _ in element.iter("a", "button", "form", "input"))


def _asks_apart(element: _Element) -> bool:
    """Whether there is something to press in an element, other than a link in a sentence."""
    return any(True for _ in element.iter("button", "form", "input")) or any(
        _stands_alone(link) for link in element.iter("a")
    )


def _stands_alone(link: _Element) -> bool:
    """Whether there are no words beside a link, in what it is in."""
    parent = link.getparent()
    if parent is None or len(parent) > _MOST_LINKS:
        return False
    words = (parent.text, *(child.tail for child in parent))
    return not any(text.strip() for text in words if text is not None)


def _letters(element: _Element) -> int:
    return sum(len("".join(text.split())) for text in element.itertext())


def _names(element: _Element) -> set[str]:
    """The words of an element's class names and id, in lower case."""
    return _split_names(_joined_names(element))


def _split_names(joined: str) -> set[str]:
    return set(joined.replace("-", " ").split())


def _joined_names(element: _Element) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}".lower().replace("_", "-")
