"""Prices: amount, currency and what it is the price of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.numbers import Number
from classifiers.offer_grammar import PriceForms, grammar
from classifiers.quantities import before
from classifiers.terms import linked
from classifiers.wording import folded
from models.knowledge.offers import OfferVocabulary

_LINK = linked(words=4, marks=":.(")
_RANGE = re.compile(r"[-–]\s?\d|\s[-–]\d")  # " - " parts the members of a row
_RATE = re.compile(r"/\s?[^\W\d_]{1,4}")  # "pcs/min"
_CENT_DIGITS = 6
_MOST = 100_000_000
_CENTS = re.compile(r"\d,\d\d$|(?<!\d)\d{1,4}\.(?:1[3-9]|[2-9]\d)$")  # "18.03" is a day
_PART = re.compile(r"[,;:(/–]")  # parts of a sentence, each of which speaks of one price
_BEHIND = 25  # characters behind a price in which it may be said to be another's


@dataclass(frozen=True, slots=True)
class Price:
    """`value` in `currency` (None: not said) for `count` of `unit` (None: not said).

    `may_mean`: the currencies of which the word is used, when several countries use it. `sure`: a currency, a word on
    tax or ",-" stands beside the number. `cued`: a word for price stands before it. `bare`: nothing but its form makes
    it a price. Of several prices of one thing the one of the lowest `rank` is taken.
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
    rank: int = 0


def price(
    number: Number, text: str, start: int, end: int, words: OfferVocabulary, nouns: Sequence[tuple[int, int]] = ()
) -> Price | None:
    """The price that `number` is, or None: beside a currency, or after a word for price. `nouns` are products."""
    currencies, forms = grammar(words).currencies, grammar(words).price
    left = before(text, start, number.start)
    before_it = forms.sign_before.search(left)
    sign = before_it or forms.sign_after.match(text, number.end, end)
    cued = _cued(left[: before_it.start()] if before_it else left, words)
    sure = bool(sign or forms.even.match(text, number.end, end) or forms.tax.match(text, number.end, end))
    glued = text[number.end : number.end + 1].isalpha()
    if not sure and (glued or grammar(words).measures.next(text, number.end, end)):
        return None
    bare = not sure and cued is None and _bare(number, text, end, words, nouns)
    cued = True if bare else cued
    if cued is False or not (sure or (cued and not _RANGE.match(text, number.end, end))) or number.value > _MOST:
        return None
    stop = sign.end() if sign and sign.string is text else number.end
    if _is_anothers(left, text, stop, end, words):
        return None
    unit, count, stop = unit_behind(text, stop, end, _own(left, text, number.start, forms), words)
    currency = currencies.meaning(sign["word"]) if sign else None
    part = 0.01 if sign and folded(sign["word"]) in words.hundredths else 1
    return Price(
        value=round(number.value * part, _CENT_DIGITS),
        currency=currency,
        may_mean=words.shared_currencies.get(folded(sign["word"]), frozenset()) if sign else frozenset(),
        sure=sure,
        cued=bool(cued),
        unit=unit,
        count=count,
        start=number.start - (len(left) - sign.start() if sign and sign.string is not text else 0),
        end=stop,
        bare=bare,
        rank=rank(currency, lesser=unit in words.kinds.rented or _is_taxed(left, text, stop, end, forms), words=words),
    )


def _cued(left: str, words: OfferVocabulary) -> bool | None:
    """Whether a word for price leads to a number: True, False for one of other costs that are not just within it, or
    of the smallest order.
    """
    cued = grammar(words).costing.leading(left, _LINK)
    if cued is False:
        cued = grammar(words).costing.leading(grammar(words).price.with_costs.sub("", left), _LINK)
    least = cued is None and grammar(words).counting.leading(_RATE.sub("", left), _LINK) == "moq"
    return False if least else cued


def is_money(number: Number, text: str, start: int, end: int, words: OfferVocabulary) -> bool:
    """Whether a currency stands beside a number: then it counts no goods."""
    forms = grammar(words).price
    left = before(text, start, number.start)
    return bool(forms.sign_before.search(left) or forms.sign_after.match(text, number.end, end))


def has_cents(number: Number, text: str) -> bool:
    """Whether a number is written with two decimals, as amounts of goods never are."""
    return _CENTS.search(text, max(0, number.end - 7), number.end) is not None


def _bare(number: Number, text: str, end: int, words: OfferVocabulary, nouns: Sequence[tuple[int, int]]) -> bool:
    """Whether a number without currency or cue is a price: so much per piece, or with two decimals."""
    forms = grammar(words).price
    per = forms.bare.match(text, number.end, end)
    unit = grammar(words).units.meaning(per["word"]) if per else None
    each = forms.per.match(text, number.end, end)
    if unit in words.kinds.counted or (each and any(each.end() == first for first, _ in nouns)):
        return True
    counted = grammar(words).units.next(text, number.end, end)
    return has_cents(number, text) and (unit is not None or not (counted and counted.meaning in words.kinds.measured))


def _is_anothers(left: str, text: str, stop: int, end: int, words: OfferVocabulary) -> bool:
    """Whether a price is what others ask: a word before it in its part of the sentence, or right behind it, says so."""
    others = grammar(words).others
    part = _PART.split(left)[-1]
    behind = _PART.split(text[stop : min(end, stop + _BEHIND)], maxsplit=1)[0]
    return others.first(part) is not None or others.first(behind) is not None


def _own(left: str, text: str, at: int, forms: PriceForms) -> str:
    """What stands before a number at `at` without the currency and the unit of the price before it."""
    start = at - len(left)
    if start == 0 or not text[start - 1].isdigit():
        return left
    sign = forms.sign_after.match(text, start, at)
    unit = forms.unit_after.match(text, sign.end() if sign else start, at)
    return text[unit.end() : at] if unit and unit["word"] else left


def rank(currency: str | None, *, lesser: bool, words: OfferVocabulary) -> int:
    """The price without tax, at which a thing is sold and not lent, goes before; then that in a preferred currency."""
    order = words.kinds.preferred
    place = order.index(currency) if currency in order else len(order)
    return place + (len(order) + 1) * lesser


def _is_taxed(left: str, text: str, stop: int, end: int, forms: PriceForms) -> bool:
    part = _PART.split(left)[-1]
    return forms.gross.search(part) is not None or forms.gross.match(text, stop, end) is not None


def unit_behind(text: str, at: int, end: int, left: str, words: OfferVocabulary) -> tuple[str | None, int, int]:
    """(unit, how many of it, where that ends) behind a price at `at`, or named in what stands `left` of it."""
    units, forms = grammar(words).units, grammar(words).price
    found = forms.unit_after.match(text, at, end)
    if found and (found["word"] or found["count"]) and (found["per"] or not found["count"]):
        count = int("".join(sign for sign in found["count"] or "1" if sign.isdigit()))
        unit = units.meaning(found["word"]) if found["word"] else "piece"
        return unit, max(count, 1), found.end()
    named = forms.unit_before.search(left)
    meant = units.meaning(named["word"]) if named else None
    if named and meant in words.kinds.rented and not grammar(words).costing.first(left, 0, named.start()):
        return None, 1, at  # "10 000 a month at USD 0.38"
    return meant, 1, at
