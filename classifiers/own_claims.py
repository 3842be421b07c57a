"""Which claims a sender makes for himself, judged by what he wants and what he offers."""

from collections.abc import Mapping
from dataclasses import replace

from models.knowledge.claims import ClaimCode
from models.knowledge.judging import JudgingKnowledge
from models.reading import Claim, Judgement, Polarity


def own_claims(
    claims: tuple[Claim, ...], judgement: Judgement, codes: Mapping[str, ClaimCode], knowledge: JudgingKnowledge
) -> tuple[Claim, ...]:
    """`claims` with those quoted that are not the sender's: all of one who offers nothing (he asks for them or speaks
    of them), and those about goods that are surely not what is offered (a machine "for N95").
    """
    if judgement.intent in knowledge.demanding:
        return tuple(replace(claim, polarity=Polarity.QUOTED) for claim in claims)
    low, _ = knowledge.settings.category_band
    foreign = {category for category, score in judgement.category_scores.items() if score < low}
    if not judgement.categories:
        return claims
    return tuple(
        replace(claim, polarity=Polarity.QUOTED) if _is_about(claim, foreign, codes) else claim for claim in claims
    )


def _is_about(claim: Claim, foreign: set[str], codes: Mapping[str, ClaimCode]) -> bool:
    kind = codes.get(claim.code)
    return claim.polarity is Polarity.ASSERTED and kind is not None and kind.category in foreign
