"""Small PDF files made in tests: words at places, in Helvetica."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Words:
    """Words at a place of a page; lengths are in points, ``bottom`` from the page's foot."""

    words: str
    left: float
    bottom: float
    size: float = 10


def column(*lines: str, left: float = 50, top: float = 700, size: float = 10) -> list[Words]:
    """Lines below each other."""
    return [
        Words(words, left, top - 1.2 * size * at, size) for at, words in enumerate(lines) if words
    ]


def make_pdf(*pages: Sequence[Words]) -> bytes:
    """Make a PDF of A4 pages whose words are encoded in windows-1252."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    kids = []
    for page in pages:
        content = b"\n".join(_shown(words) for words in page)
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(content), content))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F 3 0 R>>>>>>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(kids), b" ".join(kids))
    body = b"".join(
        b"%d 0 obj\n%b\nendobj\n" % (number, content)
        for number, content in enumerate(objects, start=1)
    )
    return b"%%PDF-1.7\n%btrailer\n<</Size %d/Root 1 0 R>>\n%%%%EOF" % (body, len(objects) + 1)


def _shown(words: Words) -> bytes:
    encoded = words.words.encode("cp1252").replace(b"\\", b"\\\\")
    encoded = encoded.replace(b"(", b"\\(").replace(b")", b"\\)")
    place = f"{words.size} 0 0 {words.size} {words.left} {words.bottom} Tm".encode()
    return b"BT /F 1 Tf %b (%b) Tj ET" % (place, encoded)
