"""Regulatory and quality claims: what a mail states of its goods and sender, where, and how it is meant."""

from collections.abc import Iterator, Sequence

from classifiers.claim_items import Items
from classifiers.claim_places import Place, find_places, folded
from classifiers.claim_words import ClaimWords, compiled
from classifiers.pipelines import abbreviations
from classifiers.polarity import Polarities, Verdict
from classifiers.sentences import sentences
from models.knowledge.claims import ClaimKnowledge
from models.mail import Segment, SegmentKind
from models.reading import Claim, Passage, Polarity, ProductMention, Span

MAX_LETTERS = 200_000  # of a passage; what stands behind is not read for claims


def find_claims(
    passages: tuple[Passage, ...], language: str, products: tuple[ProductMention, ...], knowledge: ClaimKnowledge
) -> tuple[Claim, ...]:
    """The claims of a mail in order: one for each code, polarity and category in each passage, at its first place.

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
    doc = words.doc(text)
    places = find_places(text, words.find_phrases(doc), words, knowledge)
    if not places:
        return
    found = sentences(text, abbreviations(words.language))
    polarities = Polarities(doc, found, words.find_cues(doc), places)
    items = Items(passage, found, products)
    for place in places:
        kind = _segment_kind(passage.segments, place.start)
        if kind is not SegmentKind.DISCLAIMER:
            verdict = polarities.verdict(place)
            yield _claim(passage, place, verdict, items, quoted=kind is SegmentKind.QUOTATION)


def _segment_kind(segments: Sequence[Segment], at: int) -> SegmentKind:
    return next((segment.kind for segment in segments if segment.start <= at < segment.end), SegmentKind.NEW)


def _claim(passage: Passage, place: Place, verdict: Verdict, items: Items, *, quoted: bool) -> Claim:
    return Claim(
        code=place.code,
        polarity=Polarity.QUOTED if quoted else verdict.polarity,
        span=Span(
            where=passage.where,
            start=place.start,
            end=place.end,
            text=passage.text[place.start : place.end],
            attachment=passage.attachment,
        ),
        rule=place.rule,
        category=items.category(place),
        cue="" if quoted else verdict.cue,
        extra=not place.kind.listed,
    )


def _first_of_each(claims: Iterator[Claim]) -> Iterator[Claim]:
    seen: set[tuple[str, Polarity, str | None]] = set()
    for claim in claims:
        key = (claim.code, claim.polarity, claim.category)
        if key not in seen:
            seen.add(key)
            yield claim
