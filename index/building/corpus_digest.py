"""The digest of a corpus, or of a shard's part of it: whether its articles are the same."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from index.loading.corpus_folder import Skipped

if TYPE_CHECKING:
    from index.records import Article


@dataclass
class CorpusDigest:
    """A running hash over all articles and skipped files, in order."""

    _digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def add(self, item: Article | Skipped) -> None:
        """Add one article or skipped file."""
        fields = asdict(item) if isinstance(item, Skipped) else asdict(item.info)
        self._digest.update(json.dumps(fields, default=str, sort_keys=True).encode() + b"\n")

    def hexdigest(self) -> str:
        """The hash in hex digits."""
        return self._digest.hexdigest()
