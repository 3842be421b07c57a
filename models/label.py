"""Corrections by staff and the artifacts that are trained from labelled mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LabelField(StrEnum):
    """What of a reading a person may correct."""

    INTENT = "intent"
    CATEGORIES = "categories"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A person's correction of what was read: `field` is a LabelField, values joined by commas."""

    id: int
    message_id: int
    field: str
    value: str
    read_value: str
    artifact: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingExample:
    """A labelled mail for training. `group` keeps mails of one sender or thread in one fold; `source`: where from."""

    id: str
    octets: bytes
    intent: str
    categories: tuple[str, ...]
    group: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactManifest:
    """What an artifact was made from and how it did: `trained_on` are the examples' content hashes, `scores` the
    held-out figures by name, `files` the sha256 of each file of the artifact.
    """

    id: str
    created_at: datetime
    corpus_digest: str
    knowledge_digest: str
    trained_on: tuple[str, ...]
    libraries: Mapping[str, str]
    seed: int
    scores: Mapping[str, float]
    files: Mapping[str, str]
