"""Changes of articles: into the corpus folder at once, and into the index by a job."""

from __future__ import annotations

import asyncio
import io
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from filelock import FileLock, Timeout

from api.errors import OverloadedError, StateError
from api.service.articles.files import SentFile, check_names, file_name, new_id
from api.service.articles.own_corpus import own_corpus
from api.service.jobs.corpus_change import NAMED_FAULTS, Change, read_incoming
from api.service.jobs.job import JobStatus
from index.errors import (
    ArticleConflictError,
    ArticleError,
    ArticleNotFoundError,
    CorpusWriteError,
)
from index.loading.corpus_folder import file_of
from index.loading.corpus_writing import (
    ArticleFile,
    IncomingFiles,
    article_line,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.service.jobs.job import Job
    from api.service.jobs.rebuilding import Rebuilder
    from api.service.serving import Serving
    from api.settings import Settings

_LOCK_FILE: Final = "articles.lock"
_LOCK_SECONDS: Final = 30.0
_BUSY: Final = "another change of articles is taking long"


@dataclass(frozen=True, slots=True)
class _Pending:
    """Where an article is by a change that the index may not have yet."""

    place: str | None
    job_id: str


class ArticleChanges:
    """Changes articles in the corpus folder, one change at a time, and has them indexed.

    Every method returns the change and the job that brings it into the index. A change that is
    refused leaves the folder as it was.

    Args:
        settings: Which corpus and index.
        serving: The generation being served, which knows the file of every article.
        rebuilder: Runs the jobs.
    """

    def __init__(self, settings: Settings, serving: Serving, rebuilder: Rebuilder) -> None:
        self._settings = settings
        self._serving = serving
        self._rebuilder = rebuilder
        self._changing = asyncio.Lock()
        self._pending: dict[str, _Pending] = {}

    async def add_files(
        self, files: Sequence[SentFile], *, replace: bool = False
    ) -> tuple[Change, Job]:
        """Add article files; those with no article in them are left out and named.

        Args:
            files: The files; one that ends in ``.meta.yml`` states the metadata of another.
            replace: Whether files and articles that are there already are replaced.

        Raises:
            ArticleError: If a name is refused, or no file holds an article.
            ArticleConflictError: If a file or article is there already.
            CorpusWriteError: If the corpus folder cannot be written to.
            OverloadedError: If another change takes too long.
            StateError: If the job cannot be stored.
        """
        return await self._change(lambda corpus: self._add(corpus, files, replace=replace))

    async def add_text(self, article: dict[str, Any]) -> tuple[Change, Job]:
        """Add an article of text and metadata; see `add_files`.

        Args:
            article: Its fields, as a line of a ``.jsonl`` file has them; without an id it gets one.
        """
        named = {**article, "id": article.get("id") or new_id(article)}
        line = article_line(named)
        files = [SentFile(file_name(named["id"]), io.BytesIO(line))]
        return await self._change(lambda corpus: self._add(corpus, files, replace=False))

    async def put_text(self, article_id: str, article: dict[str, Any]) -> tuple[Change, Job]:
        """Replace an article by text and metadata, or add it; see `add_text`."""
        line = article_line({**article, "id": article_id})
        sent = SentFile(file_name(article_id), io.BytesIO(line))
        return await self._change(lambda corpus: self._put(corpus, article_id, sent, line))

    async def put_file(self, article_id: str, file: SentFile) -> tuple[Change, Job]:
        """Replace an article by a file that holds it alone, or add it; see `add_files`."""
        return await self._change(lambda corpus: self._put(corpus, article_id, file, None))

    async def remove(self, article_id: str) -> tuple[Change, Job]:
        """Remove an article, with its file where it is alone in it.

        Raises:
            ArticleNotFoundError: If there is none.
            ArticleConflictError: If its file holds others and is not one of a line each.
            CorpusWriteError: If the corpus folder cannot be written to.
            OverloadedError: If another change takes too long.
            StateError: If the job cannot be stored.
        """
        return await self._change(lambda corpus: self._remove(corpus, article_id))

    async def _change(self, work: Callable[[Path], Change]) -> tuple[Change, Job]:
        try:
            async with asyncio.timeout(_LOCK_SECONDS):
                await self._changing.acquire()
        except TimeoutError as error:
            raise OverloadedError(_BUSY) from error
        try:
            change = await asyncio.to_thread(self._locked, work)
            try:
                job = self._rebuilder.request(change.described())
            except StateError as error:
                raise StateError(
                    f"{error}; the corpus folder has the change, and the next build will index it"
                ) from error
            for article_id, place in change.places.items():
                self._pending[article_id] = _Pending(place, job.id)
            return change, job
        finally:
            self._changing.release()

    def _locked(self, work: Callable[[Path], Change]) -> Change:
        """Make a change while no other worker makes one."""
        folder = self._settings.index_dir
        lock = FileLock(folder / _LOCK_FILE)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=_LOCK_SECONDS)
        except Timeout as error:
            raise OverloadedError(_BUSY) from error
        except OSError as error:
            raise StateError(
                f"{_LOCK_FILE} in the index folder: {error.strerror}; check its disk, then retry"
            ) from error
        try:
            self._forget_indexed()
            return work(own_corpus(self._settings))
        finally:
            lock.release()

    def _uploads(self, corpus: Path) -> Path:
        """The folder for new files, relative to the corpus.

        Raises:
            CorpusWriteError: If it is not in the corpus folder.
        """
        chosen = self._settings.uploads_dir
        if chosen is None:
            return Path()
        root = corpus.resolve()
        relative = chosen.resolve().relative_to(root) if _is_in(chosen, root) else None
        if relative is None or any(part.startswith(".") for part in relative.parts):
            raise CorpusWriteError(
                f"QA_UPLOADS_DIR='{chosen}': not a visible folder in the corpus folder '{corpus}', "
                "so no build would read it"
            )
        return relative

    def _forget_indexed(self) -> None:
        """Forget changes that the index has by now."""
        if self._serving.served is not None:
            self._serving.newest()  # a job may have been another worker's
        indexed = {
            job_id
            for job_id in {pending.job_id for pending in self._pending.values()}
            if (job := self._rebuilder.job(job_id)) is None or job.status is JobStatus.SUCCEEDED
        }
        self._pending = {
            article_id: pending
            for article_id, pending in self._pending.items()
            if pending.job_id not in indexed
        }

    def _place(self, article_id: str) -> str | None:
        """Where an article is, by the index and the changes since; None where there is none."""
        pending = self._pending.get(article_id)
        if pending is not None:
            return pending.place
        served = self._serving.served
        if served is None:
            return None
        try:
            return served.generation.articles.own(article_id).info.path
        except ArticleNotFoundError:
            return None

    def _add(self, corpus: Path, files: Sequence[SentFile], *, replace: bool) -> Change:
        check_names(files)
        with IncomingFiles(corpus, self._uploads(corpus)) as incoming:
            for file in files:
                incoming.add(file.name, file.content)
            change = read_incoming(incoming, "added")
            written = incoming.files
            there = {
                article_id: place
                for article_id in change.places
                if (place := self._place(article_id)) is not None
                and not (replace and file_of(place) in written)
            }
            if there:
                named = "; ".join(
                    f"article '{article_id}': there is one already, in '{file_of(place)}'"
                    for article_id, place in list(there.items())[:NAMED_FAULTS]
                )
                raise ArticleConflictError(f"{named}; PUT /v1/articles/ID replaces one")
            incoming.put(replacing=written if replace else ())
        return change

    def _put(self, corpus: Path, article_id: str, sent: SentFile, line: bytes | None) -> Change:
        check_names([sent])
        place = self._place(article_id)
        before = None if place is None else ArticleFile(corpus, place, article_id)
        in_place = before is not None and not before.is_alone and line is not None
        with IncomingFiles(corpus, self._uploads(corpus)) as incoming:
            if before is None:
                target = incoming.add(sent.name, sent.content)
            elif in_place and line is not None:
                target = incoming.add_at(before.relative, io.BytesIO(before.with_line(line)))
            elif before.is_alone and before.path.suffix.lower() == Path(sent.name).suffix.lower():
                target = incoming.add_at(before.relative, sent.content)
            else:
                before.check_removable()
                target = incoming.add(sent.name, sent.content)
            change = read_incoming(incoming, "added" if before is None else "replaced")
            held = list(change.places)
            if article_id not in held or (len(held) > 1 and not in_place):
                reasons = "".join(f"; {item.where}: {item.reason}" for item in change.skipped[:5])
                raise ArticleError(
                    f"file '{sent.name}': it holds {_named(held)}; expected the article "
                    f"'{article_id}' alone, under that id{reasons}"
                )
            change.places = {article_id: change.places[article_id]}
            incoming.put(replacing=() if before is None else (before.relative,))
        if before is not None and before.relative != target:
            try:
                before.remove()
            except CorpusWriteError:
                with suppress(OSError):
                    (corpus / target).unlink()  # the article would be there twice
                raise
            change.files.append(before.relative)
        return change

    def _remove(self, corpus: Path, article_id: str) -> Change:
        place = self._place(article_id)
        if place is None:
            raise ArticleNotFoundError(f"article '{article_id}': not in the index")
        file = ArticleFile(corpus, place, article_id)
        file.remove()
        return Change("removed", {article_id: None}, [file.relative])


def _is_in(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root)


def _named(article_ids: Sequence[str]) -> str:
    listed = ", ".join(f"'{article_id}'" for article_id in article_ids[:5])
    return f"{listed}, ..." if len(article_ids) > 5 else listed or "no article"
