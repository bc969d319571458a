"""Saved e-mail messages (.eml): the body, with subject, sender and day."""

from __future__ import annotations

import email
import email.policy
import re
from typing import TYPE_CHECKING, Final

from lxml.etree import LxmlError

from index.errors import ArticleError
from index.formats.encodings import decode_labelled
from index.formats.fields import lenient_fields
from index.formats.raw_article import RawArticle
from index.formats.web.markup import fragment_text, short_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage, MIMEPart

    from lxml.etree import _Element

MAX_PARTS: Final = 1000
_PARTS: Final = {"p", "td", "div", "center", "footer", "li"}
_LONGEST_FOOTER: Final = 400  # characters
_FOOTER: Final = re.compile(
    r"\bunsubscribe\b|manage (?:your )?(?:preferences|subscriptions?)|update your preferences"
    r"|you(?:’|')?(?:re| are) receiving this|view (?:this|it|in)\b.{0,30}\b(?:browser|online)",
    re.IGNORECASE,
)


def parse_message(raw: bytes) -> EmailMessage:
    """Parse a message as it is saved to a file, with its parts.

    Raises:
        ArticleError: If it has no headers, or too many parts.
    """
    message = email.message_from_bytes(raw, policy=email.policy.default)
    if not message.keys() or message["from"] is message["subject"] is message["content-type"]:
        raise ArticleError("not a message: expected headers such as 'From:' and 'Subject:' first")
    parts = sum(1 for _ in message.walk())
    if parts > MAX_PARTS:
        raise ArticleError(f"it has {parts} parts; at most {MAX_PARTS} are read")
    return message


def part_text(part: MIMEPart) -> str:
    """The text of a part, decoded as it says, else as detected.

    Raises:
        ArticleError: If the encoding cannot be detected.
    """
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    return decode_labelled(content, part.get_content_charset())


def read_email(raw: bytes) -> RawArticle:
    """Read a message; of a text and its HTML, the HTML.

    Attachments are named, not read.

    Raises:
        ArticleError: If it is no message, or the encoding of its text cannot be detected.
    """
    message = parse_message(raw)
    body = message.get_body(("html", "plain"))
    text = "" if body is None else part_text(body)
    footers = _Footers()
    if body is not None and body.get_content_subtype() == "html":
        try:
            text = fragment_text(text, footers.skips)
        except LxmlError as error:
            raise ArticleError(f"its HTML cannot be read: {error}") from None
    day = message["date"]
    fields = lenient_fields(
        {
            "title": _header(message, "subject"),
            "author": _sender(message),
            "published_at": getattr(day, "datetime", None),
        }
    )
    return RawArticle(fields, text, left_out=(*footers.left_out(), *_attachments(message)))


class _Footers:
    """Finds what a newsletter says of itself: why it was sent, and how to end that."""

    def __init__(self) -> None:
        self._count = 0
        self._most = -1  # characters of a footer; until it is worked out

    def skips(self, element: _Element) -> bool:
        """Whether an element is nothing else, and not most of the message."""
        if element.tag not in _PARTS:
            return False
        words = short_words(element, _LONGEST_FOOTER)
        if words is None or _FOOTER.search(words) is None:
            return False
        if self._most < 0:
            self._most = len("".join(element.getroottree().getroot().itertext()).strip()) // 2
        if len(words) > self._most:
            return False
        self._count += 1
        return True

    def left_out(self) -> tuple[str, ...]:
        """What was skipped, as messages."""
        return (f"notes of a newsletter on itself: {self._count}",) if self._count else ()


def _header(message: EmailMessage, name: str) -> str | None:
    value = message[name]
    return None if value is None else " ".join(str(value).split())


def _sender(message: EmailMessage) -> str | None:
    """The names of the senders; an address where there is no name."""
    addresses = getattr(message["from"], "addresses", ())
    return ", ".join(each.display_name or each.addr_spec for each in addresses) or None


def _attachments(message: EmailMessage) -> Iterator[str]:
    for part in message.iter_attachments():
        name = part.get_filename()
        kind = part.get_content_type()
        if part.get_content_maintype() != "image":  # most are logos in the HTML
            yield f"attachment: {kind if name is None else ' '.join(name.split())[:200]}"
