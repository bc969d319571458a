"""A client of the application in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.client import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.testclient import TestClient


@pytest.fixture
def service(client: TestClient) -> Iterator[Client]:
    with Client("http://testserver", transport=client._transport) as opened:
        yield opened
