"""Evidence → Judgement: intent and categories with their scores, what weighed most, and whether a person must look."""

from collections.abc import Mapping

from classifiers.category_features import category_evidence
from classifiers.features import intent_evidence, terms
from classifiers.training import PRESENT, TrainedClassifier, opinions
from models.knowledge.judging import JudgingKnowledge
from models.reading import Evidence, Judgement


def judge(evidence: Evidence, classifier: TrainedClassifier, knowledge: JudgingKnowledge) -> Judgement:
    """The intent and categories of one mail. No category is an answer too."""
    counts, signs = terms(evidence, knowledge), intent_evidence(evidence, knowledge)
    said = {**classifier.terms.weighted(counts), **signs}
    intents, by_words = opinions(said, evidence.screening, classifier, knowledge)
    intent = max(sorted(intents), key=intents.__getitem__)
    pairs = {
        one.id: category_evidence(evidence, one.id, knowledge, signs, intents, by_words.get(one.id, 0.0))
        for one in knowledge.categories
        if intent not in knowledge.nameless
    }
    scores = {one.id: 0.0 for one in knowledge.categories}
    scores.update({category: classifier.category.scores(values)[PRESENT] for category, values in pairs.items()})
    chosen = tuple(category for category, score in scores.items() if score >= knowledge.settings.category_threshold)
    return Judgement(
        intent=intent,
        intent_confidence=intents[intent],
        intent_scores=intents,
        categories=chosen,
        category_scores=scores,
        uncertain=_doubtful(intents[intent], scores, knowledge),
        because=_because(classifier, said, intent, chosen, pairs, knowledge),
        artifact=classifier.id,
    )


def _doubtful(confidence: float, scores: Mapping[str, float], knowledge: JudgingKnowledge) -> bool:
    low, high = knowledge.settings.category_band
    return confidence < knowledge.settings.intent_floor or any(low <= score < high for score in scores.values())


def _because(
    classifier: TrainedClassifier,
    values: Mapping[str, float],
    intent: str,
    chosen: tuple[str, ...],
    pairs: Mapping[str, Mapping[str, float]],
    knowledge: JudgingKnowledge,
) -> tuple[str, ...]:
    count = knowledge.settings.reasons
    spoke = [(weight, name) for name, weight in _weighing(classifier, values, intent, count)]
    for category in chosen:
        weighed = classifier.category.weighing(pairs[category], PRESENT, count)
        spoke += [(weight, f"{category}: {name}") for name, weight in weighed]
    return tuple(name for _, name in sorted(spoke, key=lambda one: (-one[0], one[1]))[:count])


def _weighing(
    classifier: TrainedClassifier, values: Mapping[str, float], intent: str, count: int
) -> tuple[tuple[str, float], ...]:
    return classifier.intent.weighing(values, intent, count) if intent in classifier.intent.classes else ()
