"""Product phrases in their context: which products a mail speaks of, and how."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from classifiers.lexicon import Lexicon, compiled
from classifiers.phrasebook import Hit
from classifiers.stance import stances
from classifiers.words import Word, words
from models.knowledge.products import ProductKnowledge, ProductPhrase
from models.mail import Segment, SegmentKind
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
    plain: dict[str, list[int]] = {}
    for hit in hits:
        if len(phrases[hit.row].categories) == 1:
            plain.setdefault(phrases[hit.row].categories[0], []).append(hit.start)
    return [(hit, _category(hit, phrases[hit.row].categories, plain)) for hit in hits]


def _category(hit: Hit, may: Sequence[str], plain: Mapping[str, Sequence[int]]) -> str:
    near = [(_distance(hit.start, plain[category]), category) for category in may if category in plain]
    return min(near)[1] if near and may[1:] else may[0]


def _distance(place: int, places: Sequence[int]) -> int:
    """To the nearest of `places`, which are sorted."""
    after = bisect_left(places, place)
    return min(abs(place - near) for near in places[max(after - 1, 0) : after + 1])


def _span(passage: Passage, text_words: Sequence[Word], hit: Hit) -> Span:
    start, end = text_words[hit.start].start, text_words[hit.end - 1].end
    return Span(where=passage.where, start=start, end=end, text=passage.text[start:end], attachment=passage.attachment)


def _segment_kind(passage: Passage, at: int) -> SegmentKind:
    number = bisect_right(passage.segments, at, key=_start) - 1
    return passage.segments[number].kind if number >= 0 else SegmentKind.NEW


def _start(segment: Segment) -> int:
    return segment.start
