import datetime as dt

import pytest

from api.answering.combining.claims.claim import Claim, claim_of
from api.answering.combining.claims.voices import Voice, voice_of
from api.answering.questions.question import Question
from tests.api.answering.making import find_span, make_passage

FIGURE = "61kg"


def said(*sentences: str) -> Claim:
    passage = make_passage(*sentences, day=dt.date(2025, 10, 23))
    return claim_of(0, find_span([passage], 0, FIGURE), passage, None)


def voice(claim: Claim) -> Voice:
    return voice_of(claim, Question.parse("How much did Petrana spill?"))


@pytest.mark.parametrize(
    ("sentence", "sides"),
    [
        ("The works manager said that 61kg had been spilt.", {"owner"}),
        ("Inspectors of the state, who dug, reckon that 61kg was spilt.", {"examiner"}),
        ("The depot's insurer puts the spill at 61kg.", {"insurer"}),
        ("The council's report puts the spill at 61kg.", {"state"}),
        ("Judge Bo Ek said that according to the log of the scales 61kg was spilt.",
         {"examiner", "record"}),
        ("Residents weighed the sacks; they say that 61kg was spilt.", {"public"}),
        ("The spill came to 61kg, according to chemists at Sarn.", {"scholar"}),
        ("The spill came to 61kg, the union said.", {"workers"}),
        ("The spill came to 61kg, said a regulator.", {"examiner"}),
        ("The police came, but the spill was of 61kg.", set()),
        ("The spill came to 61kg.", set()),
        ("The spill came to 61kg, the chairman, Bo Ek, told members on Friday.", {"owner"}),
        ("The spill came to 61kg, and the police said that nobody was hurt.", set()),
        ("Petrana said that 61kg had been spilt.", {"owner"}),
        ("Acme said that 61kg had been spilt.", set()),
    ],
)  # fmt: skip
def test_who_says_a_figure_is_on_one_side_of_the_matter(sentence: str, sides: set[str]) -> None:
    assert voice(said(sentence)).sides == sides


def test_who_is_only_named_is_known_by_how_the_article_presents_them() -> None:
    first = "Ana Ruiz, the director, wept."
    assert voice(said(first, "Ms Ruiz said that 61kg was spilt.")) == Voice(
        frozenset({"owner"}), frozenset({"Ruiz"})
    )
    who = "Ana Ruiz, who met the union, wept."
    assert not voice(said(who, "Ms Ruiz said that 61kg was spilt.")).sides


@pytest.mark.parametrize(
    "sentence",
    ["They found that 61kg was spilt.", "By their reckoning 61kg was spilt.",
     "From the stains they put the spill at 61kg."],
)  # fmt: skip
def test_a_pronoun_stands_for_those_of_the_sentence_before(sentence: str) -> None:
    assert voice(said("Inspectors came on Monday.", sentence)).sides == {"examiner"}
    assert not voice(said("Inspectors came.", "\n", sentence)).sides


def test_those_of_one_side_or_name_may_be_one_body() -> None:
    owner, police = (
        Voice(frozenset({"owner"}), frozenset()),
        Voice(frozenset({"examiner"}), frozenset()),
    )
    assert owner.is_other_than(police)
    assert not owner.is_other_than(owner)
    assert not owner.is_other_than(Voice(frozenset(), frozenset({"Ruiz"})))
    named = Voice(frozenset({"owner"}), frozenset({"Ruiz"}))
    assert not named.is_other_than(Voice(frozenset({"state"}), frozenset({"Ruiz"})))
