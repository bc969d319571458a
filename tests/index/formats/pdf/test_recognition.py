"""Pages that are pictures: recognised where Tesseract is installed, and named elsewhere."""

from __future__ import annotations

import io
from typing import Self

import pytest
from PIL import Image

from index.errors import ArticleError
from index.formats.pdf import recognition
from index.formats.pdf.document import read_pdf
from index.formats.pdf.layout import Line


def _scan(pages: int) -> bytes:
    written = io.BytesIO()
    first, *others = [Image.new("L", (200, 300), 255) for _ in range(pages)]
    first.save(written, "PDF", save_all=True, append_images=others)
    return written.getvalue()


class _Item:
    """A line that was recognised; half of them are no text."""

    def __init__(self, words: str, sure: float) -> None:
        self._words, self._sure = words, sure

    def Empty(self, level: int) -> bool:  # noqa: N802 - the names of the library
        return False

    def GetUTF8Text(self, level: int) -> str:  # noqa: N802
        return self._words

    def BoundingBox(self, level: int) -> tuple[int, int, int, int]:  # noqa: N802
        return 10, 20, 400, 60

    def Baseline(self, level: int) -> tuple[tuple[int, int], tuple[int, int]]:  # noqa: N802
        return (10, 58), (400, 58)

    def Confidence(self, level: int) -> float:  # noqa: N802
        return self._sure


class _Engine:
    def __init__(self, path: str, lang: str) -> None:
        assert lang == "eng+deu"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def SetImageBytes(self, *arguments: object) -> None:  # noqa: N802
        pass

    def SetSourceResolution(self, resolution: int) -> None:  # noqa: N802
        pass

    def Recognize(self) -> bool:  # noqa: N802
        return True

    def GetThresholdedImage(self) -> Image.Image:  # noqa: N802
        return Image.new("L", (800, 1200))

    def GetIterator(self) -> list[_Item]:  # noqa: N802
        return [_Item("Dogs travel free.", 95.0), _Item("~~|..", 12.0)]


class _Library:
    class RIL:
        TEXTLINE = 2

    PyTessBaseAPI = _Engine

    @staticmethod
    def iterate_level(items: list[_Item], level: int) -> list[_Item]:
        return items


@pytest.fixture
def _tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("tessdata")
    for name in ("deu", "eng", "osd"):
        (folder / f"{name}.traineddata").touch()
    monkeypatch.setenv("TESSDATA_PREFIX", str(folder))
    monkeypatch.setattr(recognition, "_library", _Library)


@pytest.mark.usefixtures("_tesseract")
def test_picture_of_text_is_recognised_and_says_so() -> None:
    article = read_pdf(_scan(1))
    assert article.text == "Dogs travel free."
    assert article.recognised
    assert article.left_out == ("lines that could not be recognised: 1",)


@pytest.mark.usefixtures("_tesseract")
def test_pages_past_the_limit_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "MAX_PAGES", 2)
    article = read_pdf(_scan(3))
    assert len(article.pages) == 3
    assert article.left_out[-1].endswith("past the limit of 2 pages and 40 seconds: 1")


def test_without_tesseract_the_file_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "_library", lambda: None)
    with pytest.raises(
        ArticleError, match=r"pictures of text; recognise it first \(OCR\), or install"
    ):
        read_pdf(_scan(1))


def test_line_carries_where_it_stands() -> None:
    ((line, sure), _) = recognition._lines(_Library, _Engine("", "eng+deu"), 0.5)
    assert line == Line("Dogs travel free.", 5.0, 200.0, (1200 - 58) * 0.5, 10.0)
    assert sure == 95.0
