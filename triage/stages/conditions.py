"""Whether a condition of `data/rules/` or `data/risk_signs.toml` holds of a mail, and on which spans."""

from collections.abc import Callable, Iterable, Mapping

from models.knowledge.rules import Condition, NotifiedBody
from models.reading import Claim, Span
from triage.stages.computed import COMPUTED
from triage.stages.facts import Facts

Spans = tuple[Span, ...]
BESIDE = 100  # characters between two cues that belong together
PROTECTIVE, SURE = "ppe", "ppe_unsure"


def holds(
    condition: Condition, facts: Facts, category: str | None, findings: dict[str, Spans], *, doubtful: bool = False
) -> Spans | None:
    """The evidence when every part of `condition` holds for `category` (None: for the mail), else None.

    `findings` are the rules that hold already, with their evidence. `doubtful` counts a claim without a category as
    one of this category: right where a claim would excuse, wrong where it would blame.
    """
    spans: list[Span] = []
    for name in condition.given:
        found = _TESTS[name](condition, facts, category, findings, doubtful)
        if found is None:
            return None
        spans += found
    for part in condition.all:
        found = holds(part, facts, category, findings, doubtful=doubtful)
        if found is None:
            return None
        spans += found
    if condition.any:
        options = [holds(part, facts, category, findings, doubtful=doubtful) for part in condition.any]
        if all(option is None for option in options):
            return None
        spans += [span for option in options for span in option or ()]
    if condition.none and any(
        holds(part, facts, category, findings, doubtful=True) is not None for part in condition.none
    ):
        return None
    return tuple(dict.fromkeys(spans)) if spans else ()


def _of_category(condition: Condition, facts: Facts, category: str | None, *_: object) -> Spans | None:
    seen = facts.categories if category is None else (category,)
    return None if set(seen).isdisjoint(condition.category) else ()


def _of_intent(condition: Condition, facts: Facts, *_: object) -> Spans | None:
    return () if facts.reading.judgement.intent in condition.intent else None


def _claimed(
    condition: Condition, facts: Facts, category: str | None, _findings: dict[str, Spans], doubtful: bool
) -> Spans | None:
    claims = facts.claims(category, owned=condition.owned, doubtful=doubtful)
    return _evidence(claim.span for claim in claims if _matches(condition, claim))


def _matches(condition: Condition, claim: Claim) -> bool:
    if claim.polarity not in condition.polarity:
        return False
    pattern = condition.claim_pattern
    return claim.code in condition.claim or (pattern is not None and pattern.fullmatch(claim.code) is not None)


def _cued(condition: Condition, facts: Facts, *_: object) -> Spans | None:
    hits = facts.cue_hits.get(condition.cue, ())
    if condition.beside:
        others = [other.span for name in condition.beside for other in facts.cue_hits.get(name, ())]
        hits = tuple(hit for hit in hits if any(_near(hit.span, other) for other in others))
    distinct = {hit.words.casefold() for hit in hits}
    return tuple(hit.span for hit in hits) if len(distinct) >= condition.at_least else None


def _near(one: Span, other: Span) -> bool:
    same = (one.where, one.attachment) == (other.where, other.attachment)
    return same and max(one.start - other.end, other.start - one.end) <= BESIDE


def _issued(condition: Condition, facts: Facts, *_: object) -> Spans | None:
    return _evidence(hit.span for issuer, hit in facts.issuer_hits if issuer.handling in condition.issuer)


def _notified(condition: Condition, facts: Facts, category: str | None, *_: object) -> Spans | None:
    return _evidence(
        claim.span
        for claim in facts.asserted(category)
        if (standing := _standing(claim, facts, category)) and (standing in condition.body or "any" in condition.body)
    )


def _standing(claim: Claim, facts: Facts, category: str | None) -> str:
    """How a claimed notified-body number stands for products of `category`; empty when it is no such claim."""
    match = facts.knowledge.body_claim.fullmatch(claim.code) if facts.knowledge.body_claim else None
    wanted = facts.knowledge.product_scopes.get(category or "", ())
    if match is None or not wanted:
        return ""
    body = facts.bodies.get(match[1])
    return "unlisted" if body is None else _designation(body, wanted)


def _designation(body: NotifiedBody, wanted: Iterable[str]) -> str:
    groups = {scope.removeprefix("ppe_") for scope in wanted}
    if PROTECTIVE in body.not_for:
        return "not_ppe"
    if groups & set(body.not_for):
        return "not_product"
    if PROTECTIVE not in body.scopes:
        return "not_known_ppe"
    return "not_product" if body.complete and not set(wanted) & set(body.scopes) else "fits"


def _ruled(
    condition: Condition, _facts: Facts, _category: str | None, findings: dict[str, Spans], *_: object
) -> Spans | None:
    held = [findings[rule] for rule in condition.finding if rule in findings]
    return tuple(span for spans in held for span in spans) if held else None


def _computed(condition: Condition, facts: Facts, *_: object) -> Spans | None:
    return COMPUTED[condition.fact](facts)


def _amounts(condition: Condition, facts: Facts, *_: object) -> Spans | None:
    most = condition.quantity_over or 0
    large = [
        line
        for line in facts.lines
        if (line.quantity or 0) > most and (not condition.category or line.category in condition.category)
    ]
    return tuple(span for line in large for name, span in line.spans if name == "quantity") if large else None


def _evidence(spans: Iterable[Span]) -> Spans | None:
    found = tuple(spans)
    return found or None


_TESTS: Mapping[str, Callable[[Condition, Facts, str | None, dict[str, Spans], bool], Spans | None]] = {
    "category": _of_category,
    "intent": _of_intent,
    "claim": _claimed,
    "cue": _cued,
    "issuer": _issued,
    "body": _notified,
    "finding": _ruled,
    "fact": _computed,
    "quantity_over": _amounts,
}
