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
_CENT_DIGITS = 6
_MOST = 100_000_000
_CENTS = re.compile(r"\d,\d\d$")
_COUNTED = ("piece", "pair", "litre", "bottle", "canister", "test", "set", "kg", "ton", "metre", "use")


@dataclass(frozen=True, slots=True)
class Price:
    """`value` in `currency` (None: not said) for `count` of `unit` (None: not said).

    `may_mean`: the currencies of which the word is used, when several countries use it. `sure`: a currency or ",-"
    stands beside the number. `cued`: a word for price stands before it. `bare`: nothing but its form makes it a price.
    """

    value: float
    currency: str | None
    may_mean: frozenset[str]
    sure: bool
    cued: bool
    unit: str | None
    count: int
    start: int
    end: int
    bare: bool = False


def price(number: Number, text: str, start: int, end: int, words: OfferVocabulary) -> Price | None:
    """The price that `number` is, or None: beside a currency, or after a word for price."""
    currencies, forms = grammar(words).currencies, grammar(words).price
    left = before(text, start, number.start)
    before_it = forms.sign_before.search(left)
    sign = before_it or forms.sign_after.match(text, number.end, end)
    cued = grammar(words).costing.leading(left[: before_it.start()] if before_it else left, _LINK)
    sure = bool(sign or forms.even.match(text, number.end, end))
    glued = text[number.end : number.end + 1].isalpha()
    if not sure and (glued or grammar(words).measures.next(text, number.end, end)):
        return None
    bare = not sure and cued is None and _bare(number, text, end, words)
    cued = True if bare else cued
    if cued is False or not (sure or (cued and not _RANGE.match(text, number.end, end))) or number.value > _MOST:
        return None
    stop = sign.end() if sign and sign.string is text else number.end
    unit, count, stop = unit_behind(text, stop, end, left, words)
    part = 0.01 if sign and folded(sign["word"]) in words.hundredths else 1
    return Price(
        value=round(number.value * part, _CENT_DIGITS),
        currency=currencies.meaning(sign["word"]) if sign else None,
        may_mean=words.shared_currencies.get(folded(sign["word"]), frozenset()) if sign else frozenset(),
        sure=sure,
        cued=bool(cued),
        unit=unit,
        count=count,
        start=number.start - (len(left) - sign.start() if sign and sign.string is not text else 0),
        end=stop,
        bare=bare,
    )


def is_money(number: Number, text: str, start: int, end: int, words: OfferVocabulary) -> bool:
    """Whether a currency stands beside a number: then it counts no goods."""
    forms = grammar(words).price
    left = before(text, start, number.start)
    return bool(forms.sign_before.search(left) or forms.sign_after.match(text, number.end, end))


def has_cents(number: Number, text: str) -> bool:
    """Whether a number is written with a comma and two digits, as amounts of goods never are."""
    return _CENTS.search(text, max(0, number.end - 4), number.end) is not None


def _bare(number: Number, text: str, end: int, words: OfferVocabulary) -> bool:
    """Whether a number without currency or cue is a price: so much per piece, or with a comma and two digits."""
    per = grammar(words).price.bare.match(text, number.end, end)
    unit = grammar(words).units.meaning(per["word"]) if per else None
    return unit in _COUNTED or (
        has_cents(number, text) and (unit is not None or not grammar(words).units.next(text, number.end, end))
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
