"""What data/marks.toml says: which keywords and folders show what was found in a message."""

from dataclasses import dataclass
from enum import StrEnum


class MarkedBy(StrEnum):
    """What a rule of marking looks at."""

    CATEGORY = "category"
    INTENT = "intent"
    UNCERTAIN = "uncertain"
    OTHERWISE = "otherwise"  # no category at all


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRule:
    """A message of the category or intent `value`, or of the state `by`, gets `keyword` and goes to `folder`."""

    by: MarkedBy
    value: str
    keyword: str
    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkPolicy:
    """Rules in their order, with the folder `parent` that all their folders stand below.

    `old_mail`: whether mail is marked that lay there before the mailbox was first read. A message that the server
    refused to mark is tried `attempts` times, `retry_minutes` apart; `batch` messages are marked together.
    """

    parent: str
    rules: tuple[MarkRule, ...]
    old_mail: bool
    attempts: int
    retry_minutes: float
    batch: int
