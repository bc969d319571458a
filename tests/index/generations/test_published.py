"""The published index: machines that share a storage serve the same generation."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

import pytest

from index import published_files
from index.building.builder import build_index
from index.building.options import BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.errors import (
    BuildError,
    IndexCorruptError,
    IndexMismatchError,
    NoEarlierGenerationError,
    StorageChangedError,
    StorageError,
)
from index.generations import published
from index.generations.generation import current_folder, current_version, open_current
from index.generations.published import PublishedIndex
from index.generations.published_manifests import PublishedManifests
from index.generations.refusals import read_refusals
from index.generations.rotation import kept_generations
from index.manifest import MANIFEST_FILE, check_files, read_manifest
from index.object_storage import ObjectStorage
from tests.conftest import ARTICLES, FakeEncoder, write_articles
from tests.index.generations.test_refusals import REFUSAL
from tests.storage import folder_storage, s3_storage

if TYPE_CHECKING:
    from collections.abc import Iterator


class Machines:
    """A machine that builds and publishes, and others that follow."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.published = PublishedIndex(url)
        self.corpus = folder / "corpus"
        self.builder = folder / "builder"
        self.corpus.mkdir()

    def publish(self, text: str, shards: int = 1, keep: int = 2) -> str:
        """Build the sample articles and one more; returns the version."""
        write_articles(self.corpus, [*ARTICLES, {"id": "new", "text": text}])
        publication = self.published.begin(self.builder, keep)
        summary = build_index(
            self.corpus,
            self.builder,
            FakeEncoder(),
            ChunkingParameters(),
            BuildOptions(keep=keep, shards=shards),
            before_switch=publication,
        )
        return summary.index_version

    def follow(self, name: str = "server") -> Path:
        """Let another machine follow; returns its index folder."""
        self.published.follow(self.folder / name, 2)
        return self.folder / name

    def stored(self, part: str) -> set[str]:
        """What lies in a part of the storage, which is a folder."""
        folder = Path(urlparse(self.url).path) / part
        return {path.name for path in folder.iterdir()}


@pytest.fixture
def machines(tmp_path: Path) -> Machines:
    return Machines(tmp_path, folder_storage(tmp_path / "storage"))


def _text(index_dir: Path) -> str:
    generation = open_current(index_dir, FakeEncoder())
    try:
        return generation.articles.article("new").text
    finally:
        generation.close()


def test_machine_follows_what_is_published_and_unchanged_shards_are_sent_once(
    machines: Machines,
) -> None:
    assert not (machines.follow() / "CURRENT").exists(), "nothing is published"
    first = machines.publish("Number one.", shards=4)
    server = machines.follow()
    assert current_version(server) == first
    assert _text(server) == "Number one."
    shards = {shard.name for shard in (current_folder(server) / "shards").iterdir()}
    before, files = machines.stored("files"), current_folder(server)
    assert machines.publish("Number two.", shards=4) != first
    machines.follow()
    assert _text(server) == "Number two."
    folder = current_folder(server)
    assert {shard.name for shard in (folder / "shards").iterdir()} == shards
    linked = {
        name
        for name in shards
        if (folder / "shards" / name / "vectors.faiss").samefile(
            files / "shards" / name / "vectors.faiss"
        )
    }
    assert len(linked) == len(shards) - 1, "all but the one with the article that has changed"
    unchanged = {
        record.sha256
        for record in read_manifest(folder).files
        if any(record.path.startswith(f"shards/{name}/") for name in linked)
    }
    assert unchanged <= before
    assert not list(server.rglob(".arriving-*"))


def test_machine_follows_an_s3_server(tmp_path: Path) -> None:
    with s3_storage() as url:
        machines = Machines(tmp_path, url)
        first = machines.publish("Number one.")
        server = machines.follow()
        machines.publish("Number two.")
        machines.follow()
        assert _text(server) == "Number two."
        assert machines.published.roll_back(server).index_version == first
        assert _text(machines.follow("builder")) == "Number one."


def test_refusal_holds_for_all_machines(machines: Machines) -> None:
    versions = [machines.publish(f"Number {number}.", keep=3) for number in range(3)]
    server = machines.follow()
    machines.published.refuse(server, versions[1], REFUSAL, check=lambda _: None)
    assert _text(server) == "Number 2."
    machines.published.refuse(server, versions[2], REFUSAL, check=lambda _: None)
    assert _text(server) == _text(machines.follow("builder")) == "Number 0."
    assert read_refusals(server) == read_refusals(machines.builder)
    with pytest.raises(NoEarlierGenerationError, match=f"{versions[1]} was refused"):
        machines.published.roll_back(machines.builder, versions[1])
    machines.published.refuse(machines.builder, versions[1], None, check=lambda _: None)
    assert read_refusals(machines.builder) == {versions[2]: REFUSAL}
    assert machines.published.roll_back(server, versions[1]).index_version == versions[1]


def test_keep_and_rollback_hold_in_the_storage(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = [machines.publish(f"Number {number}.") for number in range(2)]
    server = machines.follow()
    assert len(machines.stored("files")) > 0
    monkeypatch.setattr(published_files, "_UNUSED_KEPT", dt.timedelta(seconds=-60))
    versions.append(machines.publish("Number 2."))
    assert machines.stored("generations") == {f"{version}.json" for version in versions[1:]}
    used = {
        record.sha256
        for manifest in kept_generations(machines.builder)
        for record in manifest.files
    }
    assert machines.stored("files") == used
    machines.follow()
    with pytest.raises(IndexMismatchError, match="as asked"):
        machines.published.roll_back(server, check=_refuse)
    assert machines.published.roll_back(server).index_version == versions[1]
    assert _text(server) == "Number 1."
    with pytest.raises(NoEarlierGenerationError, match=r"in file:.*: no earlier .*--keep 2"):
        machines.published.roll_back(server)
    with pytest.raises(
        NoEarlierGenerationError, match=f"expected one of {versions[2]}, {versions[1]}"
    ):
        machines.published.roll_back(server, versions[0])
    # The machine that builds follows, and goes on from there.
    latest = machines.publish("Number 3.")
    manifest = read_manifest(machines.builder / "generations" / latest)
    assert (manifest.build.since, manifest.sequence) == (versions[1], 4)
    assert machines.published.roll_back(server).index_version == versions[1]


def _refuse(_: object) -> None:
    raise IndexMismatchError("as asked")


@pytest.mark.parametrize("damage", ["vectors.faiss", "lexical/meta.json", MANIFEST_FILE, "CURRENT"])
def test_damaged_file_of_a_machine_is_fetched_again(machines: Machines, damage: str) -> None:
    version = machines.publish("Number one.")
    server = machines.follow()
    damaged = server / damage if damage == "CURRENT" else current_folder(server) / damage
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-9])
    machines.follow()
    machines.published.mend_manifest(server)
    generation = open_current(server, FakeEncoder(), check=machines.published.check_files)
    generation.close()
    assert generation.version == version
    assert damaged.read_bytes() == whole


def test_damage_that_cannot_be_mended_is_told(machines: Machines) -> None:
    machines.publish("Number one.")
    damaged = current_folder(machines.follow()) / "vectors.faiss"
    damaged.write_bytes(b"")
    shutil.rmtree(urlparse(machines.url).path)
    with pytest.raises(IndexCorruptError, match=r"0 bytes, .* cannot be fetched: storage file:"):
        open_current(
            machines.folder / "server", FakeEncoder(), check=machines.published.check_files
        )


def test_damage_in_the_storage_switches_nothing_and_fetching_goes_on_later(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = machines.publish("Number one.")
    server = machines.follow()
    machines.publish("Number two.")
    record = next(
        record
        for record in read_manifest(current_folder(machines.builder)).files
        if record.path == "vectors.faiss"
    )
    damaged = Path(urlparse(machines.url).path) / "files" / record.sha256
    whole = damaged.read_bytes()
    for content in (b"?" * len(whole), whole[:-1], None):
        damaged.unlink() if content is None else damaged.write_bytes(content)
        with pytest.raises((IndexCorruptError, StorageError), match=record.sha256):
            machines.follow()
        assert current_version(server) == first
        assert len(list((server / "generations").glob("[!.]*"))) == 1
    damaged.write_bytes(whole)
    downloads: list[str] = []
    download = ObjectStorage.download

    def count(storage: ObjectStorage, key: str, size: int) -> Iterator[bytes]:
        downloads.append(key)
        return download(storage, key, size)

    monkeypatch.setattr(ObjectStorage, "download", count)
    machines.follow()
    assert _text(server) == "Number two."
    assert f"files/{record.sha256}" in downloads
    assert len(downloads) < len(read_manifest(current_folder(server)).files)


@pytest.mark.parametrize("failing", ["upload", "write", "replace"])
def test_storage_that_fails_while_it_is_published_to_switches_nothing(
    machines: Machines, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    first = machines.publish("Number one.")

    def fail(*_: Any) -> None:
        raise StorageError("the storage is full")

    with monkeypatch.context() as patch:
        patch.setattr(ObjectStorage, failing, fail)
        with pytest.raises(StorageError, match=r"is full; the index before stays current, here"):
            machines.publish("Number two.")
    assert current_version(machines.builder) == current_version(machines.follow()) == first
    assert machines.stored("generations") == {f"{first}.json"}
    machines.publish("Number two.")
    assert _text(machines.follow()) == "Number two."


def test_storage_that_cannot_be_written_to_is_noticed_before_a_build(machines: Machines) -> None:
    folder = Path(urlparse(machines.url).path)
    folder.rmdir()
    folder.write_text("a file")
    with pytest.raises(StorageError, match=r"cannot be written to: .*check its address"):
        machines.publish("Number one.")
    assert not machines.builder.exists()


def test_second_of_two_machines_that_publish_at_once_refuses(machines: Machines) -> None:
    machines.publish("Number one.")
    publication = machines.published.begin(machines.follow(), 2)
    second = machines.publish("Number two.")
    with pytest.raises(StorageChangedError, match=r"another machine has published .*; begin again"):
        publication(current_folder(machines.folder / "server"))
    assert _text(machines.follow()) == "Number two."
    assert current_version(machines.folder / "server") == second


def test_what_is_in_no_storage_yet_is_published_without_a_build(machines: Machines) -> None:
    version = machines.publish("Number one.")
    empty = PublishedIndex(folder_storage(machines.folder / "another"))
    publication = empty.begin(machines.builder, 2)
    assert publication.publish_current(machines.builder) == version
    assert publication.publish_current(machines.builder) is None
    empty.follow(machines.folder / "third", 2)
    folder = current_folder(machines.folder / "third")
    check_files(folder, read_manifest(folder))


def test_machine_without_the_shards_has_the_rest_and_completes_it_to_build(
    machines: Machines,
) -> None:
    machines.publish("Number one.", shards=2)
    entrance = PublishedIndex(machines.url, shards_elsewhere=True)
    entrance.follow(machines.folder / "server", 2)
    folder = current_folder(machines.folder / "server")
    assert not list(folder.rglob("vectors.faiss"))
    assert len(list(folder.glob("shards/*/lexical/meta.json"))) == 2
    machines.published.begin(machines.folder / "server", 2)
    check_files(folder, read_manifest(folder))


@pytest.mark.parametrize(
    ("pointer", "message"),
    [
        ("../../etc", r"CURRENT is '\.\./\.\./etc'; expected the name of an index"),
        ("20250501T000000Z-none", r"there is no generations/20250501T000000Z-none"),
    ],
)
def test_odd_pointer_is_named_and_a_build_replaces_it(
    machines: Machines, pointer: str, message: str
) -> None:
    machines.publish("Number one.")
    (Path(urlparse(machines.url).path) / "CURRENT").write_text(pointer)
    with pytest.raises(IndexCorruptError, match=message):
        machines.follow("third")
    machines.publish("Number two.")
    assert _text(machines.follow("third")) == "Number two."


def test_manifest_of_another_machine_names_no_file_outside(machines: Machines) -> None:
    version = machines.publish("Number one.")
    path = Path(urlparse(machines.url).path) / "generations" / f"{version}.json"
    stated = json.loads(path.read_text())
    stated["files"][0]["path"] = "../outside"
    path.write_text(json.dumps(stated))
    with pytest.raises(IndexCorruptError, match=r"names the file '\.\./outside'; expected a path"):
        machines.follow()


def test_machine_whose_disk_is_full_says_so(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    machines.publish("Number one.")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(published_files, "sync", fail)
    with pytest.raises(BuildError, match=r"server: No space left on device; the index before"):
        machines.follow()
    monkeypatch.undo()
    assert _text(machines.follow()) == "Number one."


def test_refusal_of_a_published_generation_that_cannot_be_read_stays(machines: Machines) -> None:
    versions = [machines.publish(f"Number {number}.", keep=3) for number in range(3)]
    machines.published.refuse(machines.builder, versions[0], REFUSAL, check=lambda _: None)
    stored = Path(urlparse(machines.url).path) / "generations" / f"{versions[0]}.json"
    stored.write_text("{}")
    machines.published.refuse(machines.builder, versions[1], REFUSAL, check=lambda _: None)
    assert read_refusals(machines.builder) == dict.fromkeys(versions[:2], REFUSAL)


def test_refusal_of_another_than_the_current_generation_reaches_other_machines(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = [machines.publish(f"Number {number}.") for number in range(2)]
    server = machines.follow()
    machines.published.refuse(machines.builder, versions[0], REFUSAL, check=lambda _: None)
    machines.follow()
    assert read_refusals(server) == {versions[0]: REFUSAL}
    monkeypatch.setattr(published, "write_refusals", _refuse)
    machines.follow()  # which has nothing to write
    monkeypatch.undo()
    machines.published.refuse(machines.builder, versions[0], None, check=lambda _: None)
    machines.follow()
    assert read_refusals(server) == {}


@pytest.mark.parametrize("failing", ["replace_refusals", "switch"])
def test_failing_refusal_never_switches_the_machines_without_refusing(
    machines: Machines, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def fail(*_: object) -> None:
        raise StorageError("as asked")

    versions = [machines.publish(f"Number {number}.") for number in range(2)]
    server = machines.follow()
    monkeypatch.setattr(PublishedManifests, failing, fail)
    with pytest.raises(StorageError, match="as asked"):
        machines.published.refuse(server, versions[1], REFUSAL, check=lambda _: None)
    monkeypatch.undo()
    assert machines.published.has(versions[1])
    machines.published.refuse(server, versions[1], REFUSAL, check=lambda _: None)
    assert _text(server) == _text(machines.follow("builder")) == "Number 0."
    assert read_refusals(machines.builder) == {versions[1]: REFUSAL}
