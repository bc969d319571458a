"""The words and aliases of a whole corpus: which are in it, how they are spelled, what is near.

A tantivy index with a document a word, so that a look-up costs the same in a large corpus, and
words that differ by a letter are found by its Levenshtein automaton.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import tantivy

from index.errors import IndexCorruptError
from index.folding import fold, plain_marks, spelled_words, word_forms
from index.stores.tantivy_folder import open_index, share_files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_WRITER_HEAP: Final = 32 * 1024 * 1024
_NEAR_READ: Final = 50  # words that differ by a letter; hardly a word has more
_SPACE: Final = re.compile(r"[\s-]+")
_LONGEST_WORD: Final = 64
_SHORTEST_COUNTRY: Final = 5
_LONGEST_COUNTRY: Final = 24
_LONGEST_NAME: Final = 64  # a longer word is no slip of a name, and its automaton is large
_LONGEST_END: Final = 3  # letters of a country's name that its people's lacks
_FEWEST_INITIALS: Final = 3
_MOST_ALIASES: Final = 20
# A name begins with a word, or each letter of a long run would be tried as its beginning.
_LONG_NAME: Final = re.compile(
    r"(?<![\w-])[A-Z][\w-]*(?: (?:of|and|the|for|de|on|in|&) [A-Z][\w-]*| [A-Z][\w-]*){2,7}"
)


def phrase_key(text: str) -> str:
    """The key of a name of several words: folded, with one space between words."""
    return _SPACE.sub(" ", fold(text)).strip(" .")


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("word", "spelling", "phrase", "alias", "initials"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


class NameCollector:
    """Collects the words and aliases of a corpus, and writes them once.

    Its memory grows with the number of distinct words, which grows far slower than a corpus does.
    """

    def __init__(self) -> None:
        self._spellings: dict[str, str] = {}
        self._lower: set[str] = set()
        self._initials: set[str] = set()
        self._aliases: dict[str, dict[str, str]] = {}

    def add_text(self, text: str) -> None:
        """Add the words of a text."""
        for word in spelled_words(text):
            if len(word) > _LONGEST_WORD:
                continue
            capital = word[:1].isupper()
            for form in word_forms(word):
                if capital:
                    self._spellings.setdefault(form, word)
                else:
                    self._lower.add(form)
        for match in _LONG_NAME.finditer(plain_marks(text)):
            letters = "".join(word[0] for word in match.group().split() if word[0].isupper())
            self._initials.update(
                fold(letters[start:end])
                for start in range(len(letters) - _FEWEST_INITIALS + 1)
                for end in range(start + _FEWEST_INITIALS, len(letters) + 1)
            )

    def add_name(self, name: str) -> None:
        """Add a whole name and its words: an author or source, which no chunk need mention."""
        self.add_text(name)
        self._aliases.setdefault(phrase_key(name), {})

    def add_alias(self, left: str, right: str) -> None:
        """Add two names of one thing; a name keeps its first 20, for each widens its search."""
        one, other = phrase_key(left), phrase_key(right)
        if one and other and one != other:
            for name, key, alias in ((one, other, right), (other, one, left)):
                aliases = self._aliases.setdefault(name, {})
                if len(aliases) < _MOST_ALIASES:
                    aliases.setdefault(key, alias)

    def mentions(self, name: str) -> bool:
        """Whether every word of a name has been added."""
        forms = {form for word in spelled_words(name) for form in word_forms(word)[:1]}
        return bool(forms) and all(form in self._spellings or form in self._lower for form in forms)

    def write(self, folder: Path) -> None:
        """Write everything into a new folder.

        Raises:
            OSError: If it cannot be written.
        """
        folder.mkdir()
        try:
            index = tantivy.Index(_schema(), path=str(folder), reuse=False)
            writer = index.writer(heap_size=_WRITER_HEAP, num_threads=1)
            for word in sorted(self._lower | self._spellings.keys()):
                document = tantivy.Document()
                document.add_text("word", word)
                # Only a word that is never in lower case is offered as the spelling of a name.
                if word not in self._lower:
                    document.add_text("spelling", self._spellings[word])
                writer.add_document(document)
            for initials in sorted(self._initials):
                document = tantivy.Document()
                document.add_text("initials", initials)
                writer.add_document(document)
            for phrase, others in sorted(self._aliases.items()):
                document = tantivy.Document()
                document.add_text("phrase", phrase)
                for other in others.values():
                    document.add_text("alias", other)
                writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()
            share_files(folder)
        except ValueError as error:
            raise OSError(f"names: {error}") from error


class NameStore:
    """Looks words and aliases up.

    Args:
        folder: A folder written by `NameCollector.write`.

    Raises:
        IndexCorruptError: If the folder does not hold a readable index.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self._index, self._searcher = open_index(folder)
        except (OSError, ValueError) as error:
            raise IndexCorruptError(
                f"{folder}: not a readable tantivy index: {error}; let this user read its files, "
                "or rebuild the index"
            ) from error

    def has_word(self, form: str) -> bool:
        """Whether a folded word stands anywhere in the corpus."""
        return bool(self._documents(self._term("word", form), 1))

    def has_people(self, form: str) -> bool:
        """Whether the corpus has the adjective of a folded name: "mozambican" of "mozambique"."""
        if not _SHORTEST_COUNTRY <= len(form) <= _LONGEST_COUNTRY or not form.isalpha():
            return False
        stems = "|".join(form[:end] for end in range(len(form) - _LONGEST_END, len(form)))
        peoples = f"{form}(n|i|an|ian|ese|ish)|({stems})(an|ian|ean|can|ese|ish)"
        query = tantivy.Query.regex_query(self._index.schema, "word", peoples)
        return bool(self._documents(query, 1))

    def has_initials(self, form: str) -> bool:
        """Whether a name of several words has a folded abbreviation as its initials."""
        return bool(self._documents(self._term("initials", form), 1))

    def near_names(self, form: str) -> list[str]:
        """Spell the names that differ from a folded word by one letter or two swapped ones."""
        if len(form) > _LONGEST_NAME:
            return []
        query = tantivy.Query.fuzzy_term_query(
            self._index.schema, "word", form, distance=1, transposition_cost_one=True
        )
        near = self._documents(query, _NEAR_READ)
        return _distinct(document.get("spelling", []) for document in near)

    def has_name(self, phrase: str) -> bool:
        """Whether a name of several words is an author, a source or has an alias."""
        return bool(self._documents(self._term("phrase", phrase_key(phrase)), 1))

    def aliases(self, phrase: str) -> list[str]:
        """The other names that articles, or the alias file, give to a name."""
        documents = self._documents(self._term("phrase", phrase_key(phrase)), 1)
        return _distinct(document.get("alias", []) for document in documents)

    def _term(self, name: str, text: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._index.schema, name, text, "basic")

    def _documents(self, query: tantivy.Query, limit: int) -> list[dict[str, list[str]]]:
        hits = self._searcher.search(query, limit=limit, count=False).hits
        return [self._searcher.doc(address).to_dict() for _, address in hits]


def _distinct(spellings: Iterable[list[str]]) -> list[str]:
    return list(dict.fromkeys(spelling for group in spellings for spelling in group))
