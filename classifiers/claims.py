"""Regulatory and quality claims: what a mail states of its goods and sender, where, and how it is meant."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from classifiers.claim_items import Items, in_passage
from classifiers.claim_places import Place, find_places, folded
from classifiers.claim_words import ClaimWords, compiled
from classifiers.pipelines import abbreviations
from classifiers.polarity import Polarities, Verdict
from classifiers.sentences import sentences
from classifiers.word_run import WordRun
from models.knowledge.claims import ClaimKnowledge
from models.mail import Segment, SegmentKind
from models.reading import Claim, Passage, Polarity, ProductMention, Span

QUOTED = Verdict(Polarity.QUOTED, "")
MAX_LETTERS = 200_000  # of a passage; what stands behind is not read for claims


def find_claims(
    passages: tuple[Passage, ...], language: str, products: tuple[ProductMention, ...], knowledge: ClaimKnowledge
) -> tuple[Claim, ...]:
    """The claims of a mail in order: one for each code, polarity and category in each passage, at its first place, and
    one more when it is first asked and then said.

    `language` is the mail's (ISO 639-1) and decides which cues are read. Spans are exact slices of the passages.
    Disclaimers are not read; what stands in a quotation is quoted, whatever it says.
    """
    words = compiled(knowledge, language)
    return tuple(
        claim for passage in passages for claim in _first_of_each(_in_passage(passage, words, products, knowledge))
    )


def _in_passage(
    passage: Passage, words: ClaimWords, products: Sequence[ProductMention], knowledge: ClaimKnowledge
) -> Iterator[Claim]:
    text = folded(passage.text[:MAX_LETTERS])
    run = WordRun(text)
    places = find_places(text, words.find_phrases(run), words, knowledge)
    if not places:
        return
    found = sentences(text, abbreviations(words.language))
    goods = [(product.span.start, product.span.end) for product in products if in_passage(product.span, passage)]
    polarities = Polarities(run, found, words.find_cues(run), places, goods)
    items = Items(passage, found, products)
    for place in places:
        segment = _segment(passage.segments, place.start)
        if segment is None or segment.kind is not SegmentKind.DISCLAIMER:
            verdict = _meant(place, segment, polarities)
            claim = _claim(passage, place, verdict, items.category(place))
            yield replace(claim, asked=polarities.asks(place))
            yield from _of_others(passage, place, verdict, polarities, items)


def _segment(segments: Sequence[Segment], at: int) -> Segment | None:
    index = bisect_right(segments, at, key=lambda segment: segment.start) - 1
    return segments[index] if index >= 0 and at < segments[index].end else None


def _meant(place: Place, segment: Segment | None, polarities: Polarities) -> Verdict:
    """The polarity where the claim stands; in a quotation it is quoted, unless the line below answers it."""
    if segment is None or segment.kind is not SegmentKind.QUOTATION:
        return polarities.verdict(place)
    return polarities.answer(place, segment.end) or QUOTED


def _of_others(
    passage: Passage, place: Place, verdict: Verdict, polarities: Polarities, items: Items
) -> Iterator[Claim]:
    """The same claim, denied of another item."""
    denied = polarities.elsewhere(place) if verdict.polarity is Polarity.ASSERTED else None
    if denied is not None:
        contrast, start, end = denied
        yield _claim(passage, place, contrast, items.category(replace(place, start=start, end=end)))


def _claim(passage: Passage, place: Place, verdict: Verdict, category: str | None) -> Claim:
    return Claim(
        code=place.code,
        polarity=verdict.polarity,
        span=Span(
            where=passage.where,
            start=place.start,
            end=place.end,
            text=passage.text[place.start : place.end],
            attachment=passage.attachment,
        ),
        rule=place.rule,
        category=category,
        cue=verdict.cue,
        extra=not place.kind.listed,
    )


def _first_of_each(claims: Iterator[Claim]) -> Iterator[Claim]:
    seen: set[tuple[str, Polarity, str | None, bool]] = set()
    for claim in claims:
        key = (claim.code, claim.polarity, claim.category, claim.asked)
        if key not in seen:
            seen.add(key)
            yield claim
