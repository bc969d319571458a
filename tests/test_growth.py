"""Pure functions that see article or question text: their time grows with the text, not faster."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
import re
import signal
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import lxml.html
import pytest

import api.answering
import index.chunking
import index.formats
from api.answering.actors.asked_actors import asked_actors
from api.answering.actors.governing import Governing
from api.answering.combining.claims.claim import claim_of, nearly_answers, own_value
from api.answering.combining.claims.comparable_figures import of_one_measure
from api.answering.combining.claims.earlier_figures import compared_values, earlier_figures
from api.answering.combining.claims.holders import successor
from api.answering.combining.claims.kinds import restates
from api.answering.combining.claims.measure_words import measure_words, tells_measure
from api.answering.combining.claims.relative_figures import is_addition, is_former_figure
from api.answering.combining.claims.retellings import retellings
from api.answering.combining.claims.rival_accounts import are_rival_accounts
from api.answering.combining.claims.rival_figures import is_rival, rival_figures
from api.answering.combining.claims.sameness import same_thing, shared_subject
from api.answering.combining.claims.scopes import is_of_wider_scope, tells_how_far
from api.answering.combining.claims.subjects import opens_beside, speaks_of_another
from api.answering.combining.claims.voices import voice_of
from api.answering.combining.comparisons.comparison_questions import asked_comparison
from api.answering.combining.comparisons.difference_forms import tells_difference
from api.answering.combining.lists.fitting_items import fit_items
from api.answering.combining.lists.item_spans import item_spans
from api.answering.combining.lists.list_confidence import with_company
from api.answering.combining.lists.list_questions import AskedList, asked_list
from api.answering.combining.lists.people import is_no_person, is_person
from api.answering.combining.lists.told_doings import DoingTelling
from api.answering.combining.lists.told_holders import HolderTelling, is_in_turn
from api.answering.combining.lists.told_in_sentences import told_in_sentences
from api.answering.combining.lists.told_lists import told_items
from api.answering.combining.spans.figures_apart import figures_apart
from api.answering.combining.spans.levels import asks_for_move, moved_by, moved_to
from api.answering.combining.spans.named_together import (
    asks_for_founders,
    pairs_together,
    people_together,
)
from api.answering.combining.spans.predecessors import moved_to_predecessors
from api.answering.combining.spans.single_figures import single_figures
from api.answering.combining.spans.whole_reasons import whole_reasons
from api.answering.combining.unanswered_forms import unanswered_form, untold_form
from api.answering.names.usual_aliases import usual_aliases
from api.answering.questions.active_voice import active_voice
from api.answering.questions.follow_up import follow_up
from api.answering.questions.keywords import holder_question, is_of_first_word, keyword_kind
from api.answering.questions.mentions import mentions, mentions_in_text
from api.answering.questions.narrower_kinds import is_title, is_too_wide, names_asked_place
from api.answering.questions.places import names_country, names_state
from api.answering.questions.question import Question
from api.answering.questions.talk import why_not_asked, without_courtesies
from api.answering.questions.without_names import without_names
from api.answering.ranking.candidates import group_spans
from api.answering.ranking.ranker import DescribedCandidate, RankedCandidate
from api.answering.reading.reader import ScoredSpan
from api.answering.time.expressions import find_expressions
from api.answering.time.former_holders import (
    asks_for_former_holder,
    held_until,
    is_former_holder,
    is_leaving,
    successor_of,
)
from api.answering.time.frames import read_question_time
from api.answering.time.offices import exact_office
from api.answering.time.statements import read_statement
from api.answering.values.dates import parse_date
from api.answering.values.figures import figures_in
from api.answering.values.normal_form import normal_words
from api.answering.values.parsing import parse_value
from api.answering.values.quantities import complete_quantity
from api.answering.values.value import Value
from api.answering.verifying import nearest_occurrence
from api.answering.words import text_words
from api.citation_formats import FORMATS, write_citations
from api.schemas.answers import AskResponse
from api.schemas.examples import ASK
from index.building.near_duplicates import _shingles, _signature
from index.building.stated_aliases import stated_aliases
from index.chunking.blocks import split_blocks
from index.chunking.chunker import ChunkingParameters, chunk_article, count_tokens
from index.chunking.sentences import split_sentences
from index.errors import ArticleError
from index.formats.control_characters import without_controls
from index.formats.office.rtf import read_rtf
from index.formats.tables import Cell, row_values, table_lines
from index.formats.text.csv_table import read_csv
from index.formats.text.front_matter import _YAML_KEY, _fields, read_front_matter
from index.formats.text.markdown_tables import rewrite_tables
from index.formats.web.email_message import read_email
from index.formats.web.feed import _is_added
from index.formats.web.html_main import MainContent
from index.formats.web.html_metadata import clean_author, clean_title, told_author, told_title
from index.formats.web.markup import fragment_text, short_words, tree_text
from index.formats.web.wordpress import author_names, post_markup
from index.records import Article, ArticleInfo, Span
from index.stores.lexical import text_analyzer
from index.stores.name_store import NameCollector
from tests.api.answering.making import make_passage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index.records import Passage

_SMALLEST: Final = 1000  # characters; below it, fixed costs hide growth
_SIZES: Final = (1, 2, 4, 8)
_FAST: Final = 0.05  # seconds of processor time; whatever takes less at 8 times is fast enough
_NASTY: Final = [
    *"“ ” \" ' ( ) [ { < | # * - _ = ~ ` . ! ? , ; : / \\".split(" "),
    *"$ % & + @ ^ 0 a Z é 漢 \u200b \u0301".split(" "),
    *("\n", "\r\n", " ", "\t", "\u2028", "\u00a0"),
    *("a ", "“a” ", "(a ", "a. ", "Mr. ", "1. ", "1,000 ", "$1 ", "3-4 ", "a-", "a'", "- a\n"),
    *("# a\n", "| a ", "| a |\n", "a\n---\n", "A b\n\n", "a\n=\n", "--- ", "*-_", "http://a.b/"),
    *("May 1, 2025 ", "million ", "twenty-", "1.5.", "a...", "?!", "“A.” “B", "\U0001f600"),
    *(
        "of A ",
        "and ",
        "the A, ",
        "A and ",
        "1.1 and ",
        "| - |\n",
        "&amp;",
        "אב ",
        "\u202e",
        "A’s A ",
    ),
    *(
        "thanks ",
        "ok. ",
        "from 2023 to ",
        "chief A ",
        "Aa Bb ",
        "A of A ",
        "A-",
        "Ab (",
        "A, now B. ",
        "A's parent ",
        "in May ",
        "q1 ",
        "A (A) ",
    ),
]

_MARKUP: Final = [
    *("<div>", "<div> </div>", "<p>", "<p>a", "<li>", "<li><div> </div>", "<br>", "<b>", "</div>"),
    *("<table><tr><td>", "<tr><td>a<td>b", "<tr><th>a<th>b", "<td rowspan=9 colspan=9>a", "<th>"),
    *(
        "<h2>a",
        "<dt>a",
        "<dd>a",
        "<sup>1",
        "<q>",
        "<pre>a\n",
        "<a href=#a>a",
        "<!-- a",
        "<![CDATA[",
    ),
    *("<p>unsubscribe", "<p>unsubscribe</p>", "<td>unsubscribe", "<div>unsubscribe", "&nbsp;"),
    *("<p>The post a appeared first on b", "[caption]", "[vc_a", "\n \n", "a"),
]

_PAGE: Final = [
    *_MARKUP,
    *("!", "©", "| ", "<div>share ", "<a href=/b>b</a>", "<h2><a href=/b>b</a></h2>", "<button>b"),
    *("<div><button>OK</button></div>", "<label>a</label>", "<span>Ab</span>", "<aside><li>a"),
    *("<input value=subscribe>", "<textarea>a</textarea>", "<div class=aB-share>a</div>", "<x-y>a"),
    *("<td><a href=/b>b</a></td>", "<li id=b><a href=#b>b", "<div><span>More:</span><a href=/b>b"),
]

_RTF: Final = [
    *("{\\shp{\\shptxt a", "{\\shp{\\shptxt a}}", "{\\*\\mmath{\\mfPr", "{\\upr{a}{\\*\\ud b"),
    *("{\\f1 Symbol;}", "\\f1 a", "{\\s1 heading 1 ", "\\bin9 "),
    *("\\super", "\\v", "\\deleted ", "{\\v", "\\f1", "\\f1;", "\\\n", "{\\fonttbl", "{\\footnote"),
    *("\\", "{", "}", "\\'e9", "\\super 1", "\\fcharset1", "{\\*\\v ", "\\b\\v", "\\cell", "\\row"),
]

_DAY: Final = dt.date(2025, 3, 31)
_FIGURE: Final = Value("number", Fraction(1), Fraction(1))


def _chunk(text: str) -> object:
    info = ArticleInfo("a", None, None, None, None, None, (), "", "a.txt")
    return chunk_article(Article(info, text), ChunkingParameters())


def _at(passage: Passage, words: str) -> Span:
    start = passage.chunk.text.index(words)
    return Span(start, start + len(words))


def _middle(text: str) -> Span:
    return Span(len(text) // 2, len(text) // 2 + 1)


def _read_statement(text: str) -> object:
    """A quarter of the text: no passage is as long, and the whole takes seconds."""
    sentence = text[: len(text) // 4]
    return read_statement(sentence, _middle(sentence), _DAY)


def _read(text: str) -> tuple[list[ScoredSpan], list[Passage]]:
    """Two spans of a sentence as a reader may have found them; see `_read_statement`.

    One is a character in its middle, the other as long as an answer of thirty words.
    """
    sentence = f"A{text[: len(text) // 4]}"
    middle = _middle(sentence)
    long = Span(middle.start, min(middle.start + 200, len(sentence)))
    passage = make_passage(sentence, day=_DAY)
    return [ScoredSpan(0, span, 1.0, 0.0, 0.5) for span in (middle, long)], [passage]


def _spans(text: str) -> None:
    spans, passages = _read(text)
    for question in (_COUNTING, _NAMING):
        item_spans(question, spans, passages, "firms")
        single_figures(question, spans, passages)
    for part in (people_together, pairs_together, moved_to, figures_apart, group_spans):
        part(spans, passages)


def _claims(text: str) -> None:
    spans, passages = _read(text)
    lead, other = (claim_of(0, scored, passages[0], None) for scored in spans)
    for claim in (lead, other):
        own_value(claim)
        earlier_figures(claim)
        compared_values(claim)
        speaks_of_another(claim, _COUNTING)
        is_addition(claim)
        is_former_figure(claim)
        nearly_answers(claim)
        tells_measure(claim, _COUNTING, lambda: [passages[0].chunk])
        is_rival(claim, claim)
        rival_figures(claim, passages)
        opens_beside(claim.sentence, _COUNTING)
        successor(claim)
        untold_form("How has the average fare changed?", claim)
        moved_by(claim.sentence)
    same_thing(lead, other, _COUNTING)
    is_of_wider_scope(lead, other, _COUNTING)
    tells_how_far(lead, other, _COUNTING)
    shared_subject(lead, other, _NAMING)
    of_one_measure(lead, other, _COUNTING)
    restates(lead, other, _COUNTING.text)
    figure = replace(lead, value=_FIGURE)
    for question in (_COUNTING, _NAMING):
        retellings(figure, question, _COUNTING, passages, spans, lambda _: [passages[0].chunk])


def _accounts_of_two(text: str) -> None:
    """Two articles whose figures are said by somebody: what is told before them and behind."""
    half = text[: len(text) // 8]
    passages = [
        make_passage(f"{half} 61kg {half}", article_id=article, day=_DAY) for article in "ab"
    ]
    spans = [
        ScoredSpan(place, _at(each, "61kg"), 1.0, 0.0, 0.5) for place, each in enumerate(passages)
    ]
    answer, other = (
        claim_of(place, scored, passages[place], None) for place, scored in enumerate(spans)
    )
    voice_of(answer, _COUNTING)
    are_rival_accounts(answer, other, _COUNTING)


def _reasons(text: str) -> None:
    spans, passages = _read(f"It did so because {text}")
    whole_reasons(_WHY, spans, passages)


def _predecessors(text: str) -> None:
    spans, passages = _read(f"Its chief executive, {text}")
    moved_to_predecessors(_FORMER, spans, passages)


def _lists(text: str) -> None:
    spans, passages = _read(text)
    ranked = [
        RankedCandidate(DescribedCandidate(candidate, {}, place), 0.9 / (place + 1))
        for place, candidate in enumerate(group_spans(spans, passages))
    ]
    for question in (_COUNTING, _NAMING, _LEADING, _PLACING):
        asked = AskedList(question.kind, None, "firm")
        time = read_question_time(question.text, _DAY)
        item_spans(question, spans, passages, asked.noun)
        fit_items(question, asked, time, ranked, passages, 0.5)
        told_in_sentences(question, asked, ranked, passages, lambda _: [_OF_ACME], 0.5)
    told_items(_NAMING, "firm", spans, passages, lambda _: [passages[0].chunk])
    holders = HolderTelling(_LEADING, "Who led Acme?")
    doing = DoingTelling("Which firms have bought shares of Acme?", "firm")
    for place in (0, len(text) // 2):
        holders.holds(text, place, place + 2)
        is_in_turn(text, place, place + 2)
        doing.did(text, place + 2)
    doing.is_one_more(text)
    for named in (True, False):
        with_company(ranked, passages, set(), 0.5, named=named)


def _askings(text: str) -> None:
    """What lists and comparisons read in a question beyond their forms."""
    question = _question(text)
    for opening in ("Who has won", "Who has held the post of", "Which firms have", "Who were"):
        asked_list(f"{opening} {question}")
        DoingTelling(f"{opening} {question}", None)
    half = question[: len(question) // 2]
    for of_one in (f"Who is the {question}", f"Who was {half} of {half}"):
        HolderTelling(_LEADING, of_one)
    asked_comparison(f"Is the crane at {half} taller than the crane at {half}")
    asked_comparison(f"By how much did {half} exceed {half}")


def _figures(text: str) -> None:
    """What is looked for in passages that are not read."""
    list(figures_in(text, _DAY, 12))
    find_expressions(text, _DAY)


def _keywords(text: str) -> None:
    question = _question(text)
    for keywords in (question, f"Acme revenue {question}", f"Acme-{question.replace(' ', '-')}"):
        keyword_kind(keywords)
        holder_question(keywords)
    is_of_first_word(f"Acme-{question.replace(' ', '-')} revenue")


def _actors(text: str) -> None:
    spans, passages = _read(text)
    for question in (_COUNTING, _NAMING, _LEADING, _FORMER, _SIGNING):
        governing = Governing(question, passages)
        for scored in spans:
            governing.of_another(scored)


def _asked(text: str) -> None:
    question = _question(text)
    asked_actors(f"How much did {question}")
    exact_office(f"Who is the {question}")
    measure_words(Question.parse(f"How many {question}"))
    without_names(Question.parse(f"How much did {question}"))
    active_voice(f"Who was {question} bought by?")
    asks_for_move(question)
    asks_for_founders(question)


def _kinds(text: str) -> None:
    for question in (_NAMING, _PLACING):
        is_too_wide(question, text)
        names_asked_place(question, text)
        is_title(question, text, text)
    names_country(text)
    names_state(text)


def _talk(text: str) -> None:
    """Alone, and behind a courtesy and before one."""
    for said in (text, f"Thanks! {text}", f"Who runs Meta? {text} Thanks"):
        why_not_asked(said)
        without_courtesies(said)


def _people(text: str) -> None:
    """The names that come again and again are the worst to look for."""
    for name in ("A", "a", "Bb"):
        is_person(name, text)
    is_no_person("Ek", text)
    is_no_person(text, "")


def _question(text: str) -> str:
    """As long as a question may be, of the longest text."""
    return text[: len(text) // 8]


def _cited(text: str) -> None:
    """A reply whose sentence is the text, as a client may send it back."""
    (citation, *_) = _REPLY.citations
    cited = citation.model_copy(update={"sentence": text, "quote": text})
    reply = _REPLY.model_copy(update={"question": text, "citations": [cited]})
    for form in FORMATS:
        write_citations(reply, form)


def _looked_up(text: str) -> None:
    half = len(text) // 2
    for words in (text[:half], f"{text[:half]}?", text[half : half + 50]):
        nearest_occurrence(text, words, half)


def _email(text: str) -> None:
    with suppress(ArticleError):
        read_email(b"Subject: a\nFrom: b\nContent-Type: text/html\n\n" + text.encode())


def _rtf(text: str) -> object:
    return read_rtf(rf"{{\rtf1{{\fonttbl{text[: len(text) // 2]}}}}} {text}".encode())


def _page(text: str) -> None:
    prose = "Snow fell in Oslo on Monday. " * 10
    page = lxml.html.document_fromstring(
        f"<body><article><h1>Ab</h1><p>{prose}</p><div><button>{text}</button></div>{text}"
        f"<p>{prose}</p></article>"
    )
    main = MainContent(page.find("body"), [prose, prose], ["Ab"])
    tree_text(main.root, main.skips)


def _titles(text: str) -> None:
    page = lxml.html.document_fromstring(
        "<head><title>a</title><meta property='og:title' content='a'></head><body>b</body>"
    )
    page.find("head/title").text = text
    page.find("head/meta").set("content", text)
    told_title(page, f"# {text}\n\n{text}")
    clean_title(page, page.find("body"), None, f"a {text}")
    clean_author(f"A; {text}", text)
    told_author(f"By {text}\n\n{text}")


def _post(text: str) -> object:
    """The markup of an entry of a WordPress export, as a feed's entry has it."""
    return fragment_text(post_markup({"wp_post_type": "post"}, text), _is_added)


def _accounts(text: str) -> object:
    return author_names(text.replace("a", "<wp:author_login>a").encode())


def _csv(text: str) -> None:
    with suppress(ArticleError):
        list(read_csv(f"id,text\n{text}".encode()))


def _table(text: str) -> object:
    """Words as the cells of a table, nine in a row; every third row has headings."""
    words = text.split()
    return table_lines(
        [
            [Cell(each, is_heading=at % 27 == 0) for each in words[at : at + 9]]
            for at in range(0, len(words), 9)
        ]
    )


_COUNTING: Final = Question.parse("How many people did Acme hire in Oslo in 2024?")
_NAMING: Final = Question.parse("Which firm bought Acme?")
_FORMER: Final = Question.parse("Who is the former chief executive of Acme?")
_SIGNING: Final = Question.parse("Who signed the letter of Acme?")
_WHY: Final = Question.parse("Why did Acme buy it?")
_LEADING: Final = Question.parse("Who is the chief executive of Acme?")
_PLACING: Final = Question.parse("In which city is Acme?")
_OF_ACME: Final = make_passage("Acme is a firm.").chunk
_REPLY: Final = AskResponse.model_validate(ASK)
_ANALYZER: Final = text_analyzer("en")
_OF_MARKUP: Final[dict[str, Callable[[str], object]]] = {
    "fragment": fragment_text,
    "e-mail": _email,
    "post": _post,
    "accounts": _accounts,
}
_PIECES: Final = {"RTF": _RTF, "page": _PAGE, **dict.fromkeys(_OF_MARKUP, _MARKUP)}
_FUNCTIONS: Final[dict[str, Callable[[str], object]]] = {
    "blocks": split_blocks,
    "sentences": lambda text: list(split_sentences(text, Span(0, len(text)), "en")),
    "chunks": _chunk,
    "tokens": count_tokens,
    "question": Question.parse,
    "words": text_words,
    "value": parse_value,
    "date": parse_date,
    "normal form": normal_words,
    "near duplicates": lambda text: _signature(_shingles(text)),
    "analysis": _ANALYZER.analyze,
    "names": lambda text: NameCollector().add_text(text),
    "stated aliases": lambda text: list(stated_aliases(f"{text} (formerly owner parent")),
    "mentions": lambda text: list(mentions(f"Who is Meta {text}")),
    "usual aliases": usual_aliases,
    "statement": _read_statement,
    "quantity": lambda text: complete_quantity(text, *_middle(text)),
    "comparison": lambda text: asked_comparison(f"Which is bigger, {_question(text)}"),
    "list": lambda text: asked_list(f"Which firms {_question(text)}"),
    "keywords of a list": lambda text: asked_list(_question(text)),
    "named list": lambda text: asked_list(f"Name the {_question(text)}"),
    "possessive list": lambda text: asked_list(f"Who are {_question(text)}"),
    "change": lambda text: asked_comparison(f"How did it change {_question(text)}"),
    "difference": lambda text: asked_comparison(f"By how much more did {_question(text)}"),
    "versus": lambda text: asked_comparison(f"Acme vs {_question(text)} sales vs Beta"),
    "gap": lambda text: asked_comparison(f"What is the gap in {_question(text)}"),
    "talk": _talk,
    "people": _people,
    "sum": lambda text: unanswered_form(f"How much in total did {_question(text)}"),
    "question time": lambda text: read_question_time(_question(text), _DAY),
    "follow-up": lambda text: follow_up(f"And {_question(text)}", _question(text), (), _DAY),
    "names in text": lambda text: list(mentions_in_text(text)),
    "front matter": lambda text: read_front_matter(f"---\n{text[: len(text) // 2]}\n---\n{text}"),
    "fields": lambda text: list(_fields(text, _YAML_KEY)),
    "tables": lambda text: rewrite_tables(f"| a | b |\n|---|---|\n{text}"),
    "row": row_values,
    "control characters": without_controls,
    "spans": _spans,
    "claims": _claims,
    "lists": _lists,
    "reasons": _reasons,
    "predecessors": _predecessors,
    "figures": _figures,
    "keywords": _keywords,
    "actors": _actors,
    "asked": _asked,
    "kinds": _kinds,
    "accounts of two bodies": _accounts_of_two,
    "undone acts": lambda text: _actors(f"Bo Ek did not {text}"),
    "differences": lambda text: tells_difference(text, *_middle(text), ["Acme", "Beta"]),
    "askings of lists": _askings,
    "leaving": lambda text: is_leaving(text, 0, _LEADING.names),
    "held until": lambda text: held_until(text, 0),
    "successors": lambda text: successor_of(text, len(text)),
    "former holders": lambda text: is_former_holder(text, len(text) // 2, len(text) // 2 + 4),
    "questions for former holders": asks_for_former_holder,
    "citations": _cited,
    "quotes": _looked_up,
    "CSV": _csv,
    "table of cells": _table,
    "RTF": _rtf,
    "page": _page,
    "titles and authors": _titles,
    **_OF_MARKUP,
}


def _seconds(function: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    function(text)
    return time.process_time() - started


@pytest.mark.parametrize("name", _FUNCTIONS)
def test_time_grows_with_the_text(name: str) -> None:
    function, slow = _FUNCTIONS[name], []
    for piece in _PIECES.get(name, _NASTY):
        whole = (piece * (_SMALLEST * _SIZES[-1] // len(piece) + 1))[: _SMALLEST * _SIZES[-1]]
        seconds = _seconds(function, whole)
        if seconds < _FAST or seconds < 3 * _seconds(function, whole[: len(whole) // 2]):
            continue
        times = [
            min(_seconds(function, whole[: _SMALLEST * size]) for _ in range(2)) for size in _SIZES
        ]
        if times[-1] >= _FAST and times[-1] > 20 * times[0] and times[-1] > 3 * times[-2]:
            slow.append((piece, [round(each, 4) for each in times]))
    assert slow == []


_OPENINGS: Final = ("", "Is ")
_SHORT: Final = 150  # characters: what takes long for them has more than polynomial time
_READING: Final = "api.answering.reading"  # networks, which take seconds to import


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern of a module that reads articles or questions."""
    for package in (api.answering, index.chunking, index.formats):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.startswith(_READING):
                for name, value in vars(importlib.import_module(found.name)).items():
                    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                        yield f"{found.name}.{name}", value


@contextmanager
def _processor_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeoutError` once this process has computed for so long in the block."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no timer of the processor")
def test_every_pattern_reads_short_texts_at_once() -> None:
    """Several ways to read the same words double the time with each of them."""
    texts = [f"{opening}{(piece * _SHORT)[:_SHORT]}!" for piece in _NASTY for opening in _OPENINGS]
    slow = []
    for name, pattern in _patterns():
        try:
            with _processor_limit(1):
                for text in texts:
                    pattern.search(text)
        except TimeoutError:
            slow.append((name, text))
    assert slow == []


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no timer of the processor")
def test_item_of_many_empty_blocks_is_read_at_once() -> None:
    """Each asked whether there were words before it."""
    with _processor_limit(3):
        assert fragment_text(f"<li>{'<div> </div>' * 10_000}Snow fell.") == "- Snow fell."


def test_words_of_an_element_are_read_no_further_than_asked() -> None:
    element = lxml.html.fragment_fromstring(f"<div> Snow <b>fell </b>.{'<p> ' * 40}</div>")
    assert short_words(element, 12) == "Snow fell ."
    assert short_words(element, 11) == "Snow fell ."
    assert short_words(element, 10) is None
