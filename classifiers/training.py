"""Labelled mail → classifier: intent by one vote over all evidence, each category by its own."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from classifiers.category_features import category_evidence
from classifiers.features import intent_evidence, terms
from classifiers.fitting import design, each, logistic, term_weights, vote
from classifiers.linear import LinearModel, TermWeights
from models.knowledge.judging import JudgingKnowledge
from models.reading import Evidence

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
class Row:
    """One example made ready: the counts of its terms, the evidence for its intent, and what it was labelled.

    Training counts it by its `weight`; `key` puts rows in an order that does not hang on how they came.
    """

    key: str
    weight: float
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


def prepared(examples: Iterable[Example], knowledge: JudgingKnowledge, *, weight: float = 1.0) -> tuple[Row, ...]:
    """The examples made ready for `fit`, so that training on several parts of them does it once."""
    return tuple(_row(example, knowledge, weight) for example in examples)


def train(examples: Iterable[Example], knowledge: JudgingKnowledge, *, seed: int) -> TrainedClassifier:
    """A classifier from labelled evidence; see `fit`."""
    return fit(prepared(examples, knowledge), knowledge, seed=seed)


def fit(examples: Iterable[Row], knowledge: JudgingKnowledge, *, seed: int) -> TrainedClassifier:
    """A classifier from examples made ready. The same ones, in any order, and seed give the same numbers.

    Raises ValueError when there are not at least two intents, or no category, among the examples.
    """
    from threadpoolctl import threadpool_limits

    rows = sorted(examples, key=lambda row: (row.key, row.weight))
    if len({row.intent for row in rows}) <= 1 or not any(row.categories for row in rows):
        raise ValueError("training needs mail of at least two intents, and some of a category")
    with threadpool_limits(limits=1):  # sums in one order on any number of cores, and no threads that fight for them
        first = _first(rows, knowledge, seed)
        category = _categories(rows, knowledge, seed)
    return TrainedClassifier(id="", terms=first.terms, intent=first.intent, words=first.words, category=category)


def opinions(
    said: Mapping[str, float],
    screening: str,
    models: "_First | TrainedClassifier",
    knowledge: JudgingKnowledge,
) -> tuple[dict[str, float], dict[str, float]]:
    """Scores of all intents, and of the categories by the words alone, for a mail whose terms and signs are `said`.

    What the kind of the mail settles, no wording overrules.
    """
    settled = dict(knowledge.by_screening).get(screening)
    voted = {settled: 1.0} if settled else models.intent.scores(said)
    return {one.id: voted.get(one.id, 0.0) for one in knowledge.intents}, models.words.scores(said)


def _content(example: Example) -> str:
    evidence, intent, categories = example
    return hashlib.sha256("\0".join((evidence.subject, evidence.new_text, intent, *categories)).encode()).hexdigest()


def _row(example: Example, knowledge: JudgingKnowledge, weight: float) -> Row:
    evidence, intent, categories = example
    signs = intent_evidence(evidence, knowledge)
    counts = terms(evidence, knowledge)
    return Row(_content(example), weight, evidence, counts, signs, intent, frozenset(categories))


def _first(rows: Sequence[Row], knowledge: JudgingKnowledge, seed: int) -> _First:
    settings = knowledge.settings
    frequencies = term_weights([row.counts for row in rows], settings.min_df)
    said = design([{**frequencies.weighted(row.counts), **row.signs} for row in rows], [row.weight for row in rows])
    intents = vote(said, [row.intent for row in rows], logistic(settings.intent_c, settings, seed))
    labels = {one.id: [one.id in row.categories for row in rows] for one in knowledge.categories}
    return _First(frequencies, intents, each(said, labels, logistic(settings.word_c, settings, seed)))


def _categories(rows: Sequence[Row], knowledge: JudgingKnowledge, seed: int) -> LinearModel:
    """One model for all categories, over what was judged of mail that the judging models had not seen."""
    held_out: dict[int, _First] = {}
    for fold in range(knowledge.settings.inner_folds):
        others = [row for number, row in enumerate(rows) if number % knowledge.settings.inner_folds != fold]
        if len({row.intent for row in others}) > 1:
            held_out[fold] = _first(others, knowledge, seed)
    pairs, present, weights = [], [], []
    for number, row in enumerate(rows):
        first = held_out.get(number % knowledge.settings.inner_folds) or _first(rows, knowledge, seed)
        said = {**first.terms.weighted(row.counts), **row.signs}
        intents, by_words = opinions(said, row.evidence.screening, first, knowledge)
        for category in (one.id for one in knowledge.categories):
            pairs.append(category_evidence(row.evidence, category, knowledge, row.signs, intents, by_words[category]))
            present.append(category in row.categories)
            weights.append(row.weight)
    settings = knowledge.settings
    return each(design(pairs, weights), {PRESENT: present}, logistic(settings.category_c, settings, seed))
