"""The report page: it shows every question, loads nothing, and trusts no text."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.evaluation.comparison import compare
from scripts.evaluation.gate import Check
from scripts.evaluation.metrics.bootstrap import Bootstrap
from scripts.evaluation.metrics.estimates import (
    confusion,
    count_outcomes,
    estimate,
    estimate_by_kind,
    estimate_by_tag,
)
from scripts.evaluation.report import plots
from scripts.evaluation.report.page import render, write_report
from scripts.evaluation.report.view import explain, mark_answers, mark_quote, question_views
from scripts.evaluation.results import (
    Cost,
    DatedStatement,
    Details,
    EvaluationResult,
    EvaluationSettings,
    Found,
    GivenAnswer,
    GivenCitation,
    Outcome,
    QuestionResult,
    RetrievedPassage,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BOOTSTRAP: Final = Bootstrap(replicates=40)
SENTENCE: Final = "Meta expects $64 billion in 2025."
QUOTE: Final = "$64 billion"
HOSTILE: Final = (
    "<script>alert(1)</script><img src=http://evil.example/x onerror=alert(2)>"
    "\"' onmouseover='x' </style></title></details>{{ 7 * 7 }} & $\\frac{$ \u202e東京 &lt;"
)
_LOADING: Final = frozenset(
    "script link iframe frame embed object img image video audio source track base form use".split()
)
_VOID: Final = frozenset("meta input br hr".split())


def _citation(**changes: Any) -> GivenCitation:
    start = SENTENCE.index(QUOTE)
    known: dict[str, Any] = {
        "article": "meta",
        "title": "Meta raises its budget",
        "quote": QUOTE,
        "start": 100 + start,
        "end": 100 + start + len(QUOTE),
        "sentence": SENTENCE,
        "sentence_start": 100,
        "sentence_end": 100 + len(SENTENCE),
        "verified": True,
    }
    return GivenCitation(**{**known, **changes})


def _question(number: int, outcome: Outcome, **changes: Any) -> QuestionResult:
    answerable = outcome is not Outcome.WRONGLY_ANSWERED
    answered = outcome in {Outcome.RIGHT, Outcome.WRONGLY_ANSWERED, Outcome.READER_MISSED}
    failed = outcome is Outcome.FAILED
    right = outcome in {Outcome.RIGHT, Outcome.WRONGLY_ABSTAINED}
    answer = GivenAnswer(text=QUOTE, confidence=0.75, citations=(_citation(),))
    passage = RetrievedPassage(
        rank=1,
        article="meta",
        start=100,
        end=100 + len(SENTENCE),
        text=SENTENCE,
        dense=0.5,
        lexical=None,
        fused=0.625,
        relevant=answerable,
    )
    details: dict[str, Any] = {
        "question": f"What is question {number}?",
        "expected_answers": (QUOTE, "64 billion dollars") if answerable else (),
        "expected_articles": ("meta",) if answerable else (),
        "answers": (answer,) if answered else (),
        "best_candidate": None if failed else QUOTE,
        "reason": None if answered or failed else "The best candidate is not sure enough.",
        "passages": () if failed else (passage,),
    }
    found = Found(relevant=1, ranks=(1,)) if answerable else None
    known: dict[str, Any] = {
        "id": f"id-{number}",
        "fingerprint": f"{number:012}",
        "tags": ("amount", f"tag-{number % 3}"),
        "answerable": answerable,
        "outcome": outcome,
        "answered": answered,
        "exact": float(outcome is Outcome.RIGHT),
        "f1": float(outcome is Outcome.RIGHT),
        "confidence": None if failed else 0.75 if answered else 0.125,
        "candidate_right": right,
        "answer_digest": "a" if answered else None,
        "articles": found,
        "passages": found,
        "cited": int(answered),
        "verified": int(answered),
        "citation_precision": 1.0 if answered else None,
        "citation_recall": float(answered) if answerable else None,
        "timings_ms": {}
        if failed
        else dict.fromkeys(("encode", "retrieve", "read", "total", "request"), 10.0 + number),
        "error": "the server is away" if failed else None,
    }
    own = {key: changes.pop(key) for key in list(changes) if key in Details.model_fields}
    return QuestionResult(**{**known, **changes}, details=Details(**{**details, **own}))


def _result(questions: Sequence[QuestionResult], **changes: Any) -> EvaluationResult:
    known: dict[str, Any] = {
        "created_at": dt.datetime(2025, 5, 1, 12, 30, tzinfo=dt.UTC),
        "settings": EvaluationSettings(
            gold="corpus/gold.jsonl",
            gold_sha256="0" * 64,
            index="var/index",
            index_version="20250501T120000Z-00000000",
            encoder="fake",
            reader="fake",
            top_k=8,
            threshold=0.25,
            search_depth=50,
            replicates=BOOTSTRAP.replicates,
            seed=BOOTSTRAP.seed,
        ),
        "cost": Cost(seconds=1.5, asking_seconds=1.25, ratio=1.2),
        "metrics": estimate(questions, BOOTSTRAP),
        "confusion": confusion(questions),
        "outcomes": count_outcomes(questions),
        "tags": estimate_by_tag(questions, BOOTSTRAP),
        "unknown_articles": (),
        "skipped": (),
        "questions": tuple(questions),
    }
    return EvaluationResult(**{**known, **changes})


@pytest.fixture(scope="module")
def questions() -> list[QuestionResult]:
    return [_question(number, outcome) for number, outcome in enumerate([*Outcome, *Outcome])]


@pytest.fixture(scope="module")
def result(questions: list[QuestionResult]) -> EvaluationResult:
    return _result(questions)


@pytest.fixture(scope="module")
def page(result: EvaluationResult) -> str:
    return render(result)


@pytest.fixture
def without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes most of the time that a page takes."""
    monkeypatch.setattr("scripts.evaluation.report.page._figures", lambda result: [])


class _Page(HTMLParser):
    """Collects elements and text, and checks that what opens is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _check_self_contained(page: str) -> _Page:
    """Nothing is loaded and nothing runs; links stay in the page."""
    parsed = _Page(page)
    ids = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in parsed.elements:
        assert tag not in _LOADING - {"use"}, tag
        for name, value in attributes.items():
            assert not name.startswith("on"), name
            assert name not in {"src", "srcset", "action", "data", "poster", "background"}
            if name in {"href", "xlink:href"}:
                assert value.startswith("#")
                assert value[1:] in ids
            if name == "style":
                assert not re.search(r"url\((?!#)|expression|@import", value)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert len(styles) == 1
    assert not re.search(r"url\(|@import", styles[0])
    assert (
        "meta",
        {
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; style-src 'unsafe-inline'",
        },
    ) in parsed.elements
    return parsed


def test_page_is_self_contained(page: str) -> None:
    _check_self_contained(page)
    assert "http:" not in page
    assert "https:" not in page
    assert "//" not in page.replace("</", "")


def test_page_shows_every_question_with_what_was_expected_and_given(
    page: str, questions: list[QuestionResult]
) -> None:
    parsed = _Page(page)
    shown = [
        attributes["class"].split()
        for tag, attributes in parsed.elements
        if tag == "details" and attributes.get("class", "").startswith("question")
    ]
    assert len(shown) == len(questions)
    text = " ".join(parsed.text)
    for one in questions:
        assert one.details is not None
        assert f"What is question {questions.index(one)}?" in text
        assert one.id in text
    assert "64 billion dollars" in text
    assert "the server is away" in text
    assert "The best candidate is not sure enough." in text
    assert page.count("<mark>$64 billion</mark> in 2025.") >= sum(one.answered for one in questions)


def test_page_shows_headline_figures_with_their_intervals(
    page: str, result: EvaluationResult
) -> None:
    known = result.metrics["f1"]
    assert known.value is not None
    assert known.low is not None
    assert known.high is not None
    assert f'<p class="value">{known.value:.3f}</p>' in page
    assert f"{known.low:.3f} to {known.high:.3f}" in page


def test_page_has_its_figures_as_text(page: str) -> None:
    parsed = _Page(page)
    drawn = [attributes for tag, attributes in parsed.elements if tag == "svg"]
    assert len(drawn) == 5
    text = set(parsed.text)
    assert {"questions answered", "confidence", "recall", "threshold 0.25", "8 are read"} <= text
    assert "#0101" not in page  # every colour follows the page


def test_page_has_a_filter_for_every_outcome_and_tag(page: str) -> None:
    for outcome in Outcome:
        assert f'id="show-{outcome.value}"' in page
        assert f"#show-{outcome.value}:checked) .question:not(.{outcome.value})" in page
    for place in range(4):
        assert f'id="tag-{place}"' in page
        assert f"#tag-{place}:checked) .question:not(.t{place})" in page


def test_page_escapes_hostile_text() -> None:
    cited = _citation(
        article=HOSTILE, title=HOSTILE, quote=HOSTILE, sentence=HOSTILE, start=100,
        end=100 + len(HOSTILE), verified=False,
    )  # fmt: skip
    passage = RetrievedPassage(
        rank=1, article=HOSTILE, start=0, end=9, text=HOSTILE * 2, dense=None, lexical=None,
        fused=0.0, relevant=True,
    )  # fmt: skip
    hostile = [
        _question(
            number,
            outcome,
            id=f"{HOSTILE}{number}",
            tags=(HOSTILE,),
            error=HOSTILE,
            question=HOSTILE,
            expected_answers=(HOSTILE,),
            expected_articles=(HOSTILE,),
            answers=(GivenAnswer(text=HOSTILE, confidence=0.5, citations=(cited,)),),
            best_candidate=HOSTILE,
            reason=HOSTILE,
            passages=(passage,),
            timeline=(DatedStatement(as_of=None, text=HOSTILE),),
        )
        for number, outcome in enumerate(Outcome)
    ]
    result = _result(hostile, unknown_articles=(HOSTILE,), skipped=(HOSTILE,))
    settings = dict.fromkeys(("gold", "index", "index_version", "encoder", "reader"), HOSTILE)
    result = result.model_copy(update={"settings": result.settings.model_copy(update=settings)})
    plain = _result(
        [_question(number, Outcome.RIGHT, id=one.id) for number, one in enumerate(hostile)]
    )
    check = Check(measure=HOSTILE, wanted=HOSTILE, found=HOSTILE, passed=False, reason=HOSTILE)
    page = render(result, compare(plain, result, BOOTSTRAP), [check])
    parsed = _check_self_contained(page)
    assert "<script" not in page
    assert "<img" not in page
    text = "".join(parsed.text)
    assert text.count(HOSTILE) > 60
    assert "49" not in text.replace(HOSTILE, "").split()


@pytest.mark.usefixtures("without_figures")
def test_page_shows_what_is_expected_beside_words_where_anything_is() -> None:
    plain, revised = (_question(number, Outcome.RIGHT) for number in range(2))
    details = revised.details
    assert details is not None
    revised = revised.model_copy(
        update={
            "kind": "latest",
            "statements": {"timeline_recall": 0.5, "absent_name_answered": 0.0},
            "details": details.model_copy(
                update={
                    "agreement": "revised",
                    "expected_timeline": (
                        DatedStatement(as_of=dt.date(2025, 1, 24), text="$60 billion"),
                    ),
                    "timeline": (DatedStatement(as_of=None, text="$72 billion"),),
                }
            ),
        }
    )
    result = _result([plain, revised], kinds=estimate_by_kind([revised], BOOTSTRAP))
    text = _check_self_contained(render(result)).text
    for words in ("Timeline recall", "By kind", "latest", "revised", "2025-01-24", "$72 billion"):
        assert words in text
    assert "List recall" not in text
    plain_text = _check_self_contained(render(_result([plain]))).text
    assert not {"Timeline recall", "By kind", "Given timeline"} & set(plain_text)


@pytest.mark.usefixtures("without_figures")
def test_page_shows_a_comparison(questions: list[QuestionResult], result: EvaluationResult) -> None:
    worse = [
        _question(number, Outcome.WRONGLY_ABSTAINED) if one.outcome is Outcome.RIGHT else one
        for number, one in enumerate(questions)
    ]
    new = _result(worse)
    page = render(new, compare(result, new, BOOTSTRAP))
    parsed = _check_self_contained(page)
    text = " ".join(" ".join(parsed.text).split())
    assert "0 better 2 worse 0 changed of 12 compared" in text
    numbers = {view.result.id: view.number for view in question_views(new)}
    for position in (0, 6):
        assert f'<a href="#q{numbers[f"id-{position}"]}"' in page
    assert "Compared with" in text


@pytest.mark.usefixtures("without_figures")
def test_page_says_whether_the_gate_passed(result: EvaluationResult) -> None:
    checks = [
        Check(measure="f1", wanted="at least 0.9", found="0.5", passed=passed, reason="too low")
        for passed in (True, False)
    ]
    assert "passed</span>" in render(result, checks=checks[:1])
    assert "closed</span>" in render(result, checks=checks)
    assert 'id="gate"' not in render(result)


@pytest.mark.usefixtures("without_figures")
def test_page_can_be_written_from_a_baseline_without_texts(result: EvaluationResult) -> None:
    bare = [
        one.model_copy(update={"details": None, "timings_ms": {}, "error": None})
        for one in result.questions
    ]
    page = render(_result(bare))
    _check_self_contained(page)
    assert all(one.id in page for one in bare)


@pytest.mark.parametrize("outcome", [Outcome.RIGHT, Outcome.WRONGLY_ANSWERED, Outcome.FAILED])
def test_page_can_be_written_from_a_single_question(outcome: Outcome) -> None:
    _check_self_contained(render(_result([_question(0, outcome)])))


def test_page_of_a_server_that_does_not_tell_its_threshold(result: EvaluationResult) -> None:
    settings = result.settings.model_copy(update={"threshold": None, "reader": None})
    page = render(result.model_copy(update={"settings": settings}))
    _check_self_contained(page)
    assert "threshold 0.25" not in page


def test_same_result_gives_the_same_page(result: EvaluationResult, page: str) -> None:
    assert render(result) == page


@pytest.mark.usefixtures("without_figures")
def test_report_is_one_file_in_its_folder(result: EvaluationResult, tmp_path: Path) -> None:
    path = write_report(tmp_path / "new" / "folder", result)
    assert [one.name for one in path.parent.iterdir()] == ["index.html"]
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_questions_come_worst_and_surest_first(result: EvaluationResult) -> None:
    outcomes = [view.result.outcome for view in question_views(result)]
    assert outcomes[:3] == [Outcome.FAILED, Outcome.FAILED, Outcome.WRONGLY_ANSWERED]
    assert outcomes[-2:] == [Outcome.RIGHT, Outcome.RIGHT]
    sure = [_question(number, Outcome.RIGHT, confidence=number / 10) for number in range(5)]
    assert next(view.result.id for view in question_views(_result(sure))) == "id-4"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (_question(0, Outcome.RIGHT), "Answered as expected with a confidence of 0.75."),
        (
            _question(0, Outcome.RIGHT, answerable=False, answered=False),
            "The articles do not answer it, and it abstained.",
        ),
        (
            _question(0, Outcome.RETRIEVAL_MISSED, articles=Found(relevant=1, ranks=(12,))),
            "the first one is article 12 of the ranking; it abstained with a confidence of 0.12.",
        ),
        (
            _question(0, Outcome.RETRIEVAL_MISSED, articles=Found(relevant=1, ranks=())),
            "nor among the first 50; it abstained",
        ),
        (_question(0, Outcome.READER_MISSED), "the best candidate is wrong; it was answered"),
        (_question(0, Outcome.WRONGLY_ABSTAINED), "was withheld with a confidence of 0.12; 0.25"),
        (_question(0, Outcome.WRONGLY_ANSWERED), "but it was answered with a confidence of 0.75"),
        (_question(0, Outcome.FAILED), "There was no reply: the server is away"),
    ],
)
def test_explanation_says_where_it_failed(question: QuestionResult, expected: str) -> None:
    assert expected in explain(question, _result([question]))


def test_quote_is_marked_in_its_sentence() -> None:
    assert mark_quote(_citation()) == ("Meta expects ", "$64 billion", " in 2025.")
    assert mark_quote(_citation(start=0, end=3)) == ("", "$64 billion", "")


@given(
    st.text(alphabet="ab ", max_size=30), st.lists(st.text(alphabet="ab ", max_size=3), max_size=3)
)
def test_marked_pieces_join_to_the_passage(text: str, answers: list[str]) -> None:
    passage = RetrievedPassage(
        rank=1, article="a", start=0, end=1, text=text, dense=None, lexical=None, fused=0.0,
        relevant=True,
    )  # fmt: skip
    pieces = mark_answers(passage, answers)
    assert "".join(piece for piece, _ in pieces) == text
    assert all((piece in answers) for piece, hit in pieces if hit)
    assert all(
        answer not in piece for piece, hit in pieces if not hit for answer in answers if answer
    )


def test_figures_are_well_formed_and_described(result: EvaluationResult) -> None:
    figures = [
        plots.risk_coverage(result),
        plots.reliability_diagram(result),
        plots.confidences(result),
        plots.recall_at_k(result),
        plots.latency(result),
    ]
    for figure in figures:
        assert figure is not None
        root = ET.fromstring(figure)  # noqa: S314 - our own
        title, description = root[0].text, root[1].text
        assert (root.tag, root[0].tag, root[1].tag) == ("svg", "title", "desc")
        assert title
        assert description


def test_figures_without_anything_to_show_are_left_out() -> None:
    opened = _result([_question(0, Outcome.WRONGLY_ANSWERED, timings_ms={})])
    assert plots.recall_at_k(opened) is None
    assert plots.latency(opened) is None
