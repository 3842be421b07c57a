"""What a mail is judged by, as named numbers: its terms and its signs of intent."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from classifiers.phrasebook import Phrasebook, longest
from classifiers.words import forms
from models.knowledge.judging import JudgingKnowledge
from models.reading import Evidence, ProductMention

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
    found.update(f"products:{told_how(mention)}@{mention.span.where}" for mention in evidence.products)
    found.update(f"claims:{claim.polarity}@{claim.span.where}" for claim in evidence.claims)
    found.update(_line_facts(evidence))
    values = capped(found, knowledge)
    values["text:length"] = math.log1p(len(evidence.new_text) / 100)
    values["products:none"] = float(not evidence.products)
    return values


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


def capped(counts: Mapping[str, int], knowledge: JudgingKnowledge) -> dict[str, float]:
    """Logarithms of the counts, none above the cap: a word repeated two hundred times weighs like a few."""
    cap = knowledge.settings.cap
    return {name: min(math.log2(1 + count), cap) for name, count in counts.items() if count}


def told_how(mention: ProductMention) -> str:
    """The stance of a mention; a quotation's own counts for none."""
    return "quoted" if mention.quoted else mention.stance.value
