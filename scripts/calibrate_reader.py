"""Fit a reader's confidence: `python -m scripts.calibrate_reader --data DIR --out FILE`.

Two sets of questions, about as many of each, answerable and not: the calibration articles' of
SQuAD dev, asked over all its paragraphs as one corpus; and those on the invented news briefs kept
for it. The probability that a candidate is right is fitted to how the candidates turned out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from tqdm import tqdm

from api.answering.question import Question
from api.answering.reading.registry import DEFAULT_READER, load_reader
from index.embedding.encoder import DEFAULT_MODEL, Precision, SentenceTransformerEncoder
from index.retriever import Retriever
from scripts.evaluation.calibration import (
    Candidates,
    FittedConfidence,
    JudgedCandidate,
    judge_candidates,
    pick_threshold,
)
from scripts.terminal.commands import (
    Command,
    JsonOption,
    PrecisionOption,
    chunk_bar,
    command_line,
    print_result,
    print_values,
    reported_errors,
)
from scripts.training.briefs_corpus import open_briefs_corpus
from scripts.training.squad import DEV2_FILE, DEV_FILE, in_split, load_squad
from scripts.training.squad import Question as SquadQuestion
from scripts.training.squad_corpus import open_squad_corpus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.answering.confidence import Calibration
    from api.answering.reading.reader import Reader, ReaderFacts


_ERRORS: Final = (0.1, 0.2, 0.3, 0.4, 0.5)


def main(
    *,
    data: Annotated[Path, typer.Option(help="Folder with the SQuAD files.")],
    out: Annotated[Path, typer.Option(help="Calibration file to write.")],
    reader: Annotated[str, typer.Option(help="trained, sentence, or a folder.")] = DEFAULT_READER,
    work: Annotated[Path, typer.Option(help="Folder for the SQuAD index.")] = Path("var/squad"),
    briefs: Annotated[Path, typer.Option(help="Folder for the briefs' index.")] = Path(
        "var/briefs"
    ),
    precision: PrecisionOption = Precision.FLOAT32,
    top_k: Annotated[int, typer.Option(min=1, help="Passages to read.")] = 8,
    questions: Annotated[int, typer.Option(min=10, help="SQuAD questions to ask, at most.")] = 600,
    max_error: Annotated[
        float, typer.Option(min=0.01, max=0.99, help="Wrong answers among those given.")
    ] = 0.333,
    as_json: JsonOption = False,
) -> None:
    """Fit and write the calibration, and print what it rests on; JSON last."""
    with reported_errors():
        encoder = SentenceTransformerEncoder(DEFAULT_MODEL, precision=precision)
        loaded = load_reader(reader, encoder)
        on_briefs, asked_of_briefs = open_briefs_corpus(briefs, encoder)
        with chunk_bar("indexing SQuAD") as show:
            squad = open_squad_corpus(data, work, encoder, show).generation
        judged: list[list[JudgedCandidate]] = []
        report: dict[str, object] = {}
        for name, generation, asked in (
            ("briefs", on_briefs, asked_of_briefs),
            ("squad", squad, _squad_questions(data, questions)),
        ):
            some = _judge(name, asked, Retriever(generation, encoder), loaded, top_k)
            judged += some
            report[name] = _described(asked, some)
        candidates = Candidates.stack(judged)
        calibration = fit(candidates, loaded.facts, max_error)
        report["thresholds"] = _described_thresholds(candidates)
        out.write_text(calibration.model_dump_json(indent=2) + "\n", encoding="utf-8")
    report["threshold"] = round(calibration.threshold, 4)
    print_result(report, lambda: print_values(report), as_json=as_json)


def _judge(
    name: str, asked: Sequence[SquadQuestion], retriever: Retriever, reader: Reader, top_k: int
) -> list[list[JudgedCandidate]]:
    judged = []
    for question in tqdm(asked, desc=name, disable=None):
        parsed = Question.parse(question.question)
        passages = retriever.retrieve(parsed.text, top_k).passages
        answers = [text for text, _ in question.answers]
        judged.append(judge_candidates(parsed, answers, passages, reader))
    return judged


def _described(
    asked: Sequence[SquadQuestion], judged: Sequence[Sequence[JudgedCandidate]]
) -> dict[str, object]:
    """How many questions, and how often the candidate with the highest score was right."""
    first_right = [bool(some) and some[0].right for some in judged]
    return {
        "questions": len(asked),
        "unanswerable": sum(not question.answers for question in asked),
        "first_right": round(sum(first_right) / len(asked), 4),
    }


def _described_thresholds(candidates: Candidates) -> list[dict[str, float | None]]:
    """The threshold for each error rate, and the share of the questions that it answers."""
    confidence, right = candidates.best(FittedConfidence.fit(candidates).confidence(candidates))
    described = []
    for max_error in _ERRORS:
        picked = pick_threshold(confidence, right, max_error)
        described.append(
            {
                "max_error": max_error,
                "threshold": None if picked is None else round(picked.confidence, 4),
                "answered": None if picked is None else round(picked.answered / len(right), 4),
            }
        )
    return described


def _squad_questions(data: Path, most: int) -> list[SquadQuestion]:
    """Half answerable, half not, from the calibration articles, spread evenly over them."""
    answerable = in_split(load_squad(data / DEV_FILE), "calibration")
    unanswerable = [
        question
        for question in in_split(load_squad(data / DEV2_FILE), "calibration")
        if not question.answers
    ]
    return [*_spread(answerable, most // 2), *_spread(unanswerable, most // 2)]


def _spread(questions: Sequence[SquadQuestion], most: int) -> list[SquadQuestion]:
    step = max(1, -(-len(questions) // most))
    return list(questions[::step])


def fit(candidates: Candidates, reader: ReaderFacts, max_error: float) -> Calibration:
    """Fit the confidence, and the lowest threshold that keeps to the error rate.

    The threshold is 1 where there is none that does.
    """
    fitted = FittedConfidence.fit(candidates)
    picked = pick_threshold(*candidates.best(fitted.confidence(candidates)), max_error)
    return fitted.to_calibration(
        reader=reader.name,
        reader_fingerprint=reader.fingerprint if reader.own_weights else None,
        fitted_on="SQuAD dev, calibration articles, over all its paragraphs; invented news briefs",
        questions=candidates.questions,
        max_error=max_error,
        threshold=1.0 if picked is None else picked.confidence,
    )


_EXAMPLES: Final = (
    (
        "python -m scripts.calibrate_reader --data ~/squad --out calibration.json",
        "for the reader that ships",
    ),
)
app = command_line(Command(main, _EXAMPLES))

if __name__ == "__main__":
    app()
