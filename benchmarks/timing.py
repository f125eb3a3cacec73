"""The clock of the benchmarks."""

from __future__ import annotations

import time
from collections.abc import Callable


def timed(act: Callable[[], object]) -> float:
    """Return how many seconds an act takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
