"""Amounts and smallest orders: what the number of a clause counts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.numbers import Number
from classifiers.offer_grammar import grammar
from classifiers.terms import Term, linked
from models.knowledge.offers import OfferVocabulary

LEFT = 40  # characters before a number in which a cue may stand
_RIGHT = 40
_ADJECTIVES = re.compile(r"\.?[x×]?(?:\s?\([^()\d]{1,60}\))?\s{1,3}(?:[^\W\d][\w/-]{0,24}[\s,]{1,3}){0,3}")
_BORDERS = re.compile(r"[\d;|\t\n]|[.!?] (?=[^\W\d_a-zæøåäöüß])")
_MODEL = re.compile(r"(?:^|[^\w])[A-Z][A-Z0-9]{0,5}[ -]$")
_NAME = re.compile(r"(?:(?<=[\w,;] )|(?<=\())[A-ZÆØÅÄÖÜ][^\W\d_]{1,24} $")  # a name within a sentence
_COMPOUND = re.compile(r"-[^\W\d_]")  # "PCR-maskiner" are no PCR
_LEADING = re.compile(r"[\s–—*•·○●►▪■◦‣→»✓✔+>-]{0,12}")
_COUNTED = re.compile(r"[ \u00a0][^\W\d_][\w-]{2}[^\W\d_]")
_COUNTED_MANY = re.compile(r"[ \u00a0][^\W\d_]{2}")
_LEAST_CLOTH = 100  # fewer metres, or kilograms, are a measure of a thing
_LEADS_ON = re.compile(r"[,;，；、]")
_PARTED = re.compile(r"[,;.(=–—]")
_NEAR = 8  # a rhythm behind a comma stands no farther from its amount
_TOUCHING = 3
_LEAST_CUED, _LEAST_BARE = 10, 100  # smaller numbers that only a cue, or nothing, names are no amounts
_WEEK = re.compile(r"\s{0,2}[1-5]?\d(?!\d|[.,]\d)")
_YEARS = (1980, 2040)
_SMALL_SIZE = 25  # so many litres or fewer are the size of a can, not an amount on offer
CLOSE = re.compile(r"\s{0,3}(?:[.,;:()\]|@]|à\s|[-–—]|$|\n|\t)| / ")
_LABELLED = re.compile(r"\x00{2}\s?[:=]\s?$")  # a class
_TIMES = re.compile(r"[^\W\d_][\s)]{0,2}[x×]\s?$")  # "500 ml x"
_LENGTHS = re.compile(r"\d\s?[^\W\d_]{1,3}\s?[x×]\s?$")  # "120 cm x"
_LEAST_TIMES = 500  # smaller factors are lengths
_LINKED = linked(words=2, marks=":,")


@dataclass(frozen=True, slots=True)
class Amount:
    """So many of a unit, once or per period.

    `moq` marks the smallest order, `cued` an amount that a word announces, `weak` a number that nothing names, `latest`
    one that takes the place of what was said before ("2 500 are left").
    """

    value: float
    unit: str | None
    per: str | None
    start: int
    end: int
    moq: bool = False
    cued: bool = False
    weak: bool = False
    latest: bool = False


def before(text: str, start: int, number_start: int) -> str:
    """What stands before a number, back to the last digit, line or end of a sentence."""
    window = text[max(start, number_start - LEFT) : number_start]
    return _BORDERS.split(window)[-1]


def unit_after(number_end: int, text: str, end: int, words: OfferVocabulary) -> tuple[str, int] | None:
    """The unit right after a number, and where it ends."""
    found = grammar(words).units.next(text, number_end, end)
    return (found.meaning, found.end) if found else None


def amount(
    number: Number, text: str, start: int, end: int, words: OfferVocabulary, nouns: Sequence[tuple[int, int]]
) -> Amount | None:
    """The amount that `number` is, or None. `nouns` are the products of the clause, [start, end) each."""
    known = grammar(words)
    unit = unit_after(number.end, text, end, words)
    noun = _noun_after(number.end, text, nouns, words)
    noun = noun or (_noun_after(unit[1], text, nouns, words) if unit else None)
    role = cue_role(text, start, number, words)
    stop = max(unit[1] if unit else number.end, noun or 0)
    if role == "none" or _is_measure(number, unit, noun, text, end, words, nouns):
        return None
    right = _BORDERS.split(text[stop : min(end, stop + _RIGHT)], maxsplit=1)[0]
    per = rhythm(text, start, number, stop, end, words)
    if per is None and known.dropped.first(text[number.end : stop] + right):
        return None  # so many samples; so many a day are what a laboratory can do
    kind = unit[0] if unit else ("piece" if noun else None)
    if role == "moq":
        return Amount(number.value, unit[0] if unit else None, None, number.start, stop, moq=True)
    latest = role == "latest" or known.latest.first(right) is not None
    behind = _is_told_behind(number, text, start, stop, end, words)
    counts = (_COUNTED_MANY if number.value >= _LEAST_BARE else _COUNTED).match(text, number.end, end)
    closed = behind or (role in ("quantity", "latest") and (counts or CLOSE.match(text, number.end, end)))
    if kind or per or (closed and number.value >= _LEAST_CUED):
        cued = role == "quantity" or behind or latest
        return Amount(number.value, kind, per, number.start, stop, cued=cued, latest=latest)
    if counts and _LEADING.fullmatch(text, start, number.start):
        return Amount(number.value, None, None, number.start, stop)
    return _weak(number, text, start, end, nouns)


def _is_told_behind(number: Number, text: str, start: int, stop: int, end: int, words: OfferVocabulary) -> bool:
    """Whether a word behind a number says that so many are there, or the number ends a row of one size or class."""
    known = grammar(words)
    if known.announcing.next(text, stop, end):
        return True
    left = text[max(start, number.start - LEFT) : number.start]
    told = known.sizes.match(left) or _LABELLED.search(left)
    told = told or (_TIMES.search(left) if number.value >= _LEAST_TIMES else None)
    return told is not None and CLOSE.match(text, number.end, end) is not None


def _weak(number: Number, text: str, start: int, end: int, nouns: Sequence[tuple[int, int]]) -> Amount | None:
    """A large number that nothing names and nothing follows; no part of a name ("Morava 220")."""
    near = max(start, number.start - 8)
    part = _MODEL.search(text, near, number.start) or _LENGTHS.search(text, near, number.start)
    named = part is not None or is_named(number, text, start, nouns)
    if number.value >= _LEAST_BARE and not named and CLOSE.match(text, number.end, end):
        return Amount(number.value, None, None, number.start, number.end, weak=True)
    return None


def _is_measure(
    number: Number,
    unit: tuple[str, int] | None,
    noun: int | None,
    text: str,
    end: int,
    words: OfferVocabulary,
    nouns: Sequence[tuple[int, int]],
) -> bool:
    """Whether a number measures a thing, or is a year or part of a name, so that it counts nothing."""
    measured = grammar(words).measures.next(text, number.end, end)
    touches = any(0 <= first - number.end <= _TOUCHING for first, _ in nouns)
    glued = text[number.end : number.end + 1].isalpha() and not (unit or noun)
    if number.value < 1 or glued or (measured and not touches and measured.end >= (unit[1] if unit else 0)):
        return True
    if unit:
        return _is_size(number, unit[0], text, unit[1], end, words)
    return noun is None and is_year(number, text)


def is_named(number: Number, text: str, start: int, nouns: Sequence[tuple[int, int]]) -> bool:
    """Whether a number is part of a name that is none of the products ("Morava 220")."""
    name = _NAME.search(text, max(start, number.start - LEFT), number.start)
    return name is not None and not any(name.start() < stop <= number.start for _, stop in nouns)


def is_year(number: Number, text: str) -> bool:
    """Whether a number is written as a year of these times."""
    return _YEARS[0] < number.value < _YEARS[1] and text[number.start : number.end].isdigit()


def _is_size(number: Number, unit: str, text: str, stop: int, end: int, words: OfferVocabulary) -> bool:
    """Whether litres tell how big a bottle or can is: "5-litre can", "1 liter med pumpe"."""
    if unit == "metre":
        return number.last is not None or number.value < _LEAST_CLOTH
    if unit == "kg":
        return number.value < _LEAST_CLOTH
    if unit != "litre":
        return False
    behind = unit_after(stop, text, end, words)
    return (
        number.value <= _SMALL_SIZE or text[number.end] == "-" or bool(behind and behind[0] in ("bottle", "canister"))
    )


def cue_role(text: str, start: int, number: Number, words: OfferVocabulary) -> str | None:
    """What the nearest cue before a number makes of it: quantity, moq or none."""
    left = before(text, start, number.start)
    if ")" in left and "(" not in left:
        left = left.rpartition(")")[2]  # a bracket on the number before
    return grammar(words).counting.leading(left, _LINKED)


def _noun_after(at: int, text: str, nouns: Sequence[tuple[int, int]], words: OfferVocabulary) -> int | None:
    """Where the product ends that a number before `at` counts ("20 000 blue masks"), or None."""
    for noun_start, noun_end in nouns:
        if at <= noun_start <= at + 60:
            if _COMPOUND.match(text, noun_end):
                return None
            counts = _ADJECTIVES.fullmatch(text, at, noun_start) and not grammar(words).parting.first(
                text, at, noun_start
            )
            return noun_end if counts else None
    return None


def rhythm(text: str, start: int, number: Number, stop: int, end: int, words: OfferVocabulary) -> str | None:
    """day, week or month when the amount comes again and again."""
    periods = grammar(words).periods
    right = _BORDERS.split(text[stop : min(end, stop + _RIGHT)], maxsplit=1)[0]
    behind = periods.first(right)
    if behind and _WEEK.match(text, stop + behind.end, end):
        behind = None  # "in week 15"
    if behind and "," in right[: behind.start] and behind.start > _NEAR:
        behind = None
    between = text[max(number.end, stop - 1) : stop] + right[: behind.start] if behind else ""
    if behind and _LEADS_ON.search(between) and text[stop + len(right) : stop + len(right) + 1].isdigit():
        behind = None  # it leads the next number
    found = periods.first(text, number.end, stop) or behind or _rhythm_before(text, start, number, words)
    return found.meaning if found else None


def _rhythm_before(text: str, start: int, number: Number, words: OfferVocabulary) -> Term[str] | None:
    """A rhythm before a number, unless it is that of the number before it ("5 000 a day, 11 000 in stock")."""
    left = before(text, start, number.start)
    found = grammar(words).periods.first(left)
    if found is None or not text[max(start, number.start - len(left) - 1) : number.start - len(left)].isdigit():
        return found
    another = (
        left[found.start] == "/" or _PARTED.search(left, found.end) or grammar(words).parting.first(left, found.end)
    )
    return None if another and not (_PARTED.search(left, 0, found.start) or ":" in left) else found
