"""Logistic regression that is held back: a normal prior on each coefficient, shares as outcomes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_ROUNDS = 100
_CLOSE = 1e-7
_FAR = 500.0


def logistic(log_odds: Array) -> Array:
    """Return the chances of log-odds of any shape; beyond +-500 they hardly differ from 0 and 1."""
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -_FAR, _FAR))))


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """What rows leave of the coefficients [d]: x [n, d], y [n], weights [n], precision [d].

    y in [0, 1] is a share where the outcome itself is not known; weights >= 0; precision > 0 of
    the normal priors around 0.
    """

    x: Array
    y: Array
    weights: Array
    precision: Array

    def loss(self, beta: Array) -> float:
        """Return the negative log density at `beta` [d], up to a constant."""
        z = self.x @ beta
        likely = self.weights @ (np.logaddexp(0, z) - self.y * z)
        return float(likely + self.precision @ beta**2 / 2)

    def gradient(self, beta: Array) -> Array:
        """Return the gradient [d] of the loss."""
        off = self.weights * (logistic(self.x @ beta) - self.y)
        return np.asarray(self.x.T @ off + self.precision * beta)

    def curvature(self, beta: Array) -> Array:
        """Return the Hessian [d, d] of the loss."""
        p = logistic(self.x @ beta)
        # A product of a matrix with itself costs half of one with another.
        half = self.x * np.sqrt(self.weights * p * (1 - p))[:, None]
        return np.asarray(half.T @ half + np.diag(self.precision))

    def mode(self, start: Array | None = None) -> Array:
        """Return the coefficients [d] of greatest density (Newton's method); 0 without rows."""
        beta = np.zeros(self.x.shape[1]) if start is None else start
        loss = self.loss(beta)
        for _ in range(_ROUNDS):
            step = np.linalg.solve(self.curvature(beta), self.gradient(beta))
            while (new := self.loss(beta - step)) > loss + _CLOSE:
                step = step / 2
            beta, loss = beta - step, new
            if np.abs(step).max() < _CLOSE:
                break
        return np.asarray(beta)
