"""Joint network: two networks that score the same tokens, as the weighted mean of their logits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from api.answering.reading.network import SpanLogits

if TYPE_CHECKING:
    from torch import Tensor


class ScoringNetwork(Protocol):
    """Scores the tokens of a batch; see `SpanNetwork.forward`."""

    def __call__(self, ids: Tensor, types: Tensor, mask: Tensor) -> SpanLogits:
        """Score a batch."""
        ...


@dataclass(frozen=True, slots=True)
class JointNetwork:
    """Two networks that take the same token ids.

    Attributes:
        one: The first of them.
        other: The second.
        share: Weight of the second, in (0, 1); the first has the rest.
    """

    one: ScoringNetwork
    other: ScoringNetwork
    share: float

    def __call__(self, ids: Tensor, types: Tensor, mask: Tensor) -> SpanLogits:
        """Score a batch by both."""
        one, other = self.one(ids, types, mask), self.other(ids, types, mask)
        return SpanLogits(
            *(
                own.lerp(others, self.share)
                for own, others in (
                    (one.start, other.start),
                    (one.end, other.end),
                    (one.answerable, other.answerable),
                )
            )
        )
