"""The generation being served, and the switch to a newer one without a pause."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import shlex
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.answering.answerer import Answerer
from api.errors import StateError
from index.errors import (
    ArticleQAError,
    BuildInProgressError,
    IndexCorruptError,
    IndexMismatchError,
    IndexMissingError,
    NoEarlierGenerationError,
)
from index.generations.generation import Generation, current_version, open_current
from index.generations.refusals import Refusal
from index.generations.rotation import allow, generation_before, refuse, roll_back
from index.manifest import check_files
from index.retriever import Retriever

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.answering.ranking.ranker import Ranker
    from api.service.models import Models
    from index.generations.generation import ShardOpener
    from index.generations.published import PublishedIndex
    from index.manifest import Manifest
    from index.retriever import RetrievalParameters

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Served:
    """One generation, ready to answer; a request keeps the one that it began with."""

    generation: Generation
    retriever: Retriever
    ranker: Ranker
    answerer: Answerer

    @classmethod
    def of(
        cls, generation: Generation, models: Models, retrieval: RetrievalParameters | None = None
    ) -> Served:
        """Prepare a generation to answer questions.

        Args:
            generation: The generation, opened with the encoder of the models.
            models: The models in memory.
            retrieval: How to retrieve; the tuned defaults where None.
        """
        retriever = Retriever(generation, models.encoder, retrieval)
        return cls(generation, retriever, models.ranker, Answerer(retriever, models.ranker))


class Serving:
    """Holds the generation being served, and follows the index folder, and what is published.

    At the start, when no other generation can be served, a fleet is served without its damaged
    shards.

    Args:
        index_dir: Folder of the index.
        models: The models in memory.
        open_shards: Opens shards elsewhere; this process does where None.
        published: The published index that the folder follows, and is mended from; it is built in
            the folder where None.
        keep: How many generations to keep in the folder that is followed.

    Raises:
        IndexCorruptError: If there is a generation and it is damaged, or all shards of it.
        IndexMismatchError: If it was built with another encoder or format version.
    """

    def __init__(
        self,
        index_dir: Path,
        models: Models,
        open_shards: ShardOpener | None = None,
        published: PublishedIndex | None = None,
        keep: int = 1,
    ) -> None:
        self._index_dir = index_dir
        self._models = models
        self._open_shards = open_shards
        self._published = published
        self._keep = keep
        self._served: Served | None = None
        self._reported: str | None = None
        self._unfetched: str | None = None
        self._switching = threading.Lock()
        self._fetch()
        if current_version(index_dir) is not None:
            self._served = self._open()

    @property
    def served(self) -> Served | None:
        """The generation being served; None where nothing has been built yet."""
        return self._served

    def current(self) -> Served:
        """The generation being served.

        Raises:
            IndexMissingError: If nothing has been built yet.
        """
        if self._served is None:
            raise IndexMissingError(
                "no index yet; build one with 'article-qa build' or POST /v1/index/rebuild"
            )
        return self._served

    def refresh(self) -> None:
        """Switch to the current generation, where another is being served.

        Raises:
            IndexMissingError: If there is no generation any more.
            IndexCorruptError: If the new generation is damaged.
            IndexMismatchError: If it was built with another encoder or format version.
        """
        with self._switching:
            version = current_version(self._index_dir)
            served = self._served
            if version is None or (served is not None and served.generation.version == version):
                return
            self._served = self._open()
            _LOGGER.info("serving index %s", version)

    def roll_back(self, version: str | None) -> None:
        """Switch to an earlier generation that is kept, here and in all workers.

        Args:
            version: Which one, or a later one; the one that the current one replaced where None.

        Raises:
            NoEarlierGenerationError: If it is not kept, damaged, or of another encoder.
            BuildInProgressError: If a build is running; it would undo this.
            StateError: If the index folder cannot be written to.
            StorageError: If the storage fails.
        """
        back = roll_back if self._published is None else self._published.roll_back
        with self._following_switch():
            back(self._index_dir, version, check=self._check_encoder)

    def refuse(self, version: str, reason: str, by: str | None) -> None:
        """Refuse a kept generation; the one before is served where it is current.

        Args:
            version: The generation.
            reason: Why, in the admin's words.
            by: The name of the admin's key.

        Raises:
            NoEarlierGenerationError: If it is not kept, or none before it can be served.
            BuildInProgressError: If a build is running.
            StateError: If the index folder cannot be written to.
            StorageError: If the storage fails.
        """
        refusal = Refusal(refused_at=dt.datetime.now(tz=dt.UTC), by=by, reason=reason)
        refusing = refuse if self._published is None else self._published.refuse
        with self._following_switch():
            refusing(self._index_dir, version, refusal, check=self._check_encoder)

    def allow(self, version: str) -> None:
        """Take the refusal of a generation back.

        Raises:
            NoEarlierGenerationError: If it is not kept.
            BuildInProgressError: If a build is running.
            StateError: If the index folder cannot be written to.
            StorageError: If the storage fails.
        """
        with _switch_problems("it is still refused"):
            if self._published is None:
                allow(self._index_dir, version)
            else:
                self._published.refuse(self._index_dir, version, None, check=self._check_encoder)

    async def follow(self, seconds: float) -> None:
        """Refresh at intervals; one that cannot be served is logged once, and the old one stays."""
        while True:
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self._refresh_or_stay)

    def newest(self) -> Served:
        """The newest generation that can be served; logs as `follow` does.

        Raises:
            IndexMissingError: If nothing has been built yet.
        """
        self._refresh_or_stay()
        return self.current()

    @contextmanager
    def _following_switch(self) -> Iterator[None]:
        """Serve what is current after a switch, also where something failed behind it."""
        try:
            with _switch_problems("nothing was switched"):
                yield
        finally:
            self.refresh()

    def _check_encoder(self, manifest: Manifest) -> None:
        manifest.check_encoder(self._models.encoder)

    def _fetch(self) -> None:
        """Fetch what is published; why it cannot be fetched is logged once."""
        if self._published is None:
            return
        try:
            self._published.follow(self._index_dir, self._keep, check=self._check_encoder)
            self._unfetched = None
        except BuildInProgressError:
            return  # it is being fetched by another worker, or published from here
        except ArticleQAError as error:
            if str(error) != self._unfetched:
                self._unfetched = str(error)
                _LOGGER.warning("what is published cannot be fetched: %s", error)

    def _refresh_or_stay(self) -> None:
        try:
            self._fetch()
            self.refresh()
            self._reported = None
        except Exception as error:  # whatever it is, the next generation may be served
            if repr(error) != self._reported:
                self._reported = repr(error)
                _LOGGER.exception("the new index cannot be served; the old one stays")

    def _open(self) -> Served:
        try:
            if self._published is not None:
                self._published.mend_manifest(self._index_dir)
            generation = open_current(
                self._index_dir,
                self._models.encoder,
                partial=self._served is None,
                open_shards=self._open_shards,
                check=check_files if self._published is None else self._published.check_files,
            )
        except IndexCorruptError as error:
            raise self._with_way_back(error) from error
        return Served.of(generation, self._models)

    def _with_way_back(self, error: IndexCorruptError) -> IndexCorruptError:
        """Add to the error the kept generation to roll back to, which is faster than a build."""
        version = current_version(self._index_dir)
        before = None if version is None else generation_before(self._index_dir, version)
        if before is None:
            return error
        folder = shlex.quote(str(self._index_dir))
        return IndexCorruptError(
            f"{error}; or go back to index {before.index_version} with "
            f"'article-qa build --index {folder} --rollback'"
        )


@contextmanager
def _switch_problems(outcome: str) -> Iterator[None]:
    """Say what came of a switch that failed.

    Args:
        outcome: What holds where the index folder cannot be written to.
    """
    try:
        yield
    except (IndexCorruptError, IndexMismatchError) as error:
        raise NoEarlierGenerationError(str(error)) from error
    except OSError as error:
        raise StateError(
            f"the index folder cannot be written to ({error.strerror}), and {outcome}; check its "
            "disk, then retry"
        ) from error
