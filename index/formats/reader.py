"""The file parser of a format: a function from the bytes of a file to raw articles."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable

from index.errors import ArticleError
from index.formats.raw_article import WHOLE_FILE, Entry, RawArticle

Reader = Callable[[bytes], RawArticle | Iterable[Entry]]


def import_reader(reference: str, suffix: str) -> Reader:
    """Import a file parser by its reference, ``package.module:function``.

    Raises:
        ArticleError: If a package that it needs is not installed.
    """
    module, function = reference.split(":")
    try:
        reader: Reader = getattr(importlib.import_module(module), function)
    except ModuleNotFoundError as error:
        raise ArticleError(
            f"reading '{suffix}' files needs the package of the module '{error.name}'; "
            "install the extra 'formats': pip install '.[formats]'"
        ) from None
    return reader


def read_with(reader: Reader, raw: bytes) -> Iterable[Entry]:
    """Read a file; the only article of a file has the number 0.

    Raises:
        ArticleError: If the file as a whole is wrong.
    """
    read = reader(raw)
    return [Entry(WHOLE_FILE, read)] if isinstance(read, RawArticle) else read
