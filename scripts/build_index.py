"""Build the index of a corpus folder: `python -m scripts.build_index --corpus DIR --index DIR`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Never, Self

import typer
from tqdm import tqdm

from api.answering.answerer import AskParameters
from api.service.models import load_models
from api.settings import TRAINED, read_settings
from index.building.build_choices import DEFAULT_CORPUS, build_choices
from index.building.builder import build_index, is_stale
from index.building.options import MEGABYTE, BuildOptions
from index.chunking.chunker import ChunkingParameters
from index.embedding.encoder import DEFAULT_MODEL, Precision, SentenceTransformerEncoder
from index.generations.rotation import roll_back
from index.loading.gold import load_gold_set
from index.stores.faiss_names import ACCEPTED
from scripts.evaluation.gate import parse_limits
from scripts.evaluation.preflight import CURRENT, RefusedError, make_preflight
from scripts.terminal.commands import (
    Command,
    DeviceOption,
    EncoderOption,
    IndexOption,
    PrecisionOption,
    command_line,
    print_result,
    reported_errors,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from index.loading.gold import GoldQuestion
    from index.manifest import ChangeRecord
    from index.progress import BuildProgress, Stage

_PREFLIGHT = "Preflight"
_KEPT = "As in the index before where not given."
_OPTIONS = BuildOptions()
_NAMED: Final = 5  # of the articles that were lost


class ProgressStyle(StrEnum):
    """How progress is shown."""

    BAR = "bar"
    JSON = "json"
    NONE = "none"


def main(
    *,
    corpus: Annotated[
        Path | None,
        typer.Option(
            envvar="QA_CORPUS_DIR",
            help="Folder of articles; where none is named, the one that the index was built from, "
            f"and '{DEFAULT_CORPUS}' for a new one.",
        ),
    ] = None,
    index: IndexOption = Path("var/index"),
    encoder: EncoderOption = DEFAULT_MODEL,
    device: DeviceOption = None,
    precision: PrecisionOption = Precision.FLOAT32,
    max_tokens: Annotated[int | None, typer.Option(help=f"Most tokens in a chunk. {_KEPT}")] = None,
    overlap_tokens: Annotated[
        int | None,
        typer.Option(help=f"Most tokens that a chunk repeats of the one before. {_KEPT}"),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help=f"ISO 639 code for sentences and words. {_KEPT}")
    ] = None,
    if_stale: Annotated[
        bool, typer.Option("--if-stale", help="Build only if it would change anything.")
    ] = False,
    keep: Annotated[
        int,
        typer.Option(
            min=1,
            envvar="QA_KEEP_GENERATIONS",
            help="Generations to keep on disk, the new one included.",
        ),
    ] = _OPTIONS.keep,
    cache_mb: Annotated[
        int,
        typer.Option(
            min=0,
            envvar="QA_EMBEDDING_CACHE_MB",
            help="Most megabytes of vectors kept for later builds.",
        ),
    ] = _OPTIONS.cache_bytes // MEGABYTE,
    faiss: Annotated[
        str | None,
        typer.Option(
            envvar="QA_FAISS",
            help="Index for the vectors; auto chooses by the number of chunks, or a factory string "
            f"of FAISS, such as IVF4096,SQ8: {ACCEPTED}. {_KEPT}",
        ),
    ] = None,
    recall: Annotated[
        float | None,
        typer.Option(
            envvar="QA_RECALL",
            help=f"Recall@10 against exact search that an approximate index is tuned to. {_KEPT}",
        ),
    ] = None,
    rollback: Annotated[
        bool,
        typer.Option("--rollback", help="Build nothing; go back to the generation before."),
    ] = False,
    progress: Annotated[
        ProgressStyle,
        typer.Option(help="A bar on standard error, or JSON lines on standard output."),
    ] = ProgressStyle.BAR,
    gold: Annotated[
        Path | None,
        typer.Option(
            envvar="QA_PREFLIGHT_GOLD",
            help="Gold questions to ask before the new index goes live.",
            rich_help_panel=_PREFLIGHT,
        ),
    ] = None,
    no_worse_than: Annotated[
        str,
        typer.Option(
            envvar="QA_PREFLIGHT_NO_WORSE_THAN",
            help="'current', or a file that scripts.evaluate --json wrote.",
            rich_help_panel=_PREFLIGHT,
        ),
    ] = CURRENT,
    fail_under: Annotated[
        str | None,
        typer.Option(
            envvar="QA_PREFLIGHT_FAIL_UNDER",
            help="Limits such as em=0.8,f1=0.85.",
            rich_help_panel=_PREFLIGHT,
        ),
    ] = None,
    reader: Annotated[
        str,
        typer.Option(
            envvar="QA_READER",
            help="trained, sentence, or a folder.",
            rich_help_panel=_PREFLIGHT,
        ),
    ] = TRAINED,
    calibration: Annotated[
        Path | None,
        typer.Option(
            envvar="QA_CALIBRATION", help="Confidence to use.", rich_help_panel=_PREFLIGHT
        ),
    ] = None,
) -> None:
    """Build the index of a corpus folder; the old one is served until the new one is whole.

    The last line printed is a summary in JSON. Files that could not become articles are named on
    standard error and counted; where articles of the old index are gone because of that, a warning
    follows. The exit status is 1 only if nothing could be indexed, or if the new index does worse
    on --gold than allowed: it is kept aside then, the old one goes on being served, and the
    summary says which answers changed.
    """
    with reported_errors():
        if rollback:
            manifest = roll_back(index)
            print_result({"rolled_back_to": manifest.index_version})
            return
        kept = build_choices(index, corpus)
        folder = kept.corpus_dir
        try:
            chunking = ChunkingParameters(
                kept.chunking.max_tokens if max_tokens is None else max_tokens,
                kept.chunking.overlap_tokens if overlap_tokens is None else overlap_tokens,
                kept.chunking.language if language is None else language,
            )
            options = BuildOptions(
                keep,
                cache_mb * MEGABYTE,
                kept.vector_index.requested if faiss is None else faiss,
                kept.vector_index.recall_target if recall is None else recall,
            )
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
        loaded = SentenceTransformerEncoder(encoder, device=device, precision=precision)
        if if_stale and not is_stale(folder, index, loaded, chunking, options):
            print_result({"up_to_date": True})
            return
        preflight = None
        if gold is not None:
            settings = read_settings(
                index_dir=index,
                encoder=encoder,
                device=device,
                precision=precision,
                reader=reader,
                calibration=calibration,
            )
            preflight = make_preflight(
                index,
                load_gold_set(gold),
                load_models(settings, loaded),
                no_worse_than,
                top_k=AskParameters().top_k,
                limits={} if fail_under is None else parse_limits(fail_under),
                show=_SHOWN[progress],
            )
        try:
            with _Reporter(progress) as report:
                summary = build_index(
                    folder,
                    index,
                    loaded,
                    chunking,
                    options,
                    progress=report.show,
                    before_switch=preflight,
                )
        except RefusedError as error:
            print_result({"preflight": error.report})
            raise
    for item in summary.skipped:
        print(f"skipped {item.where}: {item.reason}", file=sys.stderr)
    if summary.build.lost.count:
        print(_lost(summary.build.lost), file=sys.stderr)
    print_result(
        {
            "index_version": summary.index_version,
            "articles": summary.articles,
            "copies": summary.copies,
            "chunks": summary.chunks,
            "skipped": [asdict(item) for item in summary.skipped],
            "skipped_count": len(summary.skipped),
            "build": summary.build.model_dump(),
            "seconds": round(summary.seconds, 3),
            **({} if preflight is None else {"preflight": preflight.report}),
        }
    )


def _lost(lost: ChangeRecord) -> str:
    named = ", ".join(lost.ids[:_NAMED]) + (", ..." if lost.count > _NAMED else "")
    return (
        f"warning: {lost.count} of the articles of the index before are gone although nobody "
        f"removed them, because of what was skipped: {named}; mend that and build again, or go "
        "back with --rollback"
    )


def _asking_with_bar(questions: Sequence[GoldQuestion]) -> Iterable[GoldQuestion]:
    return tqdm(questions, desc="asking", unit="question", disable=None)


def _asking_with_lines(questions: Sequence[GoldQuestion]) -> Iterable[GoldQuestion]:
    for done, question in enumerate(questions):
        yield question
        progress = {"questions_done": done + 1, "questions": len(questions)}
        print(json.dumps({"progress": progress}), flush=True)


def _asking_silently(questions: Sequence[GoldQuestion]) -> Iterable[GoldQuestion]:
    return questions


_SHOWN: Final = {
    ProgressStyle.BAR: _asking_with_bar,
    ProgressStyle.JSON: _asking_with_lines,
    ProgressStyle.NONE: _asking_silently,
}


class _Reporter:
    """Shows progress in the wanted style."""

    def __init__(self, style: ProgressStyle) -> None:
        self._bar: tqdm[Never] | None = None
        self._stage: Stage | None = None
        self.show: Callable[[BuildProgress], None] = self._ignore
        if style is ProgressStyle.BAR:
            self._bar = tqdm(disable=None)
            self.show = self._advance
        elif style is ProgressStyle.JSON:
            self.show = self._print

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def _advance(self, progress: BuildProgress) -> None:
        if self._bar is None:
            return
        if self._stage is not progress.stage:  # each has a rate and a time left of its own
            self._stage = progress.stage
            self._bar.reset(progress.total)
            self._bar.unit = progress.stage.unit
            self._bar.set_description(progress.stage)
        self._bar.update(progress.done - self._bar.n)

    @staticmethod
    def _print(progress: BuildProgress) -> None:
        line = {"progress": {**asdict(progress), "unit": progress.stage.unit}}
        print(json.dumps(line), flush=True)

    @staticmethod
    def _ignore(progress: BuildProgress) -> None:
        del progress


_EXAMPLES: Final = (
    ("python -m scripts.build_index --corpus ~/articles --index var/index", "build or renew"),
    ("python -m scripts.build_index --if-stale", "only if something has changed"),
    ("python -m scripts.build_index --gold corpus/gold.jsonl", "refuse an index that does worse"),
    ("python -m scripts.build_index --rollback", "go back to the index before"),
)
_STATUSES: Final = (
    "0 when the index is there, also when single files were skipped; 1 when nothing could be "
    "indexed or the new index was refused, the old one stays; 2 for a wrong argument; 130 when "
    "interrupted."
)
app = command_line(Command(main, _EXAMPLES, _STATUSES))

if __name__ == "__main__":
    app()
