"""Loads what data/ says for ranking: rank.toml, with the names of categories and of what may be missing."""

from pathlib import Path

from pydantic import Field

from models.assessment import Severity
from models.knowledge.ranking import Band, IntentWeight, NeedWeight, RankKnowledge, Step, Texts
from triage.adapters.knowledge.files import Row, read_toml
from triage.adapters.knowledge.named import Categories
from triage.adapters.knowledge.patterns import compiled
from triage.errors import KnowledgeError


class _TextRow(Row):
    nb: str = Field(min_length=1)
    en: str = Field(min_length=1)


class _IntentRow(_TextRow):
    points: float
    share: float = Field(ge=0, le=1)


class _NeedRow(Row):
    category: str
    weigh: float = Field(ge=0, le=1)
    points: float
    least: float = Field(gt=0)
    most: float = Field(gt=0)
    fitting: str
    foreign: str | None = None


class _BandRow(Row):
    name: str
    least: float


class _BreadthRow(Row):
    points: float
    most: float


class _QuantityRow(Row):
    points: float
    horizon_days: dict[str, float]


class _StepRow(Row):
    until: float
    points: float


class _ArrivalRow(Row):
    unknown: float
    step: tuple[_StepRow, ...]


class _ProofRow(Row):
    document: float
    strong: float
    fitting: float
    foreign: float
    pending: float
    none: float
    denied: float
    strong_codes: str


class _FindingRow(Row):
    critical: float
    high: float
    medium: float
    low: float
    info: float
    least: float


class _UncertainRow(Row):
    points: float
    score_step: float = Field(gt=0, le=1)


class _RankFile(Row):
    source: str
    step: float = Field(gt=0)
    floor: float
    band_without_action: str
    silent_screenings: frozenset[str]
    band: tuple[_BandRow, ...]
    intent: dict[str, _IntentRow]
    need: tuple[_NeedRow, ...]
    breadth: _BreadthRow
    quantity: _QuantityRow
    arrival: _ArrivalRow
    proof: _ProofRow
    missing: dict[str, float]
    findings: _FindingRow
    signs: dict[str, float]
    uncertain: _UncertainRow
    texts: dict[str, _TextRow]
    proof_names: dict[str, _TextRow]


def category_names(root: Path) -> dict[str, dict[str, str]]:
    """Names of the categories, by id and language."""
    return {row.id: row.name for row in read_toml(root / "data" / "categories.toml", Categories).categories}


def load(root: Path) -> RankKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    path = root / "data" / "rank.toml"
    row = read_toml(path, _RankFile)
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
        strong_proof=compiled(path, "proof.strong_codes", row.proof.strong_codes),
        proof={name: value for name, value in row.proof.model_dump().items() if isinstance(value, float)},
        missing=row.missing,
        severities={severity: getattr(row.findings, severity.value) for severity in Severity},
        findings_least=row.findings.least,
        signs={name: points for name, points in row.signs.items() if name != "least"},
        signs_least=row.signs.get("least", 0),
        uncertain=row.uncertain.points,
        score_step=row.uncertain.score_step,
        floor=row.floor,
        step=row.step,
        bands=tuple(Band(name=b.name, least=b.least) for b in sorted(row.band, key=lambda b: -b.least)),
        band_without_action=row.band_without_action,
        texts={name: _texts(text) for name, text in row.texts.items()},
        category_names=names,
        proof_names={name: text.model_dump() for name, text in row.proof_names.items()},
    )


def _texts(row: _TextRow) -> Texts:
    return (("nb", row.nb), ("en", row.en))


def _intent(row: _IntentRow) -> IntentWeight:
    return IntentWeight(points=row.points, share=row.share, texts=_texts(row))


def _need(path: Path, row: _NeedRow) -> NeedWeight:
    return NeedWeight(
        category=row.category,
        weigh=row.weigh,
        points=row.points,
        least=row.least,
        most=row.most,
        fitting=compiled(path, f"need.{row.category}.fitting", row.fitting),
        foreign=None if row.foreign is None else compiled(path, f"need.{row.category}.foreign", row.foreign),
    )
