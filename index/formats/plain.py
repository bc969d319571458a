"""Plain text (.txt): the whole file is the text; there is no metadata."""

from __future__ import annotations

from index.errors import ArticleError
from index.formats.fields import ArticleFields


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


def read_plain(raw: bytes) -> tuple[ArticleFields, str]:
    """Read a text file.

    Raises:
        ArticleError: If the bytes are not UTF-8.
    """
    return ArticleFields(), decode_utf8(raw)
