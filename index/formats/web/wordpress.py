"""Exports of WordPress, which are feeds with more in them: drafts, attachments, accounts."""

from __future__ import annotations

import html
import re
from typing import Any, Final

from index.errors import ArticleError

_ACCOUNT: Final = re.compile(
    rb"<wp:author_login>(?:<!\[CDATA\[)?(?P<login>[^<\]]{1,200})(?:\]\]>)?</wp:author_login>"
    rb"(?:(?!</wp:author>)[\s\S]){0,3000}?"
    rb"<wp:author_display_name>(?:<!\[CDATA\[)?(?P<name>[^<\]]{1,200})"
)
_POSTS: Final = {"post", "page"}
_SHORTCODE: Final = re.compile(
    r"\[/?(?:caption|gallery|embed|audio|video|playlist|wpvideo|(?:vc|et_pb|su)_\w{1,40})\b[^\]]{0,500}\]"
)
_BLANK_LINE: Final = re.compile(r"\n[ \t]*\r?\n")


def author_names(raw: bytes) -> dict[str, str]:
    """The names of the authors in an export, by account; nothing where it is another feed."""
    if b"<wp:author_login>" not in raw:
        return {}
    return {
        match["login"].decode(errors="replace"): html.unescape(
            match["name"].decode(errors="replace")
        )
        for match in _ACCOUNT.finditer(raw)
    }


def post_fault(entry: Any) -> ArticleError | None:
    """Why an entry of an export is no published post; None where it is, or is no such entry."""
    kind, status = entry.get("wp_post_type"), entry.get("wp_status")
    if kind is not None and kind not in _POSTS:
        return ArticleError(f"no post: a WordPress export's {str(kind)[:40]}")
    if status is not None and status != "publish":
        return ArticleError(f"not published: its status is '{str(status)[:40]}'")
    return None


def post_markup(entry: Any, markup: str) -> str:
    """The markup of a post as WordPress shows it: shortcodes go, blank lines part paragraphs."""
    if entry.get("wp_post_type") is None:
        return markup
    markup = _SHORTCODE.sub("", markup)
    return markup if "<pre" in markup else _BLANK_LINE.sub("<br><br>", markup)
