"""Text boxes of an RTF document, which stand in shapes that its readers pass over."""

from __future__ import annotations

import re
from typing import Final

from index.formats.office.rtf_groups import group_end, groups

# A shape or a group of them, as Word has written them since 1997 and before.
_SHAPE: Final = re.compile(r"\{(?:\\\*)?\\(?:shp|shpgrp|do)(?![a-z])")
_BOX: Final = re.compile(r"\{(?:\\\*)?\\shptxt(?![a-z])")
_OLD_BOX: Final = re.compile(r"\{(?:\\\*)?\\dptxbxtext(?![a-z])")
_END: Final = re.compile(r"\\(?P<word>par|sect|page|cell|nestcell)(?![a-z\d])")
_PARAGRAPH: Final = "\\par "


def with_boxes(source: str) -> str:
    """Write the words of each text box as paragraphs, behind the one that its shape stands in."""
    kept: list[str] = []
    boxes: list[str] = []  # that wait for the end of a paragraph
    position = 0
    for shape in _SHAPE.finditer(source):
        if shape.start() < position:
            continue
        kept.append(_placed(source[position : shape.start()], boxes))
        position = group_end(source, shape.start())
        inside = source[shape.start() : position]
        boxes.extend(groups(inside, _BOX) or groups(inside, _OLD_BOX))
    kept.append(_placed(source[position:], boxes))
    if boxes:  # the document ends with the paragraph of their shapes
        last = "".join(kept).rstrip().removesuffix("}")
        return f"{last}{_PARAGRAPH.join(['', *boxes])}}}"
    return "".join(kept)


def _placed(source: str, boxes: list[str]) -> str:
    """Put the boxes that wait behind the first paragraph that ends; in a cell, before its end."""
    end = _END.search(source) if boxes else None
    if end is None:
        return source
    words = _PARAGRAPH.join(["", *boxes, ""])
    boxes.clear()
    in_cell = end["word"].endswith("cell")
    at = end.start() if in_cell else end.end()
    return f"{source[:at]}{words if in_cell else words.removeprefix(_PARAGRAPH)}{source[at:]}"
