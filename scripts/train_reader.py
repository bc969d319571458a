"""Fine-tune the base encoder into the reader.

    python -m scripts.train_reader --data DIR --out DIR [--resume] [--minutes 90]
    python -m scripts.train_reader --data DIR --out DIR --start OTHER/model --questions 50000 ...

The first call makes the plan (every sequence of the run) and keeps it in OUT; `--resume` goes on
from the last checkpoint, to the same weights an unbroken run would have given. The run record
(configuration, data hashes, what the plan holds) stands next to the weights.
"""

import argparse
import json
import platform
import sys
from dataclasses import asdict
from pathlib import Path

import torch

from api.answering.span_model import WEIGHTS_FILE, SpanModel
from scripts.reader_training.bundles import Recipe
from scripts.reader_training.data import sha256_of
from scripts.reader_training.loss import LossWeights
from scripts.reader_training.plan import Plan
from scripts.reader_training.sources import BASE_NAME, DATA_FILES, base_folder, make_plan
from scripts.reader_training.trainer import Trainer, TrainerConfig


def main(arguments: list[str] | None = None) -> int:
    """Make or take up a run, train, and save the weights in OUT/model."""
    options = _parser().parse_args(arguments)
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    recipe = Recipe(
        negatives=options.negatives,
        near_misses=options.near_misses,
        made_up=options.made_up,
        again=options.again,
        questions=options.questions,
        written=options.written,
        seed=options.seed,
    )
    weights = LossWeights(shared=options.shared)
    config = TrainerConfig(
        learning_rate=options.learning_rate,
        batch_tokens=options.batch_tokens,
        epochs=options.epochs,
        minutes=options.minutes,
        seed=options.seed,
    )
    base = base_folder()
    record_path = out / "run.json"
    if options.resume:
        plan = Plan.load(out / "plan.npz")
    else:
        plan, kinds = make_plan(options.data, base, recipe)
        plan.save(out / "plan.npz")
        record = {
            "base": BASE_NAME,
            "recipe": asdict(recipe),
            "start": None if options.start is None else sha256_of(options.start / WEIGHTS_FILE),
            "loss": asdict(weights),
            "trainer": asdict(config),
            "data": {name: sha256_of(options.data / name) for name in DATA_FILES},
            "pairs": kinds,
            "sequences": len(plan.start),
            "answered": int((plan.start > 0).sum()),
            "tokens": int(plan.offsets[-1]),
            "torch": torch.__version__,
            "python": platform.python_version(),
        }
        record_path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        print(json.dumps(record), flush=True)
    if options.start is None:
        model = SpanModel.from_base(base, base_name=BASE_NAME, max_length=160)
    else:
        model = SpanModel.load(options.start, base)
    trainer = Trainer(model, plan, config, weights, out)
    if options.resume and not trainer.resume():
        print(f"{out / 'checkpoint.pt'}: no checkpoint to resume from", file=sys.stderr)
        return 1
    trainer.run()
    model.save(out / "model")
    record = json.loads(record_path.read_text("utf-8"))
    record["trained"] = asdict(trainer.progress)
    record_path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    recipe, config = Recipe(), TrainerConfig()
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the question files")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--start", type=Path, help="folder of a reader to go on from")
    parser.add_argument("--resume", action="store_true", help="go on from OUT/checkpoint.pt")
    parser.add_argument("--minutes", type=float, help="end the run, decay included, by then")
    parser.add_argument("--threads", type=int, help="CPU threads")
    parser.add_argument("--seed", type=int, default=recipe.seed)
    parser.add_argument("--epochs", type=int, default=config.epochs)
    parser.add_argument("--learning-rate", type=float, default=config.learning_rate)
    parser.add_argument("--batch-tokens", type=int, default=config.batch_tokens)
    parser.add_argument("--negatives", type=float, default=recipe.negatives)
    parser.add_argument("--near-misses", type=float, default=recipe.near_misses)
    parser.add_argument("--made-up", type=float, default=recipe.made_up)
    parser.add_argument("--again", type=float, default=recipe.again)
    parser.add_argument("--questions", type=int, help="SQuAD train questions, all by default")
    parser.add_argument("--written", type=int, default=recipe.written, help="copies of ours")
    parser.add_argument("--shared", type=float, default=LossWeights().shared)
    return parser


if __name__ == "__main__":
    sys.exit(main())
