"""Storages for tests: a folder, and an S3 server in this process or elsewhere."""

from __future__ import annotations

import hashlib
import os
import re
import threading
import uuid
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit
from urllib.request import Request, urlopen
from xml.sax.saxutils import escape, unescape

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NEEDS = "obstore is not installed: extra 'cluster'"


def folder_storage(folder: Path) -> str:
    """The address of a new folder."""
    pytest.importorskip("obstore", reason=_NEEDS)
    folder.mkdir()
    return folder.as_uri()


@contextmanager
def s3_storage() -> Iterator[str]:
    """The address of a new bucket on an S3 server, to which the environment leads.

    `QA_TEST_S3` names a real server, such as ``http://127.0.0.1:8333``, which takes any key.
    """
    pytest.importorskip("obstore", reason=_NEEDS)
    handler = type("_OwnHandler", (_Handler,), {"objects": {}, "parts": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    endpoint = os.environ.get("QA_TEST_S3", f"http://127.0.0.1:{server.server_port}")
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in (
                ("AWS_ENDPOINT_URL", endpoint),
                ("AWS_REGION", "us-east-1"),
                ("AWS_ACCESS_KEY_ID", "test"),
                ("AWS_SECRET_ACCESS_KEY", "test"),
            ):
                patch.setenv(name, value)
            name = f"articles-{uuid.uuid4().hex}"
            bucket = Request(f"{endpoint}/{name}", method="PUT")  # noqa: S310
            urlopen(bucket, timeout=10).close()  # noqa: S310 - of this machine
            yield f"s3://{name}/an index"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """What of S3 is used: whole and partial objects, listings, conditions, uploads in parts."""

    protocol_version = "HTTP/1.1"
    objects: ClassVar[dict[str, bytes]]  # of all requests to one server
    parts: ClassVar[dict[str, dict[int, bytes]]]
    _range: str | None = None

    def do_PUT(self) -> None:
        key, query, body = self._asked()
        if "uploadId" in query:
            self.parts[query["uploadId"]][int(query["partNumber"])] = body
            return self._reply(HTTPStatus.OK, tag=_tag(body))
        tag = _tag(self.objects[key]) if key in self.objects else None
        exists, wanted = self.headers["If-None-Match"] == "*", self.headers["If-Match"]
        if (exists and tag is not None) or (wanted is not None and wanted != tag):
            return self._reply(HTTPStatus.PRECONDITION_FAILED)
        if key:
            self.objects[key] = body
        return self._reply(HTTPStatus.OK, tag=_tag(body))

    def do_POST(self) -> None:
        key, query, body = self._asked()
        if "delete" in query:
            names = re.findall(r"<Key>.*?</Key>", body.decode())
            for name in names:
                self.objects.pop(unescape(name[5:-6]), None)
            gone = "".join(f"<Deleted>{name}</Deleted>" for name in names)
            return self._reply(HTTPStatus.OK, f"<DeleteResult>{gone}</DeleteResult>".encode())
        upload = query.get("uploadId", uuid.uuid4().hex)
        if "uploads" in query:
            self.parts[upload] = {}
            xml = f"<UploadId>{upload}</UploadId>"
            return self._reply(
                HTTPStatus.OK,
                f"<InitiateMultipartUploadResult>{xml}</InitiateMultipartUploadResult>".encode(),
            )
        self.objects[key] = b"".join(part for _, part in sorted(self.parts.pop(upload).items()))
        xml = f"<ETag>{escape(_tag(self.objects[key]))}</ETag>"
        done = f"<CompleteMultipartUploadResult>{xml}</CompleteMultipartUploadResult>"
        return self._reply(HTTPStatus.OK, done.encode())

    def do_GET(self) -> None:
        key, query, _ = self._asked()
        if "list-type" in query:
            return self._list(query.get("prefix", ""))
        if key not in self.objects:
            return self._reply(HTTPStatus.NOT_FOUND)
        body = self.objects[key]
        wanted = self.headers["Range"]
        if wanted is None:
            return self._reply(HTTPStatus.OK, body, _tag(body))
        first, last = map(int, wanted.removeprefix("bytes=").split("-"))
        part = body[first : last + 1]
        self._range = f"bytes {first}-{first + len(part) - 1}/{len(body)}"
        return self._reply(HTTPStatus.PARTIAL_CONTENT, part, _tag(body))

    def _list(self, prefix: str) -> None:
        found = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2025-05-01T00:00:00.000Z"
            f"</LastModified><ETag>{escape(_tag(body))}</ETag><Size>{len(body)}</Size></Contents>"
            for key, body in sorted(self.objects.items())
            if key.startswith(prefix)
        )
        self._reply(HTTPStatus.OK, f"<ListBucketResult>{found}</ListBucketResult>".encode())

    def _asked(self) -> tuple[str, dict[str, str], bytes]:
        """The key, the query, and the body."""
        url = urlsplit(self.path)
        _, _, key = unquote(url.path).removeprefix("/").partition("/")
        query = {name: of[0] for name, of in parse_qs(url.query, keep_blank_values=True).items()}
        self._range = None
        return key, query, self.rfile.read(int(self.headers["Content-Length"] or 0))

    def _reply(self, status: HTTPStatus, body: bytes = b"", tag: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", "Thu, 01 May 2025 00:00:00 GMT")
        for name, value in (("ETag", tag), ("Content-Range", self._range)):
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _tag(body: bytes) -> str:
    return f'"{hashlib.md5(body).hexdigest()}"'  # noqa: S324 - as S3 does
