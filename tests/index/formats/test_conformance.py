"""What every format keeps to: those of the registry, and toys that are added to it here."""

from __future__ import annotations

import hashlib
import io
import re
import tracemalloc
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from index.chunking.chunker import ChunkingParameters, chunk_article
from index.formats.control_characters import without_control_characters
from index.formats.fields import ArticleFields
from index.formats.raw_article import MAX_TEXT_BYTES, RawArticle
from index.formats.reader import import_reader
from index.formats.registry import FORMATS, Format
from index.loading.articles import load_articles
from index.loading.corpus_folder import Skipped
from index.records import Article, Span
from tests.conftest import FILES
from tests.index.formats.toy_formats import TOY_FORMATS

if TYPE_CHECKING:
    from pathlib import Path

SENTENCE = "The ferry will cross in nineteen minutes from May on."
HUGE = 10 * MAX_TEXT_BYTES
CONTROLS = "\x02\x7f\x91\ufffe"


@dataclass(frozen=True, slots=True)
class Sample:
    """Small files of one format.

    Attributes:
        raw: A file of at least one article.
        sentence: A part of its text.
        damaged: A file that its file parser refuses.
        dirty: The same with control characters inside the words of the sentence; None where no
            such file can be written.
    """

    raw: bytes
    sentence: str
    damaged: bytes
    dirty: bytes | None


def _dirty(raw: bytes, sentence: str, controls: str = CONTROLS) -> bytes:
    first = sentence.encode()
    assert first in raw
    return raw.replace(first, first[:6] + controls.encode() + first[6:])


def _text(template: str, damaged: bytes, controls: str = CONTROLS) -> Sample:
    raw = template.replace("{}", SENTENCE).encode()
    return Sample(raw, SENTENCE, damaged, _dirty(raw, SENTENCE, controls))


def _archive(path: Path, part: str, sentence: str, controls: str = "\x7f") -> Sample:
    """A sample that is an archive, with control characters in one of its parts."""
    raw = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = _dirty(parts[part], sentence, controls)
    dirty = io.BytesIO()
    with zipfile.ZipFile(dirty, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return Sample(raw, sentence, raw[: len(raw) // 2], dirty.getvalue())


def _program(name: str, damaged: bytes, controls: str) -> Sample:
    raw = (PROGRAMS / name).read_bytes()
    return Sample(raw, LEAD, damaged, _dirty(raw, LEAD, controls))


PROGRAMS = FILES / "programs"
LEAD = "Dogs must be kept on a lead."
PAGE = "<html><head><title>Ferry</title></head><body><article><p>{}</p></article></body></html>"
RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette</title>'
    "<item><title>Ferry</title><description>{}</description></item></channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Log</title>'
    "<entry><id>1</id><title>Ferry</title><content>{}</content></entry></feed>"
)
NOT_TEXT = b"\xff" + bytes(range(256)) * 4
PDF = (FILES / "ferry.pdf").read_bytes()
SAMPLES = {
    ".atom": _text(ATOM, b"<note>nothing</note>", "\x7f"),
    ".csv": _text("id,text\na,{}\n", b"title\na\n"),
    ".docx": _archive(FILES / "ferry.docx", "word/document.xml", "Dogs travel free."),
    ".eml": _text("Subject: Ferry\nFrom: a@b.example\n\n{}\n", b"no headers\n\nat all", "\x7f"),
    ".epub": _archive(PROGRAMS / "pandoc.epub", "EPUB/text/ch001.xhtml", LEAD),
    ".htm": _text(PAGE, NOT_TEXT, "\x02\x7f"),
    ".html": _text(PAGE, NOT_TEXT, "\x02\x7f"),
    ".json": _text('{"text": "{}"}', b'{"text": "cut', "\\u0002\\u007f\x91\\ufffe"),
    ".jsonl": _text('{"text": "{}"}\n', b'{"text": "cut', "\\u0002\\u007f\x91\\ufffe"),
    ".markdown": _text("---\ntitle: Ferry\n---\n\n{}\n", NOT_TEXT),
    ".md": _text("---\ntitle: Ferry\n---\n\n{}\n", NOT_TEXT),
    ".mht": _program("chromium.mhtml", b"Subject: x\n\nno page", "=7F"),
    ".mhtml": _program("chromium.mhtml", b"Subject: x\n\nno page", "=7F"),
    ".odt": _archive(PROGRAMS / "libreoffice.odt", "content.xml", LEAD),
    ".pdf": Sample(PDF, "Skerry Sound", PDF[: len(PDF) // 4], None),
    ".pptx": _archive(PROGRAMS / "pandoc.pptx", "ppt/slides/slide2.xml", LEAD),
    ".rss": _text(RSS, b"<note>nothing</note>", "\x7f"),
    ".rtf": _program("libreoffice.rtf", b"{\\html1}", "\\'7f"),
    ".txt": _text("{}\n", NOT_TEXT),
    ".xhtml": _text(PAGE, NOT_TEXT, "\x02\x7f"),
    ".xlsx": _archive(PROGRAMS / "libreoffice.xlsx", "xl/sharedStrings.xml", "Denmark"),
    ".xml": _text(RSS, b"<note>nothing</note>", "\x7f"),
    ".toy": _text("TOY {}", b"no mark"),
    ".toys": _text("TOY {}\n", b"no mark"),
    ".toybox": _text("TOY {}", b"no mark"),
}


@pytest.fixture(autouse=True)
def _toys_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    for toy in TOY_FORMATS:
        monkeypatch.setitem(FORMATS, toy.suffix, toy)


every_format = pytest.mark.parametrize(
    "row", [*FORMATS.values(), *TOY_FORMATS], ids=lambda row: row.suffix
)


def _load(folder: Path, row: Format, raw: bytes) -> list[Article | Skipped]:
    (folder / f"file{row.suffix}").write_bytes(raw)
    return list(load_articles(folder))


def _articles(items: list[Article | Skipped]) -> list[Article]:
    articles = [item for item in items if isinstance(item, Article)]
    assert articles
    assert articles == items
    return articles


def _controls(text: str) -> set[str]:
    return {
        character
        for character in text
        if character in "\ufffe\uffff"
        or (unicodedata.category(character) == "Cc" and character not in "\t\n\r")
    }


def _page_texts(article: Article) -> list[str]:
    return [article.text[slice(*page)] for page in article.info.pages if page.start < page.end]


@every_format
def test_row_says_what_its_format_is(row: Format) -> None:
    assert FORMATS[row.suffix] is row
    assert re.fullmatch(r"\.[a-z0-9]+", row.suffix)
    assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", row.media_type)
    assert callable(import_reader(row.reader, row.suffix))


@every_format
def test_article_has_the_words_of_its_file_and_offsets_are_exact(
    row: Format, tmp_path: Path
) -> None:
    sample = SAMPLES[row.suffix]
    articles = _articles(_load(tmp_path, row, sample.raw))
    assert any(sample.sentence in " ".join(article.text.split()) for article in articles)
    for article in articles:
        assert article.info.path.partition(":")[0] == f"file{row.suffix}"
        assert article.info.sha256 == hashlib.sha256(article.text.encode()).hexdigest()
        for chunk in chunk_article(article, ChunkingParameters(20, 5)):
            assert chunk.text == article.text[chunk.start : chunk.end]
            assert all(chunk.start <= start < end <= chunk.end for start, end in chunk.sentences)
        ends = [offset for page in article.info.pages for offset in page]
        assert ends == sorted(ends)
        assert not ends or 0 <= ends[0] <= ends[-1] <= len(article.text)


@every_format
def test_article_has_no_control_characters(row: Format, tmp_path: Path) -> None:
    sample = SAMPLES[row.suffix]
    clean = _articles(_load(tmp_path, row, sample.raw))
    assert not any(_controls(article.text) for article in clean)
    if sample.dirty is not None:
        cleaned = _articles(_load(tmp_path, row, sample.dirty))
        assert [article.text for article in cleaned] == [article.text for article in clean]
        assert list(map(_page_texts, cleaned)) == list(map(_page_texts, clean))


@every_format
def test_empty_file_gives_no_article(row: Format, tmp_path: Path) -> None:
    (skipped,) = _load(tmp_path, row, b"")
    assert isinstance(skipped, Skipped)
    assert skipped.where == f"file{row.suffix}"
    assert skipped.reason


@every_format
def test_damaged_file_is_named_and_the_next_one_read(row: Format, tmp_path: Path) -> None:
    (tmp_path / f"next{row.suffix}").write_bytes(SAMPLES[row.suffix].raw)
    skipped, *others = _load(tmp_path, row, SAMPLES[row.suffix].damaged)
    assert isinstance(skipped, Skipped)
    assert skipped.where == f"file{row.suffix}{':1' if row.streamed else ''}"
    assert skipped.reason
    assert "\n" not in skipped.reason
    _articles(others)


@every_format
def test_huge_file_is_named_without_filling_the_memory(row: Format, tmp_path: Path) -> None:
    limit = MAX_TEXT_BYTES if row.streamed else row.max_bytes
    with (tmp_path / f"file{row.suffix}").open("wb") as file:
        file.truncate(HUGE)  # sparse
    tracemalloc.start()
    try:
        (skipped,) = load_articles(tmp_path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(skipped, Skipped)
    assert skipped.where == f"file{row.suffix}{':1' if row.streamed else ''}"
    assert skipped.reason.startswith(f"{HUGE} bytes; ")
    assert skipped.reason.endswith(f"may have at most {limit}")
    assert peak < HUGE // 2


def test_every_format_has_a_sample() -> None:
    assert SAMPLES.keys() == FORMATS.keys()


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\tb\r\nc", "a\tb\r\nc"),
        ("engi\x02neer", "engineer"),
        ("one\x0ctwo\x0bthree\x85four", "one\ntwo\nthree\nfour"),
        ("\x00\ufffe", ""),
    ],
)
def test_control_characters_go_or_end_a_line(text: str, cleaned: str) -> None:
    assert without_control_characters(RawArticle(ArticleFields(), text)).text == cleaned


def test_pages_move_along_with_what_is_removed() -> None:
    raw = RawArticle(ArticleFields(), "\x02ab\x0c\x02\x02cd", (Span(0, 3), Span(3, 3), Span(4, 8)))
    cleaned = without_control_characters(raw)
    assert cleaned.text == "ab\ncd"
    assert cleaned.pages == (Span(0, 2), Span(2, 2), Span(3, 5))
