"""Product phrases in their context: which products a mail speaks of, and how."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from classifiers.lexicon import Lexicon, compiled
from classifiers.phrasebook import Hit
from classifiers.stance import stances
from classifiers.words import Word, words
from models.knowledge.products import ProductKnowledge, ProductPhrase
from models.mail import Segment, SegmentKind
from models.reading import Passage, ProductMention, Span, Stance

OWN = frozenset({SegmentKind.NEW, SegmentKind.FORWARDED})
_NEAR = 60  # characters on either side of a product in which its line is looked at
_CELL_ENDS = re.compile(r"[\n\t|]")
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class _Found:
    """The product phrases of one passage with how it speaks of each."""

    passage: Passage
    words: Sequence[Word]
    hits: Sequence[tuple[Hit, Stance, SegmentKind]]

    def plain(self, phrases: Sequence[ProductPhrase]) -> dict[str, list[int]]:
        """Where each category is named that is not denied, by phrases that stand for it alone."""
        places: dict[str, list[int]] = {}
        for hit, stance, _ in self.hits:
            if len(phrases[hit.row].categories) == 1 and stance is not Stance.DENIED:
                places.setdefault(phrases[hit.row].categories[0], []).append(hit.start)
        return places


def find_products(
    passages: tuple[Passage, ...], language: str, knowledge: ProductKnowledge
) -> tuple[ProductMention, ...]:
    """Every product phrase of `passages` in order, with category and stance; never two over the same letters.

    `language` is the mail's (ISO 639-1): it decides between false friends. A phrase that may stand for several
    categories takes that of the nearest plain one in its passage, else the one that the mail names most.
    """
    lexicon = compiled(knowledge, language)
    found = [_in_passage(passage, lexicon, knowledge) for passage in passages]
    plain = [one.plain(lexicon.phrases) for one in found]
    named: Counter[str] = Counter()
    for places in plain:
        named.update({category: len(starts) for category, starts in places.items()})
    return tuple(
        mention for one, places in zip(found, plain, strict=True) for mention in _mentions(one, places, named, lexicon)
    )


def _in_passage(passage: Passage, lexicon: Lexicon, knowledge: ProductKnowledge) -> _Found:
    text_words = words(passage.text)
    hits, cues = lexicon.find([word.form for word in text_words])
    named = [hit for hit in hits if lexicon.phrases[hit.row].categories]
    meant = stances(passage.text, text_words, named, cues, lexicon.cues, knowledge.reach)
    kinds = [_segment_kind(passage, text_words[hit.start].start) for hit in named]
    return _Found(passage, text_words, list(zip(named, meant, kinds, strict=True)))


def _mentions(
    found: _Found, plain: Mapping[str, Sequence[int]], named: Mapping[str, int], lexicon: Lexicon
) -> Iterator[ProductMention]:
    for hit, stance, kind in found.hits:
        phrase = lexicon.phrases[hit.row]
        span = _span(found.passage, found.words, hit)
        leads, counted = _in_its_line(found.passage.text, span)
        yield ProductMention(
            category=_category(hit, phrase.categories, plain, named),
            stance=stance if kind in OWN else Stance.MENTIONED,
            span=span,
            phrase=phrase.id,
            quoted=kind not in OWN,
            leads=leads,
            counted=counted,
        )


def _in_its_line(text: str, span: Span) -> tuple[bool, bool]:
    """Whether the line, list item or cell begins with the product (one word may stand before it) and holds a number."""
    *earlier, before = _CELL_ENDS.split(text[max(span.start - _NEAR, 0) : span.start])
    after = _CELL_ENDS.split(text[span.end : span.end + _NEAR], maxsplit=1)[0]
    begins = bool(earlier) or span.start <= _NEAR
    return begins and len(_LETTERS.findall(before)) <= 1, bool(_DIGIT.search(before) or _DIGIT.search(after))


def _category(hit: Hit, may: Sequence[str], plain: Mapping[str, Sequence[int]], named: Mapping[str, int]) -> str:
    near = [(_distance(hit.start, plain[category]), category) for category in may if category in plain]
    return min(near)[1] if near and may[1:] else max(may, key=lambda category: named.get(category, 0))


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
