"""Archives: documents that are a zip file of XML parts, opened within limits."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

from lxml import etree

from index.errors import ArticleError

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_UNPACKED_BYTES: Final = 128 * 1024 * 1024
MAX_PARTS: Final = 10_000
_OLD_FORMAT: Final = b"\xd0\xcf\x11\xe0"


def open_archive(raw: bytes, suffix: str) -> zipfile.ZipFile:
    """Open an archive and check its directory, without unpacking anything.

    Args:
        raw: The file.
        suffix: Of its format, for messages.

    Raises:
        ArticleError: If it is not an archive, or holds too much.
    """
    if raw.startswith(_OLD_FORMAT):
        old = suffix.removesuffix("x")
        raise ArticleError(
            f"encrypted, or a {old} file under another name; save it as {suffix} without a password"
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except zipfile.BadZipFile as error:
        raise ArticleError(f"not a {suffix} file: {error}") from None
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES:
        raise ArticleError(
            f"it unpacks to {unpacked} bytes; at most {MAX_UNPACKED_BYTES} are unpacked"
        )
    if len(parts) > MAX_PARTS:
        raise ArticleError(f"it has {len(parts)} parts; at most {MAX_PARTS} are unpacked")
    return archive


def read_part(archive: zipfile.ZipFile, name: str, suffix: str) -> bytes:
    """Read a part.

    Raises:
        ArticleError: If the archive has no such part, or it is damaged.
    """
    try:
        return archive.read(name)
    except KeyError:
        raise ArticleError(f"not a {suffix} file: it has no part '{name}'") from None
    except zipfile.BadZipFile as error:
        raise ArticleError(f"part '{name}': {error}") from None


def parse_part(content: bytes, *, recover: bool = False) -> _Element:
    """Parse XML without resolving entities, reading other files, or nesting without end.

    Args:
        content: The XML.
        recover: Whether to read on behind what is malformed.

    Raises:
        ArticleError: If it cannot be parsed.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, recover=recover
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ArticleError(f"it cannot be read: XMLSyntaxError: {error}") from None
    if root is None:
        raise ArticleError("it cannot be read: there is no XML element in it")
    return root
