"""API keys: how they are written, and who they let in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.keys import Keyring, Scope, digest_of, new_key

DIGEST = digest_of("abc").hex()


def test_keyring_reads_entries_between_commas_and_white_space() -> None:
    ring = Keyring.parse(f" a:ask:sha256:{DIGEST},\n b:ask+admin:sha256:{'0' * 64} ,")
    assert {key.name: key.scopes for key in ring.keys} == {
        "a": frozenset({Scope.ASK}),
        "b": frozenset(Scope),
    }


@pytest.mark.parametrize("text", ["", " ", ",", "\n , "])
def test_keyring_of_nothing_has_no_keys(text: str) -> None:
    assert Keyring.parse(text) == Keyring()


def test_keyring_finds_the_key_by_its_secret() -> None:
    secrets = [new_key() for _ in range(3)]
    ring = Keyring.parse(
        ",".join(f"k{i}:ask:sha256:{digest_of(key).hex()}" for i, key in enumerate(secrets))
    )
    assert [ring.find(secret) for secret in secrets] == list(ring.keys)
    assert ring.find(secrets[0][:-1]) is None
    assert ring.find("") is None


def test_admin_does_not_include_asking() -> None:
    (key,) = Keyring.parse(f"ops:admin:sha256:{DIGEST}").keys
    assert Scope.ASK not in key.scopes


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("SECRET", "entry 1: not a key"),
        ("a:SECRET", "entry 1: not a key"),
        ("a:ask:SECRET", "key 'a': its digest; expected sha256:"),
        (f"a:ask:md5:{DIGEST}", "key 'a': its digest"),
        (f"a:ask:sha256:{DIGEST}0", "key 'a': its digest"),
        (f"a:ask:sha256:{DIGEST.upper()}", "key 'a': its digest"),
        (f"a:SECRET:sha256:{DIGEST}", "key 'a': its scopes; expected ask, admin or ask+admin"),
        (f"a:ask+:sha256:{DIGEST}", "key 'a': its scopes"),
        (f"a::sha256:{DIGEST}", "entry 1: not a key"),
        (f":ask:sha256:{DIGEST}", "entry 1: not a key"),
        (f"ä:ask:sha256:{DIGEST}", "entry 1: not a key"),
        (f"a:ask:sha256:{DIGEST},a:admin:sha256:{'0' * 64}", "key 'a': given twice"),
    ],
)
def test_wrong_entry_says_what_is_expected_and_shows_no_secret(entry: str, message: str) -> None:
    with pytest.raises(ValueError, match="expected") as raised:
        Keyring.parse(entry)
    assert message in str(raised.value)
    assert "SECRET" not in str(raised.value)
    assert DIGEST not in str(raised.value)


def test_keys_do_not_show_their_digest() -> None:
    assert repr(bytes.fromhex(DIGEST)) not in repr(Keyring.parse(f"a:ask:sha256:{DIGEST}"))


@given(st.text())
def test_only_the_very_key_is_found(presented: str) -> None:
    ring = Keyring.parse(f"a:ask:sha256:{DIGEST}")
    assert (ring.find(presented) is not None) == (presented == "abc")


def test_new_keys_differ_and_hold_256_bits() -> None:
    made = {new_key() for _ in range(100)}
    assert len(made) == 100
    assert min(map(len, made)) >= 43
