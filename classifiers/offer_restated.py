"""Amounts said twice in one breath: "2,000 kits (192,000 tests) per week", "95 rolls, that is 9 500 pieces"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from classifiers.offer_grammar import grammar
from classifiers.packings import Pack
from classifiers.quantities import CLOSE, Amount
from models.knowledge.offers import OfferVocabulary

_PACKED = frozenset({"box", "carton", "pallet", "container", "roll", "kit", "canister", "bottle", "set"})
_WIDEST = 30  # characters between an amount and the same in another unit
_MOST_HELD = 1000
_MOST_IN = {"carton": 10_000, "pallet": 100_000, "container": 20_000_000}
_NEXT = 20  # characters behind an amount in which a product stands that it counts
_ASIDE = re.compile(r"[^\d.;:,\n]{0,30}(?:[,/(]| [–—-])\s{0,2}(?:[^\W\d]{1,10}\.?\s){0,2}")
_PARTED = re.compile(r"[\s.]{0,2}(?:[:…_|]|\.{3}|\t| {3})[\s.:…_|]{0,80}")
_BRACKET = re.compile(r"[\s,.]{0,3}[(=≈][\s=≈~]{0,2}(?:[^\W\d]{1,5}\.?\s?)?$")
_LEAD = re.compile(r"(?:[^,;.()\n]{0,20}[,(=–-])?[\s,.(=]{0,4}(?:[^\W\d]{1,5}\.?\s)?$")
_ROUND = re.compile(r"[\s:=(.,~]{0,3}(?:ca\.?\s?)?$")


def restated(
    amounts: Sequence[Amount], text: str, words: OfferVocabulary, nouns: Sequence[tuple[int, int]]
) -> tuple[list[Amount], list[Pack]]:
    """`amounts` with those that say the same in packings and in pieces as one, in pieces; and what a packing holds.

    What is said of either holds for both: its rhythm, and the word that announces it. `nouns` are the products.
    """
    found: list[Amount] = []
    packs: list[Pack] = []
    for one in amounts:
        last = found[-1] if found else None
        if last and _is_size_of(last, one, text):
            packs.append(Pack(last.value, "piece", one.unit, last.start, last.end))
            found[-1] = one
            continue
        again = last and (_is_again(last, one, text, words) or _is_beside(last, one, text, words, nouns))
        if last is None or not again:
            found.append(one)
            continue
        size = _size(last, one)
        kept = last if one.unit in _PACKED or (size and size == one.value) else one
        parted = any(last.end <= start < one.start for start, _ in nouns)
        found[-1] = replace(
            kept,
            per=last.per or one.per,
            start=last.start,
            end=last.end if parted else max(last.end, kept.end),
            cued=last.cued or one.cued,
            latest=last.latest or one.latest,
            weak=False,
        )
        if size:
            packs.append(Pack(size, one.unit, last.unit, last.start, one.end))
    return found, packs


def _is_size_of(last: Amount, one: Amount, text: str) -> bool:
    """Whether the first of two amounts in the same packing tells its size: "100 pk ..... 310 pk"."""
    named = last.unit in ("box", "carton") and last.unit == one.unit and not (last.per or last.moq or last.cued)
    return named and last.value <= _MOST_HELD and _PARTED.fullmatch(text, last.end, one.start) is not None


def _size(last: Amount, one: Amount) -> float | None:
    """How much one packing of `last` holds when `one` is the whole, or `one` itself when it can only be one packing."""
    if last.unit not in _PACKED or one.unit in _PACKED or one.unit is None:
        return None
    if one.value >= last.value and one.value % last.value == 0:
        return one.value / last.value
    return one.value if one.value <= _MOST_IN.get(last.unit, _MOST_HELD) else None


def _is_beside(last: Amount, one: Amount, text: str, words: OfferVocabulary, nouns: Sequence[tuple[int, int]]) -> bool:
    """Whether an amount of nothing in particular stands right behind one in packings: "2 cartons gowns, ca 400 pcs"."""
    if last.unit not in _PACKED or one.unit not in (None, "piece") or one.value <= last.value or last.moq or one.moq:
        return False
    if one.per or any(one.start < start <= one.end + _NEXT or one.start < stop <= one.end for start, stop in nouns):
        return False
    between = text[last.end : one.start]
    parted = _ASIDE.fullmatch(between) and not grammar(words).more.first(between)
    return bool(parted and CLOSE.match(text, one.end))


def _is_again(last: Amount, one: Amount, text: str, words: OfferVocabulary) -> bool:
    between = text[last.end : one.start]
    if len(between) > _WIDEST or last.moq or one.moq or last.unit == one.unit or "\n\n" in between:
        return False
    packed = (last.unit in _PACKED) != (one.unit in _PACKED)
    cue = grammar(words).again.first(between)
    if cue and _LEAD.match(between[: cue.start]) and _ROUND.match(between[cue.end :]):
        return packed or one.unit is None
    return packed and one.unit is not None and _BRACKET.match(between) is not None
