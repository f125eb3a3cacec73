"""Retrieval measures over ranked relevance, and their bootstrap intervals. Pure formulas: knows neither index nor question."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

DEPTH = 10
"""Ranks that count."""
_RESAMPLES = 2_000
_SEED = 0


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float


def reciprocal_rank(relevant: Sequence[bool]) -> float:
    """Return one over the rank of the first relevant hit among the first ten, 0 where there is none.

    >>> reciprocal_rank([False, True, True])
    0.5
    """
    return next((1 / rank for rank, right in enumerate(relevant[:DEPTH], start=1) if right), 0.0)


def recall(relevant: Sequence[bool], k: int) -> float:
    """Return 1 where one of the first k hits is relevant, else 0: a question needs one passage that answers.

    >>> recall([False, True], 1), recall([False, True], 5)
    (0.0, 1.0)
    """
    return float(any(relevant[:k]))


def ndcg(relevant: Sequence[bool], total: int) -> float:
    """Return the normalised discounted cumulative gain at ten, for as many relevant passages as there are in all.

    Järvelin and Kekäläinen, 2002, with gains of 0 and 1.

    >>> ndcg([True, False, True], 2) == (1 + 1 / 2) / (1 + 1 / math.log2(3))
    True
    """
    gain = sum(1 / math.log2(rank + 1) for rank, right in enumerate(relevant[:DEPTH], start=1) if right)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(total, DEPTH) + 1))
    return gain / ideal if ideal else 0.0


def bootstrap(values: Sequence[float]) -> Interval:
    """Return the mean of the values and the interval that holds 95 % of the means of their resamples (Efron, 1979)."""
    sample = np.asarray(values, dtype=np.float64)
    rng = np.random.default_rng(_SEED)
    means = sample[rng.integers(0, len(sample), (_RESAMPLES, len(sample)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Interval(round(float(sample.mean()), 4), round(float(low), 4), round(float(high), 4))
