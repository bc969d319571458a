"""Bootstrap intervals cover the truth, and p-values are small only where there is a difference."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
import pytest

from scripts.evaluation.metrics.bootstrap import (
    Bootstrap,
    one_sided_p,
    percentile_interval,
    two_sided_p,
)

if TYPE_CHECKING:
    import numpy.typing as npt


def test_weights_are_resamples_and_the_same_on_every_call() -> None:
    bootstrap = Bootstrap(replicates=50)
    first = np.concatenate(list(bootstrap.weights(7)))
    assert first.shape == (50, 7)
    assert (first.sum(axis=1) == 7).all()
    assert (first == np.concatenate(list(bootstrap.weights(7)))).all()
    assert (first != first[0]).any()


def test_weights_come_in_blocks_of_bounded_size() -> None:
    blocks = list(Bootstrap(replicates=30).weights(200_000))
    assert len(blocks) == 3
    assert sum(len(block) for block in blocks) == 30


@pytest.mark.parametrize("kind", ["share", "F1"])
def test_intervals_cover_the_truth_as_often_as_they_say(kind: str) -> None:
    """1,500 simulated gold sets: 95% must cover; the bounds are three standard errors wide."""
    rng = np.random.default_rng(7)
    questions, cases = 250, 1500
    weights = np.concatenate(list(Bootstrap(replicates=1000).weights(questions)))
    samples = (rng.random((cases, questions)) < 0.7).astype(np.float64)
    truth = 0.7
    if kind == "F1":  # mostly nothing or everything, some between
        between = rng.beta(2, 2, (cases, questions))
        samples = np.where(rng.random((cases, questions)) < 0.3, between, samples)
        truth = 0.7 * 0.7 + 0.3 * 0.5
    means = weights @ samples.T / questions
    intervals = [percentile_interval(replicates) for replicates in means.T]
    covered = [known is not None and known[0] <= truth <= known[1] for known in intervals]
    assert 0.93 <= np.mean(covered) <= 0.97


def test_interval_of_nothing_defined_is_none() -> None:
    assert percentile_interval(np.array([np.nan, np.nan])) is None
    assert percentile_interval(np.array([np.nan, 0.5])) == (0.5, 0.5)


@functools.cache
def _weights(count: int) -> npt.NDArray[np.float64]:
    return np.concatenate(list(Bootstrap(replicates=1000).weights(count)))


def _differences(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(_weights(len(values)) @ values / len(values))


def test_p_values_of_no_difference_are_evenly_spread() -> None:
    rng = np.random.default_rng(3)
    chances = []
    for _ in range(400):
        values = rng.choice([-1.0, 0.0, 1.0], 150, p=[0.1, 0.8, 0.1])
        chances.append(two_sided_p(_differences(values), float(values.mean())))
    assert 0.02 <= np.mean(np.array(chances) <= 0.05) <= 0.09
    assert 0.4 <= np.mean(chances) <= 0.6


def test_p_values_of_a_clear_loss_are_small_one_way_only() -> None:
    values = np.where(np.arange(100) % 4 == 0, -1.0, 0.0)
    drawn = _differences(values)
    assert two_sided_p(drawn, -0.25) < 0.01
    assert one_sided_p(drawn, -0.25) < 0.01
    assert one_sided_p(-drawn, 0.25) > 0.99


def test_p_value_of_no_change_at_all_is_one() -> None:
    drawn = _differences(np.zeros(20))
    assert (two_sided_p(drawn, 0.0), one_sided_p(drawn, 0.0)) == (1.0, 1.0)
