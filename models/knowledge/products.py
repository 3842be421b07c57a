"""What data/ says for products: the phrases that name them and the words that show how a mail speaks of them."""

from dataclasses import dataclass, field

from models.reading import Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPhrase:
    """A phrase that names a product, in one or more languages.

    `categories` are the categories it may stand for: one; several when only its surroundings can tell (the first when
    nothing does); none when the phrase looks like a product of ours and is not. `head` phrases are also found as the
    last part of a compound word. `only` phrases are read in mail of their own languages alone.
    """

    id: str
    languages: tuple[str, ...]
    variants: tuple[str, ...]
    categories: tuple[str, ...]
    head: bool = False
    only: bool = False
    source: str = ""
    example: str = ""
    counter_example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceCue:
    """Words that say how the products near them are meant.

    `direction` is after (products after the words), before or around. `scope` is sentence, list (the sentence and the
    list that follows it) or mail (all products that nothing nearer decides).
    """

    language: str
    text: str
    stance: Stance
    direction: str
    scope: str
    only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inflection:
    """The endings of a language's nouns, longest first; they are cut only from words that keep `shortest` letters."""

    language: str
    endings: tuple[str, ...]
    shortest: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProductKnowledge:
    """Phrases, cues and the words that end a cue's reach.

    `terminators` are (language, words). Compared by identity, so that what is compiled from it can be kept.
    """

    phrases: tuple[ProductPhrase, ...] = ()
    cues: tuple[StanceCue, ...] = ()
    terminators: tuple[tuple[str, str], ...] = ()
    inflections: tuple[Inflection, ...] = ()
    reach: int = 12
    categories: tuple[str, ...] = field(default=())
