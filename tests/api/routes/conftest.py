"""A service whose reader waits, or throws, as a question says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from api.answering.ranking.ranker import Ranker
from api.main import create_app
from api.service.models import Models
from tests.api.holding import FailingReader
from tests.conftest import fake_calibration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.settings import Settings
    from index.building.builder import BuildSummary
    from tests.conftest import FakeEncoder


@pytest.fixture
def reader() -> FailingReader:
    return FailingReader()


@pytest.fixture
def failing_models(encoder: FakeEncoder, reader: FailingReader) -> Models:
    return Models(encoder, Ranker(reader, fake_calibration()))


@pytest.fixture
def one_slot(
    settings: Settings,
    failing_models: Models,
    reader: FailingReader,
    build: Callable[[], BuildSummary],
    request: pytest.FixtureRequest,
) -> Iterator[TestClient]:
    """A service that works on one request at a time; a test may parametrise it with settings."""
    build()
    update = {"max_in_flight": 1, "max_queue": 0, **getattr(request, "param", {})}
    with TestClient(create_app(settings.model_copy(update=update), failing_models)) as client:
        yield client
        reader.go.set()
