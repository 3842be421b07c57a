"""Packings: how many pieces a box, a carton or a pallet holds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from classifiers.numbers import Number
from classifiers.offer_grammar import grammar
from classifiers.prices import Price
from classifiers.quantities import CLOSE, LEFT, Amount, unit_after
from models.knowledge.offers import OfferVocabulary

_KILOGRAMS = 1000  # of a ton
_DEEPEST = 4  # pieces in a box in a carton on a pallet in a container
_LEAST_IN_BOX, _MOST_IN_BOX = 10, 1000


@dataclass(frozen=True, slots=True)
class Pack:
    """So many of `inner` (piece, pair, box; None when not said) in one `outer` (None: in the unit spoken of last)."""

    count: float
    inner: str | None
    outer: str | None
    start: int
    end: int


def pack(number: Number, text: str, start: int, end: int, words: OfferVocabulary, noun_end: int | None) -> Pack | None:
    """The packing that `number` tells of: 20 per box, box of 20, 20 in each. `noun_end` is where a product right after
    the number ends.
    """
    units, forms = grammar(words).units, grammar(words).pack
    if number.value != int(number.value):
        return None
    unit = unit_after(number.end, text, end, words)
    sized = forms.sized.match(text, number.end, end)
    if sized and _is_packing(units.meaning(sized["outer"])):
        return Pack(number.value, None, units.meaning(sized["outer"]), number.start, sized.end())
    inner, stop = (unit[0], unit[1]) if unit else ("piece" if noun_end else None, noun_end or number.end)
    within = forms.within.match(text, stop, end)
    if within and _is_packing(units.meaning(within["outer"])):
        between = forms.crossed.search(text[max(start, number.start - LEFT) : number.start])
        whole = units.meaning(between["outer"]) if between else units.meaning(within["outer"])
        return Pack(number.value, inner, whole if whole != inner else None, number.start, within.end())
    crossing = forms.crossing.match(text, stop, end) if inner and _is_packing(inner) else None
    if crossing and _is_packing(units.meaning(crossing["outer"])):
        return Pack(number.value, inner, units.meaning(crossing["outer"]), number.start, stop)
    outer = _outer_before(number, inner, text, start, end, words)
    if outer:
        return Pack(number.value, inner, outer, number.start, stop)
    left = text[max(start, number.start - LEFT) : number.start]
    rhythm = grammar(words).periods.next(text, stop, end)
    held = (not rhythm and forms.each.match(text, stop, end)) or forms.holding.search(left)
    if (
        inner in ("piece", "pair", "test", "box", "carton") or (inner is None and number.value <= _MOST_IN_BOX)
    ) and held:
        return Pack(number.value, inner, None, number.start, stop)
    return None


def _outer_before(
    number: Number, inner: str | None, text: str, start: int, end: int, words: OfferVocabulary
) -> str | None:
    """The packing before a number that tells how many it holds: "box of 20", "boxes gloves à 20", "VE 20 Stück"."""
    units, forms = grammar(words).units, grammar(words).pack
    left = text[max(start, number.start - LEFT) : number.start]
    counts = inner in ("piece", "pair")
    small = inner is None and number.value <= _MOST_IN_BOX and CLOSE.match(text, number.end, end)
    for pattern, fits in (
        (forms.every, counts or small or inner is not None),
        (forms.before, True),
        (forms.apart, counts or small),
        (forms.beside, (counts and number.value <= _MOST_IN_BOX) or (small and number.value >= _LEAST_IN_BOX)),
        (forms.alone, _is_smaller(inner)),
    ):
        found = pattern.search(left) if fits else None
        outer = units.meaning(found["outer"]) if found else ""
        if _is_packing(outer) and outer != inner:
            return outer
    return None


def _is_smaller(inner: str | None) -> bool:
    return inner in ("box", "carton", "bottle", "canister", "kit", "roll")


def _is_packing(unit: str) -> bool:
    return unit in ("box", "carton", "pallet", "kit", "container", "roll")


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


def as_counted(counted: Amount | None, cost: Price | None, *, single: bool) -> Amount | None:
    """Tons as kilograms where a kilogram has the price, and pairs as pieces where a pair is a `single` thing."""
    if counted and single and counted.unit == "pair":
        return replace(counted, unit="piece")
    if counted and cost and counted.unit == "ton" and cost.unit == "kg":
        return replace(counted, value=counted.value * _KILOGRAMS, unit="kg")
    return counted


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
