"""Policies for tests: small where a test must reach a limit."""

import re

from models.knowledge.running import IntakePolicy, ServerAnswer

INTAKE = IntakePolicy(
    backfill_hours=24,
    batch_octets=1_000_000,
    attempts=3,
    large_octets=26_214_400,
    first_octets=1_048_576,
    part_octets=1_048_576,
    whole_octets=104_857_600,
    fetch_attempts=3,
    owed_minutes=(1, 5),
    owed_at_once=20,
    idle_minutes=20,
    reconcile_hours=24,
    longest_pause_minutes=60,
    answers=(ServerAnswer(pattern=re.compile("THROTTLED"), seconds=300),),
)
