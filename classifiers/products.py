"""Product phrases in their context: which products a mail speaks of, and how."""

from collections.abc import Iterator, Sequence

from classifiers.lexicon import Lexicon, compiled
from classifiers.phrasebook import Hit
from classifiers.stance import stances
from classifiers.words import Word, words
from models.knowledge.products import ProductKnowledge, ProductPhrase
from models.mail import SegmentKind
from models.reading import Passage, ProductMention, Span, Stance

OWN = frozenset({SegmentKind.NEW, SegmentKind.FORWARDED})


def find_products(
    passages: tuple[Passage, ...], language: str, knowledge: ProductKnowledge
) -> tuple[ProductMention, ...]:
    """Every product phrase of `passages` in order, with category and stance; never two over the same letters.

    `language` is the mail's (ISO 639-1): it decides between false friends.
    """
    lexicon = compiled(knowledge, language)
    return tuple(mention for passage in passages for mention in _in_passage(passage, lexicon, knowledge))


def _in_passage(passage: Passage, lexicon: Lexicon, knowledge: ProductKnowledge) -> Iterator[ProductMention]:
    text_words = words(passage.text)
    hits, cues = lexicon.find([word.form for word in text_words])
    named = _resolved([hit for hit in hits if lexicon.phrases[hit.row].categories], lexicon.phrases)
    meant = stances(passage.text, text_words, [hit for hit, _ in named], cues, lexicon.cues, knowledge.reach)
    for (hit, category), stance in zip(named, meant, strict=True):
        span = _span(passage, text_words, hit)
        own = _segment_kind(passage, span.start) in OWN
        yield ProductMention(
            category=category,
            stance=stance if own else Stance.MENTIONED,
            span=span,
            phrase=lexicon.phrases[hit.row].id,
        )


def _resolved(hits: Sequence[Hit], phrases: Sequence[ProductPhrase]) -> list[tuple[Hit, str]]:
    """Each hit with its category: an ambiguous one takes that of the nearest plain one that it may stand for."""
    plain = [(hit.start, phrases[hit.row].categories[0]) for hit in hits if len(phrases[hit.row].categories) == 1]
    resolved = []
    for hit in hits:
        may = phrases[hit.row].categories
        near = [(abs(hit.start - start), category) for start, category in plain if category in may] if may[1:] else []
        resolved.append((hit, min(near)[1] if near else may[0]))
    return resolved


def _span(passage: Passage, text_words: Sequence[Word], hit: Hit) -> Span:
    start, end = text_words[hit.start].start, text_words[hit.end - 1].end
    return Span(where=passage.where, start=start, end=end, text=passage.text[start:end], attachment=passage.attachment)


def _segment_kind(passage: Passage, at: int) -> SegmentKind:
    return next((s.kind for s in passage.segments if s.start <= at < s.end), SegmentKind.NEW)
