"""What the reader is trained to do, as one number."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from api.answering.reading.network import SpanLogits


@dataclass(frozen=True, slots=True)
class Targets:
    """What a batch should say.

    start, end: (batch,) int64, 0 when unanswered; group: (batch,) int64 from 0;
    passage: (batch, length) bool, true on the tokens a span may use.
    """

    start: Tensor
    end: Tensor
    group: Tensor
    passage: Tensor


@dataclass(frozen=True, slots=True)
class LossWeights:
    """Weights of the three parts: per passage, shared normalisation, answerability."""

    passage: float = 1.0
    shared: float = 0.5
    answerable: float = 0.5


def reader_loss(logits: SpanLogits, targets: Targets, weights: LossWeights) -> Tensor:
    """The weighted sum of three parts.

    Per-passage cross-entropy with the null at [CLS]; over all passages of an answerable question
    together, the share of its answers in any of them (shared normalisation, summed over answers:
    Clark and Gardner, "Simple and Effective Multi-Paragraph Reading Comprehension", ACL 2018);
    answerability.
    """
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
        spans = scores.masked_fill(~targets.passage, -1e4)
        with_null = torch.cat([scores[:, :1], spans[:, 1:]], dim=1)
        likelihood = likelihood - functional.cross_entropy(with_null, gold, reduction="none")
    return likelihood


def _group_logsumexp(values: Tensor, group: Tensor) -> Tensor:
    """(batch,) values and their groups to (n_groups,) log-sum-exps."""
    count = int(group.max()) + 1
    top = values.new_full((count,), -torch.inf).scatter_reduce(0, group, values.detach(), "amax")
    summed = values.new_zeros(count).scatter_add(0, group, (values - top[group]).exp())
    return summed.log() + top
