"""Adding, replacing and removing articles over HTTP; builds run in this process."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from api.keys import Keyring, digest_of
from api.main import create_app
from index.generations.build_lock import build_lock
from tests.api.holding import WAIT, wait_until
from tests.api.shapes import check_problem
from tests.conftest import FILES, META, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from api.service.models import Models
    from api.settings import Settings
    from index.building.builder import BuildSummary
    from tests.api.routes.articles.builds import Builds

QUESTION = {"question": "How much does the quay cost?", "min_confidence": 0}
QUAY = {"id": "quay", "title": "Quay", "text": "The quay cost $12 million."}
MD = b"---\nid: quay\ntitle: Quay\n---\nThe quay cost $12 million.\n"
JSON = {"Content-Type": "application/json"}
Reply = dict[str, Any]


def _files(**contents: bytes) -> list[tuple[str, tuple[str, bytes]]]:
    return [("files", (name.replace("_", "."), content)) for name, content in contents.items()]


def _accepted(reply: Any) -> Reply:
    assert reply.status_code == 202, reply.text
    body: Reply = reply.json()
    assert body.keys() == {*"kind articles files skipped skipped_count job".split()}
    assert reply.headers["location"] == f"/v1/index/jobs/{body['job']['id']}"
    return body


def _finish(client: TestClient, job: Reply) -> Reply:
    end = time.monotonic() + WAIT
    while (state := client.get(f"/v1/index/jobs/{job['id']}").json())["status"] in (
        "queued",
        "running",
    ):
        assert time.monotonic() < end, state
        time.sleep(0.01)
    assert state["status"] == "succeeded", state
    return dict(state)


def _answer(client: TestClient) -> str | None:
    reply = client.post("/v1/ask", json=QUESTION)
    assert reply.status_code == 200, reply.text
    answer: str | None = reply.json()["answer"]
    return answer


def _listing(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_article_of_text_is_added_changed_and_removed(service: TestClient) -> None:
    added = _accepted(service.post("/v1/articles", json={**QUAY, "tags": ["harbour"]}))
    assert (added["kind"], added["articles"]) == ("added", {"count": 1, "ids": ["quay"]})
    job = _finish(service, added["job"])
    assert job["changes"] == [{name: value for name, value in added.items() if name != "job"}]
    assert job["summary"]["articles"] == 4
    assert _answer(service) == "The quay cost $12 million."
    assert service.get("/v1/articles/quay").json()["tags"] == ["harbour"]
    text = {"text": "The quay cost $15 million."}
    changed = _accepted(service.put("/v1/articles/quay", json=text))
    assert (changed["kind"], changed["files"]) == ("replaced", added["files"])
    _finish(service, changed["job"])
    assert _answer(service) == "The quay cost $15 million."
    removed = _accepted(service.delete("/v1/articles/quay"))
    assert (removed["kind"], removed["files"]) == ("removed", added["files"])
    _finish(service, removed["job"])
    assert "quay" not in (_answer(service) or "")
    check_problem(service.get("/v1/articles/quay"), 404)
    check_problem(service.delete("/v1/articles/quay"), 404)


def _wait_for_answer(answers: set[str | None], answer: str, asking: Sequence[Future[None]]) -> None:
    """Wait until those who ask were given an answer, or one of them has failed."""
    wait_until(lambda: answer in answers or any(one.done() for one in asking))


def test_no_question_fails_while_articles_change(service: TestClient) -> None:
    done = threading.Event()
    answers: set[str | None] = set()

    def ask() -> None:
        while not done.is_set():
            answers.add(_answer(service))

    with ThreadPoolExecutor(2) as threads:
        asking = [threads.submit(ask) for _ in range(2)]
        try:
            for number in (1, 2):
                text = {"text": f"The quay cost ${number} million."}
                _finish(service, _accepted(service.put("/v1/articles/quay", json=text))["job"])
                assert _answer(service) == text["text"]
                _wait_for_answer(answers, text["text"], asking)
            _finish(service, _accepted(service.delete("/v1/articles/quay"))["job"])
        finally:
            done.set()
        for future in asking:
            future.result()
    assert answers >= {"The quay cost $1 million.", "The quay cost $2 million."}


def test_files_are_added_with_what_is_no_article_named(
    service: TestClient, corpus_dir: Path
) -> None:
    lines = b'{"id": "one", "text": "It snowed."}\nnonsense\n'
    sent = [
        *_files(quay_md=MD, two_jsonl=lines, empty_txt=b""),
        ("files", ("ferry.pdf", (FILES / "ferry.pdf").read_bytes())),
        ("files", ("ferry.pdf.meta.yml", b"title: The ferry\n")),
        ("files", ("empty.meta.yml", b"title: Nothing\n")),
    ]
    added = _accepted(service.post("/v1/articles", files=sent))
    assert added["articles"] == {"count": 3, "ids": ["ferry.pdf", "quay", "one"]}
    skipped = {item["where"]: item["reason"] for item in added["skipped"]}
    assert skipped.keys() == {"empty.txt", "two.jsonl:2"}
    assert "empty" in skipped["empty.txt"]
    files = ["ferry.pdf", "ferry.pdf.meta.yml", "quay.md", "two.jsonl"]
    assert sorted(added["files"]) == files
    assert _listing(corpus_dir) == ["articles.jsonl", *files]
    job = _finish(service, added["job"])
    assert [item["where"] for item in job["summary"]["skipped"]] == ["two.jsonl:2"]
    assert job["changes"][0]["skipped"] == added["skipped"]
    ferry = service.get("/v1/articles/ferry.pdf").json()
    assert ferry["title"] == "The ferry"
    headings = [ferry["text"][part["start"] : part["end"]] for part in ferry["headings"]]
    assert "Power from the north quay" in headings
    assert ferry["page_starts"] == [0, ferry["text"].index("## Power from the north quay")]
    assert service.get("/v1/originals/quay").content == MD


def test_article_without_an_id_gets_one_of_its_title(service: TestClient) -> None:
    text = {"title": "Le Quai d’Été", "text": "Il a coûté cher."}
    (article_id,) = _accepted(service.post("/v1/articles", json=text))["articles"]["ids"]
    assert article_id.startswith("le-quai-d-ete-")
    check_problem(service.post("/v1/articles", json=text), 409)


def test_article_that_is_there_is_not_added_again(
    service: TestClient, builds: Builds, corpus_dir: Path
) -> None:
    before = _listing(corpus_dir)
    problem = check_problem(service.post("/v1/articles", json={"id": "meta", "text": "x"}), 409)
    assert "article 'meta': there is one already, in 'articles.jsonl'" in problem["detail"]
    other = b"---\nid: meta\n---\nSomething."
    check_problem(service.post("/v1/articles", files=_files(new_txt=b"New.", x_md=other)), 409)
    refused = check_problem(service.post("/v1/articles", files=_files(articles_jsonl=b"{}")), 422)
    assert "articles.jsonl:1" in refused["detail"]
    taken = service.post("/v1/articles", files=_files(articles_jsonl=b'{"text": "New."}'))
    assert "there is one of this name already" in check_problem(taken, 409)["detail"]
    assert _listing(corpus_dir) == before
    builds.go.clear()  # also before it is in the index
    _accepted(service.post("/v1/articles", json=QUAY))
    check_problem(service.post("/v1/articles", json=QUAY), 409)
    check_problem(service.post("/v1/articles", files=_files(quay_md=MD)), 409)


def test_files_are_replaced_where_that_is_asked_for(service: TestClient) -> None:
    _accepted(service.post("/v1/articles", files=_files(log_csv=b"id,text\na,Snow.\nb,Rain.\n")))
    sent = _files(log_csv=b"id,text\na,Hail.\n")
    check_problem(service.post("/v1/articles", files=sent), 409)
    changed = _accepted(service.post("/v1/articles", files=sent, params={"replace": "true"}))
    _finish(service, changed["job"])
    assert service.get("/v1/articles/a").json()["text"] == "Hail."
    check_problem(service.get("/v1/articles/b"), 404)


def test_line_of_a_file_is_replaced_and_removed(service: TestClient, corpus_dir: Path) -> None:
    before = (corpus_dir / "articles.jsonl").read_text().splitlines()
    changed = _accepted(service.put("/v1/articles/meta", json={"text": "Meta spends $1."}))
    assert changed["articles"] == {"count": 1, "ids": ["meta"]}
    removed = _accepted(service.delete("/v1/articles/rain"))
    assert removed["files"] == changed["files"] == ["articles.jsonl"]
    first, second = (corpus_dir / "articles.jsonl").read_text().splitlines()
    assert json.loads(first) == {"id": "meta", "text": "Meta spends $1."}
    assert second == before[1]
    _finish(service, removed["job"])
    assert service.get("/v1/articles").json()["total"] == 2


def test_article_of_a_line_is_replaced_by_a_file_of_its_own(
    service: TestClient, corpus_dir: Path
) -> None:
    sent = _files(meta_md=b"---\nid: meta\n---\nMeta spends $2.")
    changed = _accepted(service.put("/v1/articles/meta", files=sent))
    assert changed["files"] == ["meta.md", "articles.jsonl"]
    assert len((corpus_dir / "articles.jsonl").read_text().splitlines()) == 2
    job = _finish(service, changed["job"])
    assert job["summary"]["skipped"] == []
    assert service.get("/v1/articles/meta").json()["text"] == "Meta spends $2."


def test_file_is_replaced_in_its_place(service: TestClient, corpus_dir: Path) -> None:
    (corpus_dir / "notes").mkdir()
    (corpus_dir / "notes" / "a.md").write_text("Old words.")
    (corpus_dir / "notes" / "a.meta.yml").write_text("title: A note")
    job = service.post("/v1/index/rebuild").json()
    _finish(service, job)
    path = "/v1/articles/notes/a.md"
    changed = _accepted(service.put(path, files=_files(other_md=b"New words.")))
    assert changed["files"] == ["notes/a.md"]
    assert (corpus_dir / "notes" / "a.md").read_text() == "New words."
    text = _accepted(service.put(path, json={"text": "Plain words."}))
    assert text["files"][1:] == ["notes/a.md"]
    _finish(service, text["job"])
    assert service.get(path).json()["text"] == "Plain words."
    assert _listing(corpus_dir / "notes") == []


def test_article_of_a_table_is_not_taken_out_of_it(service: TestClient, corpus_dir: Path) -> None:
    table = b"id,text\na,Snow.\nb,Rain.\n"
    _accepted(service.post("/v1/articles", files=_files(log_csv=table)))
    for reply in (
        service.delete("/v1/articles/a"),
        service.put("/v1/articles/a", json={"text": "x"}),
        service.put("/v1/articles/a", files=_files(a_md=b"---\nid: a\n---\nx")),
    ):
        assert "one of several in 'log.csv'" in check_problem(reply, 409)["detail"]
    assert (corpus_dir / "log.csv").read_bytes() == table
    assert _listing(corpus_dir) == ["articles.jsonl", "log.csv"]


def test_file_that_has_changed_by_hand_is_left_alone(service: TestClient, corpus_dir: Path) -> None:
    write_articles(corpus_dir, [{"id": "other", "text": "Other."}])
    for reply in (
        service.delete("/v1/articles/meta"),
        service.put("/v1/articles/meta", json={"text": "x"}),
    ):
        assert "has changed since it was indexed" in check_problem(reply, 409)["detail"]
    (corpus_dir / "articles.jsonl").unlink()
    check_problem(service.delete("/v1/articles/meta"), 409)


def test_changes_wait_for_a_running_rebuild_and_share_a_job(
    service: TestClient, builds: Builds
) -> None:
    builds.go.clear()
    running = service.post("/v1/index/rebuild").json()
    first = _accepted(service.post("/v1/articles", json=QUAY))
    second = _accepted(service.post("/v1/articles", files=_files(more_txt=b"More words.")))
    assert first["job"]["status"] == second["job"]["status"] == "queued"
    assert first["job"]["id"] == second["job"]["id"] != running["id"]
    assert "a rebuild is running" in check_problem(service.post("/v1/index/rebuild"), 409)["detail"]
    assert service.get(f"/v1/index/jobs/{running['id']}").json()["status"] == "running"
    builds.go.set()
    job = _finish(service, first["job"])
    assert [change["articles"]["ids"] for change in job["changes"]] == [["quay"], ["more.txt"]]
    assert builds.count == 2
    assert service.get("/v1/articles").json()["total"] == 5


def test_changes_wait_for_a_build_of_the_command_line(
    service: TestClient, builds: Builds, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.service.jobs.rebuilding._QUEUE_SECONDS", 0.01)
    with build_lock(index_dir):
        job = _accepted(service.post("/v1/articles", json=QUAY))["job"]
        time.sleep(0.05)
        assert service.get(f"/v1/index/jobs/{job['id']}").json()["status"] == "queued"
        assert builds.count == 0
    _finish(service, job)


def test_queued_changes_are_built_when_the_service_starts_again(
    settings: Settings, models: Models, builds: Builds, build: Callable[[], BuildSummary]
) -> None:
    build()
    builds.go.clear()
    with TestClient(create_app(settings, models)) as client:
        client.post("/v1/index/rebuild")
        job = _accepted(client.post("/v1/articles", json=QUAY))["job"]
        assert client.portal is not None
        rebuilder = client.app.state.service.rebuilder  # type: ignore[attr-defined]
        client.portal.call(rebuilder._queue.cancel)
        builds.go.set()
    with TestClient(create_app(settings, models)) as client:
        _finish(client, job)
        assert _answer(client) == "The quay cost $12 million."


def test_first_article_may_come_over_http(
    settings: Settings, models: Models, builds: Builds, corpus_dir: Path
) -> None:
    (corpus_dir / "articles.jsonl").unlink()
    with TestClient(create_app(settings, models)) as client:
        check_problem(client.post("/v1/ask", json=QUESTION), 503)
        _finish(client, _accepted(client.post("/v1/articles", json=QUAY))["job"])
        assert _answer(client) == "The quay cost $12 million."


@pytest.mark.parametrize("name", ["../up.md", "x.exe", "gold.jsonl", "GOLD.jsonl"])
def test_odd_names_are_refused_and_leave_nothing(
    service: TestClient, corpus_dir: Path, name: str
) -> None:
    before = _listing(corpus_dir.parent)
    sent = [("files", ("good.txt", b"Good words.")), ("files", (name, b'{"text": "Bad."}'))]
    problem = check_problem(service.post("/v1/articles", files=sent), 422)
    assert f"file '{name}'" in problem["detail"]
    assert {*_listing(corpus_dir.parent)} - {"index/articles.lock"} == {*before}


def test_wrong_article_names_its_fields(service: TestClient) -> None:
    wrong: list[tuple[Any, str]] = [
        ({"text": ""}, "body.text"),
        ({"id": "x"}, "body.text"),
        ({"text": "x", "colour": "red"}, "body.colour"),
        ({"text": "x", "published_at": "soon"}, "body.published_at"),
        ({"text": "x", "tags": "one"}, "body.tags"),
        ({"text": "\ud800"}, "body.text"),
        ([], "body"),
    ]
    for body, field in wrong:
        content = json.dumps(body)
        reply = service.post("/v1/articles", content=content, headers=JSON)
        assert [error["field"] for error in check_problem(reply, 422)["errors"]] == [field]


def test_wrong_body_is_refused_with_the_reason(service: TestClient) -> None:
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    for content, headers, status, words in (
        (b"{", JSON, 400, "; expected JSON"),
        (b"[" * 100_000, JSON, 400, "; expected JSON"),
        (b"text", {"Content-Type": "text/plain"}, 415, "'text/plain'; expected multipart"),
        (b"text", {}, 415, "expected multipart/form-data"),
        (b"x", {"Content-Type": "multipart/form-data"}, 400, "boundary"),
        (b"--x--\r\n", form, 422, "files with names"),
        (b'{"text": "  "}', JSON, 422, "empty"),
        (b'{"text": "x", "id": "../x"}', JSON, 422, "segment"),
    ):
        reply = service.post("/v1/articles", content=content, headers=headers)
        assert words in check_problem(reply, status)["detail"]


def test_form_has_files_and_nothing_else(service: TestClient) -> None:
    sent = _files(quay_md=MD)
    check_problem(service.post("/v1/articles", files=sent, data={"title": "Quay"}), 422)
    check_problem(service.post("/v1/articles", files=_files(quay_md=MD) * 2), 422)
    many = [("files", (f"{number}.txt", b"x")) for number in range(101)]
    check_problem(service.post("/v1/articles", files=many), 400)
    check_problem(service.put("/v1/articles/quay", files=_files(a_md=MD, b_md=MD)), 422)


@pytest.mark.parametrize("path", ["/v1/articles/other", "/v1/articles/meta"])
def test_file_put_under_another_id_is_refused(
    service: TestClient, corpus_dir: Path, path: str
) -> None:
    problem = check_problem(service.put(path, files=_files(quay_md=MD)), 422)
    assert "it holds 'quay'; expected the article" in problem["detail"]
    problem = check_problem(service.put(path, json=QUAY), 422)
    assert "body.id: 'quay'" in problem["detail"]
    assert _listing(corpus_dir) == ["articles.jsonl"]


def test_hostile_archive_is_refused_with_the_reason(service: TestClient, corpus_dir: Path) -> None:
    problem = check_problem(service.post("/v1/articles", files=_files(x_docx=b"PK\x03\x04no")), 422)
    assert "x.docx: not a .docx file" in problem["detail"]
    assert _listing(corpus_dir) == ["articles.jsonl"]


def test_upload_is_bounded_and_only_for_admins(
    settings: Settings, models: Models, builds: Builds, build: Callable[[], BuildSummary]
) -> None:
    build()
    small = settings.model_copy(update={"max_body_bytes": 1024, "max_upload_bytes": 2048})
    with TestClient(create_app(small, models)) as client:
        _accepted(client.post("/v1/articles", json={**QUAY, "text": "x " * 800}))
        problem = check_problem(client.post("/v1/articles", json={"text": "x" * 4000}), 413)
        assert "at most 2048 bytes" in problem["detail"]
        check_problem(client.post("/v1/ask", json={"question": "x " * 600}), 413)
    ring = Keyring.parse(f"reader:ask:sha256:{digest_of('reader').hex()}")
    with TestClient(create_app(small.model_copy(update={"api_keys": ring}), models)) as client:
        key = {"Authorization": "Bearer reader"}
        for length, status in ((4, 403), (1600, 413)):
            article = {**QUAY, "text": "x" * length}
            check_problem(client.post("/v1/articles", json=article, headers=key), status)


def test_folder_that_cannot_be_written_to_says_so(
    service: TestClient, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: Any, **__: Any) -> None:
        if corpus_dir in self.parents:
            raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.mkdir", refuse)
        reply = service.post("/v1/articles", json=QUAY)
        assert "Read-only file system" in check_problem(reply, 503)["detail"]
        assert "retry-after" not in reply.headers
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.unlink", refuse)
        _finish(service, _accepted(service.post("/v1/articles", json=QUAY))["job"])
        assert "Read-only" in check_problem(service.delete("/v1/articles/quay"), 503)["detail"]
    shutil.rmtree(corpus_dir)
    assert "not a folder" in check_problem(service.post("/v1/articles", json=QUAY), 503)["detail"]


def test_upload_that_breaks_off_leaves_nothing(
    service: TestClient, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus_dir / ".incoming-dead").mkdir()  # left by a process that was killed
    real, calls = os.replace, list[str]()

    def replace(self: Path, target: Path) -> Path:
        calls.append(target.name)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(self, target)
        return target

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.replace", replace)
        sent = _files(a_txt=b"First words.", b_txt=b"Second words.")
        problem = check_problem(service.post("/v1/articles", files=sent), 503)
    assert "No space left on device" in problem["detail"]
    assert calls == ["a.txt", "b.txt"]
    assert _listing(corpus_dir) == ["articles.jsonl"]
    _accepted(service.post("/v1/articles", files=_files(a_txt=b"First words.")))


def test_uploads_go_to_the_folder_that_is_set(
    settings: Settings, models: Models, builds: Builds, corpus_dir: Path, tmp_path: Path
) -> None:
    chosen = settings.model_copy(update={"uploads_dir": corpus_dir / "sent" / "in"})
    with TestClient(create_app(chosen, models)) as client:
        added = _accepted(client.post("/v1/articles", files=_files(a_txt=b"First words.")))
        assert added["files"] == added["articles"]["ids"] == ["sent/in/a.txt"]
        _finish(client, added["job"])
        assert client.get("/v1/articles/sent/in/a.txt").json()["text"] == "First words."
    for wrong in (tmp_path, corpus_dir / ".hidden"):
        chosen = settings.model_copy(update={"uploads_dir": wrong})
        with TestClient(create_app(chosen, models)) as client:
            problem = check_problem(client.post("/v1/articles", json=QUAY), 503)
            assert "QA_UPLOADS_DIR=" in problem["detail"]


def test_sample_articles_are_not_added_to(
    settings: Settings, models: Models, monkeypatch: pytest.MonkeyPatch, corpus_dir: Path
) -> None:
    for module in ("api.service.articles.own_corpus", "index.building.build_choices"):
        monkeypatch.setattr(f"{module}.SAMPLE_CORPUS", corpus_dir.resolve())
    monkeypatch.chdir(corpus_dir)
    chosen = settings.model_copy(update={"corpus_dir": None})
    with TestClient(create_app(chosen, models)) as client:
        problem = check_problem(client.post("/v1/articles", json=QUAY), 503)
    assert "these are the sample articles" in problem["detail"]
    assert META in (corpus_dir / "articles.jsonl").read_text()
