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
_MOST_STEPS: Final = 200_000
_ONE_SIDE: Final = "expected each name on one side only"
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
    root = _parse(raw)
    if isinstance(root, Skipped):
        yield root
        return
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        yield Skipped(_where(root), _EXPECTED)
        return
    chains = _Chains()
    for item in _entries(root):
        if isinstance(item, AliasEntry):
            name, alias = item.name.casefold(), item.alias.casefold()
            closes = chains.leads_to(alias, name)
            if chains.steps > _MOST_STEPS:
                yield Skipped(
                    item.where, f"long chains of aliases; {_ONE_SIDE}; the rest is left out"
                )
                return
            if closes:
                reason = f"'{item.alias}' is an alias of '{item.name}' and the other way round"
                yield Skipped(item.where, f"{reason}; {_ONE_SIDE}")
                continue
            chains.add(name, alias)
        yield item


def _parse(raw: bytes) -> yaml.Node | Skipped | None:
    """The root of a YAML file, or why it has none; None where it is empty."""
    if len(raw) > _MAX_BYTES:
        return Skipped(ALIAS_FILE, f"{len(raw)} bytes; expected at most {_MAX_BYTES}")
    try:
        root: yaml.Node | None = yaml.compose(raw.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Skipped(f"{ALIAS_FILE}:{line}", "not UTF-8")
    except RecursionError:
        return Skipped(ALIAS_FILE, f"nested too deep; {_EXPECTED}")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = ALIAS_FILE if mark is None else f"{ALIAS_FILE}:{mark.line + 1}"
        return Skipped(where, f"not YAML: {getattr(error, 'problem', error)}")
    return root


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


class _Chains:
    """Aliases of aliases.

    Attributes:
        steps: Names passed by all look-ups together, which grow with the square of a chain.
    """

    def __init__(self) -> None:
        self.steps = 0
        self._aliases: dict[str, set[str]] = {}

    def add(self, name: str, alias: str) -> None:
        """Add an alias of a name."""
        self._aliases.setdefault(name, set()).add(alias)

    def leads_to(self, start: str, end: str) -> bool:
        """Whether a chain of aliases leads from one name to another; at once from one to itself."""
        seen, waiting = {start}, [start]
        while waiting and self.steps <= _MOST_STEPS:
            self.steps += 1
            name = waiting.pop()
            if name == end:
                return True
            further = self._aliases.get(name, set()) - seen
            seen |= further
            waiting.extend(further)
        return False
