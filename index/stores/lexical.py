"""BM25 search by tantivy: an inverted index on disk, mapped into memory."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final, Self, cast

import tantivy

from index.errors import IndexCorruptError
from index.folding import plain_marks
from index.records import ArticleInfo, Chunk, Filters, Hit
from index.stores.tantivy_folder import open_index, share_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_ANALYZER: Final = "words"
_LONGEST_WORD: Final = 64
_MOST_TIED: Final = 10_000  # documents compared by id where their scores are equal
_WRITER_HEAP: Final = 64 * 1024 * 1024
_LANGUAGES: Final = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "fi": "finnish", "fr": "french", "hu": "hungarian", "it": "italian",
    "nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_UNACCENTED: Final = "en"
_WITHOUT_STOP_WORDS: Final = {"ar", "el", "ro", "ta", "tr"}  # tantivy has no stop words for them
# Stop words of questions: they carry no content, but are rare enough in articles to weigh heavily.
_QUESTION_WORDS: Final = {
    "en": (
        "about any been can could did do does doing done during from had has have he her him his "
        "how i its many may me more most much my name named often our she should some than them "
        "those through under upon us was we were what when where which while who whom whose why "
        "would you your"
    ).split()
}


def text_analyzer(language: str) -> tantivy.TextAnalyzer:
    """Build the analyzer: lower case, no stop words, stems, ASCII folding.

    English words lose their accents before they are stemmed, so that "Lefèvre" is found as
    "Lefevre"; the stemmers of other languages need them. Languages that tantivy does not support
    get neither stemming nor stop words.
    """
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
        .filter(tantivy.Filter.lowercase())
    )
    if language == _UNACCENTED:
        builder = builder.filter(tantivy.Filter.ascii_fold())
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
    """Writes the BM25 index of a generation; a context manager that commits on exit.

    Raises:
        OSError: On entry, while adding or on exit: if it cannot be written, as on a full disk.
    """

    def __init__(self, folder: Path, language: str) -> None:
        folder.mkdir()
        self._folder = folder
        try:
            index = tantivy.Index(_schema(), path=str(folder), reuse=False)
            index.register_tokenizer(_ANALYZER, text_analyzer(language))
            # One thread, so that equal corpora give equal orders of equally scored chunks.
            self._writer = index.writer(heap_size=_WRITER_HEAP, num_threads=1)
        except ValueError as error:
            raise _system_error(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error_type: object, error: object, trace: object) -> None:
        try:
            if error_type is None:
                self._writer.commit()
            else:
                self._writer.rollback()
            self._writer.wait_merging_threads()
            share_files(self._folder)
        except ValueError as refusal:
            raise _system_error(refusal) from refusal

    def add(
        self,
        chunk_id: int,
        chunk: Chunk,
        article: ArticleInfo,
        copies: Sequence[ArticleInfo] = (),
    ) -> None:
        """Index one chunk under the filter values of its article and of the article's copies.

        Raises:
            OSError: If this chunk or an earlier one cannot be written.
        """
        document = tantivy.Document()
        document.add_unsigned("chunk_id", chunk_id)
        document.add_text("text", plain_marks(chunk.text))
        document.add_text("context", plain_marks(chunk.context))
        for version in (article, *copies):
            document.add_text("article_id", version.id)
            if version.source is not None:
                document.add_text("source", version.source)
            for tag in version.tags:
                document.add_text("tag", tag)
            if version.published_at is not None:
                document.add_integer("day", version.published_at.toordinal())
        try:
            self._writer.add_document(document)
        except ValueError as error:
            raise _system_error(error) from error


def _system_error(error: ValueError) -> OSError:
    """Restore an error of the system, all of which tantivy raises as a bare `ValueError`."""
    return OSError(errno.EIO, f"lexical index: {error}")


class LexicalStore:
    """Finds the chunks that share words with a question.

    Args:
        folder: A folder written by `LexicalWriter`.
        language: The language that it was written with.
        context_weight: Weight of a word in title or headings; a word in the text has weight 1.

    Raises:
        IndexCorruptError: If the folder does not hold a readable index.
    """

    def __init__(self, folder: Path, language: str, *, context_weight: float) -> None:
        try:
            self._index, self._searcher = self._open(folder)
        except (OSError, ValueError) as error:
            raise IndexCorruptError(
                f"{folder}: not a readable tantivy index: {error}; let this user read its files, "
                "or rebuild the index"
            ) from error
        self._analyzer = text_analyzer(language)
        self._context_weight = context_weight

    def _open(self, folder: Path) -> tuple[tantivy.Index, tantivy.Searcher]:
        """Open the index; see `open_index`."""
        return open_index(folder)

    def _chunk_ids(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        """Look up the ids of the chunks at addresses in the index."""
        return cast("list[int]", self._searcher.fast_field_values("chunk_id", addresses))

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, question: str, limit: int, filters: Filters | None = None) -> list[Hit]:
        """Find the chunks with the highest BM25 score (k1 1.2, b 0.75), best first.

        The question is plain words: no character in it is query syntax. Different filters may be
        met by different copies of an article, so that more chunks can pass than
        `ArticleStore.allowed_chunks` allows.
        """
        words = dict.fromkeys(self._analyzer.analyze(plain_marks(question)))
        if not words or limit < 1:
            return []
        clauses = [(tantivy.Occur.Must, self._any_word(words))]
        if filters is not None:
            clauses.extend(
                (tantivy.Occur.Must, tantivy.Query.const_score_query(clause, 0.0))
                for clause in self._filter_clauses(filters)
            )
        documents = self._best(tantivy.Query.boolean_query(clauses), limit)
        ids = self._chunk_ids([address for _, address in documents])
        scored = sorted(
            (-float(score), chunk_id) for (score, _), chunk_id in zip(documents, ids, strict=True)
        )
        return [
            Hit(chunk_id, -score, rank) for rank, (score, chunk_id) in enumerate(scored[:limit], 1)
        ]

    def _best(self, query: tantivy.Query, limit: int) -> list[tuple[float, tantivy.DocAddress]]:
        """Find the documents that score best, and those that score like the last of them.

        Tantivy cuts equal scores in the order of its segments, which is not that of chunks.
        """
        count = limit + 1
        while True:
            documents = self._searcher.search(query, limit=count, count=False).hits
            complete = len(documents) < count or documents[-1][0] < documents[limit - 1][0]
            if complete or count > _MOST_TIED:
                return documents
            count *= 2

    def has_together(self, words: Sequence[str]) -> bool:
        """Whether one chunk, with its title and headings, holds all of some words."""
        analysed = self._analyzer.analyze(plain_marks(" ".join(words)))
        every = [(tantivy.Occur.Must, self._any_word([word])) for word in analysed]
        if not every:
            return True
        query = tantivy.Query.const_score_query(tantivy.Query.boolean_query(every), 0.0)
        return bool(self._searcher.search(query, limit=1, count=False).hits)

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
