"""What data/ says of intake and delivery: the patience and the limits of the jobs."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAnswer:
    """What a server's words mean: wait so many `seconds`, or as many as the words say (group `seconds` or `millis`)."""

    pattern: re.Pattern[str]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakePolicy:
    """`backfill_hours`: mail that lay in a mailbox longer than this when it was first read is never answered.

    `batch_octets` of mail are fetched and stored together; a message whose reading failed `attempts` times is
    quarantined. Of a message larger than `large_octets` only `first_octets` are fetched; the rest comes when somebody
    asks, in parts of `part_octets`, unless the whole is larger than `whole_octets`. When the polls broke off at the
    same message `fetch_attempts` times, its octets are owed: they are asked for again after `owed_minutes`, the last
    one repeated, and `owed_at_once` of them in one poll. An IDLE is renewed after `idle_minutes`,
    UIDs and rows are compared every `reconcile_hours`. `answers` are words
    by which servers ask to be left alone for a while, never longer than `longest_pause_minutes`.
    """

    backfill_hours: float
    batch_octets: int
    attempts: int
    large_octets: int
    first_octets: int
    part_octets: int
    whole_octets: int
    fetch_attempts: int
    owed_minutes: tuple[float, ...]
    owed_at_once: int
    idle_minutes: float
    reconcile_hours: float
    longest_pause_minutes: float
    answers: tuple[ServerAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPolicy:
    """When a reply that could not be sent is tried again (`backoff_minutes`, the last one repeated, each lengthened by
    up to the share `jitter`), when it is given up, and how many go out in one round.

    A reply left sending for `stale_minutes` belongs to a process that died.
    """

    backoff_minutes: tuple[float, ...]
    jitter: float
    give_up_hours: float
    stale_minutes: float
    round_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningPolicy:
    """The policies of the jobs."""

    intake: IntakePolicy
    delivery: DeliveryPolicy
