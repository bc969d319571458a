"""Decoding: bytes to text, as UTF-8 where they are that, else in the detected encoding."""

from __future__ import annotations

import codecs
import re
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
# Obsolete for decades, and so similar to the Windows encodings that they sometimes win by a hair:
# those of the Macintosh, of DOS and of mainframes.
_OBSOLETE: Final = [
    *("mac_cyrillic", "mac_greek", "mac_iceland", "mac_latin2", "mac_roman", "mac_turkish"),
    *("cp437", "cp737", "cp775", "cp850", "cp852", "cp855", "cp857", "cp858", "cp860", "cp861"),
    *("cp862", "cp863", "cp864", "cp865", "cp866", "cp869", "cp1125", "cp037", "cp273", "cp424"),
    *("cp500", "cp875", "cp1026", "cp1140", "hp_roman8", "ptcp154", "kz1048"),
]
# What labels mean to browsers (WHATWG Encoding Standard): those of an old standard mean its
# superset, with the euro sign and curly quotes where the standard has controls.
_SUPERSETS: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Numeric references to the controls of Latin-1, which mean windows-1252, too, and to those of ASCII
# but tabs and ends of lines, which no parser takes.
_CONTROL_REFERENCE: Final = re.compile(
    r"&#(?:0*(?:[1-8]|1[124-9]|2\d|3[01]|12[7-9]|1[345]\d)(?!\d)"
    r"|[xX]0*(?:[1-8bBcCeEfF]|1[0-9a-fA-F]|7[fF]|[89][0-9a-fA-F])(?![0-9a-fA-F]));?"
)
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


def decode_labelled(raw: bytes, label: str | None) -> str:
    """Decode markup as browsers do: UTF-8 if valid as such, else as it says, else as detected.

    Raises:
        ArticleError: If no encoding is detected.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        if label is not None and not raw.startswith(tuple(mark for mark, _ in _MARKS)):
            try:
                name = codecs.lookup(label).name
                superset = _SUPERSETS.get(name, name)
                # The bytes that windows-1252 leaves undefined are controls to browsers.
                return raw.decode(superset, "ignore" if superset == "cp1252" else "strict")
            except (LookupError, UnicodeDecodeError):
                pass  # the label is wrong
    return decode_detected(raw)


def replace_control_references(markup: str) -> str:
    """Replace references such as ``&#128;`` by what browsers show for them: ``€``, or nothing."""
    return _CONTROL_REFERENCE.sub(_referenced, markup)


def _referenced(match: re.Match[str]) -> str:
    number = match[0].strip("&#;").lower()
    code = int(number[1:], 16) if number.startswith("x") else int(number)
    return "" if code < 128 else bytes([code]).decode("cp1252", "ignore")


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
