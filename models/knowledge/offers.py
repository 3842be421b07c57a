"""What data/ says for offers: how amounts, packings, prices and times of delivery are written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWords:
    """How one language says when goods can be delivered.

    `units` maps a word to hour, day, working_day, week, fortnight or month; `delivery` and `other` are the cues that
    make a duration a time of delivery or something else, `within` weaker ones that stand right before it; what is said
    `elsewhere`, of papers, answers and samples, tells no delivery, and a place that goods go `toward` does; a time
    that a word of `past` follows is over; `immediate` maps a phrase to days, `soon` one that counts only beside a cue
    of delivery; `weeks` and `months` name dates, `days` do so beside a cue of delivery (a weekday, "next week"), and a
    month alone does behind a word of `during`.
    """

    units: Mapping[str, str]
    delivery: tuple[str, ...]
    other: tuple[str, ...]
    within: tuple[str, ...]
    elsewhere: tuple[str, ...]
    toward: tuple[str, ...]
    past: tuple[str, ...]
    immediate: Mapping[str, int]
    soon: Mapping[str, int]
    weeks: tuple[str, ...]
    months: tuple[str, ...]
    days: tuple[str, ...]
    during: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackWords:
    """How packings are written: a box `of` 20, 20 `within` a box, 20 in `each`, boxes `holding` 20, `every` box 20,
    and what may join 20 and box to a name (`sizing`: "50er Box").
    """

    of: tuple[str, ...]
    within: tuple[str, ...]
    each: tuple[str, ...]
    holding: tuple[str, ...]
    every: tuple[str, ...]
    sizing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceWords:
    """What stands beside a price: so much `per` unit, without tax (`net`) or with it (`gross`), with other costs
    (`including` freight), or that it is what others ask, `elsewhere`. `former` heads a column of
    prices beside which those of another count.
    """

    per: tuple[str, ...]
    net: tuple[str, ...]
    gross: tuple[str, ...]
    including: tuple[str, ...]
    elsewhere: tuple[str, ...]
    former: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceWords:
    """How a text speaks of one of its items: by a word for `item` before its label ("lot 2"), or as the `rest`; and how
    it says that the price or the time of the item before holds for another one too.
    """

    item: tuple[str, ...]
    rest: tuple[str, ...]
    same_price: tuple[str, ...]
    same_time: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitKinds:
    """What the units of a vocabulary are, by their ids: so much each of `counted` is a price without a currency, too; a
    price beside an amount in `whole` packings is that of one; amounts in `measured` may have decimals; by `rented` a
    thing is lent, not sold. Of prices for one thing that in the currency named first in `preferred` is taken.
    """

    counted: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    measured: frozenset[str] = frozenset()
    rented: frozenset[str] = frozenset()
    preferred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCues:
    """Words that tell what the number beside them is. `not_quantity` and `not_price` take it out of the offer,
    `not_quantity_behind` does so from behind; `there` right behind it says that it is at hand, `more` announces a
    further lot, `latest` the amount that holds now, `same` the same amount in another unit, `between` the bounds of
    one, `beginning` the first part of what comes again and again, `sold_out` says that a row offers nothing,
    `purpose` right before a product that it is what another is for; `sizes` head the rows
    of one product.
    """

    quantity: tuple[str, ...]
    not_quantity: tuple[str, ...]
    not_quantity_behind: tuple[str, ...]
    more: tuple[str, ...]
    latest: tuple[str, ...]
    there: tuple[str, ...]
    between: tuple[str, ...]
    purpose: tuple[str, ...]
    sizes: tuple[str, ...]
    same: tuple[str, ...]
    beginning: tuple[str, ...]
    sold_out: tuple[str, ...]
    moq: tuple[str, ...]
    price: tuple[str, ...]
    not_price: tuple[str, ...]
    stock: tuple[str, ...]
    home_stock: tuple[str, ...]
    total: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OfferVocabulary:
    """Everything that is looked up in mail of one language, its neighbours' words included; keys are case-folded.

    `currencies` maps a word or sign to ISO 4217, `hundredths` a word for its hundredth part; `shared_currencies` a
    word that several countries use for their own to what it may mean. `loose_multipliers` are signs that multiply
    where goods follow and measure elsewhere ("2m masks"); `parting` words, between a number and a product, say that
    it counts something else. `headers` maps the head of a table column to its role: product, quantity, need, price,
    box_size, unit, moq, lead_time or ignore. Compared by identity, so that what is compiled from it can be kept.
    """

    language: str
    currency: str | None
    currencies: Mapping[str, str]
    hundredths: Mapping[str, str]
    shared_currencies: Mapping[str, frozenset[str]]
    multipliers: Mapping[str, float]
    loose_multipliers: Mapping[str, float]
    number_words: Mapping[str, float]
    units: Mapping[str, str]
    measures: tuple[str, ...]
    parting: tuple[str, ...]
    periods: Mapping[str, str]
    pack: PackWords
    price: PriceWords
    reference: ReferenceWords
    cues: OfferCues
    headers: Mapping[str, str]
    times: TimeWords
    kinds: UnitKinds = UnitKinds()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OfferKnowledge:
    """Vocabularies by language (ISO 639-1, `fallback` for any other), what is never an amount, and where places are.

    `places` maps a case-folded city or country to ISO 3166 alpha-2. A pallet of `no_goods` is a pallet, whatever it
    holds, and a pair of `pair_is_one` one piece; `least` is the least that a piece of a category costs, `most` the most
    and `of_no_piece` what none does, in the currency of which `rates` gives the worth of others.
    """

    vocabularies: Mapping[str, OfferVocabulary] = field(default_factory=dict)
    fallback: str = ""
    masks: tuple[re.Pattern[str], ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    no_goods: frozenset[str] = frozenset()
    pair_is_one: frozenset[str] = frozenset()
    least: Mapping[str, float] = field(default_factory=dict)
    most: Mapping[str, float] = field(default_factory=dict)
    of_no_piece: Mapping[str, float] = field(default_factory=dict)
    rates: Mapping[str, float] = field(default_factory=dict)
