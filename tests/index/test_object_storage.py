"""Object storage: the same of a folder and of an S3 server."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from index.errors import StorageChangedError, StorageError
from index.object_storage import ObjectStorage
from tests.storage import folder_storage, s3_storage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module", params=["folder", "s3"])
def storage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ObjectStorage]:
    if request.param == "folder":
        yield ObjectStorage(folder_storage(tmp_path_factory.mktemp("storage") / "an index"))
    else:
        with s3_storage() as url:
            yield ObjectStorage(url)


def test_small_objects_are_replaced_only_as_they_were_read(storage: ObjectStorage) -> None:
    storage.check_writable()
    assert storage.objects("") == {}
    assert storage.read("CURRENT") is None
    storage.replace("CURRENT", b"one", None)
    with pytest.raises(StorageChangedError, match="CURRENT was changed meanwhile"):
        storage.replace("CURRENT", b"another", None)
    one = storage.read("CURRENT")
    assert one is not None
    storage.replace("CURRENT", b"two", one)
    with pytest.raises(StorageChangedError):
        storage.replace("CURRENT", b"three", one)
    two = storage.read("CURRENT")
    assert two is not None
    assert two.raw == b"two"
    storage.remove(["CURRENT", "nothing"])
    with pytest.raises(StorageChangedError):
        storage.replace("CURRENT", b"three", two)
    assert storage.read("CURRENT") is None


@pytest.mark.parametrize("size", [0, 5, 9_000_000])
def test_files_are_read_in_parts_as_they_were_written(
    storage: ObjectStorage, tmp_path: Path, size: int
) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(number % 251 for number in range(size % 1000)) * max(1, size // 1000))
    size = path.stat().st_size
    storage.upload(path, f"files/{size}")
    storage.write("file", b"")  # in no folder
    parts = list(storage.download(f"files/{size}", size))
    assert b"".join(parts) == path.read_bytes()
    assert len(parts) == -(-size // (8 * 1024 * 1024))
    assert storage.objects("files")[str(size)].bytes == size
    storage.remove([f"files/{size}"])
    with pytest.raises(StorageError, match=rf"cannot read files/{size}.*check its address"):
        list(storage.download(f"files/{size}", max(1, size)))


@pytest.mark.parametrize("url", ["", "s3://", "file:///", "http://host/x", "/srv/index", "s3:b/x"])
def test_wrong_address_is_refused(url: str) -> None:
    with pytest.raises(StorageError, match=r"expected s3://BUCKET/PREFIX, .* or file:///FOLDER"):
        ObjectStorage(url)


def test_storage_that_cannot_be_reached_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "not mounted"
    with pytest.raises(StorageError, match=r"CURRENT: there is no such folder; check its") as one:
        ObjectStorage(missing.as_uri()).read("CURRENT")
    assert "\n" not in str(one.value)
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(StorageError, match=r"no module 'obstore'; .* pip install '\.\[cluster\]'"):
        ObjectStorage(missing.as_uri())


def test_reason_of_a_failure_does_not_change_with_the_time_it_took(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = ObjectStorage(folder_storage(tmp_path / "storage"))
    failures = iter(
        f"Generic S3 error: Error performing GET http://here/CURRENT in {seconds}, after {number} "
        "retries, max_retries: 1000, retry_timeout: 3s  - HTTP error: error sending request"
        for number, seconds in enumerate(["3.25s", "312.5ms"], start=5)
    )

    def fail(*_: object) -> None:
        raise ValueError(next(failures))

    monkeypatch.setattr(storage._obstore, "get", fail)
    reasons = set()
    for _ in range(2):
        with pytest.raises(StorageError) as failure:
            storage.read("CURRENT")
        reasons.add(str(failure.value))
    (reason,) = reasons
    assert "GET http://here/CURRENT - HTTP error: error sending request; check its" in reason
