"""Evaluations by the running service, and going back to a generation."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.client import Client, ConflictProblemError, NotFoundProblemError
from api.errors import OverloadedError
from api.main import create_app
from api.service.evaluating import evaluations
from api.service.evaluating.evaluations import Evaluations
from api.service.evaluating.history import HISTORY_FILE, EvaluationHistory
from tests.api.holding import wait_until
from tests.api.routes.test_marking import ADMIN, READER, keyed
from tests.api.shapes import check_problem
from tests.conftest import META, write_articles

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary

__all__ = ["keyed"]
FIGURES = {
    "created_at": "2025-05-02T08:10:00Z",
    "by": None,
    "index_version": "v",
    "encoder": "fake",
    "reader": "fake",
    "gold_sha256": "0",
    "questions": 1,
    "of": 3,
    "seconds": 1.0,
    "outcomes": {"right": 1},
    "measures": {"f1": {"value": 1.0, "low": None, "high": None, "questions": 1}},
}
# Asks one question, says what it heard, and ends.
ASKS_ONE = f"""
import json, sys
call = {{"method": "ask", "arguments": ["How much capital expenditure at Meta?"], "options": {{}}}}
print(json.dumps(call), flush=True)
reply = json.loads(sys.stdin.readline())["reply"]
print(json.dumps({{"progress": {{"questions_done": 1, "questions": 1}}}}), flush=True)
figures = json.loads({json.dumps(json.dumps(FIGURES))})
figures["index_version"] = reply["index_version"]
print(json.dumps({{"evaluation": figures, "missed": []}}))
"""
ASKS_FOR_EVER = """
import json, sys
while True:
    print(json.dumps({"method": "article", "arguments": ["none"], "options": {}}), flush=True)
    assert json.loads(sys.stdin.readline())["missing"]
"""


@pytest.fixture
def service(client: TestClient) -> Iterator[Client]:
    with Client("http://testserver", transport=client._transport) as opened:
        yield opened


def _runs(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(evaluations, "EVALUATE_COMMAND", (sys.executable, "-S", "-c", code))


def _end_of(service: Client, evaluation_id: str) -> Any:
    wait_until(lambda: service.evaluation(evaluation_id).status != "running")
    return service.evaluation(evaluation_id)


def test_evaluation_asks_within_the_service_and_keeps_figures_by_generation(
    service: Client, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _runs(monkeypatch, ASKS_ONE)
    started = service.start_evaluation(questions=1)
    job = _end_of(service, started.id)
    assert (job.status, job.error) == ("succeeded", None)
    assert (job.progress.questions_done, job.evaluation.of) == (1, 3)
    assert job.evaluation.index_version == service.index().index_version
    assert service.evaluations().evaluations == [job.evaluation]
    (line,) = (index_dir / HISTORY_FILE).read_text().splitlines()
    assert json.loads(line)["id"] == started.id
    assert not job.evaluation.whole
    with pytest.raises(NotFoundProblemError, match="only its figures are kept"):
        service.evaluation_report(started.id)


def test_evaluation_is_cancelled_and_one_at_a_time(
    service: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _runs(monkeypatch, ASKS_FOR_EVER)
    monkeypatch.setattr(evaluations, "_SAVED_EVERY", 0)
    started = service.start_evaluation()
    with pytest.raises(ConflictProblemError, match="an evaluation is running"):
        service.start_evaluation()
    running = service.evaluations().running
    assert running is not None
    assert running.id == started.id
    assert service.cancel_evaluation(started.id).status == "cancelled"
    again: list[str] = []

    def starts() -> bool:
        with suppress(ConflictProblemError):
            again.append(service.start_evaluation().id)
        return bool(again)

    wait_until(starts)  # once its process has ended, too
    assert service.evaluations().evaluations == []
    service.cancel_evaluation(again[0])
    with pytest.raises(NotFoundProblemError):
        service.cancel_evaluation("none")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import sys; sys.exit('error: no gold questions')", "no gold questions"),
        ('print(\'{"method": "rebuild", "arguments": [], "options": {}}\')', "'rebuild'"),
        ("print(1)", "printed '1'"),
    ],
)
def test_evaluation_that_fails_says_why(
    service: Client, monkeypatch: pytest.MonkeyPatch, code: str, error: str
) -> None:
    _runs(monkeypatch, code)
    job = _end_of(service, service.start_evaluation().id)
    assert (job.status, job.evaluation) == ("failed", None)
    assert error in job.error


def test_evaluation_gives_way_to_questions(settings: Settings) -> None:
    looks: list[bool] = [True, True, False, False]

    class Crowded:
        """Full at first, and refuses one that comes first when it is not."""

        refused = False

        @property
        def is_full(self) -> bool:
            return looks.pop(0)

        @asynccontextmanager
        async def slot(self) -> AsyncIterator[str]:
            if not self.refused:
                self.refused = True
                raise OverloadedError("too many questions")
            yield "slot"

    async def run() -> str:
        evaluating = Evaluations(settings, Crowded())  # type: ignore[arg-type]  # what it looks at
        async with AsyncExitStack() as stack:
            return str(await evaluating._slot(stack))

    assert asyncio.run(run()) == "slot"
    assert looks == []


def test_only_admins_evaluate_and_roll_back(keyed: TestClient) -> None:
    for method, path in (
        ("POST", "/v1/evaluations"),
        ("GET", "/v1/evaluations"),
        ("GET", "/v1/evaluations/a/report"),
        ("GET", "/v1/index/generations"),
        ("POST", "/v1/index/rollback"),
        ("PUT", "/v1/index/generations/a/refusal"),
        ("DELETE", "/v1/index/generations/a/refusal"),
    ):
        check_problem(keyed.request(method, path, headers=READER), 403)
    listed = keyed.get("/v1/evaluations", headers=ADMIN).json()
    assert listed == {"running": None, "evaluations": []}
    check_problem(keyed.post("/v1/evaluations", json={"questions": 0}, headers=ADMIN), 422)


def test_history_keeps_the_latest_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.service.evaluating.history._KEPT", 3)
    monkeypatch.setattr("api.service.evaluating.history._KEPT_WHOLE", 1)
    history = EvaluationHistory(tmp_path)
    for name in "abcd":
        for suffix in (".json", ".html"):
            (history.folder() / f"{name}{suffix}").write_text(name)
        history.add({"id": name})
    assert [record["id"] for record in history.records()] == ["b", "c", "d"]
    assert history.report("d").read_text() == "d"
    assert sorted(path.name for path in history.folder().iterdir()) == ["d.html", "d.json"]
    (tmp_path / HISTORY_FILE).write_text('{"id": "e"}\nbroken\n[]\n')
    assert history.records() == [{"id": "e"}]


def test_admin_goes_back_to_a_generation_and_forth(
    service: Client, corpus_dir: Path, build: Callable[[], BuildSummary], client: TestClient
) -> None:
    with pytest.raises(ConflictProblemError, match="no earlier generation is kept"):
        service.roll_back()
    first = service.index().index_version
    write_articles(corpus_dir, [{"id": "new", "text": META}])
    build()
    client.app.state.service.serving.refresh()  # type: ignore[attr-defined]  # it is an ASGI app
    second = service.index().index_version
    assert [(each.index_version, each.current) for each in service.generations().generations] == [
        (second, True),
        (first, False),
    ]
    back = service.roll_back().generations
    assert [each.current for each in back] == [False, True]
    assert (service.index().index_version, service.articles().total) == (first, 3)
    assert service.roll_back(second).generations[0].current
    assert service.articles().total == 1
    with pytest.raises(ConflictProblemError, match="'none': not kept; expected one of"):
        service.roll_back("none")


def test_admin_refuses_a_generation_and_allows_it_again(
    service: Client, corpus_dir: Path, build: Callable[[], BuildSummary], client: TestClient
) -> None:
    first = service.index().index_version
    with pytest.raises(ConflictProblemError, match="no earlier generation is kept"):
        service.refuse_generation(first, "It finds less.")
    write_articles(corpus_dir, [{"id": "new", "text": META}])
    build()
    client.app.state.service.serving.refresh()  # type: ignore[attr-defined]  # it is an ASGI app
    second = service.index().index_version
    bad, good = service.refuse_generation(second, " It finds less. ").generations
    assert (bad.current, good.current, good.refused) == (False, True, None)
    assert bad.refused is not None
    assert (bad.refused.by, bad.refused.reason) == (None, "It finds less.")
    assert service.index().index_version == first
    with pytest.raises(ConflictProblemError, match=r"refused on .*: It finds less\.; take that"):
        service.roll_back(second)
    assert service.allow_generation(second).generations[0].refused is None
    assert service.index().index_version == first
    assert service.roll_back(second).generations[0].current
    address = f"/v1/index/generations/{first}/refusal"
    check_problem(client.put(address, json={"reason": " "}), 422)
    with pytest.raises(ConflictProblemError, match="'none': not kept; expected one of"):
        service.refuse_generation("none", "It finds less.")


def test_index_folder_that_cannot_be_written_to_is_not_rolled_back(
    client: TestClient, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (index_dir / "CURRENT").read_text()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("api.service.serving.roll_back", refuse)
    problem = check_problem(client.post("/v1/index/rollback"), 503)
    assert "cannot be written to (Read-only file system), and nothing was sw" in problem["detail"]
    (index_dir / "CURRENT").write_text("a\0b")
    problem = check_problem(client.get("/v1/index/generations"), 503)
    assert "CURRENT in the index folder cannot be read" in problem["detail"]
    (index_dir / "CURRENT").write_text(before)


def test_generation_of_another_encoder_is_not_gone_back_to(
    settings: Settings, models: Models, build: Callable[[], BuildSummary], corpus_dir: Path
) -> None:
    build()
    write_articles(corpus_dir, [{"id": "new", "text": META}])
    build()
    with TestClient(create_app(settings, models)) as client:
        models.encoder.fingerprint = "0" * 16  # type: ignore[misc]  # of the fake
        before = (settings.index_dir / "CURRENT").read_text()
        check_problem(client.post("/v1/index/rollback"), 409)
        assert (settings.index_dir / "CURRENT").read_text() == before
