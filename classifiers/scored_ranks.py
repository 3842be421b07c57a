"""How well an order by priority agrees with the bands in which a careful buyer would place the mails."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

LEVELS = {"high": 3, "medium": 2, "low": 1, "none": 0}

Rank = tuple[int, float]
"""(the buyer's level, the priority that was read)."""


def ranked(rows: Sequence[tuple[str, object]]) -> list[Rank]:
    """Levels beside priorities; a mail with none stands last."""
    return [(LEVELS[hint], _priority(priority)) for hint, priority in rows]


def _priority(value: object) -> float:
    number = value.get("score") if isinstance(value, Mapping) else value
    return float(number) if isinstance(number, str | int | float) else -math.inf


def pair_accuracy(ranks: Sequence[Rank]) -> float:
    """The share of pairs of different level that stand in the right order; a tie counts half."""
    pairs, right = 0, 0.0
    for number, (level, priority) in enumerate(ranks):
        for other_level, other_priority in ranks[number + 1 :]:
            if level != other_level:
                pairs += 1
                right += 0.5 if priority == other_priority else (level > other_level) == (priority > other_priority)
    return right / pairs if pairs else math.nan


def ndcg(ranks: Sequence[Rank], depth: int) -> float:
    """Normalised discounted cumulative gain of the first `depth`; mails of equal priority share their gains."""
    gains: dict[float, list[float]] = defaultdict(list)
    for level, priority in ranks:
        gains[priority].append(2.0**level - 1)
    shared = [sum(tied) / len(tied) for _, tied in sorted(gains.items(), reverse=True) for _ in tied]
    best = sorted((2.0**level - 1 for level, _ in ranks), reverse=True)
    reachable = _discounted(best[:depth])
    return _discounted(shared[:depth]) / reachable if reachable else math.nan


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))
