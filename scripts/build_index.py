"""Build the index of a corpus folder: `article-qa build --corpus DIR --index DIR`."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.answering.answerer import AskParameters
from api.answering.reading.registry import DEFAULT_READER
from api.service.models import load_models
from api.settings import read_settings
from api.waiting import Waiting
from index.building.build_choices import DEFAULT_CORPUS, SAMPLE_CORPUS, build_choices
from index.building.builder import build_index, is_stale
from index.building.options import MEGABYTE, MOST_SHARDS, BuildOptions
from index.building.shard_tasks import ShardTasks
from index.chunking.chunker import ChunkingParameters
from index.cluster import Cluster
from index.embedding.encoder import DEFAULT_MODEL, Precision, SentenceTransformerEncoder
from index.embedding.ray_encoder import RayEncoder
from index.generations.published import PublishedIndex
from index.generations.rotation import roll_back
from index.loading.gold import load_gold_set
from index.loading.local_gold import with_marked
from index.stores.faiss_names import ACCEPTED
from scripts.evaluation.gate import parse_limits
from scripts.evaluation.preflight import CURRENT, RefusedError, make_preflight
from scripts.terminal.build_progress import ASKING, ProgressStyle, build_reporter
from scripts.terminal.commands import (
    CalibrationOption,
    Command,
    DeviceOption,
    EncoderOption,
    IndexOption,
    JsonOption,
    PrecisionOption,
    ReaderOption,
    StorageOption,
    command_line,
    print_result,
    reported_errors,
)
from scripts.terminal.extras import require_extra

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.settings import Settings
    from index.building.build_choices import BuildChoices
    from index.building.builder import BuildSummary
    from index.embedding.encoder import Encoder
    from index.loading.gold import GoldSet
    from scripts.evaluation.preflight import Preflight

_PREFLIGHT = "Preflight"
_KEPT = "Without it, as in the index before, and for a new one"
_CHUNKING = ChunkingParameters()
_OPTIONS = BuildOptions()
_NAMED: Final = 5  # ids of lost articles in a warning
_CorpusOption = Annotated[
    Path | None,
    typer.Option(
        envvar="QA_CORPUS_DIR",
        help="Folder of articles; without one, that of the index before, or "
        f"'{DEFAULT_CORPUS}' for a new index, and the sample articles without such a folder.",
    ),
]
_MaxTokensOption = Annotated[
    int | None,
    typer.Option(help=f"Most tokens in a chunk. {_KEPT} {_CHUNKING.max_tokens}."),
]
_OverlapTokensOption = Annotated[
    int | None,
    typer.Option(
        help=f"Most tokens that a chunk repeats of the one before. {_KEPT} "
        f"{_CHUNKING.overlap_tokens}."
    ),
]
_LanguageOption = Annotated[
    str | None,
    typer.Option(
        help="ISO 639 code of the articles' language, for sentences and words. "
        f"{_KEPT} {_CHUNKING.language}."
    ),
]
_IfStaleOption = Annotated[
    bool, typer.Option("--if-stale", help="Build only if that would change anything.")
]
_KeepOption = Annotated[
    int,
    typer.Option(
        min=1,
        envvar="QA_KEEP_GENERATIONS",
        help="Generations to keep on disk, the new one included.",
    ),
]
_CacheOption = Annotated[
    int,
    typer.Option(
        min=0,
        envvar="QA_EMBEDDING_CACHE_MB",
        help="Most megabytes of vectors kept for later builds.",
    ),
]
_FaissOption = Annotated[
    str | None,
    typer.Option(
        envvar="QA_FAISS",
        help="Vector index: auto, which chooses by the number of chunks, or a FAISS factory "
        f"string such as IVF4096,SQ8: {ACCEPTED}. {_KEPT} {_OPTIONS.vector_index}.",
    ),
]
_RecallOption = Annotated[
    float | None,
    typer.Option(
        envvar="QA_RECALL",
        help="Recall@10 against exact search to which an approximate vector index is tuned. "
        f"{_KEPT} {_OPTIONS.recall:g}.",
    ),
]
_ShardsOption = Annotated[
    int | None,
    typer.Option(
        envvar="QA_SHARDS",
        help=f"Shards to spread the articles over, 1 to {MOST_SHARDS}; 1 is an index that is not "
        f"sharded. {_KEPT} {_OPTIONS.shards}.",
    ),
]
_RayOption = Annotated[
    str | None,
    typer.Option(
        envvar="QA_RAY",
        metavar="ADDRESS",
        help="Embed, and index shards, on a Ray cluster that this machine is a node of: HOST:PORT, "
        "or 'auto'.",
    ),
]
_RollbackOption = Annotated[
    bool, typer.Option("--rollback", help="Build nothing; go back to the generation before.")
]
_ProgressOption = Annotated[
    ProgressStyle, typer.Option(help="A bar on standard error, or JSON lines on standard output.")
]
_GoldOption = Annotated[
    Path | None,
    typer.Option(
        envvar="QA_PREFLIGHT_GOLD",
        help="Gold questions to ask before the new index goes live, with those that were marked "
        "beside the articles and reviewed.",
        rich_help_panel=_PREFLIGHT,
    ),
]
_NoWorseThanOption = Annotated[
    str,
    typer.Option(
        envvar="QA_PREFLIGHT_NO_WORSE_THAN",
        help="Result that the new index must not fall behind: 'current' for the one being served, "
        "or a file that 'article-qa evaluate --json FILE' wrote.",
        rich_help_panel=_PREFLIGHT,
    ),
]
_FailUnderOption = Annotated[
    str | None,
    typer.Option(
        envvar="QA_PREFLIGHT_FAIL_UNDER",
        help="Limits that the new index must meet, such as em=0.8,f1=0.85.",
        rich_help_panel=_PREFLIGHT,
    ),
]


def main(
    *,
    corpus: _CorpusOption = None,
    index: IndexOption = Path("var/index"),
    encoder: EncoderOption = DEFAULT_MODEL,
    device: DeviceOption = None,
    precision: PrecisionOption = Precision.FLOAT32,
    max_tokens: _MaxTokensOption = None,
    overlap_tokens: _OverlapTokensOption = None,
    language: _LanguageOption = None,
    if_stale: _IfStaleOption = False,
    keep: _KeepOption = _OPTIONS.keep,
    cache_mb: _CacheOption = _OPTIONS.cache_bytes // MEGABYTE,
    faiss: _FaissOption = None,
    recall: _RecallOption = None,
    shards: _ShardsOption = None,
    ray: _RayOption = None,
    storage: StorageOption = None,
    rollback: _RollbackOption = False,
    progress: _ProgressOption = ProgressStyle.BAR,
    gold: _GoldOption = None,
    no_worse_than: _NoWorseThanOption = CURRENT,
    fail_under: _FailUnderOption = None,
    reader: ReaderOption = DEFAULT_READER,
    calibration: CalibrationOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build the index of a corpus folder; the old one is served until the new one is complete.

    The last line printed is a summary in JSON. Files that gave no article, and parts of others that
    are not in their articles, are named on standard error and counted; a warning follows where
    articles of the old index are gone because of that.
    With --storage the build goes on from what is published there, and publishes what it makes
    before it switches to it.
    The exit status is 1 only if nothing could be indexed, or if the new index does worse on --gold
    than allowed: it is then kept aside, the old one goes on being served, and the summary lists
    the answers that changed. --reader and --calibration are those that --gold is asked with.
    """
    with reported_errors():
        published = None if storage is None else PublishedIndex(storage)
        if rollback:
            manifest = roll_back(index) if published is None else published.roll_back(index)
            print_result({"rolled_back_to": manifest.index_version}, as_json=as_json)
            return
        if ray is not None:
            require_extra("cluster")
        publication = None if published is None else published.begin(index, keep)
        kept = build_choices(index, corpus)
        if kept.corpus_dir == SAMPLE_CORPUS:
            print("these are the sample articles; --corpus names your own folder", file=sys.stderr)
        try:
            chunking = _chunking(kept, max_tokens, overlap_tokens, language)
            options = _options(kept, keep, cache_mb, faiss, recall, shards)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
        with Waiting("loading the embedding model") as waiting:
            loaded = SentenceTransformerEncoder(encoder, device=device, precision=precision)
            waiting.what = "looking for articles that changed"
            due = not if_stale or is_stale(kept.corpus_dir, index, loaded, chunking, options)
        if not due:
            newly = None if publication is None else publication.publish_current(index)
            told = {} if newly is None else {"published": newly}
            print_result({"up_to_date": True, **told}, as_json=as_json)
            return
        preflight = None
        if gold is not None:
            require_extra("evaluation")
            settings = read_settings(
                index_dir=index,
                encoder=encoder,
                device=device,
                precision=precision,
                reader=reader,
                calibration=calibration,
            )
            asked = with_marked(load_gold_set(gold), kept.corpus_dir)
            preflight = _preflight(settings, loaded, asked, no_worse_than, fail_under, progress)
        try:
            with (
                _embedding(loaded, ray, precision) as (embedding, tasks),
                build_reporter(progress) as show,
            ):
                summary = build_index(
                    kept.corpus_dir,
                    index,
                    embedding,
                    chunking,
                    options,
                    progress=show,
                    before_switch=_one_after_the_other(preflight, publication),
                    tasks=tasks,
                )
        except RefusedError as error:
            print_result({"preflight": error.report}, as_json=as_json)
            raise
    _warn(summary)
    if progress is ProgressStyle.BAR and not as_json:
        print(_told(summary), file=sys.stderr)
    report_of_preflight = {} if preflight is None else {"preflight": preflight.report}
    print_result({**_described(summary), **report_of_preflight}, as_json=as_json)


def _chunking(
    kept: BuildChoices, max_tokens: int | None, overlap_tokens: int | None, language: str | None
) -> ChunkingParameters:
    """The parameters that are given, and those of the index before.

    Raises:
        ValueError: If one is out of range.
    """
    return ChunkingParameters(
        kept.chunking.max_tokens if max_tokens is None else max_tokens,
        kept.chunking.overlap_tokens if overlap_tokens is None else overlap_tokens,
        kept.chunking.language if language is None else language,
    )


def _options(
    kept: BuildChoices,
    keep: int,
    cache_mb: int,
    faiss: str | None,
    recall: float | None,
    shards: int | None,
) -> BuildOptions:
    """The options that are given, and those of the index before.

    Raises:
        ValueError: If one is out of range.
    """
    return BuildOptions(
        keep,
        cache_mb * MEGABYTE,
        kept.vector_index.requested if faiss is None else faiss,
        kept.vector_index.recall_target if recall is None else recall,
        kept.fleet.shards if shards is None else shards,
    )


def _preflight(
    settings: Settings,
    encoder: Encoder,
    gold: GoldSet,
    no_worse_than: str,
    fail_under: str | None,
    progress: ProgressStyle,
) -> Preflight:
    """The gold questions that the new index must answer well enough before the switch."""
    return make_preflight(
        settings.index_dir,
        gold,
        load_models(settings, encoder),
        no_worse_than,
        top_k=AskParameters().top_k,
        limits={} if fail_under is None else parse_limits(fail_under),
        show=ASKING[progress],
    )


def _one_after_the_other(*steps: Callable[[Path], None] | None) -> Callable[[Path], None]:
    """Make one step of those before the switch that there are."""

    def before_switch(folder: Path) -> None:
        for step in steps:
            if step is not None:
                step(folder)

    return before_switch


@contextmanager
def _embedding(
    encoder: Encoder, ray: str | None, precision: Precision
) -> Iterator[tuple[Encoder, ShardTasks | None]]:
    """Embed with an encoder, or by workers of a Ray cluster, which then indexes shards, too."""
    if ray is None:
        yield encoder, None
        return
    cluster = Cluster(ray)
    try:
        yield RayEncoder(encoder, cluster, precision), ShardTasks(cluster, precision)
    finally:
        cluster.close()


def _warn(summary: BuildSummary) -> None:
    """Name on standard error what was skipped or left out, and what is missing because of it."""
    for item in summary.skipped:
        print(f"skipped {item.where}: {item.reason}", file=sys.stderr)
    if summary.skipped_count > len(summary.skipped):
        more = summary.skipped_count - len(summary.skipped)
        print(f"skipped {more} more files or lines", file=sys.stderr)
    for item in summary.left_out.items:
        print(f"left out of {item.where}: {item.reason}", file=sys.stderr)
    lost = summary.build.lost
    if lost.count:
        ids = ", ".join(lost.ids[:_NAMED]) + (", ..." if lost.count > _NAMED else "")
        print(
            f"warning: {lost.count} articles of the index before are gone although nobody removed "
            f"them, because of what was skipped: {ids}; mend that and build again, or go back "
            "with --rollback",
            file=sys.stderr,
        )


def _told(summary: BuildSummary) -> str:
    """What was built, in one line for people."""
    build = summary.build
    return (
        f"{summary.articles} articles in {summary.chunks} chunks: {build.added.count} added, "
        f"{build.changed.count} changed, {build.removed.count} removed; "
        f"{summary.skipped_count} files or lines skipped"
    )


def _described(summary: BuildSummary) -> dict[str, object]:
    return {
        "index_version": summary.index_version,
        "articles": summary.articles,
        "copies": summary.copies,
        "chunks": summary.chunks,
        "skipped": [asdict(item) for item in summary.skipped],
        "skipped_count": summary.skipped_count,
        "left_out": [asdict(item) for item in summary.left_out.items],
        "left_out_count": summary.left_out.count,
        "build": summary.build.model_dump(),
        "seconds": round(summary.seconds, 3),
    }


_EXAMPLES: Final = (
    ("article-qa build --corpus ~/articles --index var/index", "build or renew"),
    ("article-qa build --if-stale", "only if something has changed"),
    ("article-qa build --gold corpus/gold.jsonl", "refuse an index that does worse"),
    ("article-qa build --shards 4", "spread the articles over four shards"),
    ("article-qa build --shards 4 --ray 10.0.0.1:6379", "and build them on a cluster"),
    ("article-qa build --storage s3://bucket/index", "publish it for other machines"),
    ("article-qa build --rollback", "go back to the index before"),
)
_STATUSES: Final = (
    "0 when the index is built, also when single files were skipped; 1 when nothing could be "
    "indexed or the new index was refused, and the old one stays; 2 for a wrong argument; 130 "
    "when interrupted."
)
app = command_line(Command(main, _EXAMPLES, _STATUSES))

if __name__ == "__main__":
    app()
