"""What is missing of an offer, mechanically, so that supplier and staff get the same answer."""

from models.reading import Stance
from triage.stages.facts import Facts


def missing(facts: Facts) -> tuple[str, ...]:
    """Fields of `data/missing.toml` that the mail does not give, in its order; empty for mail that offers nothing."""
    knowledge = facts.knowledge.missing
    if knowledge is None or facts.reading.judgement.intent not in knowledge.intents:
        return ()
    given = {name: _GIVEN[name](facts) for name in knowledge.order}
    stated = {name: any(facts.cue_hits.get(cue) for cue in cues) for name, cues in knowledge.stated_by.items()}
    return tuple(name for name in knowledge.order if not given[name] and not stated.get(name))


def _product(facts: Facts) -> bool:
    products = facts.reading.products
    return bool(facts.categories or facts.lines or any(p.stance is Stance.OFFERED for p in products))


def _regulatory(facts: Facts) -> bool:
    knowledge = facts.knowledge.missing
    return knowledge is not None and any(
        claim.polarity in knowledge.regulatory_polarity and claim.code not in knowledge.ignored_claims
        for claim in facts.reading.claims
    )


def _contact(facts: Facts) -> bool:
    return bool(facts.reading.supplier.contact or facts.reading.supplier.phone)


def _quantity(facts: Facts) -> bool:
    return any(line.quantity is not None for line in facts.reading.offer_lines)


def _lead_time(facts: Facts) -> bool:
    return any(
        line.lead_time_days is not None or line.lead_time_text or line.stock_country
        for line in facts.reading.offer_lines
    )


def _price(facts: Facts) -> bool:
    return any(line.price is not None for line in facts.reading.offer_lines)


_GIVEN = {
    "product": _product,
    "regulatory": _regulatory,
    "contact": _contact,
    "quantity": _quantity,
    "lead_time": _lead_time,
    "price": _price,
}
