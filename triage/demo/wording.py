"""The hand-written parts of the demo mailbox, read from data/demo, and how their alternatives become sentences."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from triage.adapters.knowledge.files import Row, read_toml

ALTERNATIVES = re.compile(r"\[([^\[\]]*)\]")
Texts = tuple[str, ...]


class Numbers(Row):
    """How a language writes numbers and prices."""

    thousands: str
    decimal: str
    prices: Texts


class People(Row):
    """Parts of names; `latin` are whole names for addresses where the script is another."""

    first: Texts
    last: Texts
    titles: Texts
    latin: Texts = ()


class Companies(Row):
    """Parts of company names, and where they are."""

    start: Texts
    kind: Texts
    legal: Texts
    cities: Texts
    phones: Texts
    country: str


class Common(Row):
    """What begins and ends a letter; `anonymous` are signatures that name nobody."""

    greetings: Texts
    closings: Texts
    signatures: Texts
    anonymous: Texts
    streets: Texts


class OfferTexts(Row):
    """Sentences of an offer. `full`, `quantity_only`, `price_only` and `bare` differ in what they say."""

    subjects: Texts
    openings: Texts
    full: Texts
    quantity_only: Texts
    price_only: Texts
    bare: Texts
    per_week: Texts
    regulatory: Texts
    pending: Texts
    denied: Texts
    lead_time: Texts
    extras: Texts
    invitations: Texts
    terse: Texts


class IntentTexts(Row):
    """Sentences of a mail of another intent, in the order they are said."""

    subjects: Texts
    first: Texts
    second: Texts
    last: Texts


class Language(Row):
    """Everything hand-written in one language."""

    source: str
    fallback: str
    zone: str
    charset: str
    reply_prefix: str
    forward_prefix: str
    quote: str
    when: str
    forwarded: Texts
    forward_notes: Texts
    numbers: Numbers
    people: People
    companies: Companies
    common: Common
    offer: OfferTexts
    intents: dict[str, IntentTexts]


class Product(Row):
    """Something to offer. `quantity` and `price` (NOK) are ranges."""

    category: str
    quantity: tuple[int, int]
    price: tuple[float, float]
    box: tuple[int, ...]
    per_week: bool = False
    proof: Texts
    wrong: Texts
    names: dict[str, Texts]


class Client(Row):
    """A mail program as it shows in header fields."""

    weight: float
    message_id: str
    received: str
    headers: dict[str, str]


class _Products(Row):
    source: str
    rates: dict[str, float]
    product: tuple[Product, ...]


class _Clients(Row):
    source: str
    refusals: tuple[tuple[str, str], ...]
    client: tuple[Client, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """All hand-written parts.

    `rates` are what one NOK is in other currencies, `refusals` (status, words) of servers that return mail.
    """

    languages: Mapping[str, Language]
    products: tuple[Product, ...]
    rates: Mapping[str, float]
    clients: tuple[Client, ...]
    refusals: tuple[tuple[str, str], ...]
    bounce: str

    def name(self, product: Product, language: str, random: Random) -> str:
        """What `product` is called in `language` or in the one it falls back on."""
        names = product.names.get(language) or product.names.get(self.languages[language].fallback)
        return random.choice(names or next(iter(product.names.values())))

    def speaks(self, language: str, intent: str, *, everywhere: frozenset[str]) -> bool:
        """Whether mail of `intent` can be written in `language`; that of `everywhere` can in each."""
        return intent in everywhere or intent in self.languages[language].intents


def read_wording(folder: Path) -> Wording:
    """The hand-written parts under `folder` (data/demo). KnowledgeError names what is wrong."""
    products = read_toml(folder / "products.toml", _Products)
    clients = read_toml(folder / "clients.toml", _Clients)
    return Wording(
        languages={path.stem: read_toml(path, Language) for path in sorted((folder / "texts").glob("*.toml"))},
        products=products.product,
        rates=products.rates,
        clients=clients.client,
        refusals=clients.refusals,
        bounce=(folder / "bounce.txt").read_text(encoding="ascii"),
    )


def say(texts: Sequence[str], values: Mapping[str, str], random: Random) -> str:
    """One of `texts`, each [a|b] decided and each {word} filled in."""
    decided = ALTERNATIVES.sub(lambda found: random.choice(found[1].split("|")), random.choice(texts))
    return decided.format_map(values).strip()


def fill(pattern: str, random: Random) -> str:
    """`pattern` with # as a digit, ^ as a capital letter or digit, ~ as a hexadecimal digit."""
    alphabets = {"#": "0123456789", "^": "ABCDEFGHJKLMNPQRSTUVWXYZ23456789", "~": "0123456789abcdef"}
    return "".join(random.choice(alphabets[sign]) if sign in alphabets else sign for sign in pattern)
