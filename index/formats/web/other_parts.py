"""Parts of a web page that are no words of its article: teasers, forms, labels, links to share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.formats.web.element_names import joined_names, split_names
from index.formats.web.links import leads_elsewhere, letters_of
from index.formats.web.markup import BLOCKS
from index.formats.web.page_lines import is_control_link

if TYPE_CHECKING:
    from lxml.etree import _Element

PARTS: Final = BLOCKS | {"li"}  # elements that may be a part of a page of their own
_OTHER_TAGS: Final = {"nav", "footer", "menu", "dialog", "form"}
_OF_FACTS: Final = ("h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "tr")
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
    *("onetrust", "didomi", "usercentrics", "cookiebot", "cookieconsent", "cookielaw", "gdpr"),
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
    *("komentarze", "kommentarer", "reacties", "commenti", "comentários", "kommentit"),
}
_OTHER_PHRASES: Final = re.compile(
    r"(?:read|more|see|most)-(?:more|also|next|stories|articles|news|read|popular|from)"
    r"|(?:^|\s)ads?-(?:slot|unit|box|banner|container|wrapper|placeholder)"
    r"|you-may-(?:also-)?like|social-(?:share|links|media)|share-(?:bar|buttons|links|tools)"
    r"|(?:product|shop|shopping)-(?:box|card|widget|module|carousel)|sign-up(?:-|\s|\Z)|email-(?:signup|capture)"
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
    r"|tags?|topics?|tagged(?: under| with)?|filed under|labels|argomenti|schlagwörter|etiquetas"
    r"|mots-clés|ämnen|tagi|listen|see also|subscribe|sign up|photos|video|gallery"
    r"|lesen sie auch|(?:à )?lire aussi)"
    r"\s*[:»>]",
    re.IGNORECASE,
)
_LABELLED: Final = 0.5  # share of the words behind a label, in links, that makes it one of teasers


def is_other_element(element: _Element) -> bool:
    """Whether the kind or role of an element says that it is not the article."""
    if element.tag == "aside":  # one with a heading or list that leads nowhere is a box of facts
        return leads_elsewhere(element) or next(element.iter(*_OF_FACTS), None) is None
    return element.tag in _OTHER_TAGS or element.get("role") in _OTHER_ROLES


def is_added(element: _Element) -> bool:
    """Whether a site's program added a part to the article of a feed or of JSON."""
    if element.tag == "a":
        return is_control_link(element)
    return element.tag in PARTS and (is_named_other(element) or is_headed_other(element))


def is_named_other(element: _Element) -> bool:
    """Whether class names or id say that an element is not the article."""
    joined = joined_names(element)
    if not joined:
        return False
    return (
        not _OTHER_WORDS.isdisjoint(split_names(joined))
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
    linked = sum(letters_of(link) for link in element.iter("a") if link.get("href"))
    return linked > _LABELLED * (letters_of(element) - len(label[0]))
