"""data/intake.toml, data/imap_answers.toml and data/delivery.toml: the patience and the limits of the jobs."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field

from models.knowledge.running import DeliveryPolicy, IntakePolicy, RunningPolicy, ServerAnswer
from triage.adapters.knowledge.files import Row, read_toml
from triage.adapters.knowledge.patterns import compiled
from triage.errors import KnowledgeError

Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class _Intake(Row):
    source: str
    backfill_hours: Positive
    batch_octets: Count
    attempts: Count
    large_octets: Count
    first_octets: Count
    part_octets: Count
    whole_octets: Count
    fetch_attempts: Count
    owed_minutes: Annotated[tuple[Positive, ...], Field(min_length=1)]
    owed_at_once: Count
    idle_minutes: Annotated[float, Field(gt=0, lt=29)]
    reconcile_hours: Positive
    longest_pause_minutes: Positive


class _Answer(Row):
    pattern: str
    seconds: Positive
    source: str
    examples: Annotated[tuple[str, ...], Field(min_length=1)]
    counter_examples: tuple[str, ...] = ()


class _Answers(Row):
    answer: tuple[_Answer, ...]


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
    answers = _answers(root / "data" / "imap_answers.toml")
    return RunningPolicy(
        intake=IntakePolicy(**intake.model_dump(exclude={"source"}), answers=answers),
        delivery=DeliveryPolicy(**delivery.model_dump(exclude={"source"})),
    )


def _answers(path: Path) -> tuple[ServerAnswer, ...]:
    found = []
    for place, row in enumerate(read_toml(path, _Answers).answer, 1):
        key = f"answer {place}"
        pattern = compiled(path, key, row.pattern, re.IGNORECASE)
        if any(not pattern.search(text) for text in row.examples):
            raise KnowledgeError(str(path), key, "its pattern misses one of its examples; correct either")
        if any(pattern.search(text) for text in row.counter_examples):
            raise KnowledgeError(str(path), key, "its pattern finds one of its counter-examples; correct either")
        found.append(ServerAnswer(pattern=pattern, seconds=row.seconds))
    return tuple(found)
