"""The evidence that a mail is about a category, as named numbers that are the same for every category."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from classifiers.features import PLACES, capped, told_how
from models.knowledge.judging import JudgingKnowledge
from models.reading import Evidence, ProductMention, Stance, Where

_RATES = frozenset({"day", "week", "month"})


def category_evidence(
    evidence: Evidence,
    category: str,
    knowledge: JudgingKnowledge,
    signs: Mapping[str, float],
    intents: Mapping[str, float],
    by_words: float,
) -> dict[str, float]:
    """The evidence that a mail is about one category, in names that are the same for every category.

    `signs` are the mail's `intent_evidence`, `intents` the scores of its intents, `by_words` is the category's score by
    the words alone.
    """
    own = [mention for mention in evidence.products if mention.category == category]
    found = capped(_counts(evidence, category, own, knowledge), knowledge)
    found.update(_standing(evidence, category, own))
    found.update(_told(evidence, category, knowledge, signs))
    found["words"] = _margin(by_words) / 2
    for intent, score in intents.items():
        found[f"intent {intent}"] = score
        found[f"intent {intent}, named"] = score * bool(own)
    demanded = sum(intents.get(intent, 0.0) for intent in knowledge.demanding)
    needed = min(sum(one.stance is Stance.NEEDED for one in own), 2)
    found["needed and demanded"], found["needed by the way"] = needed * demanded, needed * (1 - demanded)
    found[f"category {category}"] = 1.0
    found[f"category {category}, named"] = float(bool(own))
    return found


def _counts(evidence: Evidence, category: str, own: list[ProductMention], knowledge: JudgingKnowledge) -> Counter[str]:
    lines = [line for line in evidence.offer_lines if line.category == category]
    claims = [claim for claim in evidence.claims if claim.category == category]
    if not (own or lines or claims):
        return Counter()
    sure = [mention for mention in own if mention.phrase not in knowledge.ambiguous]
    counts: Counter[str] = Counter(f"{told_how(one)}@{one.span.where}" for one in sure)
    counts.update(f"perhaps {told_how(one)}@{one.span.where}" for one in own if one.phrase in knowledge.ambiguous)
    counts.update(f"claim {one.polarity}@{one.span.where}" for one in claims)
    counts.update(_as_items(own))
    counts["line"] = len(lines)
    counts["line quantity"] = sum(line.quantity is not None for line in lines)
    counts["line price"] = sum(line.price is not None for line in lines)
    return counts


def _as_items(own: Sequence[ProductMention]) -> Iterator[str]:
    """That the mail lists the category as one lists goods: at the head of a line, with a number beside it."""
    listed = {one for one in own if _meant(one) and not one.quoted and one.span.where is not Where.SUBJECT}
    yield from {f"leads@{one.span.where}" for one in listed if one.leads}
    yield from {f"counted@{one.span.where}" for one in listed if one.counted}
    yield from {f"leads counted@{one.span.where}" for one in listed if one.leads and one.counted}


def _meant(mention: ProductMention) -> bool:
    return mention.stance in (Stance.OFFERED, Stance.NEEDED)


def _told(
    evidence: Evidence, category: str, knowledge: JudgingKnowledge, signs: Mapping[str, float]
) -> Iterator[tuple[str, float]]:
    """What speaks for a category or against it without naming one of its products: signs, amounts a day or a week."""
    if category in knowledge.told_by_rates:
        yield f"{category}: rates", min(sum(line.per in _RATES for line in evidence.offer_lines), 2)
    for kind in dict(knowledge.told_by).get(category, ()):
        for place in PLACES:
            if value := signs.get(f"sign:{kind}@{place}"):
                yield f"{category}: {kind}@{place}", value


def _margin(score: float) -> float:
    inside = min(max(score, 0.001), 0.999)
    return math.log(inside / (1 - inside))


def _standing(evidence: Evidence, category: str, own: list[ProductMention]) -> dict[str, float]:
    """How a category stands beside the others: share of the mentions, whether it comes first, whether it is alone."""
    meant = [m for m in evidence.products if _meant(m)]
    if not own:
        return {"absent": 1.0, "absent, others named": float(bool(meant))}
    counts = Counter(m.category for m in meant)
    here = [m for m in meant if m.category == category]
    others = set(counts) - {category}
    first = min(meant, key=_order, default=None)
    return {
        "share": len(here) / len(meant) if meant else 0.0,
        "beside the commonest": len(here) / max(counts.values(), default=1),
        "named once": float(bool(others) and _named_once(evidence, category, here)),
        "first": float(first is not None and first.category == category),
        "alone": float(bool(here) and not others),
        "others": math.log2(1 + len(others)),
        "never meant": float(not here),
        "not meant in the text": float(_unmeant(own)),
        "only attached": float(all(m.span.where is Where.ATTACHMENT for m in own)),
    }


def _named_once(evidence: Evidence, category: str, here: Sequence[ProductMention]) -> bool:
    """Whether the text names it once and nothing more: not in the subject, no amount and no price."""
    lines = (line for line in evidence.offer_lines if line.category == category)
    told = any(line.quantity is not None or line.price is not None for line in lines)
    return len(here) == 1 and here[0].span.where is not Where.SUBJECT and not told


def _unmeant(own: list[ProductMention]) -> bool:
    """Whether the text itself only denies or mentions it, whatever subject and attachments list."""
    stances = {one.stance for one in own if one.span.where is Where.BODY and not one.quoted}
    return bool(stances) and not stances & {Stance.OFFERED, Stance.NEEDED}


def _order(mention: ProductMention) -> tuple[int, int]:
    return (list(Where).index(mention.span.where), mention.span.start)
