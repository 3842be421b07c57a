"""Loads what data/ says for judging: categories, intents, judging.toml and data/languages/<lang>/intents.toml."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ConfigDict, Field

from models.knowledge.judging import JudgingKnowledge, JudgingSettings, Named, Sign, Taught
from models.knowledge.products import ProductPhrase
from triage.adapters.knowledge.files import Row, read_csv, read_toml
from triage.adapters.knowledge.named import Categories, CategoryRow, Intents, NamedRow
from triage.adapters.knowledge.products import phrases
from triage.errors import KnowledgeError


class _Sign(Row):
    sign: str
    words: tuple[str, ...]


class _Signs(Row):
    source: str
    signs: tuple[_Sign, ...]


class _Example(Row):
    intent: str
    categories: tuple[str, ...] = ()
    subject: str
    text: str
    attached: str = ""
    answers: bool = False


class _Examples(Row):
    source: str
    examples: tuple[_Example, ...]


class _Training(Row):
    seed: int
    intent_c: float = Field(gt=0)
    word_c: float = Field(gt=0)
    category_c: float = Field(gt=0)
    inner_folds: int = Field(ge=2)
    min_df: int = Field(ge=1)
    tolerance: float = Field(gt=0)
    longest_text: int = Field(ge=1000)
    opening: int = Field(ge=1)
    cap: float = Field(gt=0)
    group_share: float = Field(gt=0, le=1)
    group_least: int = Field(ge=1)
    taught_weight: float = Field(gt=0, le=1)


class _Doubt(Row):
    category_threshold: float = Field(ge=0, le=1)
    category_band: tuple[float, float]
    intent_floor: float = Field(ge=0, le=1)
    reasons: int = Field(ge=0)


class _Promotion(Row):
    worse_by: float = Field(ge=0)


class _Judging(Row):
    source: str
    by_screening: dict[str, str]
    no_goods: frozenset[str]
    making: str
    pair_is_one: frozenset[str]  # for the reader of offers
    unknown_goods: str
    training: _Training
    doubt: _Doubt
    promotion: _Promotion


class _Domain(Row):
    model_config = ConfigDict(extra="ignore", frozen=True)  # its other columns are for other readers
    domain: str
    source: str = ""
    note: str = ""


def load(root: Path) -> JudgingKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    data = root / "data"
    form = read_toml(data / "judging.toml", _Judging)
    rows = read_toml(data / "intents.toml", Intents).intents
    intents = _named(rows)
    categories = read_toml(data / "categories.toml", Categories).categories
    for kind, intent in form.by_screening.items():
        if intent not in {one.id for one in intents}:
            raise KnowledgeError(
                str(data / "judging.toml"), f"by_screening.{kind}", f"no intent {intent} in intents.toml"
            )
    categories = read_toml(data / "categories.toml", Categories).categories
    signs = _signs(data)
    return JudgingKnowledge(
        intents=intents,
        categories=_named(categories),
        goods=frozenset(row.id for row in categories) - form.no_goods,
        making=form.making,
        unknown_goods=form.unknown_goods,
        signs=signs,
        told_by=_told_by(data, categories, {sign.kind for sign in signs}),
        told_by_rates=frozenset(row.id for row in categories if row.told_by_rates),
        nameless=frozenset(row.id for row in rows if row.names_nothing),
        taught=_taught(data, {one.id for one in intents}, {one.id for one in categories}),
        by_screening=tuple(form.by_screening.items()),
        demanding=frozenset(row.id for row in rows if row.claims_are_demands),
        without_offer=frozenset(row.id for row in rows if row.offers_nothing),
        without_price=frozenset(row.id for row in rows if row.names_no_price),
        needing=frozenset(row.id for row in rows if row.claims_need_goods),
        asking=frozenset(row.id for row in rows if row.claims_are_asked_about),
        subject_not_own=frozenset(row.id for row in rows if row.subject_is_of_another),
        ambiguous=frozenset(phrase.id for phrase in phrases(root) if _is_ambiguous(phrase)),
        shared_domains=frozenset(row.domain for row in read_csv(data / "free_mail_domains.csv", _Domain)),
        settings=JudgingSettings(
            **form.training.model_dump(), **form.doubt.model_dump(), **form.promotion.model_dump()
        ),
    )


def _is_ambiguous(phrase: ProductPhrase) -> bool:
    return len(phrase.categories) > 1


def _named(rows: Sequence[NamedRow]) -> tuple[Named, ...]:
    return tuple(Named(id=row.id, names=tuple(row.name.items())) for row in rows)


def _told_by(data: Path, categories: Sequence[CategoryRow], kinds: set[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    for row in categories:
        if unknown := set(row.told_by) - kinds:
            raise KnowledgeError(
                str(data / "categories.toml"), f"{row.id}.told_by", f"no such sign in intents.toml: {sorted(unknown)}"
            )
    return tuple((row.id, row.told_by) for row in categories if row.told_by)


def _taught(data: Path, intents: set[str], categories: set[str]) -> tuple[Taught, ...]:
    path = data / "examples.toml"
    rows = read_toml(path, _Examples).examples
    for row in rows:
        if row.intent not in intents or set(row.categories) - categories:
            raise KnowledgeError(str(path), row.subject, "its intent or a category is in no list; see intents.toml")
    return tuple(Taught(**row.model_dump()) for row in rows)


def _signs(data: Path) -> tuple[Sign, ...]:
    return tuple(
        Sign(language=path.parent.name, text=text, kind=sign.sign)
        for path in sorted((data / "languages").glob("*/intents.toml"))
        for sign in read_toml(path, _Signs).signs
        for text in sign.words
    )
