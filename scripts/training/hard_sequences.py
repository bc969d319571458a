"""Hard sequences: those that a reader does not read rightly yet, for the training of another."""

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from api.answering.reading.network import SpanNetwork
from scripts.training.loss import passage_log_likelihood
from scripts.training.plan import Plan
from scripts.training.trainer import collate

_BATCH_TOKENS = 6000
_EASY_UNANSWERED, _KEPT_UNANSWERED = -0.35, 0.2
_EASY_ANSWERED, _KEPT_ANSWERED = -0.25, 0.4


def hard_sequences(plan: Plan, reader: SpanNetwork, seed: int) -> Plan:
    """Leave out most of what a reader finds easy.

    Easy is a sequence whose right start and end, or whose lack of an answer, it gives nearly all
    of the probability: a log-likelihood above -0.35 of an unanswered sequence, of which one in five
    stays, and above -0.25 of an answered one, of which two in five stay. Unlabelled ones stay.
    """
    likelihood = _log_likelihood(plan, reader)
    answered, unanswered = plan.start > 0, plan.start == 0
    drawn = np.random.default_rng(seed).random(len(likelihood))
    easy_unanswered = unanswered & (likelihood > _EASY_UNANSWERED) & (drawn >= _KEPT_UNANSWERED)
    easy_answered = answered & (likelihood > _EASY_ANSWERED) & (drawn >= _KEPT_ANSWERED)
    return plan.only(~(easy_unanswered | easy_answered))


def _log_likelihood(plan: Plan, reader: SpanNetwork) -> NDArray[np.float32]:
    """``(n_sequences,)``: that of the right start and end, the null answer at [CLS] included."""
    reader.eval()
    device = next(reader.parameters()).device
    likelihood = np.empty(len(plan.start), dtype=np.float32)
    with torch.inference_mode():
        for batch in tqdm([*plan.batches(_BATCH_TOKENS, 0)], desc="reading", disable=None):
            inputs, targets, _ = collate(plan, batch, device)
            logits = reader(*inputs)
            likelihood[batch] = passage_log_likelihood(logits, targets).cpu().numpy()
    return likelihood
