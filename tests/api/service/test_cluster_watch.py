"""Readiness of a service whose cluster loses its head."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.testclient import TestClient

from api.main import create_app
from api.service import running
from tests.api.holding import wait_until
from tests.api.shapes import check_problem
from tests.index.fake_ray import install_fake, listening

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary


def test_service_is_not_ready_while_the_head_of_its_cluster_is_lost(
    settings: Settings,
    models: Models,
    build: Callable[[], BuildSummary],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    build()
    ray = install_fake(monkeypatch)
    monkeypatch.setattr(running, "_HEAD_SECONDS", 0.001)
    lost = ray.head
    with TestClient(
        create_app(settings.model_copy(update={"serve_ray": "auto"}), models)
    ) as client:
        wait_until(lambda: client.get("/readyz").status_code == 503)
        reply = client.get("/readyz")
        assert "the head of the Ray cluster at 'auto'" in check_problem(reply, 503)["detail"]
        assert client.get("/healthz").status_code == 200
        asked = client.post("/v1/ask", json={"question": "How much does Meta spend?"})
        assert asked.status_code == 200, "as long as the replicas are there"
        with listening() as ray.head:
            wait_until(lambda: client.get("/readyz").status_code == 200)
        ray.head = lost
        wait_until(lambda: client.get("/readyz").status_code == 503)
    assert caplog.text.count("answers again") == 1
    assert caplog.text.count("does not answer") == 2
