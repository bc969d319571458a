"""Logistic regression on a handful of features, by Newton's method."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_RIDGE = 1e-3
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Logistic:
    """A probability from features: sigmoid(features @ weights + bias)."""

    weights: tuple[float, ...]
    bias: float

    @classmethod
    def fit(cls, features: NDArray[np.float64], labels: NDArray[np.float64]) -> "Logistic":
        """Maximum likelihood with a slight ridge; features (n, k), labels (n,) in {0, 1}."""
        scale = np.maximum(features.std(axis=0), 1e-9)
        design = np.column_stack([features / scale, np.ones(len(features))])
        beta = np.zeros(design.shape[1])
        for _ in range(_STEPS):
            chance = _sigmoid(design @ beta)
            gradient = design.T @ (labels - chance) - _RIDGE * beta
            curvature = (design * (chance * (1 - chance))[:, None]).T @ design
            step = np.linalg.solve(curvature + _RIDGE * np.eye(len(beta)), gradient)
            beta += step
            if np.abs(step).max() < 1e-9:
                break
        return cls(tuple(float(w) for w in beta[:-1] / scale), float(beta[-1]))

    def predict(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, k) features to (n,) probabilities."""
        return _sigmoid(features @ np.asarray(self.weights) + self.bias)


def _sigmoid(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1.0 / (1.0 + np.exp(-np.clip(values, -60, 60)))
