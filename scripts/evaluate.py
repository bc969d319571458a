"""Answer gold questions and score the answers: `python -m scripts.evaluate --gold FILE`."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from tqdm import tqdm

from api.answering.answerer import Answerer, AskParameters
from api.serving import Serving, load_models
from api.settings import TRAINED, Settings
from index.encoder import DEFAULT_MODEL
from scripts.commands import EncoderOption, IndexOption, reported_errors
from scripts.gold_questions import GoldQuestion, load_gold
from scripts.metrics import auroc, exact_match, reliability, token_f1

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.answering.answers import Reply


@dataclass(frozen=True, slots=True)
class Scored:
    """One gold question with what was answered.

    Attributes:
        answer: The best answer, or None when abstained.
        confidence: Of the best candidate, answered or not.
        exact: 1 when the answer is one of the gold answers, or both abstain.
        f1: Token F1 against the nearest gold answer; 1 when both abstain.
        cited: Whether every cited article is a gold article; None when abstained.
    """

    question: GoldQuestion
    answer: str | None
    confidence: float
    exact: float
    f1: float
    cited: bool | None
    total_ms: float


def main(
    *,
    gold: Annotated[Path, typer.Option(help="Gold questions, one JSON object a line.")],
    index: IndexOption = Path("var/index"),
    encoder: EncoderOption = DEFAULT_MODEL,
    reader: Annotated[str, typer.Option(help="trained, sentence, or a folder.")] = TRAINED,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write metrics and every answer here.")
    ] = None,
) -> None:
    """Answer every gold question as the service does; prints the metrics as JSON last."""
    with reported_errors():
        questions = load_gold(gold)
        settings = Settings(index_dir=index, encoder=encoder, reader=reader)
        served = Serving(index, load_models(settings)).current()
        scored = [_score(question, served.answerer) for question in tqdm(questions, desc="asking")]
        metrics = {
            "index_version": served.generation.version,
            **summarise(scored),
            "tags": {tag: summarise(some) for tag, some in sorted(_by_tag(scored).items())},
        }
        if json_file is not None:
            answers = [_row(one) for one in scored]
            json_file.write_text(
                json.dumps({"metrics": metrics, "answers": answers}, ensure_ascii=False, indent=1)
                + "\n",
                encoding="utf-8",
            )
    print(json.dumps(metrics))


def _score(question: GoldQuestion, answerer: Answerer) -> Scored:
    parameters = AskParameters(filters=question.filters.to_filters())
    reply = answerer.ask(question.question, parameters)
    # Asked again without a threshold: how sure it would have been.
    sure = (
        reply
        if reply.answers
        else answerer.ask(
            question.question, AskParameters(filters=parameters.filters, min_confidence=0.0)
        )
    )
    return score(question, reply, sure.answers[0].confidence if sure.answers else 0.0)


def score(question: GoldQuestion, reply: Reply, confidence: float) -> Scored:
    """Compare a reply with what the gold question expects."""
    answer = reply.answers[0].text if reply.answers else None
    if answer is None or not question.answers:
        agree = float(answer is None and not question.answers)
        exact, f1 = agree, agree
    else:
        exact, f1 = exact_match(answer, question.answers), token_f1(answer, question.answers)
    citations = reply.answers[0].citations if reply.answers else ()
    return Scored(
        question=question,
        answer=answer,
        confidence=confidence,
        exact=exact,
        f1=f1,
        cited=all(one.article.id in question.articles for one in citations) if citations else None,
        total_ms=reply.timings.total,
    )


def summarise(scored: Sequence[Scored]) -> dict[str, object]:
    """Sum up: answers over all questions, and abstention as a decision of its own."""
    answerable = [one for one in scored if one.question.answers]
    unanswerable = [one for one in scored if not one.question.answers]
    answered = [one for one in scored if one.answer is not None]
    abstained = [one for one in scored if one.answer is None]
    summary: dict[str, object] = {
        "questions": len(scored),
        "exact_match": _mean(one.exact for one in scored),
        "f1": _mean(one.f1 for one in scored),
        "answerable": {
            "questions": len(answerable),
            "exact_match": _mean(one.exact for one in answerable),
            "f1": _mean(one.f1 for one in answerable),
            "abstained": _mean(float(one.answer is None) for one in answerable),
        },
        "abstention_precision": _mean(float(not one.question.answers) for one in abstained),
        "abstention_recall": _mean(float(one.answer is None) for one in unanswerable),
        "answered_right": _mean(float(one.f1 >= 0.5) for one in answered),
        "citations_in_gold_articles": _mean(float(bool(one.cited)) for one in answered),
        "p50_ms": round(float(np.median([one.total_ms for one in scored])), 1),
    }
    if answerable and unanswerable:
        summary["auroc"] = round(
            auroc([one.confidence for one in answerable], [one.confidence for one in unanswerable]),
            4,
        )
    if answered:
        _, error = reliability(
            np.array([one.confidence for one in answered]),
            np.array([float(one.f1 >= 0.5) for one in answered]),
        )
        summary["expected_calibration_error"] = round(error, 4)
    return summary


def _mean(values: Iterable[float]) -> float | None:
    known = list(values)
    return round(float(np.mean(known)), 4) if known else None


def _by_tag(scored: Sequence[Scored]) -> dict[str, list[Scored]]:
    tags: defaultdict[str, list[Scored]] = defaultdict(list)
    for one in scored:
        for tag in one.question.tags:
            tags[tag].append(one)
    return tags


def _row(one: Scored) -> dict[str, object]:
    return {
        "id": one.question.id,
        "question": one.question.question,
        "expected": list(one.question.answers),
        "answer": one.answer,
        "confidence": round(one.confidence, 4),
        "exact": one.exact,
        "f1": round(one.f1, 4),
    }


if __name__ == "__main__":
    typer.run(main)
