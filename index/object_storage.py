"""Object storage that several machines share: S3, Google Cloud, Azure, or a folder."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote, urlsplit

from index.errors import StorageChangedError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from obstore.store import ClientConfig, ObjectStore, RetryConfig

_SCHEMES: Final = ("s3", "gs", "az", "file")
_PART: Final = 8 * 1024 * 1024  # bytes of a request
_PARTS_AT_ONCE: Final = 4  # of one upload
_MOST_PARTS: Final = 5000  # of one object; S3 takes 10,000
_PROBE: Final = ".probe"
_LONGEST_REASON: Final = 300  # characters
# How long the attempts took is different each time, and a reason that stays is logged once.
_ATTEMPTS: Final = re.compile(r" in \S+s, after \d+ retries,.*?retry_timeout: \S+ *")
# To connect, for a request, the first wait before another try, and all of them together. What
# somebody waits for fails soon; all else outlasts a restart of the storage.
_SOON: Final = ("5s", "10s", dt.timedelta(milliseconds=200), dt.timedelta(seconds=3))
_PATIENTLY: Final = ("10s", "120s", dt.timedelta(seconds=1), dt.timedelta(minutes=3))
_LONGEST_WAIT: Final = dt.timedelta(seconds=10)
_MOST_TRIES: Final = 1000  # the time ends them


class StoredObject(NamedTuple):
    """What a listing says of an object."""

    bytes: int
    modified: dt.datetime


class Content(NamedTuple):
    """A small object as it was read, and what tells this version of it from others."""

    raw: bytes
    tag: str | None


class ObjectStorage:
    """Objects by key under one address; writing one is atomic.

    Nothing is asked before the first call. Every method raises `StorageError` where the storage
    cannot be reached or refuses; the message says what to do.

    Args:
        url: ``s3://BUCKET/PREFIX``, ``gs://BUCKET/PREFIX``, ``az://CONTAINER/PREFIX`` or
            ``file:///FOLDER``. Credentials, region and endpoint are those of the environment.

    Attributes:
        url: As it was given.

    Raises:
        StorageError: If that is no such address, or the package that reaches it is not installed.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        scheme, separator, rest = url.partition("://")
        if scheme not in _SCHEMES or not separator or not rest.strip("/"):
            raise StorageError(
                f"storage '{url}': expected s3://BUCKET/PREFIX, gs://BUCKET/PREFIX, "
                "az://CONTAINER/PREFIX or file:///FOLDER"
            )
        self._folder = Path(unquote(urlsplit(url).path)) if scheme == "file" else None
        try:
            import obstore  # noqa: PLC0415 - of an extra
        except ImportError as error:
            raise StorageError(
                f"storage {url}: there is no module 'obstore'; install the extra 'cluster': "
                "pip install '.[cluster]'"
            ) from error
        self._obstore = obstore

    def read(self, key: str, *, soon: bool = False) -> Content | None:
        """Read a small object; None where there is none.

        Args:
            key: Its key.
            soon: Whether somebody waits, so that it fails within seconds rather than minutes.
        """
        with self._failures(f"read {key}"):
            try:
                result = self._obstore.get(self._soon if soon else self._patiently, key)
            except FileNotFoundError:
                return None
            return Content(bytes(result.bytes()), result.meta["e_tag"])

    def replace(self, key: str, raw: bytes, before: Content | None) -> None:
        """Write a small object where it is still as it was read before.

        Raises:
            StorageChangedError: If it is not.
        """
        differs = self._obstore.exceptions
        mode = "create" if before is None or before.tag is None else {"e_tag": before.tag}
        with self._failures(f"write {key}"):
            try:
                if self._folder is not None:  # which has no such condition
                    self._check_unchanged(key, before)
                    self._obstore.put(self._patiently, key, raw)
                else:
                    self._obstore.put(self._patiently, key, raw, mode=mode)  # type: ignore[arg-type]
            except (differs.AlreadyExistsError, differs.PreconditionError, FileNotFoundError):
                # It is as it shall be where an earlier try was carried out and its reply was lost.
                self._check_unchanged(key, Content(raw, None))

    def _check_unchanged(self, key: str, before: Content | None) -> None:
        now = self.read(key)
        if (None if now is None else now.raw) != (None if before is None else before.raw):
            raise StorageChangedError(f"storage {self.url}: {key} was changed meanwhile")

    def write(self, key: str, raw: bytes) -> None:
        """Write a small object."""
        with self._failures(f"write {key}"):
            self._obstore.put(self._patiently, key, raw)

    def check_writable(self) -> None:
        """Write an object and remove it; fails within seconds."""
        with self._failures("be written to"):
            self._obstore.put(self._soon, _PROBE, b"")
        self.remove([_PROBE])

    def objects(self, prefix: str) -> dict[str, StoredObject]:
        """List the objects whose keys begin with a folder, by the rest of their keys."""
        with self._failures(f"list {prefix}/"):
            return {
                item["path"].removeprefix(f"{prefix}/"): StoredObject(
                    item["size"], item["last_modified"]
                )
                for batch in self._obstore.list(self._patiently, f"{prefix}/")
                for item in batch
            }

    def upload(self, path: Path, key: str) -> None:
        """Write a file, which may be large."""
        with self._failures(f"write {key}"):
            self._obstore.put(
                self._patiently,
                key,
                path,
                chunk_size=max(_PART, path.stat().st_size // _MOST_PARTS),
                max_concurrency=_PARTS_AT_ONCE,
            )

    def download(self, key: str, size: int) -> Iterator[bytes]:
        """Read an object of a known size in bytes, in parts: each is a request of its own."""
        for start in range(0, size, _PART):
            with self._failures(f"read {key}"):
                part = bytes(
                    self._obstore.get_range(
                        self._patiently, key, start=start, end=min(start + _PART, size)
                    )
                )
            yield part

    def remove(self, keys: Iterable[str]) -> None:
        """Remove objects; those that are not there are passed over."""
        with self._failures("remove objects"):
            for key in keys:
                try:
                    self._obstore.delete(self._patiently, key)
                except FileNotFoundError:
                    continue  # a folder says so

    @contextmanager
    def _failures(self, what: str) -> Iterator[None]:
        """Turn what the library raises into one sentence."""
        try:
            if self._folder is not None and not self._folder.is_dir():  # it would be made, or empty
                raise FileNotFoundError("there is no such folder")
            yield
        except (self._obstore.exceptions.BaseError, OSError, ValueError) as error:
            lines = str(error).strip().splitlines()
            line = _ATTEMPTS.sub(" ", lines[0]) if lines else type(error).__name__
            reason = line.strip()[:_LONGEST_REASON]
            raise StorageError(
                f"storage {self.url}: cannot {what}: {reason}; check its address and credentials, "
                "and that it can be reached and written to"
            ) from error

    @cached_property
    def _soon(self) -> ObjectStore:
        return self._connect(*_SOON)

    @cached_property
    def _patiently(self) -> ObjectStore:
        return self._connect(*_PATIENTLY)

    def _connect(
        self, connecting: str, request: str, wait: dt.timedelta, seconds: dt.timedelta
    ) -> ObjectStore:
        from obstore.store import from_url  # noqa: PLC0415 - of an extra

        if self._folder is not None:
            return from_url(self.url)
        client: ClientConfig = {
            "connect_timeout": connecting,
            "timeout": request,
            "allow_http": True,  # where the endpoint of the environment says so
        }
        retry: RetryConfig = {
            "max_retries": _MOST_TRIES,
            "retry_timeout": seconds,
            "backoff": {"init_backoff": wait, "max_backoff": _LONGEST_WAIT, "base": 2},
        }
        return from_url(self.url, client_options=client, retry_config=retry)
