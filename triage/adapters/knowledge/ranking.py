"""Loads what data/ says for ranking: rank.toml, with the names of categories and of what may be missing."""

import re
from pathlib import Path

from pydantic import Field

from models.assessment import Severity
from models.knowledge.ranking import Band, IntentWeight, NeedWeight, RankKnowledge, Step, Texts
from triage.adapters.knowledge.files import Row, read_toml
from triage.errors import KnowledgeError


class TextRow(Row):
    nb: str = Field(min_length=1)
    en: str = Field(min_length=1)


class IntentRow(TextRow):
    points: float
    share: float = Field(ge=0, le=1)


class NeedRow(Row):
    category: str
    weigh: float = Field(ge=0, le=1)
    points: float
    least: float = Field(gt=0)
    most: float = Field(gt=0)
    fitting: str
    foreign: str | None = None


class BandRow(Row):
    name: str
    least: float


class BreadthRow(Row):
    points: float
    most: float


class QuantityRow(Row):
    points: float
    horizon_days: dict[str, float]


class StepRow(Row):
    until: float
    points: float


class ArrivalRow(Row):
    unknown: float
    step: tuple[StepRow, ...]


class ProofRow(Row):
    document: float
    strong: float
    fitting: float
    foreign: float
    pending: float
    none: float
    denied: float
    strong_codes: str


class FindingRow(Row):
    critical: float
    high: float
    medium: float
    low: float
    info: float
    least: float


class UncertainRow(Row):
    points: float


class RankFile(Row):
    source: str
    step: float = Field(gt=0)
    floor: float
    band_without_action: str
    silent_screenings: frozenset[str]
    band: tuple[BandRow, ...]
    intent: dict[str, IntentRow]
    need: tuple[NeedRow, ...]
    breadth: BreadthRow
    quantity: QuantityRow
    arrival: ArrivalRow
    proof: ProofRow
    missing: dict[str, float]
    findings: FindingRow
    signs: dict[str, float]
    uncertain: UncertainRow
    texts: dict[str, TextRow]
    proof_names: dict[str, TextRow]


class CategoryRow(Row):
    id: str
    name: dict[str, str]


class CategoryFile(Row):
    source: str
    categories: tuple[CategoryRow, ...]


def category_names(root: Path) -> dict[str, dict[str, str]]:
    """Names of the categories, by id and language."""
    return {row.id: row.name for row in read_toml(root / "data" / "categories.toml", CategoryFile).categories}


def load(root: Path) -> RankKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    path = root / "data" / "rank.toml"
    row = read_toml(path, RankFile)
    names = category_names(root)
    for need in row.need:
        if need.category not in names:
            raise KnowledgeError(str(path), f"need.{need.category}", "is no category of categories.toml")
    intents = {name: _intent(weight) for name, weight in row.intent.items()}
    if "other" not in intents:
        raise KnowledgeError(str(path), "intent.other", "is missing; it is used for every unnamed intent")
    return RankKnowledge(
        intents=intents,
        other_intent=intents["other"],
        silent_screenings=row.silent_screenings,
        needs=tuple(_need(path, need) for need in sorted(row.need, key=lambda need: -need.points)),
        further_category=row.breadth.points,
        further_categories_most=row.breadth.most,
        quantity_points=row.quantity.points,
        horizon_days=row.quantity.horizon_days,
        arrival=tuple(Step(until=s.until, points=s.points) for s in sorted(row.arrival.step, key=lambda s: s.until)),
        arrival_unknown=row.arrival.unknown,
        strong_proof=_compiled(path, "proof.strong_codes", row.proof.strong_codes),
        proof={name: value for name, value in row.proof.model_dump().items() if isinstance(value, float)},
        missing=row.missing,
        severities={severity: getattr(row.findings, severity.value) for severity in Severity},
        findings_least=row.findings.least,
        signs={name: points for name, points in row.signs.items() if name != "least"},
        signs_least=row.signs.get("least", 0),
        uncertain=row.uncertain.points,
        floor=row.floor,
        step=row.step,
        bands=tuple(Band(name=b.name, least=b.least) for b in sorted(row.band, key=lambda b: -b.least)),
        band_without_action=row.band_without_action,
        texts={name: _texts(text) for name, text in row.texts.items()},
        category_names=names,
        proof_names={name: text.model_dump() for name, text in row.proof_names.items()},
    )


def _texts(row: TextRow) -> Texts:
    return (("nb", row.nb), ("en", row.en))


def _intent(row: IntentRow) -> IntentWeight:
    return IntentWeight(points=row.points, share=row.share, texts=_texts(row))


def _need(path: Path, row: NeedRow) -> NeedWeight:
    return NeedWeight(
        category=row.category,
        weigh=row.weigh,
        points=row.points,
        least=row.least,
        most=row.most,
        fitting=_compiled(path, f"need.{row.category}.fitting", row.fitting),
        foreign=None if row.foreign is None else _compiled(path, f"need.{row.category}.foreign", row.foreign),
    )


def _compiled(path: Path, key: str, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as fault:
        raise KnowledgeError(str(path), key, f"is no regular expression: {fault}") from None
