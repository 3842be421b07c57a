"""data/intake.toml and data/delivery.toml: the patience and the limits of the jobs."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from models.knowledge.running import DeliveryPolicy, IntakePolicy, RunningPolicy
from triage.adapters.knowledge.files import Row, read_toml

Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class _Intake(Row):
    source: str
    backfill_hours: Positive
    batch_octets: Count
    attempts: Count


class _Delivery(Row):
    source: str
    backoff_minutes: Annotated[tuple[Positive, ...], Field(min_length=1)]
    jitter: Annotated[float, Field(ge=0, le=1)]
    give_up_hours: Positive
    stale_minutes: Positive
    round_size: Count


def load(root: Path) -> RunningPolicy:
    """The policies below `root`. Raises KnowledgeError naming file, key and remedy."""
    intake = read_toml(root / "data" / "intake.toml", _Intake)
    delivery = read_toml(root / "data" / "delivery.toml", _Delivery)
    return RunningPolicy(
        intake=IntakePolicy(**intake.model_dump(exclude={"source"})),
        delivery=DeliveryPolicy(**delivery.model_dump(exclude={"source"})),
    )
