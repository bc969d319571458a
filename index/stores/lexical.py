"""BM25 over the same chunk ids, by tantivy (an inverted index on disk, mapped into memory)."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final, Self, cast

import tantivy

from index.errors import IndexCorruptError
from index.records import ArticleInfo, Chunk, Filters, Hit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_ANALYZER: Final = "words"
_LONGEST_WORD: Final = 64
_WRITER_HEAP: Final = 64 * 1024 * 1024
_LANGUAGES: Final = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "fi": "finnish", "fr": "french", "hu": "hungarian", "it": "italian",
    "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_WITHOUT_STOP_WORDS: Final = {"ar", "el", "ro", "ta", "tr"}  # tantivy has no list for them
# Words that make a question a question; they say nothing about what it asks for, but are rare
# enough in articles to weigh heavily.
_QUESTION_WORDS: Final = {
    "en": (
        "about any been can could did do does doing done during from had has have he her him his "
        "how i its many may me more most much my name named often our she should some than them "
        "those through under upon us was we were what when where which while who whom whose why "
        "would you your"
    ).split()
}


def text_analyzer(language: str) -> tantivy.TextAnalyzer:
    """Build the analysis of words: folded, lower case, stemmed, without stop words.

    Languages that tantivy does not know are neither stemmed nor freed of stop words.
    """
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
        .filter(tantivy.Filter.lowercase())
    )
    name = _LANGUAGES.get(language)
    if name is not None and language not in _WITHOUT_STOP_WORDS:
        builder = builder.filter(tantivy.Filter.stopword(name))
    if language in _QUESTION_WORDS:
        builder = builder.filter(tantivy.Filter.custom_stopword(_QUESTION_WORDS[language]))
    if name is not None:
        builder = builder.filter(tantivy.Filter.stemmer(name))
    return builder.filter(tantivy.Filter.ascii_fold()).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("chunk_id", fast=True)
    for name in ("text", "context"):
        builder.add_text_field(name, tokenizer_name=_ANALYZER, index_option="freq")
    for name in ("article_id", "source", "tag"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True, fast=True)
    return builder.build()


class LexicalWriter:
    """Writes the BM25 index of one generation. Use as a context manager; leaving it commits.

    Raises:
        OSError: Here, while adding or on leaving: if it cannot be written, for want of room say.
    """

    def __init__(self, folder: Path, language: str) -> None:
        folder.mkdir()
        try:
            index = tantivy.Index(_schema(), path=str(folder), reuse=False)
            index.register_tokenizer(_ANALYZER, text_analyzer(language))
            # One thread, so that equal corpora give equal orders of equally scored chunks.
            self._writer = index.writer(heap_size=_WRITER_HEAP, num_threads=1)
        except ValueError as refused:
            raise _system_error(refused) from refused

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error_type: object, error: object, trace: object) -> None:
        try:
            if error_type is None:
                self._writer.commit()
            else:
                self._writer.rollback()
            self._writer.wait_merging_threads()
        except ValueError as refused:
            raise _system_error(refused) from refused

    def add(
        self,
        chunk_id: int,
        chunk: Chunk,
        article: ArticleInfo,
        copies: Sequence[ArticleInfo] = (),
    ) -> None:
        """Index one chunk with what its article and the copies of it can be filtered by.

        Raises:
            OSError: If it, or one before it, cannot be written.
        """
        document = tantivy.Document()
        document.add_unsigned("chunk_id", chunk_id)
        document.add_text("text", chunk.text)
        document.add_text("context", chunk.context)
        for one in (article, *copies):
            document.add_text("article_id", one.id)
            if one.source is not None:
                document.add_text("source", one.source)
            for tag in one.tags:
                document.add_text("tag", tag)
            if one.published_at is not None:
                document.add_integer("day", one.published_at.toordinal())
        try:
            self._writer.add_document(document)
        except ValueError as refused:
            raise _system_error(refused) from refused


def _system_error(refused: ValueError) -> OSError:
    """Undo what tantivy does to errors of the system: all of them become a bare `ValueError`."""
    return OSError(errno.EIO, f"lexical index: {refused}")


class LexicalStore:
    """Finds the chunks that share words with a question.

    Args:
        folder: What a `LexicalWriter` wrote.
        language: The language that it was written with.
        context_weight: What a word in title or headings counts against one in the text.

    Raises:
        IndexCorruptError: If the folder does not hold a readable index.
    """

    def __init__(self, folder: Path, language: str, *, context_weight: float) -> None:
        try:
            self._index = tantivy.Index.open(str(folder))
        except (OSError, ValueError) as error:
            raise IndexCorruptError(
                f"{folder}: not a readable tantivy index; rebuild the index"
            ) from error
        self._analyzer = text_analyzer(language)
        self._searcher = self._index.searcher()
        self._context_weight = context_weight

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, question: str, limit: int, filters: Filters | None = None) -> list[Hit]:
        """Find the chunks with the highest BM25 score (k1 1.2, b 0.75), best first.

        The question is plain words: no character in it is query syntax. Each filter may be met by
        another copy of an article, so that more can pass than `ArticleStore.allowed_chunks` says.
        """
        words = dict.fromkeys(self._analyzer.analyze(question))
        if not words or limit < 1:
            return []
        clauses = [(tantivy.Occur.Must, self._any_word(words))]
        if filters is not None:
            clauses.extend(
                (tantivy.Occur.Must, tantivy.Query.const_score_query(clause, 0.0))
                for clause in self._filter_clauses(filters)
            )
        found = self._searcher.search(
            tantivy.Query.boolean_query(clauses), limit=limit, count=False
        ).hits
        ids = self._searcher.fast_field_values("chunk_id", [address for _, address in found])
        scored = sorted(
            (-float(score), cast("int", chunk_id))
            for (score, _), chunk_id in zip(found, ids, strict=True)
        )
        return [Hit(chunk_id, -score, rank) for rank, (score, chunk_id) in enumerate(scored, 1)]

    def _any_word(self, words: Iterable[str]) -> tantivy.Query:
        clauses = []
        for word in words:
            for name, weight in (("text", 1.0), ("context", self._context_weight)):
                if weight > 0:
                    term = tantivy.Query.term_query(self._index.schema, name, word, "freq")
                    clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(term, weight)))
        return tantivy.Query.boolean_query(clauses)

    def _filter_clauses(self, filters: Filters) -> Iterator[tantivy.Query]:
        schema = self._index.schema
        for name, values in (
            ("source", filters.sources),
            ("article_id", filters.article_ids),
            ("tag", filters.tags),
        ):
            if values:
                yield tantivy.Query.term_set_query(schema, name, sorted(values))
        first, last = filters.published_from, filters.published_to
        if first is not None or last is not None:
            yield tantivy.Query.range_query(
                schema,
                "day",
                tantivy.FieldType.Integer,
                lower_bound=None if first is None else first.toordinal(),
                upper_bound=None if last is None else last.toordinal(),
            )
