"""How far stated confidence is from the share that was right."""

import math
from collections.abc import Sequence

BINS = 10


def expected_calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Mean distance of confidence and share right over ten bins, weighted by size; 0 is perfect."""
    if not confidences:
        return math.nan
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, hit in zip(confidences, right, strict=True):
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, hit))
    return sum(abs(_mean([c for c, _ in one]) - _mean([h for _, h in one])) * len(one) for one in bins if one) / len(
        confidences
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
