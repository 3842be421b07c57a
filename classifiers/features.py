"""What a mail is judged by, as named numbers: its terms, its signs of intent, and the evidence for each category."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from classifiers.phrasebook import Phrasebook, longest
from classifiers.words import forms
from models.knowledge.judging import JudgingKnowledge
from models.reading import Evidence, ProductMention, Stance, Where

# Addresses say who writes, not what: they are never learnt.
_MASKED = re.compile(
    r"https?://[^\s<>]{1,500}|www\.[^\s<>]{1,500}|[^\s@<>]{1,64}@[^\s@<>]{1,255}|\+?\d[\d ()./,:-]{0,40}"
)
_LINK = re.compile(r"https?://")
PLACES = ("subject", "text", "opening")


def terms(evidence: Evidence, knowledge: JudgingKnowledge) -> Counter[str]:
    """Words and pairs of words of subject and new text with their counts; numbers and addresses masked."""
    text = _MASKED.sub(" 0 ", f"{evidence.subject}\n{evidence.new_text}"[: knowledge.settings.longest_text])
    parts = forms(text)
    counts = Counter(parts)
    counts.update(f"{one} {other}" for one, other in pairwise(parts))
    return counts


def intent_evidence(evidence: Evidence, knowledge: JudgingKnowledge) -> dict[str, float]:
    """Signs of intent in subject and text, kind of mail, and how much is offered, needed and claimed."""
    found: Counter[str] = Counter()
    found.update(_signs(evidence, knowledge))
    found[f"mail:{evidence.screening}"] = 1
    found["mail:thread"] = int(evidence.thread)
    found["mail:quotes"] = int(bool(evidence.quoted))
    found["mail:attachment"] = int(bool(evidence.attached))
    found["text:?"] = evidence.new_text.count("?") + evidence.new_text.count("？")
    found["text:!"] = evidence.new_text.count("!")
    found["text:link"] = len(_LINK.findall(evidence.new_text))
    found.update(f"products:{_told_how(mention)}@{mention.span.where}" for mention in evidence.products)
    found.update(f"claims:{claim.polarity}@{claim.span.where}" for claim in evidence.claims)
    found.update(_line_facts(evidence))
    capped = _capped(found, knowledge)
    capped["text:length"] = math.log1p(len(evidence.new_text) / 100)
    capped["products:none"] = float(not evidence.products)
    return capped


def _line_facts(evidence: Evidence) -> Iterator[str]:
    for line in evidence.offer_lines:
        yield "lines:need" if line.need else "lines:offer"
        yield from (
            f"lines:{name}" for name in ("quantity", "price", "lead_time_days") if getattr(line, name) is not None
        )


def _signs(evidence: Evidence, knowledge: JudgingKnowledge) -> Iterator[str]:
    """Each sign once a place, however often it is repeated; the opening is where most writers say what they want."""
    book, kinds = _sign_book(knowledge)
    settings = knowledge.settings
    subject = longest(book.find(forms(evidence.subject)))
    text = longest(book.find(forms(evidence.new_text[: settings.longest_text])))
    opening = [hit for hit in text if hit.start < settings.opening]
    for place, hits in zip(PLACES, (subject, text, opening), strict=True):
        yield from (f"sign:{kind}@{place}" for row in sorted({hit.row for hit in hits}) for kind in kinds[row])


@lru_cache(maxsize=4)
def _sign_book(knowledge: JudgingKnowledge) -> tuple[Phrasebook, tuple[tuple[str, ...], ...]]:
    """The phrases that are signs, and of each the kinds that it is a sign of."""
    kinds: dict[tuple[str, ...], set[str]] = {}
    for sign in knowledge.signs:
        kinds.setdefault(forms(sign.text), set()).add(sign.kind)
    return Phrasebook([phrase] for phrase in kinds), tuple(tuple(sorted(of)) for of in kinds.values())


def _capped(counts: Mapping[str, int], knowledge: JudgingKnowledge) -> dict[str, float]:
    """Logarithms of the counts, none above the cap: a word repeated two hundred times weighs like a few."""
    cap = knowledge.settings.cap
    return {name: min(math.log2(1 + count), cap) for name, count in counts.items() if count}


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
    found = _capped(_counts(evidence, category, own, knowledge), knowledge)
    found.update(_standing(evidence, category, own))
    found.update(_told(signs, category, knowledge))
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
    counts: Counter[str] = Counter(f"{_told_how(one)}@{one.span.where}" for one in sure)
    counts.update(f"perhaps {_told_how(one)}@{one.span.where}" for one in own if one.phrase in knowledge.ambiguous)
    counts.update(f"claim {one.polarity}@{one.span.where}" for one in claims)
    counts["line"] = len(lines)
    counts["line quantity"] = sum(line.quantity is not None for line in lines)
    counts["line price"] = sum(line.price is not None for line in lines)
    return counts


def _told_how(mention: ProductMention) -> str:
    return "quoted" if mention.quoted else mention.stance.value


def _told(signs: Mapping[str, float], category: str, knowledge: JudgingKnowledge) -> Iterator[tuple[str, float]]:
    """The signs that speak for a category or against it without naming one of its products."""
    for kind in dict(knowledge.told_by).get(category, ()):
        for place in PLACES:
            if value := signs.get(f"sign:{kind}@{place}"):
                yield f"{category}: {kind}@{place}", value


def _margin(score: float) -> float:
    inside = min(max(score, 0.001), 0.999)
    return math.log(inside / (1 - inside))


def _standing(evidence: Evidence, category: str, own: list[ProductMention]) -> dict[str, float]:
    """How a category stands beside the others: share of the mentions, whether it comes first, whether it is alone."""
    meant = [m for m in evidence.products if m.stance in (Stance.OFFERED, Stance.NEEDED)]
    if not own:
        return {"absent": 1.0, "absent, others named": float(bool(meant))}
    here = [m for m in meant if m.category == category]
    others = {m.category for m in meant} - {category}
    first = min(meant, key=_order, default=None)
    return {
        "share": len(here) / len(meant) if meant else 0.0,
        "first": float(first is not None and first.category == category),
        "alone": float(bool(here) and not others),
        "others": math.log2(1 + len(others)),
        "never meant": float(not here),
        "not meant in the text": float(_unmeant(own)),
        "only attached": float(all(m.span.where is Where.ATTACHMENT for m in own)),
    }


def _unmeant(own: list[ProductMention]) -> bool:
    """Whether the text itself only denies or mentions it, whatever subject and attachments list."""
    stances = {one.stance for one in own if one.span.where is Where.BODY and not one.quoted}
    return bool(stances) and not stances & {Stance.OFFERED, Stance.NEEDED}


def _order(mention: ProductMention) -> tuple[int, int]:
    return (list(Where).index(mention.span.where), mention.span.start)
