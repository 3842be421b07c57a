"""What is missing of an offer, mechanically, so that supplier and staff get the same answer."""

from collections.abc import Callable, Mapping

from models.knowledge.rules import MissingKnowledge
from models.reading import Stance
from triage.stages.facts import Facts


def missing(facts: Facts) -> tuple[str, ...]:
    """Fields of `data/missing.toml` that the mail does not give, in its order; empty for mail that offers nothing."""
    knowledge = facts.knowledge.missing
    if knowledge is None or not facts.may_be(knowledge.intents, knowledge.offer_from):
        return ()
    given = {name: _GIVEN[name](facts, knowledge) for name in knowledge.order}
    stated = {name: any(facts.cue_hits.get(cue) for cue in cues) for name, cues in knowledge.stated_by.items()}
    return tuple(name for name in knowledge.order if not given[name] and not stated.get(name))


def _product(facts: Facts, knowledge: MissingKnowledge) -> bool:
    offered = any(p.stance is Stance.OFFERED for p in facts.reading.products)
    return bool(_told(facts, knowledge) or facts.lines or offered)


def _told(facts: Facts, knowledge: MissingKnowledge) -> tuple[str, ...]:
    """What is offered, or, where nothing is for sure, what it may be."""
    scores = facts.reading.judgement.category_scores
    return facts.categories or tuple(one for one, score in scores.items() if score >= knowledge.product_from)


def _regulatory(facts: Facts, knowledge: MissingKnowledge) -> bool:
    told = _told(facts, knowledge)
    goods = not told or any(one not in knowledge.unregulated for one in told)
    return not goods or any(claim.polarity in knowledge.regulatory_polarity for claim in facts.reading.claims)


def _contact(facts: Facts, _knowledge: MissingKnowledge) -> bool:
    return bool(facts.reading.supplier.contact or facts.reading.supplier.phone)


def _quantity(facts: Facts, _knowledge: MissingKnowledge) -> bool:
    """An amount in packings of unknown size is lots."""
    counted = any(line.quantity is not None or line.quantity_unit for line in facts.lines)
    return counted or _is_stated("quantity", facts)


def _lead_time(facts: Facts, _knowledge: MissingKnowledge) -> bool:
    timed = any(
        line.lead_time_days is not None or line.lead_time_text or line.stock_country
        for line in facts.reading.offer_lines
    )
    return timed or _is_stated("lead_time_days", facts)


def _price(facts: Facts, _knowledge: MissingKnowledge) -> bool:
    return any(line.price is not None for line in facts.reading.offer_lines)


def _is_stated(field: str, facts: Facts) -> bool:
    return any(name == field for name, _ in facts.reading.offer_facts)


_GIVEN: Mapping[str, Callable[[Facts, MissingKnowledge], bool]] = {
    "product": _product,
    "regulatory": _regulatory,
    "contact": _contact,
    "quantity": _quantity,
    "lead_time": _lead_time,
    "price": _price,
}
