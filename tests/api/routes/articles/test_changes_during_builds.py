"""Articles that are added, replaced and removed while a build reads the corpus folder."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from tests.api.holding import wait_until

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    import pytest
    from fastapi.testclient import TestClient

    from tests.api.routes.articles.builds import Builds
    from tests.conftest import FakeEncoder


def _are_done(client: TestClient, jobs: Sequence[str]) -> bool:
    states = [client.get(f"/v1/index/jobs/{job}").json()["status"] for job in jobs]
    assert set(states) <= {"queued", "running", "succeeded"}
    return set(states) == {"succeeded"}


def _texts(client: TestClient) -> dict[str, str]:
    ids = [each["id"] for each in client.get("/v1/articles").json()["articles"]]
    return {each: client.get(f"/v1/articles/{each}").json()["text"] for each in ids}


def test_changes_in_the_middle_of_a_build_are_in_the_next(
    service: TestClient, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies: list[Any] = []
    encode = encoder.encode_chunks

    def change_once(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        if not replies:
            replies.append(service.put("/v1/articles/quay", json={"text": "It cost 9 crowns."}))
            replies.append(service.post("/v1/articles", json={"id": "mole", "text": "It snowed."}))
            replies.append(service.delete("/v1/articles/rain"))
        return encode(texts)

    monkeypatch.setattr(encoder, "encode_chunks", change_once)
    first = service.post("/v1/articles", json={"id": "quay", "text": "The quay cost 8 crowns."})
    wait_until(lambda: len(replies) == 3)
    assert [reply.status_code for reply in (first, *replies)] == [202] * 4
    jobs = [reply.json()["job"]["id"] for reply in (first, *replies)]
    wait_until(lambda: _are_done(service, jobs))
    texts = _texts(service)
    assert sorted(texts) == ["meta", "microsoft", "mole", "quay"]
    assert texts["quay"] == "It cost 9 crowns."


def test_many_changes_during_a_build_leave_what_the_last_of_each_said(
    service: TestClient, builds: Builds
) -> None:
    builds.go.clear()
    held = service.post("/v1/index/rebuild").json()["id"]
    wait_until(lambda: builds.count == 1)
    jobs = [held]

    def change(article: int) -> str | None:
        """Ten changes of one article, one after the other; the text that it has in the end."""
        chosen, text = random.Random(article), None
        path = f"/v1/articles/a{article}"
        for number in range(10):
            if text is not None and chosen.random() < 0.4:
                reply, wanted = service.delete(path), None
            else:
                wanted = f"Number {article} is {number}."
                reply = service.put(path, json={"text": wanted})
            assert reply.status_code in {202, 503}, reply.text
            if reply.status_code == 202:
                text = wanted
                jobs.append(reply.json()["job"]["id"])
        return text

    with ThreadPoolExecutor(6) as threads:
        texts = [*threads.map(change, range(6))]
    builds.go.set()
    wait_until(lambda: _are_done(service, [*dict.fromkeys(jobs)]))
    there = _texts(service)
    assert [there.get(f"a{article}") for article in range(6)] == texts
