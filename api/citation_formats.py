"""Citations as text for people and for programs that manage references.

An article counts as one work however often it is cited; its quotes are a note of it. What is not
known is left out, and nothing is guessed: an author is written as the article states it.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from api.cited_text import completeness_of, origin_of, source_of, subject_of, warnings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from api.schemas import ArticleOut, AskResponse, CitationFormat, CitationOut

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNSAFE_IN_URL: Final = re.compile(r'[\x00-\x20\x7f\\{}"<>^`|]')
_WEB: Final = re.compile(r"https?://[^/]", re.IGNORECASE)
_MARKDOWN: Final = re.compile(r"[\\`*_{}\[\]<>#|~&$]")
_LIST_SIGN: Final = re.compile(r"^(\d+(?=[.)])|(?=[-+=]))")
_KEY: Final = re.compile(r"[^A-Za-z0-9.:/+-]+")
_LONGEST_KEY: Final = 80
# A brace that is only escaped still counts where BibTeX matches braces.
_TEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        **{sign: f"\\{sign}" for sign in "$&#%_"},
    }
)
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def write_citations(
    reply: AskResponse, form: CitationFormat, numbers: Sequence[int] | None = None
) -> str:
    """Write citations of a reply; where it abstains, there are none.

    Args:
        reply: The reply.
        form: How to write them; ``markdown`` is the whole answer with all its citations.
        numbers: Those to write; all where None.
    """
    cited = [one for one in reply.citations if numbers is None or one.number in numbers]
    return FORMATS[form].write(reply, cited)


def quotation(citation: CitationOut) -> str:
    """The cited sentence in quotation marks, with title, source, day and page."""
    return f"“{_line(citation.sentence)}” ({_line(source_of(citation))})"


def markdown(reply: AskResponse) -> str:
    """Question, answers and cited sentences of a reply, in CommonMark."""
    blocks = [f"**{_escaped(reply.question)}**"]
    blocks += [
        _escaped(f"Read '{word}' as '{name}'.") for word, name in reply.names.read_as.items()
    ]
    if reply.abstention is not None:
        blocks.append(_escaped(f"The articles do not answer this. {reply.abstention.reason}"))
    if reply.comparison is not None:
        blocks.append(_escaped(reply.comparison.statement))
    blocks += [_escaped(warning) for warning in warnings_of(reply)]
    for number, answer in enumerate(reply.answers):
        standing = "" if answer.standing == "reported" else f", {answer.standing}"
        marks = "".join(f"[{citation}]" for citation in answer.citations)
        words = _escaped(f"{subject_of(reply, number)}{answer.text}")
        blocks.append(f"{words} {marks} ({answer.confidence:.0%} sure{standing})")
    if reply.listing is not None:
        blocks.append(_escaped(completeness_of(reply.listing)))
    if reply.timeline:
        blocks.append("\n".join(_timeline_items(reply)))
    blocks += [_block_quote(citation) for citation in reply.citations]
    return "\n\n".join(blocks)


def bibtex(citations: Sequence[CitationOut]) -> str:
    """An entry for each article, for BibTeX and biblatex; its quotes are the field ``annote``."""
    return "\n\n".join(_entry(article, cited) for article, cited in _works(citations))


def ris(citations: Sequence[CitationOut]) -> str:
    """A record for each article, each quote a note; lines end in CR LF, as the format wants."""
    return "".join(
        f"{tag}  - {value}".rstrip(" ") + "\r\n"
        for article, cited in _works(citations)
        for tag, value in _record(article, cited)
    )


def csl_json(citations: Sequence[CitationOut]) -> str:
    """The articles as a list of CSL-JSON; the quotes are the field ``note``."""
    items = [_item(article, cited) for article, cited in _works(citations)]
    return json.dumps(items, ensure_ascii=False, indent=2)


class _Format(NamedTuple):
    """A way to write citations: its media type, and its function of a reply and some of them."""

    media_type: str
    write: Callable[[AskResponse, Sequence[CitationOut]], str]


FORMATS: Final[dict[CitationFormat, _Format]] = {
    "quotation": _Format("text/plain", lambda _, cited: "\n".join(map(quotation, cited))),
    "markdown": _Format("text/markdown", lambda reply, _: markdown(reply)),
    "bibtex": _Format("application/x-bibtex", lambda _, cited: bibtex(cited)),
    "ris": _Format("application/x-research-info-systems", lambda _, cited: ris(cited)),
    "csl": _Format("application/vnd.citationstyles.csl+json", lambda _, cited: csl_json(cited)),
}


def _works(
    citations: Sequence[CitationOut],
) -> Iterator[tuple[ArticleOut, list[CitationOut]]]:
    """The articles in the order in which they are cited, each with its citations."""
    by_article: dict[str, list[CitationOut]] = {}
    for citation in citations:
        by_article.setdefault(citation.article.id, []).append(citation)
    for cited in by_article.values():
        yield cited[0].article, cited


def _quotes(cited: Sequence[CitationOut]) -> list[str]:
    """The cited sentences of a work, each once, with their pages."""
    quotes = [
        f"“{_line(one.sentence)}”" + ("" if one.page is None else f" (page {one.page})")
        for one in cited
    ]
    return list(dict.fromkeys(quotes))


def _entry(article: ArticleOut, cited: Sequence[CitationOut]) -> str:
    day, url = article.published_at, _web_address(article)
    # Twice in braces: capitals stay, and a name is not taken apart.
    fields = {"title": f"{{{{{_tex(article.shown_title)}}}}}"}
    if article.author is not None:
        fields["author"] = f"{{{{{_tex(article.author)}}}}}"
    if article.source is not None:
        fields["howpublished"] = f"{{{_tex(article.source)}}}"
    if day is not None:
        fields |= {"year": f"{{{day.year}}}", "month": _MONTHS[day.month - 1]}
        fields["day"] = f"{{{day.day}}}"
    if url is not None:
        fields["url"] = f"{{{url}}}"
    if article.tags:
        fields["keywords"] = f"{{{_tex(', '.join(article.tags))}}}"
    fields["annote"] = f"{{{_tex(' '.join(_quotes(cited)))}}}"
    lines = [f"  {name} = {value}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{_key(article.id)},", *lines, "}"])


def _key(article_id: str) -> str:
    """A key of an entry: the article's id; where a key cannot be that, with a part of its hash."""
    key = _KEY.sub("-", article_id).strip("-")[:_LONGEST_KEY]
    if key == article_id:
        return key
    digest = hashlib.sha256(article_id.encode()).hexdigest()[:8]
    return f"{key}-{digest}" if key else f"article-{digest}"


def _record(article: ArticleOut, cited: Sequence[CitationOut]) -> Iterator[tuple[str, str]]:
    day, url = article.published_at, _web_address(article)
    yield "TY", "GEN" if url is None else "ELEC"
    yield "ID", _line(article.id)
    yield "TI", _line(article.shown_title)
    if article.author is not None:
        yield "AU", _line(article.author)
    if article.source is not None:
        yield "T2", _line(article.source)
    if day is not None:
        yield "PY", str(day.year)
        yield "DA", f"{day:%Y/%m/%d}/"
    if url is not None:
        yield "UR", url
    for tag in article.tags:
        yield "KW", _line(tag)
    for quote in _quotes(cited):
        yield "N1", quote
    yield "ER", ""


def _item(article: ArticleOut, cited: Sequence[CitationOut]) -> dict[str, Any]:
    day, url = article.published_at, _web_address(article)
    item: dict[str, Any] = {
        "id": article.id,
        "type": "document" if url is None else "webpage",
        "title": _line(article.shown_title),
    }
    if article.author is not None:
        item["author"] = [{"literal": _line(article.author)}]
    if article.source is not None:
        item["container-title"] = _line(article.source)
    if day is not None:
        item["issued"] = {"date-parts": [[day.year, day.month, day.day]]}
    if url is not None:
        item["URL"] = url
    if article.tags:
        item["keyword"] = ", ".join(map(_line, article.tags))
    return {**item, "note": " ".join(_quotes(cited))}


def _timeline_items(reply: AskResponse) -> Iterator[str]:
    for entry in reply.timeline:
        standing = "" if entry.standing == "reported" else f" ({entry.standing})"
        yield f"- {entry.shown_day}: {_escaped(entry.text)} [{entry.citation}]{standing}"


def _block_quote(citation: CitationOut) -> str:
    article, url = citation.article, _web_address(citation.article)
    title = _escaped(article.shown_title)
    named = title if url is None else f"[{title}](<{url}>)"
    place = ", ".join([named, *map(_escaped, origin_of(citation))])
    return f"> {_escaped(citation.sentence)}\n>\n> [{citation.number}] {place}"


def _web_address(article: ArticleOut) -> str | None:
    """The article's address, where it is one of the web; what would end it elsewhere is encoded."""
    if article.url is None or _WEB.match(article.url) is None:
        return None
    return _UNSAFE_IN_URL.sub(lambda unsafe: f"%{ord(unsafe[0]):02X}", article.url)


def _line(text: str) -> str:
    """A text in one line."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def _tex(text: str) -> str:
    return _line(text).translate(_TEX)


def _escaped(text: str) -> str:
    """A text in one line that Markdown shows as it is."""
    return _LIST_SIGN.sub(r"\1\\", _MARKDOWN.sub(r"\\\g<0>", _line(text)))
