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
    nothing = judgement.intent in knowledge.needing and len(foreign) == len(judgement.category_scores)
    return tuple(
        replace(claim, polarity=Polarity.QUOTED)
        if claim.polarity is Polarity.ASSERTED and (nothing or _kind(claim, codes) in foreign)
        else claim
        for claim in claims
    )


def _kind(claim: Claim, codes: Mapping[str, ClaimCode]) -> str | None:
    """The category that the code itself stands for."""
    kind = codes.get(claim.code)
    return kind.category if kind else None
