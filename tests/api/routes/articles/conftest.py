"""A service whose builds run in this process and can be held up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.service.jobs.rebuilding import Rebuilder
from tests.api.routes.articles.builds import Builds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi.testclient import TestClient

    from index.building.builder import BuildSummary


@pytest.fixture
def builds(build: Callable[[], BuildSummary], monkeypatch: pytest.MonkeyPatch) -> Builds:
    in_process = Builds(build)
    monkeypatch.setattr(Rebuilder, "_build", in_process.run)
    return in_process


@pytest.fixture
def service(builds: Builds, client: TestClient) -> Iterator[TestClient]:
    yield client
    builds.go.set()
