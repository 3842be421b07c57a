"""What data/ says of intake and delivery: the patience and the limits of the jobs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakePolicy:
    """`backfill_hours`: mail that lay in a mailbox longer than this when it was first read is never answered.

    `batch_octets` of mail are fetched and stored together; a message whose reading failed `attempts` times is
    quarantined.
    """

    backfill_hours: float
    batch_octets: int
    attempts: int


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
