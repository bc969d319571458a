"""Matplotlib figures as SVG inside an HTML page, in the page's colours and fonts."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from markupsafe import Markup
from matplotlib import rc_context

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.figure import Figure
    from matplotlib.typing import RcKeyType

INK: Final = "#010101"
MUTED: Final = "#010102"
GRID: Final = "#010103"
ACCENT: Final = "#010104"
SECOND: Final = "#010105"
RIGHT: Final = "#010106"
WRONG: Final = "#010107"
OPEN: Final = "#010108"
SURFACE: Final = "#010109"
_VARIABLES: Final = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    GRID: "var(--line)",
    ACCENT: "var(--accent)",
    SECOND: "var(--second)",
    RIGHT: "var(--right)",
    WRONG: "var(--wrong)",
    OPEN: "var(--open)",
    SURFACE: "var(--panel)",
}
"""The colours that figures are drawn in -> what takes their place, so that they follow the page
from light to dark."""

_PRINTED: Final = {
    INK: "#181b20",
    MUTED: "#5d6673",
    GRID: "#dde1e7",
    ACCENT: "#2b5fc7",
    SECOND: "#b4560f",
    RIGHT: "#2f7d4f",
    WRONG: "#c8402f",
    OPEN: "#8a6fc0",
    SURFACE: "#ffffff",
}
"""The light colours of the page, for a file of its own."""

_STYLE: Final[dict[RcKeyType, object]] = {
    "axes.edgecolor": GRID,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": MUTED,
    "axes.labelsize": 9,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "figure.figsize": (4.3, 3.1),
    "font.size": 9,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "lines.linewidth": 1.8,
    "svg.fonttype": "none",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": MUTED,
    "xtick.major.pad": 6,
    "xtick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.color": MUTED,
    "ytick.major.size": 0,
    "ytick.minor.size": 0,
}
_SVG: Final = "{http://www.w3.org/2000/svg}"
_XLINK: Final = "{http://www.w3.org/1999/xlink}"
_REFERENCE: Final = re.compile(r"url\(#([^)]+)\)")
_FONT: Final = re.compile(r"font: ([\d.]+)px [^;]*;?")


def draw(name: str, title: str, description: str, paint: Callable[[], Figure]) -> Markup:
    """Draw a figure.

    Args:
        name: Unique in the page: the ids in the SVG begin with it.
        title: What it shows, for those who do not see it.
        description: What there is to see in it, for them too.
        paint: Makes the figure, with colours of this module.

    Returns:
        An ``svg`` element without any address in it, its texts as text.
    """
    written = io.BytesIO()
    # The salt makes the ids, and so the page, the same for the same figures.
    with rc_context({**_STYLE, "svg.hashsalt": name}):
        paint().savefig(written, format="svg", metadata={"Date": None})
    root = ET.fromstring(written.getvalue())  # noqa: S314 - matplotlib wrote it just now
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.endswith("metadata") or child.tag == f"{_SVG}style":
                parent.remove(child)
    for element in root.iter():
        _adapt(element, name)
    root.attrib = {
        "viewBox": root.attrib["viewBox"],
        "role": "img",
        "aria-labelledby": f"{name}-title {name}-description",
    }
    for position, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(tag, {"id": f"{name}-{'description' if position else 'title'}"})
        element.text = text
        root.insert(position, element)
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 - ElementTree escaped it


def save(path: Path, paint: Callable[[], Figure]) -> None:
    """Write a figure into an SVG file of its own, on white.

    Args:
        path: The file.
        paint: Makes the figure, with colours of this module.

    Raises:
        OSError: If it cannot be written.
    """
    written = io.StringIO()
    style = {**_STYLE, "figure.facecolor": SURFACE, "svg.hashsalt": path.stem}
    with rc_context(style):
        paint().savefig(written, format="svg", metadata={"Date": None})
    drawn = written.getvalue()
    for colour, printed in _PRINTED.items():
        drawn = drawn.replace(colour, printed)
    path.write_text(drawn, encoding="utf-8")


def _adapt(element: ET.Element, name: str) -> None:
    """Remove name spaces, make ids unique in the page, and replace colours by variables."""
    element.tag = element.tag.removeprefix(_SVG)
    adapted = {}
    for key, value in element.attrib.items():
        plain = key.removeprefix(_XLINK)
        themed = value
        if plain == "id":
            if element.tag == "g":  # numbered names that nothing refers to
                continue
            themed = f"{name}-{value}"
        elif plain == "href":
            themed = f"#{name}-{value.removeprefix('#')}"
        else:
            themed = _REFERENCE.sub(rf"url(#{name}-\1)", themed)
            themed = _FONT.sub(r"font-size: \1px;", themed)
            for colour, variable in _VARIABLES.items():
                themed = themed.replace(colour, variable)
        adapted[plain] = themed
    # A variable is known to style sheets only, not to attributes.
    for plain in ("fill", "stroke"):
        if adapted.get(plain, "").startswith("var("):
            adapted["style"] = f"{plain}: {adapted.pop(plain)}; {adapted.get('style', '')}"
    element.attrib = adapted
