"""Linear models and term weights as plain numbers: what a trained artifact holds, and how it scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_STEEPEST = 60.0
"""No margin counts for more: beyond it the probability is 0 or 1 to the last digit."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LinearModel:
    """A logistic model over named features.

    `weights` has a row for each class and a column for each feature, `intercepts` a number for each class. Of one class
    the score is its own (logistic); of several that share one vote (`exclusive`) they sum to 1.
    """

    classes: tuple[str, ...]
    features: tuple[str, ...]
    weights: "Numbers"
    intercepts: "Numbers"
    exclusive: bool

    @cached_property
    def _place(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.features)}

    @cached_property
    def _only(self) -> dict[str, float]:
        """The weights of a model of one class."""
        return dict(zip(self.features, self.weights[0].tolist(), strict=True))

    @cached_property
    def _bias(self) -> float:
        return float(self.intercepts[0])

    def scores(self, values: Mapping[str, float]) -> dict[str, float]:
        """The probability of each class, in [0, 1]. Features that were not trained on count nothing."""
        if len(self.classes) == 1:
            return {self.classes[0]: self._score(values)}
        import numpy as np

        place = self._place
        known = [(place[name], value) for name, value in values.items() if name in place]
        margin = self.intercepts.copy()
        if known:
            places, numbers = zip(*known, strict=True)
            margin = margin + self.weights[:, list(places)] @ np.asarray(numbers, dtype=np.float64)
        margins = margin.tolist()
        if not self.exclusive:
            return dict(zip(self.classes, map(_logistic, margins), strict=True))
        highest = max(margins)
        odds = [exp(one - highest) for one in margins]
        whole = sum(odds)
        return {name: one / whole for name, one in zip(self.classes, odds, strict=True)}

    def _score(self, values: Mapping[str, float]) -> float:
        """The probability of the only class: asked so often that arrays would cost more than they save."""
        weights, margin = self._only, self._bias
        for name, value in values.items():
            if name in weights:
                margin += weights[name] * value
        return _logistic(margin)

    def weighing(self, values: Mapping[str, float], label: str, count: int) -> tuple[tuple[str, float], ...]:
        """The features that spoke most for a class, strongest first, with what each added to its margin."""
        row = self.weights[self.classes.index(label)]
        added = ((name, float(row[self._place[name]]) * value) for name, value in values.items() if name in self._place)
        return tuple(sorted((one for one in added if one[1] > 0), key=lambda one: (-one[1], one[0]))[:count])


@dataclass(frozen=True, kw_only=True, eq=False)
class TermWeights:
    """Inverse document frequencies of the terms that were learnt."""

    terms: tuple[str, ...]
    idf: "Numbers"

    @cached_property
    def _idf(self) -> dict[str, float]:
        return dict(zip(self.terms, map(float, self.idf), strict=True))

    def weighted(self, counts: Mapping[str, int]) -> dict[str, float]:
        """TF-IDF of a mail's terms, of length 1; sublinear, so that repeating a word adds little."""
        from math import log, sqrt

        idf = self._idf
        found = {term: (1.0 + log(count)) * idf[term] for term, count in counts.items() if term in idf}
        length = sqrt(sum(value * value for value in found.values()))
        return {term: value / length for term, value in found.items()} if length else {}


def _logistic(margin: float) -> float:
    return 1.0 / (1.0 + exp(-min(max(margin, -_STEEPEST), _STEEPEST)))


def ordered(rows: Sequence[Mapping[str, float]]) -> tuple[str, ...]:
    """The names of all features of `rows`, sorted: the same rows give the same columns."""
    return tuple(sorted({name for row in rows for name in row}))
