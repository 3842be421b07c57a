"""Which claims a sender makes for himself, judged by what he wants and what he offers."""

from collections.abc import Mapping
from dataclasses import replace

from models.knowledge.claims import ClaimCode
from models.knowledge.judging import JudgingKnowledge
from models.reading import Claim, Judgement, Polarity, Where


def own_claims(
    claims: tuple[Claim, ...], judgement: Judgement, codes: Mapping[str, ClaimCode], knowledge: JudgingKnowledge
) -> tuple[Claim, ...]:
    """`claims` with those quoted that are not the sender's: all of one who offers nothing (he asks for them or speaks
    of them), what one who asks puts into a question, the subject that an automatic reply repeats, and what is asserted
    of goods that are not what is offered (a machine "for N95").
    """
    if judgement.intent in knowledge.demanding or _offers_nothing(judgement, knowledge):
        return tuple(replace(claim, polarity=Polarity.QUOTED) for claim in claims)
    foreign = _foreign(judgement, knowledge)
    return tuple(
        replace(claim, polarity=Polarity.QUOTED)
        if _repeated(claim, judgement, knowledge)
        or (claim.polarity is Polarity.ASSERTED and _kind(claim, codes) in foreign)
        else claim
        for claim in claims
    )


def _offers_nothing(judgement: Judgement, knowledge: JudgingKnowledge) -> bool:
    low, _ = knowledge.settings.category_band
    return judgement.intent in knowledge.needing and max(judgement.category_scores.values(), default=0) < low


def _foreign(judgement: Judgement, knowledge: JudgingKnowledge) -> frozenset[str]:
    """The categories of goods that the mail names and does not offer.

    A doubtful one counts as offered, unless the mail offers what is no goods (a machine, work, software) or tells news:
    such mail names the goods that it is about.
    """
    if not judgement.categories:
        return frozenset()
    low, high = knowledge.settings.category_band
    about = judgement.intent in knowledge.needing or not knowledge.goods.issuperset(judgement.categories)
    least = high if about else low
    return frozenset(category for category, score in judgement.category_scores.items() if score < least)


def _repeated(claim: Claim, judgement: Judgement, knowledge: JudgingKnowledge) -> bool:
    """Whether a claim stands in the question of one who asks, or in a subject that the sender did not write."""
    if judgement.intent in knowledge.asking:
        return claim.asked
    return judgement.intent in knowledge.subject_not_own and claim.span.where is Where.SUBJECT


def _kind(claim: Claim, codes: Mapping[str, ClaimCode]) -> str | None:
    """The category that the code itself stands for."""
    kind = codes.get(claim.code)
    return kind.category if kind else None
