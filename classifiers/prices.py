"""Prices: amount, currency and what it is the price of."""

import re
from dataclasses import dataclass
from functools import lru_cache

from classifiers.numbers import Number
from classifiers.quantities import before
from classifiers.wording import alternatives, compiled, folded
from models.knowledge.offers import OfferVocabulary

_LINK = re.compile(r"^[\s:=.,;()–—-]{0,20}(?:[^\W\d][\w./-]{0,14}[\s:.,(]{1,3}){0,4}$")
_EVEN = r"(?:,-|,–|,—|:-|\.-|,00)?"
_RANGE = re.compile(r"\s?[-–]\s?\d")
_MOST = 100_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """`value` in `currency` (None: not said) for `count` of `unit` (None: not said).

    `shared_sign`: the currency's word is used by several countries. `sure`: a currency or ",-" stands beside the
    number. `cued`: a word for price stands before it.
    """

    value: float
    currency: str | None
    shared_sign: bool
    sure: bool
    cued: bool
    unit: str | None
    count: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class PriceGrammar:
    """Patterns compiled from a vocabulary."""

    sign: re.Pattern[str]
    sign_before: re.Pattern[str]
    sign_after: re.Pattern[str]
    even: re.Pattern[str]
    unit_after: re.Pattern[str]
    unit_before: re.Pattern[str]
    cue: re.Pattern[str]


@lru_cache(maxsize=32)
def grammar(vocabulary: OfferVocabulary) -> PriceGrammar:
    """The patterns of `vocabulary`, built once."""
    signs, units = alternatives(vocabulary.currencies), alternatives(vocabulary.units)
    per = alternatives((*vocabulary.pack.within, *vocabulary.pack.of))
    return PriceGrammar(
        sign=compiled(vocabulary.currencies),
        sign_before=re.compile(rf"(?P<word>{signs})[.:]?\s{{0,3}}$", re.IGNORECASE),
        sign_after=re.compile(rf"{_EVEN}\s{{0,3}}(?P<word>{signs})\.?(?!\s?\d)", re.IGNORECASE),
        even=re.compile(r",-|,–|:-"),
        unit_after=re.compile(
            rf"{_EVEN}[\s.]{{0,3}}(?:\(?(?P<per>{per})\s{{0,3}})?"
            rf"(?P<count>\d[\d., ]{{0,6}}(?=[\s/]|$))?\s{{0,2}}(?P<word>{units})?",
            re.IGNORECASE,
        ),
        unit_before=re.compile(rf"(?:{per})\s{{0,3}}(?P<word>{units})", re.IGNORECASE),
        cue=compiled((*vocabulary.cues.price, *vocabulary.cues.not_price)),
    )


def price(number: Number, text: str, start: int, end: int, words: OfferVocabulary) -> Price | None:
    """The price that `number` is, or None: beside a currency, or after a word for price."""
    patterns = grammar(words)
    left = before(text, start, number.start)
    sign = patterns.sign_before.search(left) or patterns.sign_after.match(text, number.end, end)
    cued = _cued(left, words, patterns)
    sure = bool(sign or patterns.even.match(text, number.end, end))
    if cued is False or not (sure or (cued and not _RANGE.match(text, number.end, end))) or number.value > _MOST:
        return None
    written = folded(sign["word"]) if sign else None
    stop = sign.end() if sign and sign.string is text else number.end
    unit, count, stop = unit_behind(text, stop, end, left, words, patterns)
    return Price(
        value=number.value,
        currency=words.currencies[written] if written else None,
        shared_sign=written in words.shared_currencies if written else True,
        sure=sure,
        cued=bool(cued),
        unit=unit,
        count=count,
        start=number.start - (len(left) - sign.start() if sign and sign.string is not text else 0),
        end=stop,
    )


def _cued(left: str, words: OfferVocabulary, patterns: PriceGrammar) -> bool | None:
    """True after a word for price, False after a word that makes it another's price, else None."""
    last = max(patterns.cue.finditer(left), key=lambda cue: cue.end(), default=None)
    if last is None or not _LINK.match(left[last.end() :]):
        return None
    return folded(last["word"]) in words.cues.price


def unit_behind(
    text: str, at: int, end: int, left: str, words: OfferVocabulary, patterns: PriceGrammar
) -> tuple[str | None, int, int]:
    """(unit, how many of it, where that ends) behind a price at `at`, or named in what stands `left` of it."""
    found = patterns.unit_after.match(text, at, end)
    if found and (found["word"] or found["count"]) and (found["per"] or not found["count"]):
        count = int("".join(sign for sign in found["count"] or "1" if sign.isdigit()))
        unit = words.units[folded(found["word"])] if found["word"] else "piece"
        return unit, max(count, 1), found.end()
    named = patterns.unit_before.search(left)
    return (words.units[folded(named["word"])] if named else None), 1, at
