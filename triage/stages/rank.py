"""Reading and assessment against the need order: a Priority whose score is the sum of its reasons.

Who sent the mail, from where, in which language and on whose word is not looked at.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from models.assessment import Assessment, Priority, ProofState, Reason
from models.knowledge.ranking import IntentWeight, NeedWeight, RankKnowledge
from models.mail import Screening
from models.reading import Judgement, OfferLine, Polarity, Reading, Stance

PROVED = {ProofState.DOCUMENT_SEEN, ProofState.VERIFIED}
Wording = Mapping[str, Mapping[str, str]]


def rank(screening: Screening, reading: Reading, assessment: Assessment, knowledge: RankKnowledge) -> Priority:
    """The place in the queue. The same reading and assessment give the same score, whoever sent the mail."""
    intent = _expected(reading.judgement, knowledge)
    silent = screening.kind.value in knowledge.silent_screenings
    if silent or (intent.share == 0 and not reading.judgement.uncertain):
        reason = Reason(code="intent", points=0.0, texts=intent.texts)
        return Priority(score=0.0, band=knowledge.band_without_action, reasons=(reason,))
    reasons = [r for r in _reasons(reading, assessment, intent, knowledge) if r.points or r.code == "intent"]
    total = math.fsum(reason.points for reason in reasons)
    if total < knowledge.floor:
        reasons.append(_reason("floor", knowledge.floor - total, knowledge))
    score = math.fsum(reason.points for reason in reasons)
    band = next((band.name for band in knowledge.bands if score >= band.least), knowledge.bands[-1].name)
    return Priority(score=score, band=band, reasons=tuple(reasons))


def _reasons(
    reading: Reading, assessment: Assessment, intent: IntentWeight, knowledge: RankKnowledge
) -> Iterator[Reason]:
    yield Reason(code="intent", points=_stepped(intent.points, knowledge), texts=intent.texts)
    needs = _needs(reading, knowledge)
    if needs and intent.share:
        yield from _goods(reading, needs, intent.share, knowledge)
        yield _proof(reading, assessment, needs, intent.share, knowledge)
    yield from _drawbacks(assessment, knowledge)
    if reading.judgement.uncertain:
        yield _reason("uncertain", knowledge.uncertain, knowledge)


def _expected(judgement: Judgement, knowledge: RankKnowledge) -> IntentWeight:
    """What the intent is worth; of mail left to a person, each intent that it may have by its score."""
    likeliest = knowledge.intents.get(judgement.intent, knowledge.other_intent)
    scores = _rounded(judgement.intent_scores, knowledge) if judgement.uncertain else {}
    total = math.fsum(scores.values())
    if not total:
        return likeliest
    scored = [(knowledge.intents.get(name, knowledge.other_intent), score / total) for name, score in scores.items()]
    return replace(
        likeliest,
        points=math.fsum(one.points * part for one, part in scored),
        share=math.fsum(one.share * part for one, part in scored),
    )


def _rounded(scores: Mapping[str, float], knowledge: RankKnowledge) -> dict[str, float]:
    return {name: round(score / knowledge.score_step) * knowledge.score_step for name, score in scores.items()}


def _needs(reading: Reading, knowledge: RankKnowledge) -> list[tuple[int, NeedWeight]]:
    """(place in the order of need from 1, weight) of every category the mail is about, most needed first.

    In mail left to a person a category counts by its score.
    """
    judgement = reading.judgement
    judged = set(judgement.categories)
    about = judged or {p.category for p in reading.products if p.stance in (Stance.OFFERED, Stance.NEEDED)}
    needs = [(place, need) for place, need in enumerate(knowledge.needs, 1) if need.category in about]
    if judgement.uncertain:
        scores = _rounded(judgement.category_scores, knowledge)
        needs = [(place, replace(need, points=need.points * scores.get(need.category, 1.0))) for place, need in needs]
        needs.sort(key=lambda found: -found[1].points)
    return needs


def _goods(
    reading: Reading, needs: list[tuple[int, NeedWeight]], share: float, knowledge: RankKnowledge
) -> Iterator[Reason]:
    place, first = needs[0]
    names = knowledge.category_names
    yield _reason("need", first.points * share, knowledge, category=names.get(first.category), place=str(place))
    share *= first.weigh
    further = [need.category for _, need in needs[1:] if need.points >= knowledge.needs[0].points / 2]
    if further:
        points = min(knowledge.further_categories_most, knowledge.further_category * len(further)) * share
        yield _reason("breadth", points, knowledge, categories=_joined(further, names))
    amounts = [(_amount_points(line, need, knowledge), line, need) for line, need in _lines(reading, needs)]
    if amounts:
        points, line, need = max(amounts, key=lambda found: found[0])
        amount = f"{_amount(line, knowledge):.0f}"
        yield _reason("quantity", points * share, knowledge, amount=amount, category=names.get(need.category))
    days = [line.lead_time_days for line, _ in _lines(reading, needs) if line.lead_time_days is not None]
    if days:
        points = next((s.points for s in knowledge.arrival if min(days) <= s.until), knowledge.arrival[-1].points)
        yield _reason("arrival", points * share, knowledge, days=str(min(days)))
    elif knowledge.arrival_unknown:
        yield _reason("arrival", knowledge.arrival_unknown * share, knowledge, days="?")


def _lines(reading: Reading, needs: list[tuple[int, NeedWeight]]) -> Iterator[tuple[OfferLine, NeedWeight]]:
    by_category = {need.category: need for _, need in needs}
    return ((line, by_category[line.category]) for line in reading.offer_lines if line.category in by_category)


def _amount(line: OfferLine, knowledge: RankKnowledge) -> float:
    """Pieces within the horizon: a running capacity counts for some periods."""
    amount = (line.quantity or 0) * knowledge.horizon_days.get(line.per or "", 1)
    return amount if math.isfinite(amount) else 0


def _amount_points(line: OfferLine, need: NeedWeight, knowledge: RankKnowledge) -> float:
    amount = _amount(line, knowledge)
    if amount <= need.least:
        return 0.0
    part = math.log(amount / need.least) / math.log(need.most / need.least)
    return knowledge.quantity_points * min(1.0, part)


def _proof(
    reading: Reading,
    assessment: Assessment,
    needs: list[tuple[int, NeedWeight]],
    share: float,
    knowledge: RankKnowledge,
) -> Reason:
    states = (_proof_state(reading, assessment, need, knowledge) for _, need in needs)
    state = max(states, key=lambda name: knowledge.proof.get(name, 0))
    points = knowledge.proof.get(state, 0) * share * needs[0][1].weigh
    return _reason("proof", points, knowledge, state=knowledge.proof_names.get(state))


def _proof_state(reading: Reading, assessment: Assessment, need: NeedWeight, knowledge: RankKnowledge) -> str:
    """How far the goods of one category are proved, by the best claim: a name of `knowledge.proof`."""
    strong, foreign = knowledge.strong_proof, need.foreign
    seen: set[str] = set()
    for claim, proof in zip(reading.claims, assessment.proof, strict=False):
        if claim.category not in (None, need.category):
            continue
        fits = need.fitting.fullmatch(claim.code) is not None
        carries = strong is not None and strong.fullmatch(claim.code) is not None
        if claim.polarity is Polarity.ASSERTED:
            seen |= {"document"} if (fits or carries) and proof in PROVED else set()
            seen |= {"fits"} if fits else set()
            seen |= {"carries"} if carries else set()
            seen |= {"foreign"} if foreign is not None and foreign.fullmatch(claim.code) else set()
        elif fits or carries:
            seen.add(claim.polarity.value)
    if "fits" in seen and ("document" in seen or "carries" in seen):
        return "document" if "document" in seen else "strong"
    order = (("fits", "fitting"), ("carries", "foreign"), ("foreign", "foreign"), ("pending",) * 2, ("denied",) * 2)
    return next((state for mark, state in order if mark in seen), "none")


def _drawbacks(assessment: Assessment, knowledge: RankKnowledge) -> Iterator[Reason]:
    if assessment.missing:
        points = math.fsum(knowledge.missing.get(name, 0) for name in assessment.missing)
        yield _reason("missing", points, knowledge, fields=", ".join(assessment.missing))
    rules = {finding.rule: finding.severity for finding in assessment.findings}
    points = math.fsum(knowledge.severities.get(severity, 0) for severity in rules.values())
    yield _reason("findings", max(points, knowledge.findings_least), knowledge, rules=", ".join(rules))
    weighed = [sign.code for sign in assessment.risk_signs if knowledge.signs.get(sign.code)]
    points = math.fsum(knowledge.signs[code] for code in dict.fromkeys(weighed))
    yield _reason("risk_signs", max(points, knowledge.signs_least), knowledge, signs=", ".join(dict.fromkeys(weighed)))


def _joined(categories: list[str], names: Wording) -> dict[str, str]:
    """Names of `categories`, by language, joined by commas."""
    languages = {language for category in categories for language in names.get(category, {})}
    return {language: ", ".join(names.get(c, {}).get(language, c) for c in categories) for language in languages}


def _reason(code: str, points: float, knowledge: RankKnowledge, **values: str | Mapping[str, str] | None) -> Reason:
    """A reason with its sentence in every language; a value is the same in all, or one by language."""
    texts = []
    for language, sentence in knowledge.texts.get(code, ()):
        said = {name: v if isinstance(v, str) else (v or {}).get(language, "") for name, v in values.items()}
        texts.append((language, sentence.format(**said)))
    return Reason(code=code, points=_stepped(points, knowledge), texts=tuple(texts))


def _stepped(points: float, knowledge: RankKnowledge) -> float:
    """Points on the grid that sums exactly."""
    return round(points / knowledge.step) * knowledge.step
