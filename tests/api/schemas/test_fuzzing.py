"""The service against its own description: whatever is sent, each reply is one that it declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.python.asgi import shutdown_lifespans
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from api.answering.ranking.ranker import Ranker
from api.keys import Keyring, digest_of
from api.main import create_app
from api.middleware.access import OPEN_PATHS
from api.service.evaluating import evaluations
from api.service.jobs import rebuilding
from api.service.models import Models
from api.settings import Settings
from index.building.builder import build_index
from index.chunking.chunker import ChunkingParameters
from tests.api.schemas.test_description import ENDPOINTS, METRICS, ORIGINALS, REPORTS
from tests.conftest import ARTICLES, FakeEncoder, FakeReader, fake_calibration, write_articles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis.schemas import BaseSchema

KEY = "fuzzing"
# Fields that may be wrong although they fit the description.
BEYOND = {
    *("published_to", "as_of", "cursor", "offset", "messages", "input"),
    *("start", "end", "quote_sha256", "reply", "numbers", "without", "words"),
    "body",  # of a table: names or groups, and a slot for names
}
AUTHORISED = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BaseSchema]:
    """The description that the running service gives of itself."""
    folder = tmp_path_factory.mktemp("fuzzed")
    (folder / "corpus").mkdir()
    write_articles(folder / "corpus", ARTICLES)
    encoder = FakeEncoder()
    build_index(folder / "corpus", folder / "index", encoder, ChunkingParameters())
    known = Settings(
        index_dir=folder / "index",
        corpus_dir=folder / "corpus",
        api_keys=Keyring.parse(f"fuzz:ask+admin:sha256:{digest_of(KEY).hex()}"),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rebuilding, "BUILD_COMMAND", ["true"])
        patch.setattr(evaluations, "EVALUATE_COMMAND", ["true"])
        app = create_app(known, Models(encoder, Ranker(FakeReader(), fake_calibration())))
        yield schemathesis.openapi.from_asgi("/openapi.json", app, headers=AUTHORISED)
        shutdown_lifespans()


# The plugin's own way to parametrize does not work with this version of pytest.
@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [
        (method, path, mode)
        for method, path in [*sorted(ENDPOINTS), METRICS, ORIGINALS, REPORTS]
        for mode in GenerationMode
        # Where there is nothing to send there is nothing wrong to send.
        if mode.is_positive or path not in OPEN_PATHS
    ],
)
def test_every_reply_is_as_described(
    described: BaseSchema, method: str, path: str, mode: GenerationMode
) -> None:
    operation = described[path][method]
    # A description cannot say that days must be in order, or not to come, nor what a cursor is or
    # that a chat must end in a question. Of a GET, the library thinks that parameters which mean
    # nothing must be refused.
    beyond: list[Any] = [
        positive_data_acceptance,
        *([negative_data_rejection] if method == "get" else []),
    ]

    @settings(max_examples=settings().max_examples // 6, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case[Any]) -> None:
        reply = case.call_and_validate(headers=AUTHORISED, excluded_checks=beyond)
        if mode.is_positive and reply.status_code == 422:
            places = [error["field"].split(".") for error in reply.json()["errors"]]
            fields = {[part for part in place if not part.isdigit()][-1] for place in places}
            assert fields <= BEYOND

    check()
