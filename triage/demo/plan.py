"""Who writes what and when in the demo mailbox, so that the whole matches data/demo/proportions.toml."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from triage.adapters.knowledge.files import Row, read_toml
from triage.demo.wording import Wording


class Offers(Row):
    """How generated offers are made up."""

    complete: float
    wrong_proof: float
    terse: float
    second_item: float
    lacking: dict[str, float]


class Form(Row):
    """How generated mail looks on the wire."""

    plain: float
    alternative: float
    html: float
    base64: float
    legacy_charset: float


class Parts(Row):
    """How often mail has attachments, is forwarded, or answers an earlier one."""

    csv: float
    txt: float
    pdf: float
    xlsx: float
    forward_inline: float
    forward_nested: float
    threaded: float


class Arrival(Row):
    """When mail arrives: within `hours`, a share of it `old_hours` ago."""

    hours: float
    old: float
    old_hours: tuple[float, float]


class Roles(Row):
    """What the intents are to the press."""

    offer: str
    bounce: str
    threaded: frozenset[str]
    two_items: frozenset[str]
    attaching: frozenset[str]
    always_attaching: frozenset[str]
    automatic: frozenset[str]
    bulk: frozenset[str]


class Desk(Row):
    """Whom the mail is written to, and the subject of its receipts."""

    address: str
    name: str
    receipt: str


class Proportions(Row):
    """The committed table of how the demo mailbox is made up."""

    source: str
    languages: dict[str, float]
    intents: dict[str, float]
    categories: dict[str, float]
    offers: Offers
    form: Form
    parts: Parts
    arrival: Arrival
    roles: Roles
    desk: Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A message to be made up.

    `product` and `other` are indexes of the products, `earlier` the place of the mail it answers. A `terse` offer is a
    line or two that say little, whatever else it lacks.
    """

    place: int
    intent: str
    language: str
    product: int
    other: int
    lacking: frozenset[str]
    wrong_proof: bool
    terse: bool
    earlier: int | None


def read_proportions(folder: Path) -> Proportions:
    """The table under `folder` (data/demo)."""
    return read_toml(folder / "proportions.toml", Proportions)


def apportion(shares: Mapping[str, float], total: int) -> Counter[str]:
    """`total` divided by `shares` (of any sum) into whole numbers, by largest remainder."""
    whole = sum(shares.values()) or 1
    exact = {name: share * total / whole for name, share in shares.items()}
    counts = Counter({name: int(number) for name, number in exact.items()})
    by_remainder = sorted(exact, key=lambda name: (counts[name] - exact[name], name))
    counts.update(by_remainder[: total - counts.total()])
    return counts


def still_wanted(shares: Mapping[str, float], *, total: int, there: Iterable[str]) -> Counter[str]:
    """How many of each to add to those `there`, so that all `total` come as near to `shares` as can be."""
    have = list(there)
    counted = Counter(have)
    lacking = {name: max(0.0, share * total - counted[name]) for name, share in shares.items()}
    return apportion(lacking, total - len(have))


def arrivals(arrival: Arrival, *, count: int, now: datetime, random: Random) -> list[datetime]:
    """`count` times in order: first the old ones, then those of the last hours."""
    old = round(arrival.old * count)
    ago = [random.uniform(*arrival.old_hours) for _ in range(old)]
    ago += [random.uniform(0, arrival.hours) for _ in range(count - old)]
    return [(now - timedelta(hours=hours)).replace(microsecond=0) for hours in sorted(ago, reverse=True)]


def make_plan(
    proportions: Proportions, wording: Wording, places: Sequence[int], *, there: Sequence[tuple[str, str]], seed: int
) -> list[Planned]:
    """What stands at each of `places`, beside the mail `there` is: (intent, language) of each."""
    random = Random(f"{seed}/plan")
    total = len(places) + len(there)
    intents = still_wanted(proportions.intents, total=total, there=(intent for intent, _ in there))
    languages = still_wanted(proportions.languages, total=total, there=(language for _, language in there))
    everywhere = frozenset({proportions.roles.offer, proportions.roles.bounce})
    pairs = _pairs(intents, languages, wording, everywhere, random)
    random.shuffle(pairs)
    planned: list[Planned] = []
    for place, (intent, language) in zip(places, pairs, strict=True):
        planned.append(_planned(place, intent, language, planned, proportions, wording, random))
    return planned


def _pairs(
    intents: Counter[str], languages: Counter[str], wording: Wording, everywhere: frozenset[str], random: Random
) -> list[tuple[str, str]]:
    able = {
        intent: [name for name in languages if wording.speaks(name, intent, everywhere=everywhere)]
        for intent in intents
    }
    left = Counter(languages)
    pairs = []
    for intent in sorted(intents.elements(), key=lambda name: (len(able[name]), name)):
        weights = [max(left[name], 0) for name in able[intent]]
        [language] = random.choices(able[intent], weights if any(weights) else None)
        left[language] -= 1
        pairs.append((intent, language))
    return pairs


def _planned(
    place: int,
    intent: str,
    language: str,
    before: Sequence[Planned],
    proportions: Proportions,
    wording: Wording,
    random: Random,
) -> Planned:
    offers, roles = proportions.offers, proportions.roles
    product, other = (_product(proportions.categories, language, wording, random) for _ in range(2))
    earlier = None
    if intent in roles.threaded and random.random() < proportions.parts.threaded:
        open_offers = [mail for mail in before if mail.intent == roles.offer and mail.language == language]
        if open_offers:
            chosen = random.choice(open_offers)
            earlier, product = chosen.place, chosen.product
    lacking = _lacking(offers, random) if intent == roles.offer else frozenset()
    return Planned(
        place=place,
        intent=intent,
        language=language,
        product=product,
        other=other if random.random() < offers.second_item or intent in roles.two_items else product,
        lacking=lacking,
        wrong_proof=random.random() < offers.wrong_proof,
        terse=bool(lacking) and random.random() < offers.terse,
        earlier=earlier,
    )


def _product(categories: Mapping[str, float], language: str, wording: Wording, random: Random) -> int:
    fallback = wording.languages[language].fallback
    named = [index for index, product in enumerate(wording.products) if {language, fallback} & set(product.names)]
    there = {wording.products[index].category for index in named}
    shares = {name: share for name, share in categories.items() if name in there}
    [category] = random.choices(list(shares), list(shares.values()))
    return random.choice([index for index in named if wording.products[index].category == category])


def _lacking(offers: Offers, random: Random) -> frozenset[str]:
    if random.random() < offers.complete:
        return frozenset()
    lacking = {name for name, share in offers.lacking.items() if random.random() < share}
    names, shares = list(offers.lacking), list(offers.lacking.values())
    return frozenset(lacking or random.choices(names, shares))
