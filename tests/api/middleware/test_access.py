"""Who may do what: keys, scopes, and a service without keys."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from api.keys import Keyring, digest_of
from api.main import create_app
from api.routes.page import PAGE_FILES
from api.service.jobs import rebuilding
from tests.api.shapes import check_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

SECRETS = {"ask": "ask-secret", "admin": "admin-secret", "ask+admin": "both-secret"}
RING = Keyring.parse(
    ",".join(
        f"key{number}:{scopes}:sha256:{digest_of(secret).hex()}"
        for number, (scopes, secret) in enumerate(SECRETS.items())
    )
)
# Every route, and the scope that it needs; None for the open ones, "any" for any key.
NEEDED = {
    ("GET", "/healthz"): None,
    ("GET", "/readyz"): None,
    ("GET", "/metrics"): "admin",
    ("GET", "/openapi.json"): "any",
    ("POST", "/v1/ask"): "ask",
    ("POST", "/v1/ask/batch"): "ask",
    ("POST", "/v1/ask/table"): "ask",
    ("POST", "/v1/search"): "ask",
    ("POST", "/v1/chat/completions"): "ask",
    ("POST", "/v1/responses"): "ask",
    ("GET", "/v1/models"): "ask",
    ("POST", "/v1/verify"): "ask",
    ("POST", "/v1/citations"): "ask",
    ("POST", "/v1/gold"): "ask",
    ("GET", "/v1/gold"): "admin",
    ("POST", "/v1/gold/{gold_id}/review"): "admin",
    ("DELETE", "/v1/gold/{gold_id}"): "admin",
    ("GET", "/v1/articles"): "ask",
    ("GET", "/v1/articles/{article_id:path}"): "ask",
    ("POST", "/v1/articles"): "admin",
    ("PUT", "/v1/articles/{article_id:path}"): "admin",
    ("DELETE", "/v1/articles/{article_id:path}"): "admin",
    ("GET", "/v1/originals/{article_id:path}"): "ask",
    ("GET", "/v1/index"): "ask",
    ("GET", "/v1/index/facets"): "ask",
    ("GET", "/v1/index/examples"): "ask",
    ("POST", "/v1/index/rebuild"): "admin",
    ("GET", "/v1/index/generations"): "admin",
    ("POST", "/v1/index/rollback"): "admin",
    ("PUT", "/v1/index/generations/{index_version}/refusal"): "admin",
    ("DELETE", "/v1/index/generations/{index_version}/refusal"): "admin",
    ("POST", "/v1/evaluations"): "admin",
    ("GET", "/v1/evaluations"): "admin",
    ("GET", "/v1/evaluations/comparison"): "admin",
    ("GET", "/v1/evaluations/{evaluation_id}"): "admin",
    ("POST", "/v1/evaluations/{evaluation_id}/cancel"): "admin",
    ("GET", "/v1/evaluations/{evaluation_id}/report"): "admin",
    ("GET", "/v1/index/jobs/{job_id}"): "admin",
    **{("GET", path): None for path in PAGE_FILES},
}


@pytest.fixture(scope="module")
def app(shared_settings: Settings, shared_models: Models) -> FastAPI:
    return create_app(shared_settings.model_copy(update={"api_keys": RING}), shared_models)


@pytest.fixture(scope="module")
def guarded(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as opened:
        yield opened


def _bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def _send(client: TestClient, method: str, path: str, **headers: str) -> Any:
    shown = path.replace("{article_id:path}", "nobody").replace("{job_id}", "none")
    # Nothing in the body is right, so that whoever gets through is told so.
    return client.request(method, shown, headers=headers, json=None if method == "GET" else [])


def test_every_route_is_listed_with_the_scope_it_needs(app: FastAPI) -> None:
    found = {
        (method, context.path)
        for context in iter_route_contexts(app.routes)
        for method in (context.methods or {"WEBSOCKET"}) - {"HEAD"}
    }
    assert found == NEEDED.keys()


@pytest.mark.parametrize(("method", "path"), NEEDED)
def test_no_route_is_reachable_without_the_scope_it_needs(
    guarded: TestClient, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    monkeypatch.setattr(rebuilding, "BUILD_COMMAND", [sys.executable, "-c", "print({})"])
    needed = NEEDED[method, path]
    without = _send(guarded, method, path)
    if needed is None:
        assert without.status_code == 200
        return
    check_problem(without, 401)
    for scopes, secret in SECRETS.items():
        reply = _send(guarded, method, path, **_bearer(secret))
        if needed == "any" or needed in scopes.split("+"):
            assert reply.status_code in {200, 202, 404, 409, 422}
        else:
            problem = check_problem(reply, 403)
            assert f"scope '{needed}'" in problem["detail"]
            assert f'scope="{needed}"' in reply.headers["www-authenticate"]


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/page",
            "/page/",
            "/nothing",
            "/redoc",
            "/v1/ask/",
            "/healthz/",
            "/healthz/../v1",
        ),
        *("/HEALTHZ", "/healthz%2f", "/v1/articles/healthz", "/%76%31/index", "/v1/index/rebuild/"),
    ],
)
def test_paths_besides_the_open_ones_say_nothing_without_a_key(
    guarded: TestClient, path: str
) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"):
        assert guarded.request(method, path, follow_redirects=False).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Authorization", "")],
        [("Authorization", "ask-secret")],
        [("Authorization", "Basic ask-secret")],
        [("Authorization", "Bearer")],
        [("Authorization", "Bearer ")],
        [("Authorization", "Bearer wrong")],
        [("Authorization", "Bearer ask-secre")],
        [("Authorization", "Bearer ask-secret x")],
        [("Authorization", "Bearer ask-secret"), ("Authorization", "Bearer wrong")],
        [("Authorization", "Bearer ask-secret"), ("Authorization", "Bearer ask-secret")],
        [("Authorization", "Bearer \xff")],
        [("X-API-Key", "ask-secret")],
        [("Cookie", "Authorization=Bearer ask-secret")],
    ],
)
def test_request_without_one_good_key_is_refused_before_its_body_is_read(
    guarded: TestClient, headers: list[tuple[str, str]]
) -> None:
    read: list[bool] = []

    def body() -> Iterator[bytes]:
        read.append(True)
        yield b"[]"

    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    reply = guarded.post("/v1/ask", headers=raw, content=body())
    assert read == []
    problem = check_problem(reply, 401)
    assert reply.headers["www-authenticate"].startswith('Bearer realm="article-qa"')
    assert "secret" not in str(problem)


def test_key_may_be_written_with_any_case_of_bearer(guarded: TestClient) -> None:
    shown = {"Authorization": f"bEARER  {SECRETS['ask']}"}
    assert guarded.get("/v1/index", headers=shown).status_code == 200


def test_key_is_named_in_the_description(guarded: TestClient) -> None:
    described = guarded.get("/openapi.json", headers=_bearer(SECRETS["ask"])).json()
    assert described["components"]["securitySchemes"]["API key"]["scheme"] == "bearer"
    assert described["paths"]["/v1/ask"]["post"]["security"] == [{"API key": []}]
    assert "security" not in described["paths"]["/healthz"]["get"]


def test_metrics_are_open_where_the_settings_say_so(
    settings: Settings, models: Models, build: Callable[[], BuildSummary]
) -> None:
    build()
    chosen = settings.model_copy(update={"api_keys": RING, "open_metrics": True})
    with TestClient(create_app(chosen, models)) as client:
        assert client.get("/metrics").status_code == 200
        assert client.get("/v1/index").status_code == 401


def _local(
    settings: Settings,
    models: Models,
    *,
    client: tuple[str, int] = ("127.0.0.1", 50000),
    url: str = "http://127.0.0.1:8000",
    **chosen: Any,
) -> TestClient:
    known = settings.model_copy(update={"allow_open": False, **chosen})
    return TestClient(create_app(known, models), base_url=url, client=client)


@pytest.mark.parametrize(
    ("client", "url"),
    [
        (("127.0.0.1", 1), "http://127.0.0.1:8000"),
        (("::1", 1), "http://[::1]:8000"),
        (("127.0.0.1", 1), "http://localhost:8000"),
    ],
)
def test_service_without_keys_answers_on_loopback(
    settings: Settings,
    models: Models,
    build: Callable[[], BuildSummary],
    client: tuple[str, int],
    url: str,
) -> None:
    build()
    with _local(settings, models, client=client, url=url) as local:
        assert local.post("/v1/ask", json={"question": "Meta?"}).status_code == 200


@pytest.mark.parametrize(
    ("client", "url"),
    [
        (("192.168.1.7", 1), "http://127.0.0.1:8000"),
        (("127.0.0.1", 1), "http://192.168.1.5:8000"),
        (("192.168.1.7", 1), "http://192.168.1.5:8000"),
        (("::ffff:192.168.1.7", 1), "http://127.0.0.1:8000"),
        (("testclient", 1), "http://127.0.0.1:8000"),
    ],
)
def test_service_without_keys_answers_nothing_beyond_loopback(
    settings: Settings, models: Models, client: tuple[str, int], url: str
) -> None:
    # Without its lifespan: what is refused needs no index.
    remote = _local(settings, models, client=client, url=url)
    for method, path in NEEDED:
        problem = check_problem(_send(remote, method, path), 403)
        assert "QA_API_KEYS" in problem["detail"], (method, path)


@pytest.mark.parametrize("host", ["attacker.example", "attacker.example:8000", "", "127.0.0.1.x"])
def test_service_without_keys_answers_to_no_name_of_a_stranger(
    settings: Settings, models: Models, host: str
) -> None:
    reply = _local(settings, models).get("/healthz", headers={"Host": host})
    assert "QA_ALLOWED_HOSTS" in check_problem(reply, 403)["detail"]


def test_service_without_keys_answers_to_names_that_the_settings_allow(
    settings: Settings, models: Models
) -> None:
    client = _local(settings, models, allowed_hosts=("QA.local",))
    assert client.get("/healthz", headers={"Host": "qa.local:8000"}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://attacker.example", "null", "http://127.0.0.1:9", "http://[::1", "//[x]"]
)
@pytest.mark.parametrize("path", ["/v1/index/rebuild", "/v1/ask"])
def test_page_of_another_origin_can_change_nothing(
    settings: Settings, models: Models, origin: str, path: str
) -> None:
    reply = _local(settings, models).post(path, headers={"Origin": origin})
    assert "another origin" in check_problem(reply, 403)["detail"]


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8000", "https://friend.example"])
def test_page_of_the_service_or_an_allowed_origin_may_ask(
    settings: Settings, models: Models, build: Callable[[], BuildSummary], origin: str
) -> None:
    build()
    with _local(settings, models, cors_origins=("https://friend.example",)) as local:
        reply = local.post("/v1/ask", json={"question": "Meta?"}, headers={"Origin": origin})
        assert reply.status_code == 200
