"""Everything that a vocabulary says of amounts, prices and times, compiled once."""

import re
from dataclasses import dataclass
from functools import lru_cache

from classifiers.terms import Terms, flagged
from classifiers.wording import LETTER, alternatives, compiled
from models.knowledge.offers import OfferCues, OfferVocabulary

_PACKINGS = ("box", "carton", "pallet", "container", "roll")
_EVEN = r"(?:,-|,–|,—|:-|\.-|,00)?"


@dataclass(frozen=True, slots=True, eq=False)
class PackForms:
    """How a packing stands around the number that it holds; each names the packing in the group `outer`."""

    before: re.Pattern[str]
    every: re.Pattern[str]
    apart: re.Pattern[str]
    beside: re.Pattern[str]
    alone: re.Pattern[str]
    within: re.Pattern[str]
    held: re.Pattern[str]
    sized: re.Pattern[str]
    equalled: re.Pattern[str]
    crossed: re.Pattern[str]
    crossing: re.Pattern[str]
    each: re.Pattern[str]
    holding: re.Pattern[str]


@dataclass(frozen=True, slots=True, eq=False)
class PriceForms:
    """How a currency and a unit (groups `word`, `count`, `per`) stand around the number that is a price."""

    sign_before: re.Pattern[str]
    sign_after: re.Pattern[str]
    even: re.Pattern[str]
    unit_after: re.Pattern[str]
    unit_before: re.Pattern[str]
    bare: re.Pattern[str]
    per: re.Pattern[str]
    tax: re.Pattern[str]
    gross: re.Pattern[str]
    with_costs: re.Pattern[str]
    thousand: re.Pattern[str]


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """The terms of a vocabulary, and the patterns that are built of them."""

    units: Terms[str]
    measures: Terms[bool]
    periods: Terms[str]
    currencies: Terms[str]
    heads: Terms[str]
    totals: Terms[bool]
    counting: Terms[str]  # cues: quantity, latest, moq, none
    costing: Terms[bool]
    others: Terms[bool]
    lesser: Terms[bool]  # heads of prices beside which those of another column count
    timing: Terms[bool]
    announcing: Terms[bool]  # behind an amount
    latest: Terms[bool]
    stocks: Terms[bool]
    at_hand: Terms[bool]
    immediate: Terms[int]
    soon: Terms[int]
    within: Terms[bool]
    more: Terms[bool]
    between: re.Pattern[str]
    purpose: re.Pattern[str]
    sizes: re.Pattern[str]
    again: Terms[bool]
    beginning: Terms[bool]
    dropped: Terms[bool]  # what stands behind a number that is no amount on offer
    parting: Terms[bool]
    rest: Terms[bool]  # "the others"
    same_price: Terms[bool]
    same_time: Terms[bool]
    labels: re.Pattern[str]
    sold_out: Terms[bool]
    durations: Terms[str]
    numerals: Terms[float]
    pack: PackForms
    price: PriceForms
    duration: re.Pattern[str]
    date: re.Pattern[str]
    during: re.Pattern[str]
    toward: re.Pattern[str]
    elsewhere: Terms[bool]
    past: Terms[bool]


@lru_cache(maxsize=32)
def grammar(words: OfferVocabulary) -> Grammar:
    """What is compiled of `words`."""
    cues, times = words.cues, words.times
    units, currencies = Terms(words.units), Terms(words.currencies)
    durations, numerals = Terms(times.units), Terms(words.number_words)
    return Grammar(
        units=units,
        measures=flagged(words.measures, ()),
        periods=Terms(words.periods),
        currencies=currencies,
        heads=Terms(words.headers),
        totals=flagged(cues.total, ()),
        counting=_counting(cues),
        costing=flagged(cues.price, cues.not_price),
        others=flagged(words.price.elsewhere, ()),
        lesser=flagged((*words.price.gross, *words.price.elsewhere, *words.price.former), ()),
        timing=flagged(times.delivery, times.other),
        announcing=flagged((*cues.quantity, *cues.there, *cues.more, *cues.stock, *cues.home_stock), ()),
        latest=flagged(cues.latest, ()),
        stocks=flagged(cues.stock, ()),
        at_hand=flagged((*cues.stock, *cues.home_stock), ()),
        immediate=Terms(times.immediate),
        soon=Terms(times.soon),
        within=flagged(times.within, ()),
        more=flagged(cues.more, ()),
        between=compiled(cues.between, after=r"\s{1,2}(?:ca\.?\s)?$"),
        purpose=compiled(cues.purpose, after=r"\s{1,2}$"),
        sizes=compiled(cues.sizes, before=r"[\s*•·–-]{0,8}", after=r"\s{0,3}[:=–—-]\s{0,3}$"),
        again=flagged(cues.same, ()),
        beginning=flagged(cues.beginning, ()),
        dropped=flagged(cues.not_quantity_behind, ()),
        parting=flagged(words.parting, ()),
        rest=flagged(words.reference.rest, ()),
        same_price=flagged(words.reference.same_price, ()),
        same_time=flagged(words.reference.same_time, ()),
        labels=_labels(words),
        sold_out=flagged(cues.sold_out, ()),
        durations=durations,
        numerals=numerals,
        pack=_pack_forms(words, units.body),
        price=_price_forms(words, units.body, currencies.body),
        duration=_duration(numerals.body, durations.body, alternatives(times.within)),
        date=_date(words),
        during=compiled(times.during, after=r"[\s-]{1,2}$"),
        toward=compiled(times.toward, before=r"\s{1,2}", after=r"\s{1,2}(?-i:[A-ZÆØÅÄÖÜ])"),
        elsewhere=flagged(times.elsewhere, ()),
        past=flagged(times.past, ()),
    )


def _counting(cues: OfferCues) -> Terms[str]:
    counted = (*cues.more, *cues.quantity)
    roles = ((counted, "quantity"), (cues.latest, "latest"), (cues.moq, "moq"), (cues.not_quantity, "none"))
    return Terms({word: role for words, role in roles for word in words})


def _pack_forms(words: OfferVocabulary, unit: str) -> PackForms:
    of = alternatives(words.pack.of)
    per = alternatives(["/", *(word for word in words.pack.within if word in words.pack.every)])
    packing = alternatives(word for word, meaning in words.units.items() if meaning in _PACKINGS)
    sold = alternatives(word for word, role in words.headers.items() if role == "unit")
    sized = rf"(?:\s{{0,2}}{of}\s{{0,2}}\d[\d.,]{{0,5}}\s?{alternatives(words.measures)})?"  # "bottles of 500 ml per"
    return PackForms(
        before=_any_case(
            rf"(?P<outer>{unit})[.,]{{0,2}}(?:\s{{0,3}}\(?(?:{of}|[x×*])|\s{{0,16}}[:=])\s{{0,3}}(?:ca\.?|ca)?\s{{0,2}}$"
        ),
        every=_any_case(rf"{alternatives(words.pack.every)}\s{{0,3}}(?P<outer>{unit})[^\d\n.;,()]{{0,24}}$"),
        apart=_any_case(rf"(?P<outer>{unit})[^\d,;.\n]{{1,30}}\s{of}\s{{1,3}}$"),
        beside=_any_case(rf"(?P<outer>{unit})[.,]?\s{{1,3}}\(?$"),
        alone=_any_case(rf"(?<!\d)(?<!\d\s)(?<!{LETTER})(?P<outer>{unit})\.?\s{{1,3}}$"),
        within=_any_case(rf"{sized}\s{{0,3}}(?:{alternatives(words.pack.within)})\s{{0,3}}(?P<outer>{unit})"),
        held=_any_case(rf"{per}\s{{0,2}}(?:(?P<outer>{packing})|{sold})"),
        sized=_any_case(rf"(?:-|{'|'.join(map(re.escape, words.pack.sizing)) or '(?!)'})(?P<outer>{unit})"),
        equalled=_any_case(rf"(?P<count>\d[\d.,]{{0,6}})\s{{0,2}}(?P<outer>{packing})\s{{0,2}}=\s{{0,2}}$"),
        crossed=_any_case(rf"\d\s{{0,3}}(?P<outer>{packing})\s{{0,2}}[x×*]\s{{0,2}}$"),
        crossing=_any_case(
            rf"\s{{0,2}}[x×*]\s{{0,2}}\d[\d.,]{{0,6}}\s{{0,2}}(?:{unit})?\s{{0,3}}"
            rf"(?:{alternatives(words.pack.within)})\s{{0,3}}(?P<outer>{unit})"
        ),
        each=compiled(words.pack.each, before=r"\s{0,3}"),
        holding=compiled(words.pack.holding, after=r"\s{1,3}$"),
    )


def _price_forms(words: OfferVocabulary, unit: str, sign: str) -> PriceForms:
    per = alternatives((*words.pack.within, *words.pack.of))
    return PriceForms(
        sign_before=_any_case(rf"(?P<word>{sign})[.:]?\s{{0,3}}$"),
        sign_after=_any_case(rf"{_EVEN}\s{{0,3}}(?P<word>{sign})\.?(?!\s?\d)"),
        even=re.compile(r",-|,–|:-"),
        unit_after=_any_case(
            rf"{_EVEN}[\s.]{{0,3}}(?:\(?(?P<per>{per})\s{{0,3}})?"
            rf"(?P<count>\d[\d., ]{{0,6}}(?=[\s/]|$))?\s{{0,2}}(?P<word>{unit})?"
        ),
        unit_before=_any_case(rf"(?:{per})\s{{0,3}}(?P<word>{unit})"),
        thousand=_any_case(rf"(?:{per}|\()\s{{0,3}}1[., ]?000(?!\d)"),
        per=_any_case(rf"\s{{0,2}}(?:{alternatives(words.price.per)})\s{{1,2}}"),
        tax=compiled((*words.price.net, *words.price.gross), before=rf"{_EVEN}[\s,(]{{0,3}}"),
        gross=compiled(words.price.gross, before=rf"{_EVEN}[\s,(]{{0,3}}"),
        with_costs=_any_case(rf"{alternatives(words.price.including)}\s{{1,2}}{alternatives(words.cues.not_price)}"),
        bare=_any_case(rf"\s{{0,2}}(?:{alternatives(words.price.per)})\s{{0,2}}(?P<word>{unit})"),
    )


def _duration(numeral: str, unit: str, within: str) -> re.Pattern[str]:
    to = rf"\s{{0,2}}(?:-|–|—|/|(?!{within})[^\W\d_]{{1,3}})\s{{0,2}}"
    number = rf"(?:\d{{1,3}}(?:[.,]\d)?|{numeral})"
    span = rf"(?P<low>{number})(?:{to}(?P<high>{number}))?"
    return _any_case(rf"(?<!{LETTER})(?<!\d)(?<!\d[.,]){span}[\s-]{{0,3}}(?P<word>{unit})")


def _date(words: OfferVocabulary) -> re.Pattern[str]:
    """A week or a day of a month; in the group `day` what is one only beside a cue of delivery, a `month` only behind a
    word like "in".
    """
    week, month = alternatives(words.times.weeks), alternatives(words.times.months)
    return _any_case(
        rf"(?P<word>{week}\.?\s{{0,2}}\d{{1,2}}(?!\d)(?:\s?(?:[-–/]|[^\W\d]{{1,3}})\s?\d{{1,2}}(?!\d))?"
        rf"|\d{{1,2}}\.?\s{{0,2}}{month}|{month}\s{{1,2}}\d{{1,2}}(?!\d))"
        rf"|(?P<day>{alternatives(words.times.days)}|(?P<month>{month}))"
    )


def _labels(words: OfferVocabulary) -> re.Pattern[str]:
    """A word for an item with its label or labels: "lot 2", "pos. 1, 2 og 4"."""
    label = rf"(?:(?-i:[A-Z])(?!{LETTER})|\d{{1,6}}(?!\d))"
    joined = r"\s{0,2}(?:[,&/+]|[^\W\d_]{1,3})\s{0,2}"
    return _any_case(
        rf"{alternatives(words.reference.item)}[.:]?\s{{0,2}}(?P<labels>{label}(?:{joined}{label}){{0,5}})"
    )


def _any_case(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
