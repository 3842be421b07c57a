"""Prices: amount, currency and what it is the price of."""

import re
from dataclasses import dataclass

from classifiers.numbers import Number
from classifiers.offer_grammar import grammar
from classifiers.quantities import before
from classifiers.wording import folded
from models.knowledge.offers import OfferVocabulary

_LINK = re.compile(r"^[\s:=.,;()–—-]{0,20}(?:[^\W\d][\w./-]{0,14}[\s:.,(]{1,3}){0,4}$")
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


def price(number: Number, text: str, start: int, end: int, words: OfferVocabulary) -> Price | None:
    """The price that `number` is, or None: beside a currency, or after a word for price."""
    currencies, forms = grammar(words).currencies, grammar(words).price
    left = before(text, start, number.start)
    sign = forms.sign_before.search(left) or forms.sign_after.match(text, number.end, end)
    cued = grammar(words).costing.leading(left, _LINK)
    sure = bool(sign or forms.even.match(text, number.end, end))
    if cued is False or not (sure or (cued and not _RANGE.match(text, number.end, end))) or number.value > _MOST:
        return None
    stop = sign.end() if sign and sign.string is text else number.end
    unit, count, stop = unit_behind(text, stop, end, left, words)
    return Price(
        value=number.value,
        currency=currencies.meaning(sign["word"]) if sign else None,
        shared_sign=folded(sign["word"]) in words.shared_currencies if sign else True,
        sure=sure,
        cued=bool(cued),
        unit=unit,
        count=count,
        start=number.start - (len(left) - sign.start() if sign and sign.string is not text else 0),
        end=stop,
    )


def unit_behind(text: str, at: int, end: int, left: str, words: OfferVocabulary) -> tuple[str | None, int, int]:
    """(unit, how many of it, where that ends) behind a price at `at`, or named in what stands `left` of it."""
    units, forms = grammar(words).units, grammar(words).price
    found = forms.unit_after.match(text, at, end)
    if found and (found["word"] or found["count"]) and (found["per"] or not found["count"]):
        count = int("".join(sign for sign in found["count"] or "1" if sign.isdigit()))
        unit = units.meaning(found["word"]) if found["word"] else "piece"
        return unit, max(count, 1), found.end()
    named = forms.unit_before.search(left)
    return (units.meaning(named["word"]) if named else None), 1, at
