"""Settings from the environment, and what is said when one is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from api.errors import SettingsError
from api.keys import digest_of
from api.settings import Settings, check_address, is_loopback, read_settings

ENTRY = f"a:ask:sha256:{digest_of('abc').hex()}"


def test_settings_read_lists_rates_and_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_API_KEYS", ENTRY)
    monkeypatch.setenv("QA_CORS_ORIGINS", "https://a.example, http://localhost:3000")
    monkeypatch.setenv("QA_KEY_RATE", "10/minute")
    monkeypatch.setenv("QA_ADDRESS_RATE", "")
    settings = read_settings()
    assert [key.name for key in settings.api_keys.keys] == ["a"]
    assert settings.cors_origins == ("https://a.example", "http://localhost:3000")
    assert str(settings.key_rate) == "10 per 1 minute"
    assert settings.address_rate is None


@pytest.mark.parametrize(
    ("name", "value", "expectation"),
    [
        ("QA_PORT", "http", "valid integer"),
        ("QA_PORT", "70000", "less than or equal to 65535"),
        ("QA_WORKERS", "0", "greater than or equal to 1"),
        ("QA_MAX_BODY_BYTES", "1", "greater than or equal to 1024"),
        ("QA_MAX_IN_FLIGHT", "-1", "greater than or equal to 1"),
        ("QA_READ_SECONDS", "0", "greater than 0"),
        ("QA_ALLOW_OPEN", "maybe", "valid boolean"),
        ("QA_KEY_RATE", "a lot", "such as 60/minute"),
        ("QA_CORS_ORIGINS", "*", "expected scheme and host"),
        ("QA_CORS_ORIGINS", "https://a.example/path", "expected scheme and host"),
        ("QA_LOG_FORMAT", "xml", "'json' or 'text'"),
    ],
)
def test_wrong_setting_is_named_with_its_value_and_what_was_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expectation: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert str(raised.value).startswith(f"{name}='{value}': ")
    assert expectation in str(raised.value)


def test_wrong_keys_are_named_but_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_API_KEYS", "my-secret")
    monkeypatch.setenv("QA_PORT", "x")
    with pytest.raises(SettingsError) as raised:
        read_settings()
    assert "QA_API_KEYS: " in str(raised.value)
    assert "QA_PORT='x': " in str(raised.value)
    assert "my-secret" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - it is what must be told apart
        ("::", False),
        ("192.168.1.5", False),
        ("::ffff:192.168.1.5", False),
        ("example.org", False),
        ("localhost.example.org", False),
        ("", False),
        ("testclient", False),
    ],
)
def test_loopback_addresses_are_told_from_others(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    "chosen",
    [
        {"host": "127.0.0.1"},
        {"host": "192.168.1.5", "api_keys": ENTRY},
        {"host": "192.168.1.5", "allow_open": True},
    ],
)
def test_address_that_is_protected_or_meant_is_accepted(chosen: dict[str, Any]) -> None:
    check_address(Settings(**chosen))


@pytest.mark.parametrize("host", ["192.168.1.5", "::", "", "example.org"])
def test_address_beyond_loopback_without_keys_is_refused(host: str) -> None:
    with pytest.raises(SettingsError, match=r"QA_HOST=.*QA_API_KEYS.*QA_ALLOW_OPEN"):
        check_address(Settings(host=host))
