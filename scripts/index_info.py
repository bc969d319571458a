"""Describe an index: `article-qa info --index DIR`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from api.service.evaluating.history import EvaluationHistory
from index.generations.generation import current_folder
from index.generations.refusals import Refusal, read_refusals
from index.generations.rotation import kept_generations
from index.manifest import read_manifest
from scripts.terminal.commands import (
    Command,
    IndexOption,
    JsonOption,
    command_line,
    print_result,
    reported_errors,
)

if TYPE_CHECKING:
    from index.manifest import ChangeRecord, FleetRecord, Manifest, VectorIndexRecord

_SHOWN_IDS = 5
_SHOWN_SKIPPED = 20
_SHOWN_EVALUATIONS = 5
_SHOWN_MEASURES = {
    "exact_match": "exact words",
    "answered_right": "right of those answered",
    "answerable_answered": "answered of the answerable",
    "ece": "confidence off by",
}


def main(
    *,
    index: IndexOption = Path("var/index"),
    as_json: JsonOption = False,
) -> None:
    """Show what the index holds, what the last build changed, generations and evaluations."""
    with reported_errors():
        manifest = read_manifest(current_folder(index))
        kept, refusals = kept_generations(index), read_refusals(index)
        evaluations = EvaluationHistory(index).records()

    def show() -> None:
        for name, value in _lines(manifest, kept, refusals):
            print(f"{name:<12} {value}")
        for record in evaluations[-_SHOWN_EVALUATIONS:]:
            print(f"{'evaluated':<12} {_figures(record)}")

    description = {**_description(manifest, kept, refusals), "evaluations": evaluations}
    print_result(description, show, as_json=as_json, json_last=False)


def _description(
    manifest: Manifest, kept: list[Manifest], refusals: dict[str, Refusal]
) -> dict[str, Any]:
    return {
        **manifest.model_dump(mode="json", exclude={"files"}),
        "bytes": _size(manifest),
        "generations": [
            {
                "index_version": generation.index_version,
                "created_at": generation.created_at.isoformat(),
                "articles": generation.articles,
                "chunks": generation.chunks,
                "bytes": _size(generation),
                "current": generation.index_version == manifest.index_version,
                "refused": (
                    refusals[generation.index_version].model_dump(mode="json")
                    if generation.index_version in refusals
                    else None
                ),
            }
            for generation in kept
        ],
    }


def _lines(
    manifest: Manifest, kept: list[Manifest], refusals: dict[str, Refusal]
) -> list[tuple[str, str]]:
    build, encoder, chunking = manifest.build, manifest.encoder, manifest.chunking
    counted = manifest.skipped_count
    skipped = len(manifest.skipped) if counted is None else counted
    lines = [
        ("index", f"{manifest.index_version} (format {manifest.format_version})"),
        ("built", f"{manifest.created_at:%Y-%m-%d %H:%M:%S} UTC in {build.seconds:.1f} s"),
        ("from", manifest.corpus_dir),
        ("holds", f"{manifest.articles} articles in {manifest.chunks} chunks"),
        ("copies", f"{manifest.copies} articles with the text of another one"),
        ("near copies", f"{manifest.near_duplicates} articles with nearly the text of another one"),
        ("on disk", f"{_size(manifest) / 1e6:.1f} MB"),
        *([("shards", _shards(manifest.fleet))] if manifest.fleet is not None else []),
        ("encoder", f"{encoder.model}, {encoder.dimension} dimensions, {encoder.fingerprint}"),
        (
            "chunking",
            f"{chunking.max_tokens} tokens, {chunking.overlap_tokens} overlap, {chunking.language}",
        ),
        ("search", _search(manifest.vector_index)),
        ("since", "nothing before it" if build.since is None else build.since),
        ("added", _change(build.added)),
        ("changed", _change(build.changed)),
        ("removed", _change(build.removed)),
        *([("lost", f"{_change(build.lost)} (skipped below)")] if build.lost.count else []),
        ("kept", str(build.kept)),
        ("files", f"{build.files_read} read, {build.files_unchanged} unchanged"),
        ("vectors", f"{build.chunks_embedded} computed, {build.chunks_reused} reused"),
        ("skipped", str(skipped)),
    ]
    lines += [("", f"{item.where}: {item.reason}") for item in manifest.skipped[:_SHOWN_SKIPPED]]
    if skipped > _SHOWN_SKIPPED:
        lines.append(("", "... and more; --json lists the first of them"))
    lines.append(("left out", f"{manifest.left_out.count} parts of articles' files"))
    lines += [
        ("", f"{item.where}: {item.reason}") for item in manifest.left_out.items[:_SHOWN_SKIPPED]
    ]
    lines += [
        (
            "also kept",
            f"{_kept(generation)}{_why_refused(refusals.get(generation.index_version))}",
        )
        for generation in kept
        if generation.index_version != manifest.index_version
    ]
    return lines


def _kept(generation: Manifest) -> str:
    return f"{generation.index_version}, {generation.articles} articles"


def _why_refused(refusal: Refusal | None) -> str:
    return "" if refusal is None else f", {refusal}"


def _figures(record: dict[str, Any]) -> str:
    """The figures of an evaluation by the service, and the generation that was asked."""
    measures = [
        f"{words} {record['measures'][name]['value']:.2f}"
        for name, words in _SHOWN_MEASURES.items()
        if record["measures"].get(name, {}).get("value") is not None
    ]
    asked = f"{record['index_version']}, {record['questions']} of {record['of']} questions"
    return f"{record['created_at'][:16].replace('T', ' ')} UTC, {asked}: {', '.join(measures)}"


def _shards(fleet: FleetRecord) -> str:
    counts = [f"{shard.number}: {shard.chunks}" for shard in fleet.generations]
    return f"{fleet.shards}; chunks in each that has some: {', '.join(counts)}"


def _search(vectors: VectorIndexRecord) -> str:
    if vectors.search_parameter is None:
        return f"FAISS {vectors.factory}, every vector compared"
    return (
        f"FAISS {vectors.factory}, {vectors.search_parameter} {vectors.search_value}, "
        f"recall@10 {vectors.recall_at_10}"
    )


def _change(change: ChangeRecord) -> str:
    if not change.ids:
        return str(change.count)
    more = ", ..." if change.count > _SHOWN_IDS else ""
    return f"{change.count}: {', '.join(change.ids[:_SHOWN_IDS])}{more}"


def _size(manifest: Manifest) -> int:
    return sum(record.bytes for record in manifest.files)


_EXAMPLES: Final = (
    ("article-qa info --index var/index", "for people"),
    ("article-qa info --json", "everything, with the skipped files"),
)
app = command_line(Command(main, _EXAMPLES))

if __name__ == "__main__":
    app()
