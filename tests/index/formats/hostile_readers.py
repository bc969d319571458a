"""File parsers that do what a hostile file might bring a library to; run in the parser process."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import NoReturn

from index.formats.fields import ArticleFields
from index.formats.raw_article import MAX_TEXT_BYTES, Entry, RawArticle


def crash(raw: bytes) -> NoReturn:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError


def leave(raw: bytes) -> NoReturn:
    os._exit(3)


def work_forever(raw: bytes) -> NoReturn:
    while True:
        pass


def fill_memory(raw: bytes) -> NoReturn:
    raise MemoryError


def nest(raw: bytes) -> None:
    nest(raw)


def connect(raw: bytes) -> None:
    socket.create_connection(("127.0.0.1", 9))


def resolve(raw: bytes) -> None:
    socket.getaddrinfo("localhost", 80)


def run(raw: bytes) -> None:
    subprocess.run([sys.executable, "--version"], check=True)


def shout(raw: bytes) -> list[object]:
    os.write(1, b"a line between the answers\n")
    return []


def repeat(raw: bytes) -> list[Entry]:
    """As many texts as the file says, one character longer than an article may be."""
    text = "x" * (MAX_TEXT_BYTES + 1)
    return [Entry(number, RawArticle(ArticleFields(), text)) for number in range(1, int(raw) + 1)]
