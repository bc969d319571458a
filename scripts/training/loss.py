"""What the reader is trained to do, as one number."""

from dataclasses import dataclass, fields

import torch
from torch import Tensor
from torch.nn import functional

from api.answering.reading.network import SpanLogits


@dataclass(frozen=True, slots=True)
class Targets:
    """What a batch should say.

    start, end: (batch,) int64, 0 when unanswered; group: (batch,) int64 from 0;
    passage: (batch, length) bool, true on the tokens a span may use; labelled: (batch,) bool, false
    where start and end say nothing.
    """

    start: Tensor
    end: Tensor
    group: Tensor
    passage: Tensor
    labelled: Tensor


@dataclass(frozen=True, slots=True)
class LossWeights:
    """Weights of the three parts: per passage, shared normalisation, answerability."""

    passage: float = 1.0
    shared: float = 0.5
    answerable: float = 0.5


@dataclass(frozen=True, slots=True)
class Distillation:
    """How a teacher's logits are learnt from.

    Attributes:
        temperature: Both readers' logits are divided by it, which shows what a teacher that is
            sure thinks of the other spans.
        share: Weight of the teacher's word in the loss, in [0, 1]; the labels have the rest.
    """

    temperature: float = 2.0
    share: float = 0.5


def reader_loss(logits: SpanLogits, targets: Targets, weights: LossWeights) -> Tensor:
    """The weighted sum of three parts.

    Per-passage cross-entropy with the null at [CLS]; over all passages of an answerable question
    together, the share of its answers in any of them (shared normalisation, summed over answers:
    Clark and Gardner, "Simple and Effective Multi-Paragraph Reading Comprehension", ACL 2018);
    answerability. Sequences without a label have no part in it.
    """
    if not bool(targets.labelled.any()):
        return logits.start.sum() * 0.0
    logits, targets = _labelled(logits, targets)
    answered = targets.start > 0
    total = -0.5 * weights.passage * passage_log_likelihood(logits, targets).mean()
    if weights.shared > 0 and bool(answered.any()):
        of_answered, group = torch.unique(targets.group[answered], return_inverse=True)
        for scores, gold in ((logits.start, targets.start), (logits.end, targets.end)):
            spans = scores.masked_fill(~targets.passage, -1e4)
            chosen = spans.gather(1, gold[:, None])[:, 0][answered]
            all_spans = _group_logsumexp(spans.logsumexp(dim=1), targets.group)
            answers = _group_logsumexp(chosen, group)
            total = total + 0.5 * weights.shared * (all_spans[of_answered] - answers).mean()
    known = functional.binary_cross_entropy_with_logits(logits.answerable, answered.float())
    return total + weights.answerable * known


def passage_log_likelihood(logits: SpanLogits, targets: Targets) -> Tensor:
    """``(batch,)``: of the right start and end of each passage, of none at the null at [CLS]."""
    likelihood = logits.start.new_zeros(len(logits.start))
    for scores, gold in ((logits.start, targets.start), (logits.end, targets.end)):
        places = _with_null(scores, targets.passage)
        likelihood = likelihood - functional.cross_entropy(places, gold, reduction="none")
    return likelihood


def teacher_loss(
    logits: SpanLogits,
    teacher: SpanLogits,
    targets: Targets,
    weights: LossWeights,
    temperature: float,
) -> Tensor:
    """How far a reader's word is from its teacher's, on all sequences.

    The divergence of the teacher's softened distribution from the reader's, over every start and
    end that a passage has, the null at [CLS] among them, and over answerability, weighted as in
    `reader_loss`; times the square of the temperature, so that its gradients keep their size
    (Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015).
    """
    start, end = (
        _divergence(
            _with_null(own, targets.passage), _with_null(taught, targets.passage), temperature
        )
        for own, taught in ((logits.start, teacher.start), (logits.end, teacher.end))
    )
    answerable = _divergence(
        _with_zero(logits.answerable), _with_zero(teacher.answerable), temperature
    )
    total = 0.5 * weights.passage * (start + end) + weights.answerable * answerable
    return temperature**2 * total


def _divergence(own: Tensor, taught: Tensor, temperature: float) -> Tensor:
    """Mean Kullback-Leibler divergence of softened ``(batch, choices)`` logits."""
    own, taught = (functional.log_softmax(each / temperature, dim=1) for each in (own, taught))
    return functional.kl_div(own, taught, reduction="batchmean", log_target=True)


def _with_null(scores: Tensor, passage: Tensor) -> Tensor:
    """``(batch, length)`` scores of what may be chosen: the null at [CLS] and the passage."""
    spans = scores.masked_fill(~passage, -1e4)
    return torch.cat([scores[:, :1], spans[:, 1:]], dim=1)


def _with_zero(log_odds: Tensor) -> Tensor:
    """``(batch,)`` log-odds as ``(batch, 2)`` logits of yes and no."""
    return torch.stack([log_odds, torch.zeros_like(log_odds)], dim=1)


def _labelled(logits: SpanLogits, targets: Targets) -> tuple[SpanLogits, Targets]:
    """Those of the labelled sequences, their groups numbered anew."""
    kept = targets.labelled
    if bool(kept.all()):
        return logits, targets
    columns = {field.name: getattr(targets, field.name)[kept] for field in fields(targets)}
    columns["group"] = torch.unique(columns["group"], return_inverse=True)[1]
    return SpanLogits(logits.start[kept], logits.end[kept], logits.answerable[kept]), Targets(
        **columns
    )


def _group_logsumexp(values: Tensor, group: Tensor) -> Tensor:
    """(batch,) values and their groups to (n_groups,) log-sum-exps."""
    count = int(group.max()) + 1
    top = values.new_full((count,), -torch.inf).scatter_reduce(0, group, values.detach(), "amax")
    summed = values.new_zeros(count).scatter_add(0, group, (values - top[group]).exp())
    return summed.log() + top
