"""Labelled mail → classifier by scikit-learn: intent by one vote over all evidence, each category by its own."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from classifiers.features import category_evidence, intent_evidence, terms
from classifiers.linear import LinearModel, TermWeights, ordered
from models.knowledge.judging import JudgingKnowledge, JudgingSettings
from models.reading import Evidence

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

Example = tuple[Evidence, str, tuple[str, ...]]
PRESENT = "present"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainedClassifier:
    """What training gives and an artifact holds. `id` is the artifact's, empty before it is saved.

    `words` judges categories by the terms alone; its opinion is one of the things that `category` weighs. `category` is
    one model for all categories: it is asked of each with the evidence for that one.
    """

    id: str
    terms: TermWeights
    intent: LinearModel
    words: LinearModel
    category: LinearModel


@dataclass(frozen=True, slots=True)
class _Row:
    """One example made ready: the counts of its terms, the evidence for its intent, and what it was labelled."""

    evidence: Evidence
    counts: Counter[str]
    signs: dict[str, float]
    intent: str
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class _First:
    """What is judged before the evidence for categories: terms, intent, and what words and signs say of categories."""

    terms: TermWeights
    intent: LinearModel
    words: LinearModel


def train(examples: Sequence[Example], knowledge: JudgingKnowledge, *, seed: int) -> TrainedClassifier:
    """A classifier from labelled evidence. The same examples, in any order, and seed give the same numbers.

    Raises ValueError when there are not at least two intents, or no category, among the examples.
    """
    from threadpoolctl import threadpool_limits

    rows = [_row(example, knowledge) for example in sorted(examples, key=_content)]
    if len({row.intent for row in rows}) == 1 or not any(row.categories for row in rows):
        raise ValueError("training needs mail of at least two intents, and some of a category")
    with threadpool_limits(limits=1):  # sums in one order on any number of cores, and no threads that fight for them
        first = _first(rows, knowledge, seed)
        category = _categories(rows, knowledge, seed)
    return TrainedClassifier(id="", terms=first.terms, intent=first.intent, words=first.words, category=category)


def opinions(
    counts: Mapping[str, int], signs: Mapping[str, float], terms_: TermWeights, intent: LinearModel, words: LinearModel
) -> tuple[dict[str, float], dict[str, float]]:
    """Scores of the intents, and of the categories by the words alone, for one mail."""
    weighted = terms_.weighted(counts)
    said = {**weighted, **signs}
    return intent.scores(said), words.scores(said)


def _content(example: Example) -> str:
    evidence, intent, categories = example
    return hashlib.sha256("\0".join((evidence.subject, evidence.new_text, intent, *categories)).encode()).hexdigest()


def _row(example: Example, knowledge: JudgingKnowledge) -> _Row:
    evidence, intent, categories = example
    signs = intent_evidence(evidence, knowledge)
    return _Row(evidence, terms(evidence, knowledge), signs, intent, frozenset(categories))


def _first(rows: Sequence[_Row], knowledge: JudgingKnowledge, seed: int) -> _First:
    settings = knowledge.settings
    weights = _term_weights([row.counts for row in rows], settings.min_df)
    weighted = [weights.weighted(row.counts) for row in rows]
    said = [{**text, **row.signs} for text, row in zip(weighted, rows, strict=True)]
    intents = _vote(said, [row.intent for row in rows], _logistic(settings.intent_c, settings, seed))
    labels = {one.id: [one.id in row.categories for row in rows] for one in knowledge.categories}
    return _First(weights, intents, _each(said, labels, _logistic(settings.word_c, settings, seed)))


def _categories(rows: Sequence[_Row], knowledge: JudgingKnowledge, seed: int) -> LinearModel:
    """One model for all categories, over what was judged of mail that the judging models had not seen."""
    held_out: dict[int, _First] = {}
    for fold in range(knowledge.settings.inner_folds):
        others = [row for number, row in enumerate(rows) if number % knowledge.settings.inner_folds != fold]
        if len({row.intent for row in others}) > 1:
            held_out[fold] = _first(others, knowledge, seed)
    pairs, present = [], []
    for number, row in enumerate(rows):
        first = held_out.get(number % knowledge.settings.inner_folds) or _first(rows, knowledge, seed)
        intents, by_words = opinions(row.counts, row.signs, first.terms, first.intent, first.words)
        for category in (one.id for one in knowledge.categories):
            pairs.append(category_evidence(row.evidence, category, knowledge, intents, by_words[category]))
            present.append(category in row.categories)
    settings = knowledge.settings
    return _each(pairs, {PRESENT: present}, _logistic(settings.category_c, settings, seed))


def _term_weights(counts: Iterable[Mapping[str, int]], least: int) -> TermWeights:
    import numpy as np

    mails = list(counts)
    frequency = Counter(term for mail in mails for term in mail)
    kept = sorted(term for term, number in frequency.items() if number >= least)
    return TermWeights(
        terms=tuple(kept),
        idf=np.array([log((1 + len(mails)) / (1 + frequency[term])) + 1.0 for term in kept], dtype=np.float64),
    )


def _vote(rows: Sequence[Mapping[str, float]], labels: Sequence[str], model: "LogisticRegression") -> LinearModel:
    """One multinomial model over all labels."""
    import numpy as np

    names = ordered(rows)
    fitted = model.fit(_matrix(rows, names), list(labels))
    weights, intercepts = np.asarray(fitted.coef_), np.asarray(fitted.intercept_)
    if len(fitted.classes_) == 1 + len(weights):  # of two labels scikit-learn keeps one row
        weights, intercepts = np.vstack((-weights, weights)) / 2, np.concatenate((-intercepts, intercepts)) / 2
    return LinearModel(
        classes=tuple(map(str, fitted.classes_)), features=names, weights=weights, intercepts=intercepts, exclusive=True
    )


def _each(
    rows: Sequence[Mapping[str, float]], labels: Mapping[str, Sequence[bool]], model: "LogisticRegression"
) -> LinearModel:
    """One model a label, each for itself; a label that is always or never there keeps its share."""
    import numpy as np

    names = ordered(rows)
    matrix = _matrix(rows, names)
    weights, intercepts = np.zeros((len(labels), len(names))), np.zeros(len(labels))
    for number, there in enumerate(labels.values()):
        if any(there) and not all(there):
            fitted = model.fit(matrix, list(there))
            weights[number], intercepts[number] = fitted.coef_[0], fitted.intercept_[0]
        else:
            intercepts[number] = log((sum(there) + 1) / (len(there) - sum(there) + 1))
    return LinearModel(classes=tuple(labels), features=names, weights=weights, intercepts=intercepts, exclusive=False)


def _logistic(strength: float, settings: JudgingSettings, seed: int) -> "LogisticRegression":
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, max_iter=3000, tol=settings.tolerance, random_state=seed)


def _matrix(rows: Sequence[Mapping[str, float]], names: Sequence[str]) -> "csr_matrix":
    from scipy.sparse import csr_matrix

    place = {name: number for number, name in enumerate(names)}
    entries = [(number, place[name], value) for number, row in enumerate(rows) for name, value in row.items()]
    numbers, places, values = zip(*entries, strict=True)
    return csr_matrix((values, (numbers, places)), shape=(len(rows), len(names)))
