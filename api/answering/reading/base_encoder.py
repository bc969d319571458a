"""The base encoder of the large reader: where it is, and whether it is the right one.

It is too large to ship; `article-qa fetch-base` puts it into the folder of models.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.answering.errors import ReaderError

if TYPE_CHECKING:
    from api.answering.reading.reader import ReaderOptions

BASE_NAME: Final = "all-mpnet-base-v2"
BASE_SHA256: Final = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
BASE_FILES: Final = ("config.json", "model.safetensors")
WAYS_OUT: Final = (
    "fetch it with 'article-qa fetch-base', name its folder in QA_READER_BASE, "
    "or read without it (QA_READER=small)"
)


def holds_base(folder: Path) -> bool:
    """Whether a folder has the files of a base encoder; what is in them is not looked at."""
    return all((folder / name).is_file() for name in BASE_FILES)


def find_base(options: ReaderOptions) -> Path:
    """Find the folder of the base encoder; its weights are not looked at.

    Args:
        options: With the folder of models, and the base if it is elsewhere.

    Raises:
        ReaderError: If it is not there; the message says what to do.
    """
    if options.base is None:
        folder = options.models_dir / BASE_NAME
        if not holds_base(folder):
            raise ReaderError(f"base encoder {BASE_NAME}: not in '{folder}'; {WAYS_OUT}")
        return folder
    offline = os.environ.setdefault("HF_HUB_OFFLINE", "1") != "0"
    from transformers.utils.hub import cached_file  # noqa: PLC0415 - takes seconds

    try:
        found = [cached_file(options.base, name, local_files_only=offline) for name in BASE_FILES]
    except (OSError, ValueError) as error:
        raise ReaderError(
            f"base encoder QA_READER_BASE='{options.base}': expected a folder with "
            f"{' and '.join(BASE_FILES)}, or a name in the local model cache; "
            f"{' '.join(str(error).split())[:200]}"
        ) from error
    return Path(str(found[0])).parent


def check_base(folder: Path, name: str, sha256: str) -> None:
    """Check that a base encoder has the weights that an adapter was trained on.

    Args:
        folder: Of the base encoder.
        name: Of the base encoder that the adapter was trained on.
        sha256: Of that one's ``model.safetensors``.

    Raises:
        ReaderError: If the weights are incomplete, or others; the message says what to do.
    """
    path = folder / "model.safetensors"
    have, stated = path.stat().st_size, stated_size(path)
    if have != stated:
        of = "" if stated is None else f" of {stated:,}"
        raise ReaderError(
            f"base encoder '{path}': {have:,}{of} bytes, as if a download had broken off; "
            f"delete it and {WAYS_OUT}"
        )
    with path.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual == sha256:
        return
    if actual == BASE_SHA256:
        raise ReaderError(
            f"base encoder '{path}': is {BASE_NAME}, and the adapter was trained on {name} with "
            f"SHA-256 {sha256}; name the folder of that one in QA_READER_BASE"
        )
    raise ReaderError(
        f"base encoder '{path}': SHA-256 {actual}; expected {sha256} of {name}, which the adapter "
        f"was trained on; {WAYS_OUT}"
    )


def stated_size(path: Path) -> int | None:
    """The bytes that a safetensors file should have, by its header; None without a whole one."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        text = file.read(length) if length <= path.stat().st_size else b""
    try:
        tensors = [value for key, value in json.loads(text).items() if key != "__metadata__"]
        return 8 + length + max((int(one["data_offsets"][1]) for one in tensors), default=0)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None
