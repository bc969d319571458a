"""Bytes -> text: UTF-8 where it is UTF-8, else the encoding that the bytes look like."""

from __future__ import annotations

import codecs
from typing import Final

from charset_normalizer import from_bytes

from index.errors import ArticleError

# The longer mark first: that of UTF-32 begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Out of use for decades, and so like the encodings of Windows that they would win by a hair.
_OUT_OF_USE: Final = [
    *("mac_cyrillic", "mac_greek", "mac_iceland", "mac_latin2", "mac_roman", "mac_turkish"),
]
_TELLING: Final = 32  # bytes; the library itself calls what is shorter too small to judge


def decode_utf8(raw: bytes) -> str:
    """Decode a file; a byte order mark at its start is not part of the text.

    Raises:
        ArticleError: If the bytes are not UTF-8; the message names the first bad byte.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"not UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start}; "
            "convert the file to UTF-8"
        ) from None


def decode_detected(raw: bytes) -> str:
    """Decode a file whose encoding is not known.

    A byte order mark decides, then whether it is UTF-8; else the encoding is detected.

    Raises:
        ArticleError: If the bytes are text in no known encoding; the message names the first byte
            that is not UTF-8.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError as error:
                raise ArticleError(
                    f"not {encoding.upper()}, although it begins with its byte order mark: "
                    f"{error.reason} at offset {error.start}"
                ) from None
    try:
        return decode_utf8(raw)
    except ArticleError as error:
        # Zeros stand in no text; bytes with them would be decoded to something anyway.
        told = len(raw) >= _TELLING and b"\0" not in raw
        best = from_bytes(raw, cp_exclusion=_OUT_OF_USE).best() if told else None
        if best is None:
            raise ArticleError(f"{error} (no other encoding could be told)") from None
        return str(best)
