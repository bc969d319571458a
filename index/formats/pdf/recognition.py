"""Recognition of text (OCR) on pages that are pictures, by Tesseract where it is installed.

Tesseract is a library in this process: a reader may not run other programs.
"""

from __future__ import annotations

import importlib
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pypdfium2.raw as pdfium_c

from index.errors import ArticleError
from index.formats.pdf.layout import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pypdfium2 as pdfium

MAX_PAGES: Final = 100
MAX_SECONDS: Final = 40.0  # of processor time for a document, within that of a reader
_RESOLUTION: Final = 300  # dots per inch, for which Tesseract was trained
_MAX_PIXELS: Final = 40_000_000  # a larger page is drawn smaller: A3 has 17 million
_POINTS: Final = 72  # per inch
_SIZE: Final = 10.0  # points; heights of recognised letters vary too much to tell headings by
_SURE: Final = 50  # per cent; below it, most of a line is no text
_MOST_LANGUAGES: Final = 3  # each takes as long as the first
_DATA_FOLDERS: Final = (
    "/usr/share/tesseract-ocr/*/tessdata",  # Debian
    "/usr/share/tessdata",
    "/usr/share/tesseract/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
MISSING: Final = (
    "recognise it first (OCR), or install the extra 'ocr' and Tesseract's language data"
)


@dataclass
class Recognition:
    """What was recognised in a document.

    Attributes:
        pages: The lines of each page that was read, by its number from 0.
        left_out: What was not recognised, as messages.
    """

    pages: dict[int, list[Line]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def recognise(document: pdfium.PdfDocument, numbers: Sequence[int]) -> Recognition:
    """Recognise the text of those pages without any that show a picture.

    Args:
        document: The document.
        numbers: The pages without text, from 0.
    """
    pictures = [number for number in numbers if _shows_picture(document, number)]
    result = Recognition()
    if not pictures:
        return result
    library, data = _library(), _language_data()
    if library is None or data is None:
        result.left_out.append(f"pages that are pictures of text: {len(pictures)}; {MISSING}")
        return result
    folder, languages = data
    unsure = 0
    end = time.process_time() + MAX_SECONDS
    with library.PyTessBaseAPI(path=f"{folder}/", lang=languages) as engine:
        for number in pictures[:MAX_PAGES]:
            if time.process_time() > end:
                break
            scale = _POINTS / _recognise_page(engine, document, number)
            lines = [*_lines(library, engine, scale)]
            result.pages[number] = [line for line, sure in lines if sure >= _SURE]
            unsure += len(lines) - len(result.pages[number])
    if unsure:
        result.left_out.append(f"lines that could not be recognised: {unsure}")
    if rest := len(pictures) - len(result.pages):
        limits = f"{MAX_PAGES} pages and {MAX_SECONDS:.0f} seconds"
        result.left_out.append(f"pages that are pictures, past the limit of {limits}: {rest}")
    return result


def _library() -> Any:
    """The module of Tesseract; None where it is not installed."""
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # more threads take longer in all
    try:
        return importlib.import_module("tesserocr")
    except ModuleNotFoundError:
        return None


def _language_data() -> tuple[Path, str] | None:
    """The folder of Tesseract's language data, and the languages in it; None without any."""
    stated = os.environ.get("TESSDATA_PREFIX")
    patterns = _DATA_FOLDERS if stated is None else (stated,)
    for pattern in patterns:
        for folder in sorted(Path("/").glob(pattern.lstrip("/")), reverse=True):
            names = {path.stem for path in folder.glob("*.traineddata")} - {"osd", "equ"}
            if names:
                # English is trained on most fonts; the first language decides where they differ.
                first = sorted(names, key=lambda name: (name != "eng", name))
                return folder, "+".join(first[:_MOST_LANGUAGES])
    return None


def _shows_picture(document: pdfium.PdfDocument, number: int) -> bool:
    page = document[number]
    found = next(iter(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)), None)
    page.close()
    return found is not None


def _recognise_page(engine: Any, document: pdfium.PdfDocument, number: int) -> float:
    """Draw a page and recognise it, and return the resolution in dots per inch.

    Raises:
        ArticleError: If it is too large, or Tesseract gives up.
    """
    page = document[number]
    width, height = page.get_size()
    inches = max(width * height / _POINTS**2, 1.0)
    resolution = min(_RESOLUTION, (_MAX_PIXELS / inches) ** 0.5)
    if resolution < 1:
        raise ArticleError(f"page {number + 1} is too large to be drawn")
    bitmap = page.render(scale=resolution / _POINTS, grayscale=True)
    engine.SetImageBytes(bytes(bitmap.buffer), bitmap.width, bitmap.height, 1, bitmap.stride)
    engine.SetSourceResolution(round(resolution))
    bitmap.close()
    page.close()
    if not engine.Recognize():
        raise ArticleError(f"page {number + 1}: its text cannot be recognised")
    return float(resolution)


def _lines(library: Any, engine: Any, scale: float) -> Iterator[tuple[Line, float]]:
    """The lines of the page that was drawn, each with how sure it is, in per cent.

    Args:
        library: The module of Tesseract.
        engine: What has recognised the page.
        scale: Points in a dot.
    """
    level = library.RIL.TEXTLINE
    image_height = engine.GetThresholdedImage().height
    for item in library.iterate_level(engine.GetIterator(), level):
        if item.Empty(level):
            continue
        words = " ".join(item.GetUTF8Text(level).split())
        box, base = item.BoundingBox(level), item.Baseline(level)
        if words and box is not None and base is not None:
            (_, first), (_, last) = base
            bottom = (image_height - (first + last) / 2) * scale
            yield (
                Line(words, box[0] * scale, box[2] * scale, bottom, _SIZE),
                item.Confidence(level),
            )
