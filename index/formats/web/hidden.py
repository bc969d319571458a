"""Elements of a page that a browser does not show, or not as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import _Element

UNSEEN: Final = set(
    "audio button canvas head iframe input noscript object rp rt script select style svg template "
    "textarea title video".split()
)
_HIDDEN_STYLE: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# Classes of words that only screen readers say; a heading so may be the only one of its page.
_SPOKEN_ONLY: Final = {
    *("visually-hidden", "visuallyhidden", "u-visually-hidden", "sr-only", "screen-reader-text"),
    *("screen-reader-only", "screenreader-only", "a11y-hidden", "assistive-text"),
}
_HEADINGS: Final = {"h1", "h2", "h3", "h4", "h5", "h6"}
_NEW_TAB: Final = r"(?:an? )?(?:new|external) (?:tab|window)\)?\s{0,5}\Z"
# Without "in", the note follows a comma or bracket: a house may open a new window.
_LINK_NOTE: Final = re.compile(
    rf"(?:[\s,(]{{0,5}}\bopens in |\s{{0,5}}[,(][\s(]{{0,5}}opens ){_NEW_TAB}", re.IGNORECASE
)
_OWN_NOTE: Final = re.compile(rf"\s{{0,5}}opens {_NEW_TAB}", re.IGNORECASE)
# Elements of AMP that are no part of the story; a placeholder goes when its element has loaded.
_AMP_UNSEEN: Final = {
    *("amp-ad", "amp-analytics", "amp-auto-ads", "amp-consent", "amp-embed", "amp-pixel"),
    *("amp-sidebar", "amp-social-share", "amp-sticky-ad", "amp-story-auto-ads"),
    *("amp-user-notification", "amp-list"),
}
_AMP_STANDINS: Final = {"placeholder", "fallback", "amp-access-hide"}


def is_hidden(element: _Element) -> bool:
    """Whether a browser shows nothing of the element, or only to the eye what is not text."""
    return (
        element.get("hidden", "until-found") != "until-found"
        or element.get("aria-hidden") == "true"
        or element.get("type") == "hidden"
        or _HIDDEN_STYLE.search(element.get("style", "")) is not None
        or (
            element.tag not in _HEADINGS
            and not _SPOKEN_ONLY.isdisjoint(element.get("class", "").split())
            and any(map(str.isalnum, "".join(element.itertext())))  # not a colon between two spans
        )
        or element.tag in _AMP_UNSEEN
        or _is_standin(element)
    )


def drop_link_notes(page: _Element) -> None:
    """Remove from links what they say to screen readers: "opens new tab"."""
    for link in page.iter("a"):
        for element in link.iter():
            if element.text:
                is_note = element is not link and _OWN_NOTE.match(element.text) is not None
                element.text = "" if is_note else _LINK_NOTE.sub("", element.text)
            if element is not link and element.tail:
                element.tail = _LINK_NOTE.sub("", element.tail)


def _is_standin(element: _Element) -> bool:
    """Whether AMP shows an element only until, or in place of, what it stands in for."""
    if _AMP_STANDINS.isdisjoint(element.keys()):
        return False
    parent = element.getparent()
    return "amp-access-hide" in element.keys() or (  # noqa: SIM118
        parent is not None and str(parent.tag).startswith("amp-")
    )
