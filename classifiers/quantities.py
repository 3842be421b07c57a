"""Amounts, smallest orders and packings: what the number of a clause counts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classifiers.numbers import Number
from classifiers.offer_grammar import grammar
from models.knowledge.offers import OfferVocabulary

_LEFT = 40  # characters before a number in which a cue may stand
_RIGHT = 40
_ADJECTIVES = re.compile(r"\.?\s{1,3}(?:[^\W\d][\w/-]{0,24}[\s,]{1,3}){0,3}")
_BORDERS = re.compile(r"[\d;|\t\n]|[.!?] (?=[^\W\d_a-zæøåäöüß])")
_MODEL = re.compile(r"(?:^|[^\w])[A-Z][A-Z0-9]{0,5}[ -]$")
_LEAST_CLOTH = 100  # fewer metres are a measure of a thing
_TOUCHING = 3
_PIECES = (None, "piece", "pair", "box", "carton", "pallet", "container")
_LEAST_CUED, _LEAST_BARE = 10, 100  # smaller numbers that only a cue, or nothing, names are no amounts
_YEARS = (1980, 2040)
_DEEPEST = 4  # pieces in a box in a carton on a pallet in a container
_MOST_IN_BOX = 1000
_SMALL_SIZE = 25  # so many litres or fewer are the size of a can, not an amount on offer
_CLOSE = re.compile(r"\s{0,3}(?:[.,;:()\]|]|[-–—]|$|\n|\t)")
_LINKED = re.compile(r"^[\s:;,.()–—-]{0,20}(?:[^\W\d][\w-]{0,12}[\s:,]{1,3}){0,2}$")


@dataclass(frozen=True, slots=True)
class Amount:
    """So many of a unit, once or per period.

    `moq` marks the smallest order, `cued` an amount that a word announces, `weak` a number that nothing names.
    """

    value: float
    unit: str | None
    per: str | None
    start: int
    end: int
    moq: bool = False
    cued: bool = False
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Pack:
    """So many of `inner` (piece, pair, box; None when not said) in one `outer` (None: in the unit spoken of last)."""

    count: float
    inner: str | None
    outer: str | None
    start: int
    end: int


def before(text: str, start: int, number_start: int) -> str:
    """What stands before a number, back to the last digit, line or end of a sentence."""
    window = text[max(start, number_start - _LEFT) : number_start]
    return _BORDERS.split(window)[-1]


def unit_after(number_end: int, text: str, end: int, words: OfferVocabulary) -> tuple[str, int] | None:
    """The unit right after a number, and where it ends."""
    found = grammar(words).units.next(text, number_end, end)
    return (found.meaning, found.end) if found else None


def pack(number: Number, text: str, start: int, end: int, words: OfferVocabulary, noun_end: int | None) -> Pack | None:
    """The packing that `number` tells of: 20 per box, box of 20, 20 in each. `noun_end` is where a product right after
    the number ends.
    """
    units, forms = grammar(words).units, grammar(words).pack
    unit = unit_after(number.end, text, end, words)
    if unit and text[number.end] == "-" and _is_packing(unit[0]):
        return Pack(number.value, None, unit[0], number.start, unit[1])
    inner, stop = (unit[0], unit[1]) if unit else ("piece" if noun_end else None, noun_end or number.end)
    within = forms.within.match(text, stop, end)
    if within and _is_packing(units.meaning(within["outer"])):
        return Pack(number.value, inner, units.meaning(within["outer"]), number.start, within.end())
    outer = _outer_before(number, inner, text, start, end, words)
    if outer:
        return Pack(number.value, inner, outer, number.start, stop)
    left = text[max(start, number.start - _LEFT) : number.start]
    held = forms.each.match(text, stop, end) or forms.holding.search(left)
    if inner in ("piece", "pair", "test", "box") and held:
        return Pack(number.value, inner, None, number.start, stop)
    return None


def _outer_before(
    number: Number, inner: str | None, text: str, start: int, end: int, words: OfferVocabulary
) -> str | None:
    """The packing before a number that tells how many it holds: "box of 20", "boxes gloves à 20", "VE 20 Stück"."""
    units, forms = grammar(words).units, grammar(words).pack
    left = text[max(start, number.start - _LEFT) : number.start]
    counts = inner in ("piece", "pair")
    small = inner is None and number.value <= _MOST_IN_BOX and _CLOSE.match(text, number.end, end)
    for pattern, fits in (
        (forms.before, True),
        (forms.apart, counts or small),
        (forms.beside, counts and number.value <= _MOST_IN_BOX),
    ):
        found = pattern.search(left) if fits else None
        outer = units.meaning(found["outer"]) if found else ""
        if _is_packing(outer) and outer != inner:
            return outer
    return None


def _is_packing(unit: str) -> bool:
    return unit in ("box", "carton", "pallet", "kit", "container", "roll")


def amount(
    number: Number, text: str, start: int, end: int, words: OfferVocabulary, nouns: Sequence[tuple[int, int]]
) -> Amount | None:
    """The amount that `number` is, or None. `nouns` are the products of the clause, [start, end) each."""
    known = grammar(words)
    unit = unit_after(number.end, text, end, words)
    noun = _noun_after(number.end, text, nouns) or (_noun_after(unit[1], text, nouns) if unit else None)
    measured = known.measures.next(text, number.end, end)
    counted_noun = any(0 <= first - number.end <= _TOUCHING for first, _ in nouns)
    if number.value < 1 or (measured and not counted_noun and measured.end >= (unit[1] if unit else 0)):
        return None
    role = cue_role(text, start, number, words)
    stop = max(unit[1] if unit else number.end, noun or 0)
    per = _period(text, start, number, stop, end, words)
    if role == "none" or (unit and _is_size(number, unit[0], text, unit[1], end, words)):
        return None
    if role == "moq":
        return Amount(number.value, unit[0] if unit else None, None, number.start, stop, moq=True)
    behind = known.announcing.next(text, stop, end) is not None
    closed = behind or (role == "quantity" and _CLOSE.match(text, number.end, end))
    if unit or noun or per or (closed and number.value >= _LEAST_CUED):
        kind = unit[0] if unit else ("piece" if noun else None)
        return Amount(number.value, kind, per, number.start, stop, cued=role == "quantity" or behind)
    named = _MODEL.search(text, max(start, number.start - 8), number.start) or _YEARS[0] < number.value < _YEARS[1]
    if number.value >= _LEAST_BARE and not named and _CLOSE.match(text, number.end, end):
        return Amount(number.value, None, None, number.start, stop, weak=True)
    return None


def _is_size(number: Number, unit: str, text: str, stop: int, end: int, words: OfferVocabulary) -> bool:
    """Whether litres tell how big a bottle or can is: "5-litre can", "1 liter med pumpe"."""
    if unit == "metre":
        return number.value < _LEAST_CLOTH
    if unit != "litre":
        return False
    behind = unit_after(stop, text, end, words)
    return (
        number.value <= _SMALL_SIZE or text[number.end] == "-" or bool(behind and behind[0] in ("bottle", "canister"))
    )


def cue_role(text: str, start: int, number: Number, words: OfferVocabulary) -> str | None:
    """What the nearest cue before a number makes of it: quantity, moq or none."""
    return grammar(words).counting.leading(before(text, start, number.start), _LINKED)


def _noun_after(at: int, text: str, nouns: Sequence[tuple[int, int]]) -> int | None:
    """Where the product ends that a number before `at` counts ("20 000 blue masks"), or None."""
    for noun_start, noun_end in nouns:
        if at <= noun_start <= at + 60:
            return noun_end if _ADJECTIVES.fullmatch(text, at, noun_start) else None
    return None


def _period(text: str, start: int, number: Number, stop: int, end: int, words: OfferVocabulary) -> str | None:
    """day, week or month when the amount comes again and again."""
    periods = grammar(words).periods
    right = _BORDERS.split(text[stop : min(end, stop + _RIGHT)], maxsplit=1)[0]
    found = (
        periods.first(text, number.end, stop)
        or periods.first(right)
        or periods.first(before(text, start, number.start))
    )
    return found.meaning if found else None


def in_pieces(counted: Amount, packs: Mapping[str, Pack]) -> tuple[float | None, str | None]:
    """The amount in pieces where packings allow it, else as it was said; (None, unit) for packings of unknown size."""
    size = pieces_in(counted.unit or "piece", packs)
    if size is not None:
        return counted.value * size, None if counted.unit in (
            None,
            "piece",
            "pair",
            "box",
            "carton",
            "pallet",
        ) else counted.unit
    return None, counted.unit


def pieces_in(unit: str, packs: Mapping[str, Pack], depth: int = 0) -> float | None:
    """How many pieces one `unit` holds; None when that is not said."""
    if unit == "pair":
        return 2
    held = packs.get(unit)
    if held and depth < _DEEPEST:
        inner = held.inner or ("box" if unit in ("carton", "pallet") and "box" in packs else "piece")
        if inner == unit:
            return held.count
        size = pieces_in(inner, packs, depth + 1)
        return None if size is None else held.count * size
    return None if unit in ("box", "carton", "pallet", "container") else 1
