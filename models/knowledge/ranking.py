"""What data/ says for ranking: weights in points, each with the sentence that explains it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from re import Pattern

from models.assessment import Severity

Texts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentWeight:
    """Points for an intent and the share of the points for goods, proof and delivery that counts with it.

    No share at all means nothing to act on: band none, no points.
    """

    points: float
    share: float
    texts: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedWeight:
    """A category's place in the standing need order; amount, arrival and proof count by `weigh`.

    Amounts score from `least` (no points) to `most` (all of them), in pieces, on a logarithmic scale. Codes that match
    `fitting` whole are the proof asked for, those that match `foreign` that of another market.
    """

    category: str
    weigh: float
    points: float
    least: float
    most: float
    fitting: Pattern[str]
    foreign: Pattern[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Points up to and including `until`."""

    until: float
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The band of a score of at least `least`."""

    name: str
    least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RankKnowledge:
    """Everything that `triage.stages.rank` looks up. `texts` are the sentences by reason code and language."""

    intents: Mapping[str, IntentWeight] = field(default_factory=dict)
    other_intent: IntentWeight = IntentWeight(points=0, share=0, texts=())
    silent_screenings: frozenset[str] = frozenset()
    needs: tuple[NeedWeight, ...] = ()
    further_category: float = 0
    further_categories_most: float = 0
    quantity_points: float = 0
    horizon_days: Mapping[str, float] = field(default_factory=dict)
    arrival: tuple[Step, ...] = ()
    arrival_unknown: float = 0
    strong_proof: Pattern[str] | None = None
    proof: Mapping[str, float] = field(default_factory=dict)
    missing: Mapping[str, float] = field(default_factory=dict)
    severities: Mapping[Severity, float] = field(default_factory=dict)
    findings_least: float = 0
    signs: Mapping[str, float] = field(default_factory=dict)
    signs_least: float = 0
    uncertain: float = 0
    score_step: float = 1
    floor: float = 0
    step: float = 0.25
    bands: tuple[Band, ...] = ()
    band_without_action: str = "none"
    texts: Mapping[str, Texts] = field(default_factory=dict)
    category_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    proof_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
