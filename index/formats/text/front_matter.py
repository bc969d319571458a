"""Front matter of Markdown files: YAML, TOML or JSON before the text, taken where it is sure."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

from index.errors import ArticleError
from index.formats.encodings import decode_detected
from index.formats.raw_article import RawArticle
from index.formats.stated_fields import FIELD_OF, plain_name, stated_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_CHARACTERS: Final = 64 * 1024
MAX_ALIASES: Final = 10  # each may double what it stands for
MAX_DEPTH: Final = 20  # of values in values; a few hundred take seconds to parse
_OPENING: Final = re.compile(r"(?P<mark>---|\+\+\+)[ \t]*\r?\n")
_CLOSING: Final = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\r?\n|\Z)", re.MULTILINE),
}
_BLANK_LINE: Final = re.compile(r"^[ \t]*\r?\n", re.MULTILINE)
_BLANK_LINES: Final = re.compile(r"(?:[ \t]*\r?\n)*")
_YAML_KEY: Final = re.compile(r"(?P<key>[A-Za-z_][\w -]{0,60}?)[ \t]*:(?:[ \t]+(?P<value>.*)|\Z)")
_TOML_KEY: Final = re.compile(r"(?P<key>[A-Za-z_][\w-]{0,60})[ \t]*=[ \t]*(?P<value>.+)")
_TABLE: Final = re.compile(r"\[[^\]]*\]+\s*\Z")
_WORDS: Final = {"title", "author", "source"}  # fields whose value may be any words
# What the libraries raise for one malformed value: `!!bool maybe`, the 45th of a month.
_VALUE_ERRORS: Final = (
    yaml.YAMLError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    RecursionError,
)


class FrontMatter(NamedTuple):
    """The metadata before a text.

    Attributes:
        values: By key; only keys that name a field of an article.
        left_out: What could not be taken, as messages.
        end: Where the text begins.
    """

    values: dict[str, Any]
    left_out: tuple[str, ...]
    end: int


class _TooManyAliasesError(yaml.YAMLError):
    def __init__(self) -> None:
        super().__init__(f"more than {MAX_ALIASES} aliases")


class _TooDeepError(yaml.YAMLError):
    def __init__(self) -> None:
        super().__init__(f"nested more than {MAX_DEPTH} deep")


class _Loader(yaml.SafeLoader):
    """The safe loader with limits on nesting and on aliases, which multiply what is read."""

    aliases = 0
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            self.aliases += 1
            if self.aliases > MAX_ALIASES:
                raise _TooManyAliasesError
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _TooDeepError
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_front_matter(content: str) -> FrontMatter:
    """Read what stands before the text of a Markdown file, and find where the text begins.

    A block that is no metadata, such as text between two rules, is left in the text.
    """
    if content.startswith("{"):
        return _read_json(content)
    opening = _OPENING.match(content)
    if opening is None:
        return FrontMatter({}, (), 0)
    mark = opening["mark"]
    closing = _CLOSING[mark].search(content, opening.end())
    unclosed: tuple[str, ...] = ()
    if closing is None:
        # It ends with its last line that a blank one follows, if it is front matter at all.
        unclosed = (f"front matter: the closing '{mark}' line is missing",)
        closing = _BLANK_LINE.search(content, opening.end())
        if closing is None:
            return FrontMatter({}, unclosed, 0)
    block = content[opening.end() : closing.start()]
    if len(block) > MAX_CHARACTERS:
        fault = f"{len(block)} characters, at most {MAX_CHARACTERS} are read"
        read: _Read | None = _Read({}, [fault])
    else:
        read = _read_yaml(block) if mark == "---" else _read_toml(block)
    if unclosed and (read is None or not read.values):
        return FrontMatter({}, unclosed, 0)
    if read is None:
        return FrontMatter({}, ("front matter: expected 'key: value' lines, so it is text",), 0)
    left_out = tuple(f"front matter: {fault}" for fault in read.faults)
    return FrontMatter(read.values, (*unclosed, *left_out), _text_start(content, closing.end()))


def read_sidecar(raw: bytes) -> RawArticle:
    """Read the metadata of an article from a YAML file of its own; the text is empty.

    Raises:
        ArticleError: If the encoding cannot be detected, or the id is invalid.
    """
    block = decode_detected(raw)
    if len(block) > MAX_CHARACTERS:
        raise ArticleError(f"{len(block)} characters, at most {MAX_CHARACTERS} are read")
    read = _read_yaml(block)
    if read is None:
        raise ArticleError("expected 'key: value' lines")
    fields, left_out = stated_fields(read.values)
    return RawArticle(fields, "", left_out=(*read.faults, *left_out))


class _Read(NamedTuple):
    values: dict[str, Any]
    faults: list[str]


def _text_start(content: str, end: int) -> int:
    blank = _BLANK_LINES.match(content, end)
    return end if blank is None else blank.end()


def _field(key: object) -> str | None:
    """The field that a key names; None where it is of no use here."""
    return FIELD_OF.get(plain_name(str(key)))


def _read_yaml(block: str) -> _Read | None:
    """Read YAML; where it is malformed, each of its fields alone. None if it has no fields."""
    try:
        loader = _Loader(block)
        root = loader.get_single_node()
        if root is None:
            return _Read({}, [])
        if not isinstance(root, yaml.MappingNode):
            return None
        loader.flatten_mapping(root)
    except _TooManyAliasesError as error:
        return _Read({}, [f"{error}, so its fields are not read"])
    except _VALUE_ERRORS as error:
        return _read_each(block, _YAML_KEY, _load_yaml_field, _one_line(error))
    read = _Read({}, [])
    for key, value in root.value:
        if isinstance(key, yaml.ScalarNode) and (field := _field(key.value)) is not None:
            try:
                read.values[key.value] = _constructed(loader, field, value)
            except _VALUE_ERRORS as error:
                read.faults.append(f"field '{key.value}': {_one_line(error)}")
    return read


def _constructed(loader: _Loader, field: str, node: yaml.Node) -> Any:
    value = loader.construct_object(node, deep=True)
    if isinstance(node, yaml.ScalarNode) and value is not None and field in _WORDS:
        return node.value  # `title: 1.10` is no number
    return value


def _load_yaml_field(key: str, lines: str) -> tuple[Any, str | None]:
    """Load one field; with a message where its words were taken although they are not YAML.

    Raises:
        ValueError: If it is malformed and its words are no value by themselves.
    """
    try:
        loader = _Loader(lines)
        root = loader.get_single_node()
        if isinstance(root, yaml.MappingNode) and len(root.value) == 1:
            return _constructed(loader, _field(key) or "", root.value[0][1]), None
    except _VALUE_ERRORS as error:
        match = _YAML_KEY.match(lines.rstrip())
        words = "" if match is None else (match["value"] or "").strip()
        if _field(key) in _WORDS and "\n" not in words and words[:1] not in set("[{&*!|>%@`"):
            return words.strip("\"'"), f"{_one_line(error)}; its words are taken as they are"
        raise ValueError(_one_line(error)) from None
    raise ValueError("expected one value")


def _read_toml(block: str) -> _Read | None:
    """Read TOML; where it is malformed, each of its fields alone."""
    try:
        loaded = tomllib.loads(block.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        return _read_each(block, _TOML_KEY, _load_toml_field, _one_line(error))
    taxonomies = loaded.get("taxonomies")  # Zola's place for tags
    if isinstance(taxonomies, dict):
        loaded = {**taxonomies, **loaded}
    return _Read({key: value for key, value in loaded.items() if _field(key) is not None}, [])


def _load_toml_field(key: str, lines: str) -> tuple[Any, str | None]:
    try:
        return tomllib.loads(lines.replace("\r\n", "\n"))[key], None
    except (ValueError, LookupError, RecursionError) as error:
        raise ValueError(_one_line(error)) from None


def _read_json(content: str) -> FrontMatter:
    """Read a JSON object that begins the file and ends a line, as Hugo writes it."""
    try:
        loaded, end = json.JSONDecoder().raw_decode(content[:MAX_CHARACTERS])
    except (ValueError, RecursionError):
        return FrontMatter({}, (), 0)
    values = {key: value for key, value in loaded.items() if _field(key) is not None}
    ends_line = re.compile(r"[ \t]*(?:\r?\n|\Z)").match(content, end)
    if not values or ends_line is None:
        return FrontMatter({}, (), 0)
    return FrontMatter(values, (), _text_start(content, ends_line.end()))


def _read_each(
    block: str,
    key_line: re.Pattern[str],
    load: Callable[[str, str], tuple[Any, str | None]],
    fault: str,
) -> _Read | None:
    """Read the fields of a malformed block one by one.

    Args:
        block: The block.
        key_line: What a line is that begins a field.
        load: Loads the lines of one field.
        fault: What is wrong with the block.

    Returns:
        None if it has no field at all.
    """
    read = _Read({}, [])
    keys = 0
    for key, lines in _fields(block, key_line):
        keys += 1
        if _field(key) is not None:
            try:
                read.values[key], message = load(key, lines)
                read.faults.extend([] if message is None else [f"field '{key}': {message}"])
            except ValueError as error:
                read.faults.append(f"field '{key}': {error}")
    if keys == 0:
        return None
    if not read.faults:
        read.faults.append(f"{fault}; its fields are read one by one")
    return read


def _fields(block: str, key_line: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Cut a block into its fields: a line with a key, and the lines up to the next one."""
    key, lines = None, list[str]()
    for line in block.splitlines():
        match = key_line.match(line)
        if match is not None or _TABLE.match(line) is not None:
            if key is not None:
                yield key, "\n".join(lines)
            key, lines = None if match is None else match["key"], []
        lines.append(line)
    if key is not None:
        yield key, "\n".join(lines)


def _one_line(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError):  # its places are those in a part of the file
        return ", ".join(filter(None, (error.context, error.problem)))
    return " ".join(str(error).split())
