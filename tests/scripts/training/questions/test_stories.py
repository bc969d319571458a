"""Stories with marked answers, and what is learnt from them."""

from __future__ import annotations

import json
import random
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from index.errors import GoldError
from index.retriever import Retriever
from scripts.training.questions.stories import Mark, load_stories
from scripts.training.questions.story_groups import open_story_corpus, story_bundles
from tests.conftest import FakeEncoder

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.training.questions.windows import Pair

FIRST = "The Kellan Bridge will cost £46 million, the council said."
LATER = "The scheme, first put at £46 million, will now cost £71 million."
ASIDE = "The ferry cost £3 million in its first year."
ARTICLES = [
    {"id": name, "title": title, "source": "The Post", "published_at": day, "text": text}
    for name, title, day, text in (
        ("a", "Kellan Bridge backed", "2021-03-08", FIRST),
        ("b", "Ferry crew fear for jobs", "2024-06-06", LATER),
        ("c", "A ferry's books", "2022-01-04", ASIDE),
    )
]
TOLD = {"a": ["cost [£46 million]"], "b": ["put at [£46 million]", "now cost [£71 million]"]}


def story(name: str = "works-001", told: dict[str, list[str]] = TOLD, **changed: Any) -> str:
    asked = {"kind": "changing", "text": "How much will the Kellan Bridge cost?", "told": told}
    return json.dumps({"name": name, "articles": ARTICLES, "questions": [asked], **changed}) + "\n"


def bundles_of(tmp_path: Path, line: str) -> list[list[Pair]]:
    (tmp_path / "works.jsonl").write_text(line, "utf-8")
    stories, encoder = load_stories(tmp_path), FakeEncoder()
    retriever = Retriever(open_story_corpus(tmp_path / "work", stories, encoder), encoder)
    return list(story_bundles(stories, retriever, random.Random(1), count(1)))


def test_what_changes_is_learnt_with_and_without_the_names_before_the_title(
    tmp_path: Path,
) -> None:
    headed, plain = bundles_of(tmp_path, story())
    told = {pair.context: pair.passage[slice(*pair.span)] if pair.span else None for pair in headed}
    assert told == {
        "Kellan Bridge backed": "£46 million",
        "Kellan Bridge: Ferry crew fear for jobs": "£71 million",  # the other was told before
        "Kellan Bridge: A ferry's books": None,
    }
    # Without the names nothing says what "the scheme" is.
    assert {pair.context for pair in plain} == {"Kellan Bridge backed", "A ferry's books"}
    assert len({pair.group for pair in (*headed, *plain)}) == 2


def test_things_alike_are_told_apart_by_their_titles_alone(tmp_path: Path) -> None:
    (bundle,) = bundles_of(tmp_path, story("firms-alike-001"))
    assert not any(pair.context.startswith("Kellan Bridge:") for pair in bundle)


def test_a_question_without_an_answer_has_passages_without_a_span(tmp_path: Path) -> None:
    (headed, plain) = bundles_of(tmp_path, story(told={}))
    assert headed
    assert all(pair.span is None for pair in (*headed, *plain))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (story(name="works"), "name"),
        (story(told={"a": ["cost £46 million"]}), "brackets"),
        (
            story(told={"b": ["[£46 million]", "at [£64 million]"]}),
            "expected 'at £64 million' once",
        ),
        (story(told={"z": ["[£46 million]"]}), "no article 'z'"),
        (story(kind="odd"), "kind"),
        ("{", "line 1"),
    ],
)
def test_a_line_that_is_no_story_is_named_with_what_was_expected(
    tmp_path: Path, line: str, what: str
) -> None:
    (tmp_path / "works.jsonl").write_text(line, "utf-8")
    with pytest.raises(GoldError, match=what) as raised:
        load_stories(tmp_path)
    assert "works.jsonl, line 1" in str(raised.value)


def test_a_name_stands_once(tmp_path: Path) -> None:
    (tmp_path / "works.jsonl").write_text(story() + story(), "utf-8")
    with pytest.raises(GoldError, match="got twice: works-001"):
        load_stories(tmp_path)


def test_a_question_whose_answer_is_in_no_passage_is_left_out(tmp_path: Path) -> None:
    assert (
        bundles_of(tmp_path, story("firms-alike-001", told={"b": ["now cost [£71 million]"]})) == []
    )


def test_the_written_stories_can_be_read() -> None:
    stories = load_stories()
    assert len(stories) > 400
    one = next(one for one in stories if one.questions[0].told)
    name = next(iter(one.questions[0].told))
    mark = one.marks(one.questions[0], name)[0]
    assert one.article(name).text[mark.start : mark.end] == mark.words
    assert isinstance(mark, Mark)
