"""Access control: API keys, and the checks that protect a service without keys."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from api.keys import Keyring, Scope
from api.problems import send_problem
from api.settings import is_loopback

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Receive, Send
    from starlette.types import Scope as Connection

OPEN_PATHS: Final = frozenset({"/healthz", "/readyz"})
METRICS_PATH: Final = "/metrics"
CHALLENGE: Final = 'Bearer realm="article-qa"'
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Caller:
    """The sender of a request: the name of its key, None without one, and its scopes."""

    name: str | None
    scopes: frozenset[Scope]


_ANYONE: Final = Caller(None, frozenset(Scope))
_UNIDENTIFIED: Final = Caller(None, frozenset())


class AccessMiddleware:
    """Refuses requests without a valid key, before their body is read.

    With keys, every path but the open ones needs one; routes then check its scopes. Without keys,
    the service is for this machine only, unless ``allow_open``: both ends of the connection must be
    loopback addresses, and the Host header must name one, so that no web page can reach the service
    through a host name that resolves to 127.0.0.1 (DNS rebinding). In both cases a request that
    changes something is refused if a page of another origin sent it (CSRF).

    Args:
        app: The application behind the check.
        keyring: The keys; empty for an open service.
        allow_open: Whether a service without keys answers beyond loopback.
        allowed_hosts: Further host names that the Host header may have on loopback.
        open_paths: Paths that need no key.
        origins: Origins of pages that may send requests, besides the service's own.
    """

    def __init__(
        self,
        app: ASGIApp,
        keyring: Keyring,
        *,
        allow_open: bool = False,
        allowed_hosts: Collection[str] = (),
        open_paths: Collection[str] = OPEN_PATHS,
        origins: Collection[str] = (),
    ) -> None:
        self._app = app
        self._keyring = keyring
        self._allow_open = allow_open
        self._allowed_hosts = frozenset(name.lower() for name in allowed_hosts)
        self._open_paths = frozenset(open_paths)
        self._origins = frozenset(origin.lower() for origin in origins)

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if self._is_cross_origin(scope, headers):
            detail = "a page of another origin may not send this; see QA_CORS_ORIGINS"
            await send_problem(scope, receive, send, HTTPStatus.FORBIDDEN, detail)
            return
        if not self._keyring.keys:
            refused = None if self._allow_open else self._not_local(scope, headers)
            if refused is not None:
                await send_problem(scope, receive, send, HTTPStatus.FORBIDDEN, refused)
                return
            caller = _ANYONE
        elif route_path(scope) in self._open_paths:
            caller = _UNIDENTIFIED
        else:
            credentials = headers.getlist("authorization")
            kind, _, token = (
                credentials[0].partition(" ") if len(credentials) == 1 else ("", "", "")
            )
            if kind.lower() != "bearer":
                detail = "no API key; expected one header 'Authorization: Bearer KEY'"
                await _challenge(scope, receive, send, detail, CHALLENGE)
                return
            key = self._keyring.find(token.strip())
            if key is None:
                challenge = f'{CHALLENGE}, error="invalid_token"'
                await _challenge(
                    scope, receive, send, "the API key is not one of this service's", challenge
                )
                return
            caller = Caller(key.name, key.scopes)
        scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, send)

    def _is_cross_origin(self, scope: Connection, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None or scope.get("method") in _READING:
            return False
        host = headers.get("host", "").lower()
        same = host != "" and _host_of(origin.lower()) == host
        return not same and origin.lower() not in self._origins

    def _not_local(self, scope: Connection, headers: Headers) -> str | None:
        """Why a request is not one of this machine; None where it is."""
        # Either end is None on a Unix socket, which file permissions protect.
        for end in ("client", "server"):
            address = scope.get(end)
            if address is not None and not is_loopback(address[0]):
                return (
                    "this service has no API keys and so answers only on loopback; "
                    "see QA_API_KEYS and QA_ALLOW_OPEN"
                )
        host = host_name(headers.get("host", ""))
        if not is_loopback(host) and host not in self._allowed_hosts:
            return f"Host: '{host[:100]}'; expected a name of this machine, or see QA_ALLOWED_HOSTS"
        return None


def caller_of(scope: Connection) -> Caller:
    """The sender of a request that passed `AccessMiddleware`."""
    caller: Caller = scope["state"]["caller"]
    return caller


def route_path(scope: Connection) -> str:
    """The path without the prefix that the application is mounted under."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def host_name(header: str) -> str:
    """The name in a Host header, without its port."""
    name = header.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0]


def _host_of(origin: str) -> str | None:
    """The host and port of an origin; None where it is malformed."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


async def _challenge(
    scope: Connection, receive: Receive, send: Send, detail: str, challenge: str
) -> None:
    headers = {"WWW-Authenticate": challenge}
    await send_problem(scope, receive, send, HTTPStatus.UNAUTHORIZED, detail, headers=headers)
