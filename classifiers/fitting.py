"""Numbers out of examples by scikit-learn: term weights and logistic models."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import TYPE_CHECKING

from classifiers.linear import LinearModel, TermWeights, ordered
from models.knowledge.judging import JudgingSettings

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression


def term_weights(counts: Iterable[Mapping[str, int]], least: int) -> TermWeights:
    """Inverse document frequencies of the terms that stand in `least` mails or more."""
    import numpy as np

    mails = list(counts)
    frequency = Counter(term for mail in mails for term in mail)
    kept = sorted(term for term, number in frequency.items() if number >= least)
    return TermWeights(
        terms=tuple(kept),
        idf=np.array([log((1 + len(mails)) / (1 + frequency[term])) + 1.0 for term in kept], dtype=np.float64),
    )


def vote(
    rows: Sequence[Mapping[str, float]], labels: Sequence[str], weights: Sequence[float], model: "LogisticRegression"
) -> LinearModel:
    """One multinomial model over all labels; each row counts by its weight."""
    import numpy as np

    names = ordered(rows)
    fitted = model.fit(_matrix(rows, names), list(labels), sample_weight=weights)
    slopes, intercepts = np.asarray(fitted.coef_), np.asarray(fitted.intercept_)
    if len(fitted.classes_) == 1 + len(slopes):  # of two labels scikit-learn keeps one row
        slopes, intercepts = np.vstack((-slopes, slopes)) / 2, np.concatenate((-intercepts, intercepts)) / 2
    return LinearModel(
        classes=tuple(map(str, fitted.classes_)), features=names, weights=slopes, intercepts=intercepts, exclusive=True
    )


def each(
    rows: Sequence[Mapping[str, float]],
    labels: Mapping[str, Sequence[bool]],
    weights: Sequence[float],
    model: "LogisticRegression",
) -> LinearModel:
    """One model a label, each for itself; a label that is always or never there keeps its share."""
    import numpy as np

    names = ordered(rows)
    matrix = _matrix(rows, names)
    slopes, intercepts = np.zeros((len(labels), len(names))), np.zeros(len(labels))
    for number, there in enumerate(labels.values()):
        if any(there) and not all(there):
            fitted = model.fit(matrix, list(there), sample_weight=weights)
            slopes[number], intercepts[number] = fitted.coef_[0], fitted.intercept_[0]
        else:
            intercepts[number] = log((sum(there) + 1) / (len(there) - sum(there) + 1))
    return LinearModel(classes=tuple(labels), features=names, weights=slopes, intercepts=intercepts, exclusive=False)


def logistic(strength: float, settings: JudgingSettings, seed: int) -> "LogisticRegression":
    """A model to be fitted; `strength` is the inverse of its regularisation."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, max_iter=3000, tol=settings.tolerance, random_state=seed)


def _matrix(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> "csr_matrix":
    from scipy.sparse import csr_matrix

    place = {name: number for number, name in enumerate(names)}
    entries = [(number, place[name], value) for number, row in enumerate(rows) for name, value in row.items()]
    numbers, places, values = zip(*entries, strict=True)
    return csr_matrix((values, (numbers, places)), shape=(len(rows), len(names)))
