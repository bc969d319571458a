"""Boxes of a page in which readers can sign up, subscribe or log in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.formats.web.element_names import names_of
from index.formats.web.links import control_labels, has_control, spaced_words
from index.formats.web.markup import BLOCKS

if TYPE_CHECKING:
    from lxml.etree import _Element

_BEGIN: Final = r"(?:\A|[.!?:]\s)\W*"  # of a sentence
# Sentences that ask readers to subscribe or to log in, in a box without a heading of the article.
_FOR_SUBSCRIBERS: Final = re.compile(
    rf"{_BEGIN}(?:"
    r"(?:article |contenu )?réservée?s? (?:aux|à nos) abonnés|nur für abonnenten"
    r"|abonnez-vous (?:pour|à|dès)|connectez-vous (?:pour|afin)"
    r"|pour lire la suite|jetzt abonnieren|weiterlesen mit"
    r"|(?:log|sign) ?in (?:to|or) (?:comment|join|subscribe)|join the conversation"
    r"|suscríbete (?:para|y)|inicia sesión para|regístrate (?:gratis )?para)",
    re.IGNORECASE,
)
_LONGEST_WITH_LINK: Final = 40  # letters of such a box with a link in a sentence
_NEWS_BY_MAIL: Final = r"\b(?:newsletters?|nyhetsbrev|nieuwsbrief|rundbrief|boletín|bulletin)\b"
# Sentences that ask readers to have something sent to them.
_SIGN_UP: Final = re.compile(
    rf"{_BEGIN}(?:"
    r"(?:sign up|subscribe|register|join|enter|get|receive|want|would you|did you|do you|like)\b"
    rf"[^.!?]{{0,80}}(?:{_NEWS_BY_MAIL}|\b(?:your|their) (?:inbox|e-?mail)\b)"
    r"|(?:join|follow|iscriviti|seguici|abonnez|rejoignez|folgen sie|únete|suscríbete)"
    r"[^.!?]{0,60}\b(?:channel|canale|kanal|canal|chaîne)\b"
    r"|never miss (?:a|an|the|our) |sign up (?:here|now|today|for (?:our|updates|free|the|more))"
    r"|email (?:sent|alerts)|delivered to your inbox"
    rf"|(?:vill du|prenumerera|abonnier|melden sie|jetzt|inscrivez|recevez|abonnez|suscríbe|recibe"
    rf"|puedes|apúntate|iscriviti|ricevi|schrijf|ontvang|assine|receba)[^.!?]{{0,120}}"
    rf"{_NEWS_BY_MAIL})",
    re.IGNORECASE,
)
_LONGEST_SIGN_UP: Final = 400  # letters
# What is to be pressed there.
_SIGN_UP_LABEL: Final = re.compile(
    r"(?:\W*(?:hier |jetzt |ici |aquí )?(?:sign (?:me )?up|subscribe|register|join|here|click here"
    r"|get (?:it|started)|yes|newsletters?|submit|learn more|privacy policy|terms.*|ja tack"
    r"|abonnier(?:en|t)|anmelden"
    r"|s.inscrire|s.abonner|je m.inscris|je m.abonne|suscríbete|suscribirme|apúntate|iscriviti"
    r"|prenumerera|inschrijven|aanmelden|assinar|join channel)\b.{0,40}"
    rf"|.{{0,60}}{_NEWS_BY_MAIL}.{{0,20}}|.{{0,60}}\binbox\b.{{0,40}})\Z",
    re.IGNORECASE,
)
# A button that says so itself, whatever words stand beside it.
_SIGN_UP_BUTTON: Final = re.compile(
    r"\W*(?:sign (?:me )?up|subscribe|abonnieren|s.abonner|je m.abonne|s.inscrire|suscr[ií]b\w+"
    r"|iscriviti|prenumerera|inschrijven|zapisz się|assinar|donate|support us"
    r"|become a (?:member|subscriber|supporter)"
    r"|start (?:your |a )?free trial)(?: (?:now|here|free|today|for free|to .{1,30}))?\W*\Z",
    re.IGNORECASE,
)
_LONGEST_BESIDE_BUTTON: Final = 200  # letters
_CONSENT: Final = re.compile(r"\b(?:cookies?|privacy|datenschutz|cookie-\w+)\b", re.IGNORECASE)
_CONSENT_BUTTON: Final = re.compile(
    r"(?:i )?(?:accept|agree|allow|got it|ok(?:ay)?|reject)(?: (?:all|cookies|all cookies))?"
    r"|(?:alle )?akzeptieren|zustimmen|tout accepter|accepter|j.accepte|aceptar(?: todo)?|accetta"
    r"(?: tutto)?|godkänn(?: alla)?|akceptuję",
    re.IGNORECASE,
)
_LONGEST_CONSENT: Final = 800  # letters
_WALL_WORDS: Final = {
    *("paywall", "regwall", "barrier", "wall", "piano", "offer", "offers", "meter", "restricted"),
}
_OFFER: Final = re.compile(
    r"already (?:a subscriber|have an account|registered)|(?:to|and) (?:continue|keep) reading"
    r"|continue reading (?:with|your)|subscribe (?:now|today|to (?:continue|read|unlock))"
    r"|(?:log|sign) ?in to (?:read|continue)|cancel any ?time|unlimited access|free trial"
    r"|déjà abonnée?\b|continuer à lire|la suite est réservée|abonnez-vous"
    r"|schon abonn|weiterlesen mit|ya eres suscriptor|sigue leyendo",
    re.IGNORECASE,
)
_PRICE: Final = re.compile(
    r"\d ?[€$£]?(?: \w+)? (?:a|per|pro|par|al|i) (?:month|monat|mois|mes|mese|mån)\b",
    re.IGNORECASE,
)
_LONGEST_OFFER: Final = 1000  # letters


def is_offer(element: _Element, letters: int) -> bool:
    """Whether an element asks for a subscription, in place of the rest of the article."""
    if (
        letters > _LONGEST_OFFER
        or element.tag not in BLOCKS
        or _WALL_WORDS.isdisjoint(names_of(element))
    ):
        return False
    words = spaced_words(element)
    # An article behind a wall may tell of so much a month.
    return _OFFER.search(words) is not None or (
        _PRICE.search(words) is not None and has_control(element)
    )


def asks_consent(element: _Element, letters: int) -> bool:
    """Whether an element tells of cookies, with a button to accept them."""
    return (
        letters <= _LONGEST_CONSENT
        and any(_CONSENT_BUTTON.fullmatch(spaced_words(each)) for each in element.iter("button"))
        and _CONSENT.search(spaced_words(element)) is not None
    )


def asks_readers(element: _Element, letters: int) -> bool:
    """Whether an element is a box in which readers can sign up, subscribe or log in.

    Args:
        element: The element.
        letters: How many letters it has.
    """
    if letters > _LONGEST_SIGN_UP:
        return False
    is_form = next(element.iter("button", "form", "input"), None) is not None
    labels = [*control_labels(element)]
    if not labels and not is_form:
        return False
    if any(map(_is_for_address, element.iter("input"))):
        return True
    words = spaced_words(element)
    asks = _SIGN_UP.search(words) is not None or any(map(_SIGN_UP.search, element.itertext()))
    return (
        (asks and (has_control(element) or any(map(_SIGN_UP_LABEL.match, labels))))
        or (letters <= _LONGEST_WITH_LINK and _FOR_SUBSCRIBERS.search(words) is not None)
        or (has_control(element) and _asks_apart(element, labels, letters))
    )


def _is_for_address(field: _Element) -> bool:
    """Whether a field of a form takes an address of mail."""
    stated = (field.get(name, "") for name in ("type", "name", "placeholder"))
    return any("mail" in words.lower() for words in stated)


def _asks_apart(element: _Element, labels: list[str], letters: int) -> bool:
    """Whether what stands beside something to press is for readers who subscribe."""
    if letters <= _LONGEST_BESIDE_BUTTON and any(map(_SIGN_UP_BUTTON.match, labels)):
        return True
    return any(map(_FOR_SUBSCRIBERS.search, element.itertext()))
