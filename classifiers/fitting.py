"""Numbers out of examples by scikit-learn: term weights and logistic models."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Rows of named features as a matrix with a column for each name; each row counts by its weight."""

    names: tuple[str, ...]
    matrix: "csr_matrix"
    weights: Sequence[float]


def design(rows: Sequence[Mapping[str, float]], weights: Sequence[float]) -> Design:
    """The rows as a matrix; the same rows give the same columns."""
    import numpy as np
    from scipy.sparse import csr_matrix

    names = ordered(rows)
    place = {name: number for number, name in enumerate(names)}
    columns = np.array([place[name] for row in rows for name in row], dtype=np.int32)
    values = np.array([value for row in rows for value in row.values()], dtype=np.float64)
    ends = np.cumsum([0, *map(len, rows)], dtype=np.int32)
    return Design(names, csr_matrix((values, columns, ends), shape=(len(rows), len(names))), weights)


def vote(rows: Design, labels: Sequence[str], model: "LogisticRegression") -> LinearModel:
    """One multinomial model over all labels."""
    import numpy as np

    fitted = model.fit(rows.matrix, list(labels), sample_weight=rows.weights)
    slopes, intercepts = np.asarray(fitted.coef_), np.asarray(fitted.intercept_)
    if len(fitted.classes_) == 1 + len(slopes):  # of two labels scikit-learn keeps one row
        slopes, intercepts = np.vstack((-slopes, slopes)) / 2, np.concatenate((-intercepts, intercepts)) / 2
    classes = tuple(map(str, fitted.classes_))
    return LinearModel(classes=classes, features=rows.names, weights=slopes, intercepts=intercepts, exclusive=True)


def each(rows: Design, labels: Mapping[str, Sequence[bool]], model: "LogisticRegression") -> LinearModel:
    """One model a label, each for itself; a label that is always or never there keeps its share."""
    import numpy as np

    slopes, intercepts = np.zeros((len(labels), len(rows.names))), np.zeros(len(labels))
    for number, there in enumerate(labels.values()):
        if any(there) and not all(there):
            fitted = model.fit(rows.matrix, list(there), sample_weight=rows.weights)
            slopes[number], intercepts[number] = fitted.coef_[0], fitted.intercept_[0]
        else:
            intercepts[number] = log((sum(there) + 1) / (len(there) - sum(there) + 1))
    classes = tuple(labels)
    return LinearModel(classes=classes, features=rows.names, weights=slopes, intercepts=intercepts, exclusive=False)


def logistic(strength: float, settings: JudgingSettings, seed: int) -> "LogisticRegression":
    """A model to be fitted; `strength` is the inverse of its regularisation."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, max_iter=3000, tol=settings.tolerance, random_state=seed)
