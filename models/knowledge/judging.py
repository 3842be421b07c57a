"""What data/ says for judging: the intents and categories, signs of intent, how to train and when to doubt."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An intent or category: its id and (language, name) as people read it."""

    id: str
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Words that are a sign of some kind of intent; `kind` groups signs of one meaning over all languages."""

    language: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """A short text of data/examples.toml with what it wants and is about.

    `attached` is the text of its attachment, if it has one; `answers` says that it answers another mail.
    """

    subject: str
    text: str
    intent: str
    categories: tuple[str, ...]
    attached: str = ""
    answers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingSettings:
    """Numbers of data/judging.toml; each is explained there."""

    seed: int = 0
    intent_c: float = 1.0
    word_c: float = 1.0
    category_c: float = 1.0
    inner_folds: int = 5
    min_df: int = 2
    longest_text: int = 20_000
    opening: int = 40
    cap: float = 3.0
    category_threshold: float = 0.5
    category_band: tuple[float, float] = (0.35, 0.65)
    intent_floor: float = 0.5
    tolerance: float = 0.001
    reasons: int = 8
    worse_by: float = 0.01
    group_share: float = 0.02
    group_least: int = 3
    taught_weight: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JudgingKnowledge:
    """Intents, categories, signs, taught texts, settings.

    `by_screening` gives the intent that a kind of screening settles (kind, intent); `demanding` are intents whose mail
    asks for what it names and claims nothing, `needing` those that claim something of goods that they offer only,
    `asking` those whose questions claim nothing, `subject_not_own` those whose subject is that of the mail they answer,
    `without_offer` those whose mail has no offer lines, `without_price` those whose lines have no price; `goods` are
    the categories that are counted in pieces or the like, `making` is the making of them, `unknown_goods` the kind of
    goods that nobody knows; `ambiguous` are ids of product phrases that stand for several categories; `told_by` gives
    the kinds of signs that speak for or against a category (category, kinds), `told_by_rates` the categories that
    amounts a day or a week speak for; mail of an intent of `nameless` is about no category; `taught` are texts that
    teach beside labelled mail; `shared_domains` are domains that many senders share. Compared by identity, so that
    what is compiled from it can be kept.
    """

    intents: tuple[Named, ...] = ()
    categories: tuple[Named, ...] = ()
    signs: tuple[Sign, ...] = ()
    by_screening: tuple[tuple[str, str], ...] = ()
    demanding: frozenset[str] = frozenset()
    without_offer: frozenset[str] = frozenset()
    without_price: frozenset[str] = frozenset()
    goods: frozenset[str] = frozenset()
    making: str = ""
    unknown_goods: str = ""
    needing: frozenset[str] = frozenset()
    asking: frozenset[str] = frozenset()
    subject_not_own: frozenset[str] = frozenset()
    ambiguous: frozenset[str] = frozenset()
    told_by: tuple[tuple[str, tuple[str, ...]], ...] = ()
    told_by_rates: frozenset[str] = frozenset()
    nameless: frozenset[str] = frozenset()
    taught: tuple[Taught, ...] = ()
    shared_domains: frozenset[str] = frozenset()
    settings: JudgingSettings = field(default_factory=JudgingSettings)
