"""Decoding: bytes to text, as UTF-8 where they are that, else in the detected encoding."""

from __future__ import annotations

import codecs
from typing import Final

from charset_normalizer import from_bytes

from index.errors import ArticleError

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Obsolete for decades, and so similar to the Windows encodings that they sometimes win by a hair.
_OBSOLETE: Final = [
    *("mac_cyrillic", "mac_greek", "mac_iceland", "mac_latin2", "mac_roman", "mac_turkish"),
]
_MIN_BYTES: Final = 32  # the library itself calls fewer too small to judge


def decode_utf8(raw: bytes) -> str:
    """Decode a UTF-8 file, without a byte order mark at its start.

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
    """Decode a file of unknown encoding.

    A byte order mark decides; without one it is UTF-8 if valid as such, else detected.

    Raises:
        ArticleError: If no encoding is detected; the message names the first byte that is not
            UTF-8.
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
        # No text has zero bytes, but the library would decode them to something.
        judgeable = len(raw) >= _MIN_BYTES and b"\0" not in raw
        best = from_bytes(raw, cp_exclusion=_OBSOLETE).best() if judgeable else None
        if best is None:
            raise ArticleError(f"{error} (no other encoding was detected)") from None
        return str(best)
