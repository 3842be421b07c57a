"""Loads what data/ says for products: data/products/*.csv and data/languages/<lang>/stance.toml."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from models.knowledge.products import Inflection, ProductKnowledge, ProductPhrase, StanceCue
from models.reading import Stance
from triage.adapters.knowledge.files import Row, read_csv, read_toml
from triage.adapters.knowledge.named import Categories
from triage.errors import KnowledgeError


class _Phrase(Row):
    languages: str
    phrase: str
    categories: str = ""
    head: Literal["yes", "no"] = "no"
    only: Literal["yes", "no"] = "no"
    note: str = ""
    source: str
    confidence: Literal["high", "medium", "low"] = "medium"
    example: str = ""
    counter_example: str = ""


class _Cue(Row):
    words: tuple[str, ...]
    stance: Stance
    direction: Literal["after", "before", "around"]
    scope: Literal["sentence", "list", "mail"] = "sentence"
    only: bool = False


class StanceExample(Row):
    """A sentence, and how it speaks of the products in it."""

    text: str
    products: dict[str, Stance]


class StanceFile(Row):
    """One language's stance.toml."""

    source: str
    endings: tuple[str, ...] = ()
    shortest: int = Field(4, ge=2)
    terminators: tuple[str, ...] = ()
    cues: tuple[_Cue, ...] = ()
    examples: tuple[StanceExample, ...] = ()


def load(root: Path) -> ProductKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    stances = {path.parent.name: read_toml(path, StanceFile) for path in stance_files(root)}
    return ProductKnowledge(
        phrases=phrases(root),
        cues=tuple(cue for language, form in stances.items() for cue in _cues(language, form)),
        terminators=tuple((language, words) for language, form in stances.items() for words in form.terminators),
        inflections=tuple(
            Inflection(language=language, endings=_longest_first(form.endings), shortest=form.shortest)
            for language, form in stances.items()
        ),
        categories=tuple(row.id for row in read_toml(root / "data" / "categories.toml", Categories).categories),
    )


def _longest_first(endings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(endings, key=len, reverse=True))


def stance_files(root: Path) -> list[Path]:
    """The files of all languages."""
    return sorted((root / "data" / "languages").glob("*/stance.toml"))


def _cues(language: str, form: StanceFile) -> list[StanceCue]:
    return [
        StanceCue(
            language=language, text=text, stance=cue.stance, direction=cue.direction, scope=cue.scope, only=cue.only
        )
        for cue in form.cues
        for text in cue.words
    ]


def phrases(root: Path) -> tuple[ProductPhrase, ...]:
    """The rows of data/products, each checked against the categories there are."""
    found: dict[str, ProductPhrase] = {}
    known = {row.id for row in read_toml(root / "data" / "categories.toml", Categories).categories}
    for path in sorted((root / "data" / "products").glob("*.csv")):
        for row in read_csv(path, _Phrase):
            phrase = _phrase(row)
            if phrase.id in found:
                raise KnowledgeError(str(path), row.phrase, f"stands twice in {row.languages}; keep one row")
            if unknown := set(phrase.categories) - known:
                raise KnowledgeError(str(path), row.phrase, f"no such category in categories.toml: {sorted(unknown)}")
            found[phrase.id] = phrase
    return tuple(found.values())


def _phrase(row: _Phrase) -> ProductPhrase:
    languages, variants = tuple(row.languages.split()), tuple(text.strip() for text in row.phrase.split("|"))
    return ProductPhrase(
        id=f"{languages[0]}/{variants[0]}",
        languages=languages,
        variants=variants,
        categories=tuple(row.categories.split()),
        head=row.head == "yes",
        only=row.only == "yes",
        source=row.source,
        example=row.example,
        counter_example=row.counter_example,
    )
