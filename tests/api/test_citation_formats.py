"""Citations as text, for people and for programs that manage references."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.citation_formats import bibtex, csl_json, markdown, quotation, ris, write_citations
from api.schemas import AskResponse, CitationFormat
from api.schemas.examples import ABSTAINED, ASK, WRITTEN_CITATIONS

FIRST = ASK["citations"][0]
ARTICLE = FIRST["article"]
SENTENCE = FIRST["sentence"]
BARE = {
    **ARTICLE,
    **dict.fromkeys(("title", "url", "source", "author", "published_at", "published_at_from")),
    "tags": [],
}
HOSTILE = 'A}\r\nER  - {\\b} $5 & 10% #1 a_b ~^ <i>*x*</i> [a](b) `c` "d" |e|\u2028é'
CITING: list[CitationFormat] = ["quotation", "bibtex", "ris"]


def _reply(*citations: dict[str, Any], **changes: Any) -> AskResponse:
    numbered = [{**citation, "number": at} for at, citation in enumerate(citations, start=1)]
    return AskResponse.model_validate({**ASK, "citations": numbered, **changes})


def _of(**article: Any) -> dict[str, Any]:
    return {**FIRST, "article": {**ARTICLE, **article}}


def test_quotation_is_the_sentence_with_source_day_and_page() -> None:
    reply = _reply({**FIRST, "page": 7, "sentence": "It\nwas\tmore."})
    assert quotation(reply.citations[0]) == (
        "“It was more.” (Cloud groups keep their budgets, Sample Wire, 2025-05-02, page 7)"
    )
    bare = _reply({**FIRST, "article": BARE})
    assert quotation(bare.citations[0]) == f"“{SENTENCE}” (cloud-spring-2025-results)"


def test_bibtex_has_an_entry_for_each_article() -> None:
    reply = _reply(FIRST, {**FIRST, "page": 3}, {**FIRST, "article": {**BARE, "id": "b"}})
    money = SENTENCE.replace("$", r"\$")
    assert bibtex(reply.citations) == (
        "@misc{cloud-spring-2025-results,\n"
        "  title = {{Cloud groups keep their budgets}},\n"
        "  author = {{A. Marlow}},\n"
        "  howpublished = {Sample Wire},\n"
        "  year = {2025},\n"
        "  month = may,\n"
        "  day = {2},\n"
        "  url = {https://example.org/samples/cloud-spring-2025-results},\n"
        "  keywords = {capex, meta},\n"
        f"  annote = {{“{money}” “{money}” (page 3)}},\n"
        "}\n\n"
        "@misc{b,\n"
        "  title = {{b}},\n"
        f"  annote = {{“{money}”}},\n"
        "}"
    )


def test_bibtex_writes_signs_of_tex_so_that_they_are_printed() -> None:
    reply = _reply(_of(title=HOSTILE))
    (title,) = re.findall(r"^  title = \{\{(.*)\}\},$", bibtex(reply.citations), re.MULTILINE)
    assert title == (
        r"A\textbraceright{} ER - \textbraceleft{}\textbackslash{}b\textbraceright{} \$5 \& 10\% "
        r"\#1 a\_b \textasciitilde{}\textasciicircum{} \textless{}i\textgreater{}*x*\textless{}/i"
        r'\textgreater{} [a](b) `c` "d" \textbar{}e\textbar{} é'
    )


@pytest.mark.parametrize(
    ("article_id", "key"),
    [
        ("2025/05/a-b.md", "2025/05/a-b.md"),
        ("a b, {c}", r"a-b-c-[0-9a-f]{8}"),
        ("a_b", r"a-b-[0-9a-f]{8}"),
        ("新聞", r"article-[0-9a-f]{8}"),
        ("x" * 200, r"x{80}-[0-9a-f]{8}"),
    ],
)
def test_bibtex_key_is_the_id_or_has_a_part_of_its_hash(article_id: str, key: str) -> None:
    entry = bibtex(_reply(_of(id=article_id)).citations)
    assert re.match(rf"@misc\{{{key},\n", entry)


def test_ris_has_a_record_for_each_article() -> None:
    reply = _reply(FIRST, {**FIRST, "page": 3}, {**FIRST, "article": {**BARE, "id": "b"}})
    assert ris(reply.citations).split("\r\n") == [
        "TY  - ELEC",
        "ID  - cloud-spring-2025-results",
        "TI  - Cloud groups keep their budgets",
        "AU  - A. Marlow",
        "T2  - Sample Wire",
        "PY  - 2025",
        "DA  - 2025/05/02/",
        "UR  - https://example.org/samples/cloud-spring-2025-results",
        "KW  - capex",
        "KW  - meta",
        f"N1  - “{SENTENCE}”",
        f"N1  - “{SENTENCE}” (page 3)",
        "ER  -",
        "TY  - GEN",
        "ID  - b",
        "TI  - b",
        f"N1  - “{SENTENCE}”",
        "ER  -",
        "",
    ]


def test_csl_json_has_an_item_for_each_article() -> None:
    reply = _reply(FIRST, {**FIRST, "article": {**BARE, "id": "b"}})
    assert json.loads(csl_json(reply.citations)) == [
        {
            "id": "cloud-spring-2025-results",
            "type": "webpage",
            "title": "Cloud groups keep their budgets",
            "author": [{"literal": "A. Marlow"}],
            "container-title": "Sample Wire",
            "issued": {"date-parts": [[2025, 5, 2]]},
            "URL": "https://example.org/samples/cloud-spring-2025-results",
            "keyword": "capex, meta",
            "note": f"“{SENTENCE}”",
        },
        {"id": "b", "type": "document", "title": "b", "note": f"“{SENTENCE}”"},
    ]


@pytest.mark.parametrize(
    ("url", "written"),
    [
        (
            "https://a.example/x{y}\\ z?q=1%20&b_c#d",
            "https://a.example/x%7By%7D%5C%20z?q=1%20&b_c#d",
        ),
        ("HTTP://a.example/<ü>", "HTTP://a.example/%3Cü%3E"),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("file:///etc/passwd", None),
    ],
)
def test_only_addresses_of_the_web_are_written_and_never_end_early(
    url: str, written: str | None
) -> None:
    reply = _reply(_of(url=url))
    (item,) = json.loads(csl_json(reply.citations))
    assert item.get("URL") == written
    assert (f"  url = {{{written}}}," in bibtex(reply.citations)) == (written is not None)
    assert (f"UR  - {written}\r\n" in ris(reply.citations)) == (written is not None)
    assert (f"](<{written}>)" in markdown(reply)) == (written is not None)


def test_markdown_is_the_whole_answer_with_its_citations() -> None:
    entries: list[dict[str, Any]] = [
        {"as_of": "2025-01-30", "text": "$60 billion", "standing": "forecast", "citation": 2},
        {"as_of": None, "text": "$64 billion", "standing": "reported", "citation": 1},
    ]
    reply = _reply(
        FIRST,
        {**FIRST, "page": 7, "article": {**BARE, "title": "1. *Budgets*"}, "sentence": "- less"},
        agreement="disagree",
        timeline=[{**entry, "value": None} for entry in entries],
        names={"absent": [], "read_as": {"Mta": "Meta"}},
    )
    money = SENTENCE.replace("$", r"\$")
    amount, origin = r"\$64 billion to \$72 billion", "Sample Wire, 2025-05-02"
    assert markdown(reply).split("\n\n") == [
        "**How much is Meta spending?**",
        "Read 'Mta' as 'Meta'.",
        r"The articles disagree: \$60 billion \[2\]; \$64 billion \[1\].",
        rf"{amount} [1] (93% sure, forecast)",
        "- 2025-01-30: \\$60 billion [2] (forecast)\n- undated: \\$64 billion [1]",
        f"> {money}\n>\n> [1] [Cloud groups keep their budgets](<{ARTICLE['url']}>), {origin}",
        "> \\- less\n>\n> [2] 1\\. \\*Budgets\\*, page 7",
    ]


def test_reply_that_abstains_has_no_citations() -> None:
    reply = AskResponse.model_validate(ABSTAINED)
    assert [write_citations(reply, form) for form in CITING] == ["", "", ""]
    assert json.loads(write_citations(reply, "csl")) == []
    assert write_citations(reply, "markdown") == (
        "**How much is Apple spending?**\n\nThe articles do not answer this. No article mentions "
        "'Apple'."
    )


def test_citations_of_some_numbers_are_written() -> None:
    reply = _reply(FIRST, _of(id="b"), _of(id="c"))
    assert [item["id"] for item in json.loads(write_citations(reply, "csl", [1, 3]))] == [
        ARTICLE["id"],
        "c",
    ]
    assert write_citations(reply, "quotation", [2]) == WRITTEN_CITATIONS["text"]


@given(text=st.text(min_size=1).filter(str.strip), page=st.none() | st.integers(1, 9))
def test_whatever_is_cited_every_format_holds(text: str, page: int | None) -> None:
    cited = {**_of(id=text, title=text, source=text, author=text, url=text, tags=[text])}
    cited = {**cited, "sentence": text, "page": page}
    reply = _reply(cited, FIRST)
    entries = bibtex(reply.citations)
    assert entries.count("{") == entries.count("}")
    assert len(re.findall(r"^@misc\{[A-Za-z0-9.:/+-]+,$", entries, re.MULTILINE)) == 2
    assert all(re.match(r"@misc\{|  [a-z]+ = |\}$|$", line) for line in entries.split("\n"))
    lines = ris(reply.citations).split("\r\n")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  -( .*)?", line) for line in lines[:-1])
    assert [lines.count(end) for end in ("ER  -", "TY  - ELEC")] == [2, 1]
    assert [item["id"] for item in json.loads(csl_json(reply.citations))] == [text, ARTICLE["id"]]
    assert len(write_citations(reply, "quotation").splitlines()) == 2
