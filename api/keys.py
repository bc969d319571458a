"""API keys and their scopes. Only SHA-256 digests of keys are stored."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_DIGEST: Final = re.compile(r"sha256:([0-9a-f]{64})")
_FORM: Final = "expected NAME:SCOPES:sha256:HEX, made by 'article-qa key NAME'"


class Scope(StrEnum):
    """What a key allows; neither scope includes the other."""

    ASK = "ask"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key: its name in the log, its scopes, and its SHA-256 digest."""

    name: str
    scopes: frozenset[Scope]
    digest: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of the service; without any, the service is open."""

    keys: tuple[ApiKey, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Keyring:
        """Read ``NAME:SCOPES:sha256:HEX`` entries between commas or white space.

        Scopes are joined by ``+``: ``alice:ask:sha256:..., ops:ask+admin:sha256:...``. The digest
        may be a plain hash because keys are 256 random bits: there is nothing to guess.

        Raises:
            ValueError: If an entry has another form, or two have the same name; the message never
                shows more than the name, since a key itself may stand there by mistake.
        """
        keys = tuple(_entry(number, entry) for number, entry in enumerate(_entries(text), start=1))
        names = [key.name for key in keys]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"key '{name}': given twice; expected a name of its own for each")
        return cls(keys)

    def find(self, presented: str) -> ApiKey | None:
        """The key with this text, compared in constant time; None where there is none."""
        digest = digest_of(presented)
        match = None
        for key in self.keys:
            if hmac.compare_digest(key.digest, digest):
                match = key
        return match


def check_name(name: str) -> None:
    """Check that a key can have a name.

    Raises:
        ValueError: If it has other characters, or too many.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"name {name!r}: expected 1 to 64 ASCII letters, digits, '_', '.' and '-'")


def new_key() -> str:
    """A key of 256 random bits, in URL-safe characters."""
    return secrets.token_urlsafe(32)


def digest_of(key: str) -> bytes:
    """SHA-256 of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()


def _entries(text: str) -> list[str]:
    return re.split(r"[,\s]+", text.strip(", \t\r\n")) if text.strip(", \t\r\n") else []


def _entry(number: int, entry: str) -> ApiKey:
    name, _, rest = entry.partition(":")
    scopes, _, digest = rest.partition(":")
    if not (_NAME.fullmatch(name) and scopes and digest):
        raise ValueError(f"entry {number}: not a key; {_FORM}")
    valid = [str(scope) for scope in Scope]
    given = scopes.split("+")
    if not set(given) <= set(valid):
        raise ValueError(
            f"key '{name}': its scopes; expected {', '.join(valid)} or {'+'.join(valid)}"
        )
    matched = _DIGEST.fullmatch(digest)
    if matched is None:
        raise ValueError(f"key '{name}': its digest; expected sha256: and 64 hex digits; {_FORM}")
    return ApiKey(name, frozenset(map(Scope, given)), bytes.fromhex(matched[1]))
