"""The alias file of a corpus: `aliases.yml`, one's own further names of what articles mention.

Meta: [Facebook, Meta Platforms]
European Central Bank: ECB
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import yaml

from index.loading.corpus_folder import ALIAS_FILE, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAX_BYTES: Final = 1024 * 1024
_EXPECTED: Final = "expected 'Name: other name' or 'Name: [other name, ...]'"


@dataclass(frozen=True, slots=True)
class AliasEntry:
    """A name as articles have it, and another name of it, with the line that says so."""

    name: str
    alias: str
    line: int

    @property
    def where(self) -> str:
        """The place of the entry, for messages."""
        return f"{ALIAS_FILE}:{self.line}"


def alias_bytes(corpus_dir: Path) -> bytes:
    """The alias file as it is; empty where there is none."""
    try:
        return (corpus_dir / ALIAS_FILE).read_bytes()
    except OSError:
        return b""


def read_aliases(raw: bytes) -> Iterator[AliasEntry | Skipped]:
    """Read the entries of an alias file; what is no entry, or closes a cycle, is skipped."""
    if len(raw) > _MAX_BYTES:
        yield Skipped(ALIAS_FILE, f"{len(raw)} bytes; expected at most {_MAX_BYTES}")
        return
    try:
        root = yaml.compose(raw.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        yield Skipped(f"{ALIAS_FILE}:{line}", "not UTF-8")
        return
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = ALIAS_FILE if mark is None else f"{ALIAS_FILE}:{mark.line + 1}"
        yield Skipped(where, f"not YAML: {getattr(error, 'problem', error)}")
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        yield Skipped(_where(root), _EXPECTED)
        return
    names_of: dict[str, set[str]] = {}
    for item in _entries(root):
        if isinstance(item, AliasEntry):
            name, alias = item.name.casefold(), item.alias.casefold()
            if name == alias or _leads_to(alias, name, names_of):
                reason = f"'{item.alias}' is an alias of '{item.name}' and the other way round"
                yield Skipped(item.where, f"{reason}; expected each name on one side only")
                continue
            names_of.setdefault(name, set()).add(alias)
        yield item


def _entries(root: yaml.MappingNode) -> Iterator[AliasEntry | Skipped]:
    for key, value in root.value:
        name = _text(key)
        listed = value.value if isinstance(value, yaml.SequenceNode) else [value]
        for node in [key] if name is None else listed:
            alias = _text(node)
            if name is None or alias is None:
                yield Skipped(_where(node), _EXPECTED)
            else:
                yield AliasEntry(name, alias, node.start_mark.line + 1)


def _text(node: yaml.Node) -> str | None:
    """The text of a node that is one: `NO` is a name here, not a truth value."""
    text = node.value.strip() if isinstance(node, yaml.ScalarNode) else ""
    return text or None


def _where(node: yaml.Node) -> str:
    return f"{ALIAS_FILE}:{node.start_mark.line + 1}"


def _leads_to(start: str, end: str, names_of: dict[str, set[str]]) -> bool:
    """Whether a chain of aliases leads from one name to another."""
    seen, waiting = {start}, [start]
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        further = names_of.get(name, set()) - seen
        seen |= further
        waiting.extend(further)
    return False
