"""Fine-tune a base encoder into a reader: `python -m scripts.train_reader --help`.

The first call makes the plan (every sequence of the run) and keeps it in OUT; `--resume` goes on
from the last checkpoint, to the same weights an unbroken run would have given. With `--teacher`,
what that says of every sequence is computed before the training, and kept in OUT as well. The run
record (configuration, data hashes, what the plan holds) stands next to the weights.
"""

import json
import platform
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any, Final

import torch
import typer

from api.answering.errors import ReaderError
from api.answering.reading.base_encoder import find_base
from api.answering.reading.network import WEIGHTS_FILE
from api.service.models import reader_options
from api.settings import read_settings
from scripts.terminal.commands import (
    Command,
    JsonOption,
    command_line,
    print_result,
    print_values,
    reported_errors,
)
from scripts.training.hard_sequences import hard_sequences
from scripts.training.loss import Distillation, LossWeights
from scripts.training.origins import (
    FROZEN_LAYERS,
    RANK,
    LargeOrigin,
    Origin,
    ReaderSize,
    SmallOrigin,
)
from scripts.training.plan import Plan
from scripts.training.questions.bundles import Recipe
from scripts.training.questions.question_sets import QUESTION_SETS
from scripts.training.questions.squad import sha256_of
from scripts.training.sources import DATA_FILES, NEWS_PARTS, base_folder, make_plan
from scripts.training.teacher import Teacher
from scripts.training.teacher_logits import Lessons
from scripts.training.trainer import Trainer, TrainerConfig

_RECIPE, _CONFIG, _DISTILLATION = Recipe(), TrainerConfig(), Distillation()
_CONFIGS: Final = {
    ReaderSize.SMALL: _CONFIG,
    ReaderSize.LARGE: TrainerConfig(learning_rate=5e-4, batch_tokens=1024),
}
_MIX = "What is learnt from"
_TEACHER = "A teacher"


def main(
    *,
    data: Annotated[Path, typer.Option(help="Folder of the question files.")],
    out: Annotated[Path, typer.Option(help="Folder of the run.")],
    size: Annotated[
        ReaderSize, typer.Option(help="small, or large: an adapter on the base encoder.")
    ] = ReaderSize.SMALL,
    start: Annotated[Path | None, typer.Option(help="Folder of a reader to go on from.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from OUT/checkpoint.pt.")] = False,
    minutes: Annotated[
        float | None, typer.Option(help="End the run, decay included, by then.")
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="CPU threads.")] = None,
    seed: Annotated[int, typer.Option(help="Of the plan and of the training.")] = _RECIPE.seed,
    epochs: Annotated[int, typer.Option(min=1)] = _CONFIG.epochs,
    learning_rate: Annotated[
        float | None, typer.Option(min=0, help="2.5e-4 by default; of a large reader 5e-4.")
    ] = None,
    batch_tokens: Annotated[
        int | None, typer.Option(min=1, help="4096 by default; of a large reader 1024.")
    ] = None,
    rank: Annotated[int, typer.Option(min=1, max=256, help="Of a large reader's updates.")] = RANK,
    frozen_layers: Annotated[
        int, typer.Option(min=0, help="A large reader's first layers, which get no updates.")
    ] = FROZEN_LAYERS,
    negatives: Annotated[
        float, typer.Option(min=0, rich_help_panel=_MIX, help="Passages without the answer.")
    ] = _RECIPE.negatives,
    near_misses: Annotated[
        float, typer.Option(min=0, rich_help_panel=_MIX, help="Questions that no longer fit.")
    ] = _RECIPE.near_misses,
    made_up: Annotated[
        float, typer.Option(min=0, rich_help_panel=_MIX, help="Pairs of made-up sentences.")
    ] = _RECIPE.made_up,
    again: Annotated[
        float, typer.Option(min=0, rich_help_panel=_MIX, help="Share of a second pass.")
    ] = _RECIPE.again,
    questions: Annotated[
        int | None,
        typer.Option(min=1, rich_help_panel=_MIX, help="SQuAD train questions; all by default."),
    ] = None,
    written: Annotated[
        int, typer.Option(min=0, rich_help_panel=_MIX, help="Copies of our own questions.")
    ] = _RECIPE.written,
    news: Annotated[
        bool,
        typer.Option(
            "--news", rich_help_panel=_MIX, help="The news families and the other question sets."
        ),
    ] = _RECIPE.news,
    leave_out: Annotated[
        list[str] | None,
        typer.Option(
            rich_help_panel=_MIX, help=f"Of these, all but it ({', '.join(NEWS_PARTS)}); repeat it."
        ),
    ] = None,
    harder_than: Annotated[
        Path | None,
        typer.Option(
            rich_help_panel=_MIX,
            help="Folder of a small reader; most of what it reads rightly is left out.",
        ),
    ] = None,
    unlabelled: Annotated[
        int,
        typer.Option(
            min=0,
            rich_help_panel=_MIX,
            help="Further passages of a news question, which only a teacher speaks of.",
        ),
    ] = _RECIPE.unlabelled,
    shared: Annotated[
        float, typer.Option(min=0, help="Weight of the loss over a question's passages together.")
    ] = LossWeights().shared,
    teacher: Annotated[
        Path | None,
        typer.Option(
            rich_help_panel=_TEACHER, help="Folder of a large reader; reads the whole plan first."
        ),
    ] = None,
    temperature: Annotated[
        float, typer.Option(min=0.1, rich_help_panel=_TEACHER, help="Softens what both say.")
    ] = _DISTILLATION.temperature,
    distilled: Annotated[
        float, typer.Option(min=0, max=1, rich_help_panel=_TEACHER, help="Its share of the loss.")
    ] = _DISTILLATION.share,
    as_json: JsonOption = False,
) -> None:
    """Make or take up a run, train, and save the weights in OUT/model; prints the run's record."""
    recipe = Recipe(
        negatives=negatives,
        near_misses=near_misses,
        made_up=made_up,
        again=again,
        questions=questions,
        written=written,
        news=news,
        left_out=() if leave_out is None else tuple(leave_out),
        unlabelled=unlabelled,
        seed=seed,
    )
    _check_recipe(recipe, has_teacher=teacher is not None)
    config = replace(_CONFIGS[size], epochs=epochs, minutes=minutes, seed=seed)
    if learning_rate is not None:
        config = replace(config, learning_rate=learning_rate)
    if batch_tokens is not None:
        config = replace(config, batch_tokens=batch_tokens)
    if threads is not None:
        torch.set_num_threads(threads)
    with reported_errors():
        out.mkdir(parents=True, exist_ok=True)
        options = reader_options(read_settings())
        origin: Origin = SmallOrigin(start)
        if size is ReaderSize.LARGE:
            origin = LargeOrigin(start, find_base(options), rank, frozen_layers)
        record = _run(
            data,
            out,
            origin,
            recipe,
            config,
            LossWeights(shared=shared),
            teacher=None if teacher is None else Teacher(teacher, options),
            distillation=Distillation(temperature, distilled),
            harder_than=harder_than,
            resume=resume,
        )
    print_result(record, lambda: print_values(record), as_json=as_json)


def _check_recipe(recipe: Recipe, *, has_teacher: bool) -> None:
    """Refuse a recipe whose parts do not go together.

    Raises:
        BadParameter: If nothing would be learnt from a part, or there is no such part.
    """
    if recipe.unlabelled and not (recipe.news and has_teacher):
        raise typer.BadParameter("--unlabelled needs --news and --teacher")
    if recipe.left_out and not recipe.news:
        raise typer.BadParameter("--leave-out needs --news")
    if unknown := set(recipe.left_out) - set(NEWS_PARTS):
        raise typer.BadParameter(
            f"--leave-out {min(unknown)}: expected one of {', '.join(NEWS_PARTS)}"
        )


def _run(
    data: Path,
    out: Path,
    origin: Origin,
    recipe: Recipe,
    config: TrainerConfig,
    weights: LossWeights,
    *,
    teacher: Teacher | None = None,
    distillation: Distillation = _DISTILLATION,
    harder_than: Path | None = None,
    resume: bool,
) -> dict[str, Any]:
    """Plan, train, save; returns the record.

    Raises:
        ReaderError: If there is nothing to resume, or it has another teacher.
    """
    record_path = out / "run.json"
    taught = None
    if teacher is not None:
        taught = {"teacher": teacher.fingerprint(), **asdict(distillation)}
    if resume:
        plan = Plan.load(out / "plan.npz")
        if (began := json.loads(record_path.read_text("utf-8")).get("distillation")) != taught:
            raise ReaderError(f"{record_path}: distillation {began}; {taught} was asked for")
    else:
        plan, kinds = make_plan(data, base_folder(), recipe, out / "news")
        if harder_than is not None:
            reader = SmallOrigin(harder_than).model(recipe.max_length)
            plan = hard_sequences(plan, reader, recipe.seed)
        plan.save(out / "plan.npz")
        record = {
            **origin.described(recipe.max_length),
            "recipe": asdict(recipe),
            "harder_than": None if harder_than is None else sha256_of(harder_than / WEIGHTS_FILE),
            "loss": asdict(weights),
            "distillation": taught,
            "trainer": asdict(config),
            "data": {name: sha256_of(data / name) for name in _data_files(recipe)},
            "pairs": kinds,
            "sequences": len(plan.start),
            "answered": int((plan.start > 0).sum()),
            "unlabelled": int((plan.start < 0).sum()),
            "tokens": int(plan.offsets[-1]),
            "torch": torch.__version__,
            "python": platform.python_version(),
        }
        record_path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    lessons = None
    if teacher is not None:
        lessons = Lessons(teacher.logits(plan, out / "teacher"), distillation)
    torch.manual_seed(config.seed)
    model = origin.model(recipe.max_length)
    trainer = Trainer(model, plan, config, weights, out, lessons)
    has_trained = (out / "log.jsonl").exists() or (out / "model").exists()
    if resume and not trainer.resume() and (teacher is None or has_trained):
        raise ReaderError(f"{out / 'checkpoint.pt'}: no checkpoint to resume from")
    trainer.run()
    model.save(out / "model")
    trained: dict[str, Any] = json.loads(record_path.read_text("utf-8"))
    trained["trained"] = asdict(trainer.progress)
    record_path.write_text(json.dumps(trained, indent=2) + "\n", encoding="utf-8")
    return trained


def _data_files(recipe: Recipe) -> list[str]:
    return [*DATA_FILES, *(one.file for one in QUESTION_SETS if recipe.news)]


_EXAMPLES: Final = (
    ("python -m scripts.train_reader --data ~/squad --out var/run --minutes 90", "a run of 90 min"),
    ("python -m scripts.train_reader --data ~/squad --out var/run --resume", "after it broke off"),
    ("python -m scripts.train_reader --data ~/squad --out var/large --size large", "an adapter"),
    (
        "python -m scripts.train_reader --data ~/squad --out var/small --teacher var/large/model",
        "a small reader that learns from a large one as well",
    ),
)
app = command_line(Command(main, _EXAMPLES))

if __name__ == "__main__":
    app()
