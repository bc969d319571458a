"""Presentations (.pptx): the text of the slides in order, a slide a page, read by python-pptx."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pptx
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER

from index.errors import ArticleError
from index.formats.archives import open_archive
from index.formats.fields import lenient_fields
from index.formats.raw_article import RawArticle, name_counts
from index.formats.tables import Cell
from index.formats.text_builder import TextBuilder
from index.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUFFIX: Final = ".pptx"
_RUNNING: Final = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}
_LISTS: Final = {PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT}
_DEFAULT_TITLES: Final = {"powerpoint presentation"}
_TITLE_LEVEL: Final = 2
_DIAGRAM: Final = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMMENT: Final = re.compile(rb"<(?:\w{1,20}:)?cm[\s>]")
_PARAGRAPH: Final = "\n\n"


def read_pptx(raw: bytes) -> RawArticle:
    """Read the titles, texts and tables of the slides, each followed by its notes.

    Raises:
        ArticleError: If it is not a presentation, or unpacks to too much.
    """
    open_archive(raw, _SUFFIX).close()
    try:
        presentation = pptx.Presentation(io.BytesIO(raw))
    except (KeyError, ValueError) as error:
        raise ArticleError(f"not a .pptx presentation: {error.args[0]}") from None
    left_out: Counter[str] = Counter()
    texts: list[str] = []
    for slide in presentation.slides:
        if slide.element.get("show") in {"0", "false"}:
            left_out["hidden slides"] += 1
        else:
            texts.append(_slide_text(slide, left_out))
    properties = presentation.core_properties
    title = properties.title.strip()
    if not title or title.lower() in _DEFAULT_TITLES:
        title = next(filter(None, map(_title, presentation.slides)), "")
    fields = lenient_fields({"title": title, "author": properties.author})
    made = properties.created
    text, pages = _joined(texts)
    named = name_counts(left_out)
    created = None if made is None else made.date()
    return RawArticle(fields, text, pages, named, created)


def _joined(texts: list[str]) -> tuple[str, tuple[Span, ...]]:
    """The whole text, and the span of each slide in it."""
    pages: list[Span] = []
    whole = ""
    for text in texts:
        separator = _PARAGRAPH if whole and text else ""
        start = len(whole) + len(separator)
        whole += separator + text
        pages.append(Span(start, len(whole)))
    return whole, tuple(pages)


def _title(slide: Any) -> str:
    title = slide.shapes.title
    return "" if title is None else " ".join(title.text_frame.text.split())


def _slide_text(slide: Any, left_out: Counter[str]) -> str:
    left_out["equations"] += sum(1 for _ in slide.element.iter(f"{_MATH}oMath"))
    left_out["comments"] += sum(
        len(_COMMENT.findall(relation.target_part.blob))
        for relation in slide.part.rels.values()
        if relation.reltype.endswith("/comments") and not relation.is_external
    )
    built = TextBuilder()
    built.heading(_TITLE_LEVEL, _title(slide))
    title = None if slide.shapes.title is None else slide.shapes.title.shape_id
    for shape in _shapes(slide.shapes):
        if shape.shape_id != title:
            _write_shape(built, shape, left_out)
    if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame) is not None:
        for paragraph in notes.paragraphs:
            built.paragraph(paragraph.text)
    return built.text()


def _shapes(shapes: Any) -> Iterator[Any]:
    """All shapes, those in groups too."""
    for shape in shapes:
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _write_shape(built: TextBuilder, shape: Any, left_out: Counter[str]) -> None:
    kind = shape.placeholder_format.type if shape.is_placeholder else None
    if getattr(shape, "has_chart", False):
        left_out["charts"] += 1
    elif getattr(shape, "has_table", False):
        built.table(_rows(shape.table))
    elif shape.has_text_frame:
        if kind in _RUNNING:
            left_out["slide footers"] += bool(shape.text_frame.text.strip())
            return
        for paragraph in shape.text_frame.paragraphs:
            if kind in _LISTS:
                built.item(paragraph.text)
            else:
                built.paragraph(paragraph.text)
    elif next(shape.element.iter(f"{{{_DIAGRAM}}}relIds"), None) is not None:
        left_out["diagrams"] += 1


def _rows(table: Any) -> list[list[Cell]]:
    return [
        [
            Cell(
                cell.text_frame.text,
                table.first_row and number == 0,
                cell.span_width if cell.is_merge_origin else 1,
                cell.span_height if cell.is_merge_origin else 1,
            )
            for cell in row.cells
            if not cell.is_spanned
        ]
        for number, row in enumerate(table.rows)
    ]
