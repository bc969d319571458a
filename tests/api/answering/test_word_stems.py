import pytest

from api.answering.word_stems import same_verb


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("signed", "sign"),
        ("voted", "vote"),
        ("agreed", "agree"),
        ("won", "win"),
        ("bought", "buying"),
        ("carried", "carry"),
        ("stopped", "stop"),
        ("misses", "miss"),
        ("sang", "sang"),
    ],
)
def test_forms_of_a_verb_are_one(left: str, right: str) -> None:
    assert same_verb(left, right)


@pytest.mark.parametrize(("left", "right"), [("sign", "sing"), ("attend", "attack"), ("be", "bed")])
def test_other_verbs_are_told_apart(left: str, right: str) -> None:
    assert not same_verb(left, right)
