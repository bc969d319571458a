"""The command that builds an index, with the fake encoder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.testing import CliRunner

import scripts.build_index as command
from index.generations.generation import current_folder, current_version
from index.generations.published import PublishedIndex
from index.manifest import read_manifest
from tests.conftest import FakeEncoder
from tests.index.fake_ray import install_fake
from tests.storage import folder_storage

if TYPE_CHECKING:
    from typer.testing import Result

    from index.cluster import Cluster

APP = typer.Typer()
APP.command()(command.main)


@pytest.fixture(autouse=True)
def _fake_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        command,
        "SentenceTransformerEncoder",
        lambda model, **_: FakeEncoder(name="fake" if model.startswith("gt-") else model),
    )
    for name in ("QA_INDEX_DIR", "QA_CORPUS_DIR", "QA_ENCODER", "QA_DEVICE"):
        monkeypatch.delenv(name, raising=False)


def _run(corpus: Path, index: Path, *options: str) -> Result:
    arguments = ["--corpus", str(corpus), "--index", str(index), *options]
    return CliRunner().invoke(APP, arguments)


def test_build_index_prints_a_summary_last(corpus_dir: Path, index_dir: Path) -> None:
    result = _run(corpus_dir, index_dir)
    assert result.exit_code == 0
    summary = json.loads(result.stdout.splitlines()[-1])
    assert summary.keys() == {
        *(
            "index_version",
            "articles",
            "copies",
            "chunks",
            "skipped",
            "skipped_count",
            "left_out",
            "left_out_count",
            "build",
            "seconds",
        ),
    }
    assert summary["index_version"] == current_version(index_dir)
    assert (summary["articles"], summary["skipped"], summary["skipped_count"]) == (3, [], 0)
    assert (summary["left_out"], summary["left_out_count"]) == ([], 0)


def test_build_index_names_and_counts_skipped_files(corpus_dir: Path, index_dir: Path) -> None:
    (corpus_dir / "empty.txt").write_text(" \n")
    (corpus_dir / "page.wpd").write_bytes(b"%PDF")
    result = _run(corpus_dir, index_dir)
    assert result.exit_code == 0
    assert "skipped empty.txt: empty" in result.stderr
    assert "3 added, 0 changed, 0 removed; 2 files or lines skipped" in result.stderr
    assert "skipped page.wpd: no reader for '.wpd' files" in result.stderr
    summary = json.loads(result.stdout.splitlines()[-1])
    assert summary["skipped_count"] == 2
    assert [item["where"] for item in summary["skipped"]] == ["empty.txt", "page.wpd"]


def test_build_index_warns_of_articles_that_are_gone_because_a_file_was_skipped(
    corpus_dir: Path, index_dir: Path
) -> None:
    for name in ("gone.txt", "kept.txt"):
        (corpus_dir / name).write_text("It rained.")
    assert "warning" not in _run(corpus_dir, index_dir).stderr
    (corpus_dir / "gone.txt").unlink()
    assert "warning" not in _run(corpus_dir, index_dir).stderr
    (corpus_dir / "kept.txt").write_text("")
    (corpus_dir / "articles.jsonl").write_bytes(b"no JSON\n" + b"{}\n" * 3)
    (corpus_dir / "new.txt").write_text("It snowed.")
    result = _run(corpus_dir, index_dir)
    assert result.exit_code == 0
    assert "warning: 4 articles of the index before are gone although nobody" in (result.stderr)
    assert "meta, microsoft, rain, kept.txt; mend that and build again" in result.stderr
    assert json.loads(result.stdout.splitlines()[-1])["build"]["lost"]["count"] == 4


def test_build_index_of_nothing_fails_and_keeps_the_old_generation(
    corpus_dir: Path, index_dir: Path
) -> None:
    assert _run(corpus_dir, index_dir).exit_code == 0
    version = current_version(index_dir)
    (corpus_dir / "articles.jsonl").write_text("not JSON\n")
    result = _run(corpus_dir, index_dir)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "nothing could be indexed; articles.jsonl:1: not JSON" in result.stderr
    assert current_version(index_dir) == version


def test_build_index_names_a_missing_corpus_folder(tmp_path: Path, index_dir: Path) -> None:
    result = _run(tmp_path / "none", index_dir)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: corpus folder")
    assert not index_dir.exists()


def test_build_index_refuses_an_overlap_as_long_as_a_chunk(
    corpus_dir: Path, index_dir: Path
) -> None:
    result = _run(corpus_dir, index_dir, "--max-tokens", "10", "--overlap-tokens", "10")
    assert result.exit_code == 2
    assert "overlap_tokens is 10" in result.stderr


def test_build_index_says_which_vector_indexes_there_are(corpus_dir: Path, index_dir: Path) -> None:
    refused = _run(corpus_dir, index_dir, "--faiss", "OPQ8,PQ8")
    assert refused.exit_code == 2
    for said in (refused.stderr, CliRunner().invoke(APP, ["--help"]).stdout):
        assert "IVF#_HNSW#,X," in said
        assert "PQ#x4fs,Refine(Y)" in said


def test_build_index_if_stale_builds_only_what_changed(corpus_dir: Path, index_dir: Path) -> None:
    assert "index_version" in _run(corpus_dir, index_dir, "--if-stale").stdout
    again = _run(corpus_dir, index_dir, "--if-stale")
    assert again.exit_code == 0
    assert json.loads(again.stdout) == {"up_to_date": True}
    (corpus_dir / "new.txt").write_text("Something new.")
    changed = json.loads(_run(corpus_dir, index_dir, "--if-stale").stdout)
    assert changed["articles"] == 4
    other = json.loads(_run(corpus_dir, index_dir, "--if-stale", "--encoder", "other").stdout)
    assert other["index_version"] == current_version(index_dir) != changed["index_version"]
    cut = _run(corpus_dir, index_dir, "--if-stale", "--encoder", "other", "--max-tokens", "50")
    assert "index_version" in cut.stdout


def test_build_index_without_if_stale_always_builds(corpus_dir: Path, index_dir: Path) -> None:
    versions = {
        json.loads(_run(corpus_dir, index_dir).stdout)["index_version"],
        json.loads(_run(corpus_dir, index_dir).stdout)["index_version"],
    }
    assert len(versions) == 2


def test_build_index_prints_progress_as_json_lines(corpus_dir: Path, index_dir: Path) -> None:
    lines = _run(corpus_dir, index_dir, "--progress", "json").stdout.splitlines()
    *progress, summary = [json.loads(line) for line in lines]
    assert progress[-1] == {
        "progress": {
            "stage": "finishing",
            "files_done": 1,
            "files": 1,
            "chunks": summary["chunks"],
            "chunks_total": summary["chunks"],
            "done": summary["chunks"],
            "total": summary["chunks"],
            "unit": "chunk",
        },
    }


def _manifest(index_dir: Path) -> dict[str, Any]:
    path = index_dir / "generations" / (current_version(index_dir) or "") / "manifest.json"
    known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return known


def test_build_index_takes_folders_from_the_environment(
    corpus_dir: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_CORPUS_DIR", str(corpus_dir))
    monkeypatch.setenv("QA_INDEX_DIR", str(index_dir))
    assert CliRunner().invoke(APP, []).exit_code == 0
    assert current_version(index_dir) is not None


def test_build_index_takes_the_folder_of_the_index_where_none_is_named(
    corpus_dir: Path, index_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = tmp_path / "elsewhere" / "corpus"
    samples.mkdir(parents=True)
    (samples / "sample.txt").write_text("A sample.")
    monkeypatch.chdir(corpus_dir.parent)
    _run(Path(corpus_dir.name), index_dir)
    monkeypatch.chdir(samples.parent)
    unnamed = ["--index", str(index_dir), "--progress", "none"]
    stale = CliRunner().invoke(APP, [*unnamed, "--if-stale"])
    assert json.loads(stale.stdout.splitlines()[-1]) == {"up_to_date": True}
    (corpus_dir / "new.txt").write_text("One more.")
    rebuilt = json.loads(CliRunner().invoke(APP, unnamed).stdout.splitlines()[-1])
    assert rebuilt["build"]["added"]["ids"] == ["new.txt"]
    assert rebuilt["build"]["removed"]["count"] == 0
    corpus_dir.rename(corpus_dir.with_name("moved"))
    gone = CliRunner().invoke(APP, [*unnamed, "--if-stale"])
    assert gone.exit_code == 1
    assert f"corpus folder {corpus_dir}: not a folder" in gone.stderr
    (manifest,) = (index_dir / "generations" / (current_version(index_dir) or "")).glob("manifest*")
    manifest.write_text("{}", encoding="utf-8")
    unknown = CliRunner().invoke(APP, [*unnamed, "--if-stale"])
    assert unknown.exit_code == 1
    assert "name the folder with --corpus or QA_CORPUS_DIR" in unknown.stderr
    first = CliRunner().invoke(APP, ["--index", str(tmp_path / "new"), "--progress", "none"])
    assert json.loads(first.stdout.splitlines()[-1])["articles"] == 1


def test_build_index_keeps_the_parameters_of_the_index_where_none_are_given(
    corpus_dir: Path, index_dir: Path
) -> None:
    cut = ("--max-tokens", "40", "--overlap-tokens", "10", "--language", "de")
    stored = ("--faiss", "SQ8", "--recall", "0.9")
    _run(corpus_dir, index_dir, *cut, *stored)
    stale = _run(corpus_dir, index_dir, "--if-stale").stdout.splitlines()[-1]
    assert json.loads(stale) == {"up_to_date": True}
    manifest = _manifest(index_dir)
    # As an older version wrote it: what was chosen is kept, all the rest is built anew.
    path = index_dir / "generations" / manifest["index_version"] / "manifest.json"
    path.write_text(json.dumps({**manifest, "format_version": 1}), encoding="utf-8")
    for given, changed in (
        ((), {}),
        (("--faiss", "Flat"), {"requested": "Flat"}),
        (("--recall", "0.5"), {"requested": "Flat", "recall_target": 0.5}),
    ):
        assert _run(corpus_dir, index_dir, *given).exit_code == 0
        known = _manifest(index_dir)
        assert known["corpus_dir"] == str(corpus_dir)
        assert known["chunking"] == {"max_tokens": 40, "overlap_tokens": 10, "language": "de"}
        asked = {name: known["vector_index"][name] for name in ("requested", "recall_target")}
        assert asked == {"requested": "SQ8", "recall_target": 0.9, **changed}


def test_build_index_keeps_the_number_of_shards_and_refuses_one_out_of_range(
    corpus_dir: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _run(corpus_dir, index_dir, "--shards", "2").exit_code == 0
    stale = _run(corpus_dir, index_dir, "--if-stale").stdout.splitlines()[-1]
    assert json.loads(stale) == {"up_to_date": True}
    for shards in ("0", "1000000"):
        refused = _run(corpus_dir, index_dir, "--shards", shards)
        assert refused.exit_code == 2
        assert f"shards is {shards}; expected 1" in " ".join(refused.stderr.split())
    assert _manifest(index_dir)["fleet"]["shards"] == 2
    monkeypatch.setenv("QA_SHARDS", "1")
    summary = json.loads(_run(corpus_dir, index_dir).stdout.splitlines()[-1])
    assert summary["build"]["chunks_embedded"] == 0
    assert _manifest(index_dir)["fleet"] is None


def test_build_index_says_what_a_cluster_lacks(
    corpus_dir: Path, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.terminal.extras.find_spec", lambda _: None)
    refused = _run(corpus_dir, index_dir, "--ray", "auto")
    assert refused.exit_code == 1
    assert "no module 'ray'; install the extra 'cluster'" in refused.stderr
    monkeypatch.undo()
    monkeypatch.setattr(command, "require_extra", lambda _: None)
    monkeypatch.setattr(command, "SentenceTransformerEncoder", lambda *_, **__: FakeEncoder())
    ray = install_fake(monkeypatch)
    workers = list[FakeEncoder]()

    class Workers(FakeEncoder):
        def __init__(self, encoder: FakeEncoder, cluster: Cluster, precision: str) -> None:
            super().__init__()
            assert (encoder.model, cluster.address, precision) == ("fake", "auto", "float32")
            workers.append(self)

    monkeypatch.setattr(command, "RayEncoder", Workers)
    assert _run(corpus_dir, index_dir, "--ray", "auto", "--shards", "3").exit_code == 0
    assert [len(each.encoded) for each in workers] == [3]
    assert (ray.tasks, ray.left) == (2, True), "one of three shards has no articles"


def test_build_index_rolls_back_and_keeps_as_many_as_asked(
    corpus_dir: Path, index_dir: Path
) -> None:
    versions = []
    for number in range(3):
        (corpus_dir / "new.txt").write_text(f"Number {number}.")
        built = _run(corpus_dir, index_dir, "--keep", "3").stdout.splitlines()[-1]
        versions.append(json.loads(built)["index_version"])
    result = _run(corpus_dir, index_dir, "--rollback")
    assert json.loads(result.stdout) == {"rolled_back_to": versions[1]}
    assert current_version(index_dir) == versions[1]
    _run(corpus_dir, index_dir, "--rollback")
    refused = _run(corpus_dir, index_dir, "--rollback")
    assert refused.exit_code == 1
    assert "no earlier generation is kept" in refused.stderr
    assert current_version(index_dir) == versions[0]


def test_build_index_lists_the_first_skipped_lines_and_counts_them_all(
    corpus_dir: Path, index_dir: Path
) -> None:
    bad = "".join(f'{{"text": {number}, "{"x" * 2000}": 1}}\n' for number in range(600))
    (corpus_dir / "bad.jsonl").write_text(bad)
    for _ in range(2):  # the second build copies the first one's list
        result = _run(corpus_dir, index_dir)
        assert result.exit_code == 0
        summary = json.loads(result.stdout.splitlines()[-1])
        assert (len(summary["skipped"]), summary["skipped_count"]) == (500, 600)
        assert max(len(item["reason"]) for item in summary["skipped"]) <= 500
        assert "skipped 100 more files or lines" in result.stderr
        manifest = read_manifest(current_folder(index_dir))
        assert (len(manifest.skipped), manifest.skipped_count) == (500, 600)


def test_build_index_publishes_and_goes_back_in_a_storage(
    corpus_dir: Path, index_dir: Path, tmp_path: Path
) -> None:
    assert _run(corpus_dir, index_dir).exit_code == 0
    url = folder_storage(tmp_path / "storage")
    published, first = PublishedIndex(url), str(current_version(index_dir))
    stale = _run(corpus_dir, index_dir, "--storage", url, "--if-stale")
    assert json.loads(stale.stdout) == {"up_to_date": True, "published": first}
    assert _run(corpus_dir, index_dir, "--storage", url).exit_code == 0
    second = str(current_version(index_dir))
    assert second != first
    assert published.has(second)
    back = _run(corpus_dir, index_dir, "--storage", url, "--rollback")
    assert json.loads(back.stdout) == {"rolled_back_to": first}
    assert published.has(first)
    assert current_version(index_dir) == first
    (tmp_path / "storage").rename(tmp_path / "away")
    refused = _run(corpus_dir, index_dir, "--storage", url)
    assert refused.exit_code == 1
    assert f"error: storage {url}: cannot be written to" in refused.stderr
    assert current_version(index_dir) == first
