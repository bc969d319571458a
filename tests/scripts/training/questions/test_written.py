import json
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from scripts.training.questions.bundles import BundleMaker, Recipe, Sources
from scripts.training.questions.squad import Question
from scripts.training.questions.vocabulary import SimilarWords
from scripts.training.questions.written import (
    FOLDER,
    PARAGRAPHS_FILE,
    Brief,
    ParagraphQuestions,
    context_hash,
    load_briefs,
    load_paragraph_questions,
)

CONTEXT = "The bridge opened in 1931. It cost two million dollars."


def _brief(identity: str, **fields: object) -> Brief:
    known: dict[str, object] = {
        "id": identity,
        "cluster": "x-01",
        "split": "train",
        "title": f"Report {identity}",
        "date": "2021-03-04",
        "text": f"{identity} spent $3 million on signals. Nobody else spent anything.",
        "answerable": [(f"How much did {identity} spend?", ["$3 million"])],
        "unanswerable": [f"How much did {identity} earn?"],
        **fields,
    }
    return Brief.model_validate(known)


def _maker(recipe: Recipe) -> BundleMaker:
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "a": 1}, unk_token="[UNK]"))  # noqa: S106
    return BundleMaker(recipe, SimilarWords(tokenizer, np.eye(2, dtype=np.float32)))


def test_shipped_paragraph_questions_name_each_paragraph_once() -> None:
    lines = (FOLDER / PARAGRAPHS_FILE).read_text("utf-8").splitlines()
    written = [ParagraphQuestions.model_validate_json(line) for line in lines]
    assert len({one.context_sha256 for one in written}) == len(written)
    assert all(one.unanswerable for one in written)


def test_shipped_briefs_are_split_by_cluster() -> None:
    train, calibration = load_briefs("train"), load_briefs("calibration")
    assert train
    assert calibration
    assert not {one.cluster for one in train} & {one.cluster for one in calibration}
    ids = [one.id for one in (*train, *calibration)]
    assert len(set(ids)) == len(ids)


def test_brief_refuses_an_answer_that_is_not_in_its_text() -> None:
    with pytest.raises(ValidationError, match=r"brief b1: .*'\$4 million' is not in the text"):
        _brief("b1", answerable=[("How much?", ["$4 million"])])


def test_brief_questions_point_at_their_answers() -> None:
    answerable, unanswerable = _brief("Varden").questions()
    ((answer, at),) = answerable.answers
    assert answerable.context[at : at + len(answer)] == "$3 million"
    assert unanswerable.answers == ()


def _write(folder: Path, **fields: object) -> None:
    line = {"context_sha256": context_hash(CONTEXT), "answerable": [], "unanswerable": [], **fields}
    (folder / PARAGRAPHS_FILE).write_text(json.dumps(line) + "\n", encoding="utf-8")


def test_paragraph_questions_are_joined_with_their_paragraph(tmp_path: Path) -> None:
    _write(tmp_path, answerable=[["When?", "1931"]], unanswerable=["When did it close?"])
    asked = [Question("q", "?", CONTEXT, "Bridge", ())]
    found = load_paragraph_questions(asked, tmp_path)
    assert [(one.question, one.answers, one.title) for one in found] == [
        ("When?", (("1931", 21),), "Bridge"),
        ("When did it close?", (), "Bridge"),
    ]


def test_paragraph_questions_of_an_unknown_paragraph_are_an_error(tmp_path: Path) -> None:
    _write(tmp_path)
    with pytest.raises(ValueError, match=f"no paragraph has the hash {context_hash(CONTEXT)}"):
        load_paragraph_questions([], tmp_path)


def test_bundles_ask_a_brief_beside_its_cluster_in_one_group() -> None:
    briefs = [_brief("Varden"), _brief("Olmer"), _brief("Tessin")]
    spans = [Question("q", "When did it open?", CONTEXT, "Bridge", (("1931", 21),))]
    recipe = Recipe(negatives=0, near_misses=0, dated=0, made_up=0, again=0, written=1)
    maker = _maker(recipe)
    bundles = maker.bundles(Sources(spans, [], spans, briefs=briefs))
    asked = [bundle for bundle in bundles if "earn" in bundle[0].question]
    assert len(asked) == 3
    for bundle in asked:
        assert [pair.span for pair in bundle] == [None, None, None]
        assert len({pair.group for pair in bundle}) == 1
        assert len({pair.passage for pair in bundle}) == 3
    spent = next(bundle for bundle in bundles if "spend" in bundle[0].question)
    first = spent[0]
    assert first.span is not None
    assert first.passage[slice(*first.span)] == "$3 million"
    assert len(spent) == 1, "the others hold the same words, so they are no negatives"


def test_bundles_keep_the_questions_of_a_paragraph_together() -> None:
    written = [
        Question("a", "When?", CONTEXT, "Bridge", (("1931", 21),)),
        Question("b", "When did it close?", CONTEXT, "Bridge", ()),
    ]
    spans = [Question("q", "When did it open?", CONTEXT, "Bridge", (("1931", 21),))]
    recipe = Recipe(negatives=0, near_misses=0, dated=0, made_up=0, again=0, written=2)
    maker = _maker(recipe)
    bundles = maker.bundles(Sources(spans, [], spans, written=written))
    both = [bundle for bundle in bundles if len(bundle) == 2]
    assert len(both) == 2
    assert maker.kinds["written"] == 4
    assert both[0][0].group != both[0][1].group
