"""Our own TOML and CSV files, read strictly: a fault names file, key and remedy."""

import csv
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from triage.errors import KnowledgeError

UNKNOWN = "extra_forbidden"
"""What pydantic calls a key that a form does not have."""


class Row(BaseModel):
    """Base of every row or table of ours: an unknown or misspelt key stops the start."""

    model_config = ConfigDict(extra="forbid", frozen=True)


R = TypeVar("R", bound=Row)


def read_toml(path: Path, form: type[R]) -> R:
    """The TOML file at `path` as a `form`. KnowledgeError when absent, malformed or not of that form."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise KnowledgeError(str(path), "file", "is missing; restore it from the distribution") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise KnowledgeError(str(path), "syntax", str(fault)) from None
    return _formed(path, "", raw, form)


def read_csv(path: Path, form: type[R]) -> tuple[R, ...]:
    """The rows of the CSV file at `path`, each as a `form`; empty cells are left out, so that defaults hold."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, strict=True))
    except FileNotFoundError:
        raise KnowledgeError(str(path), "file", "is missing; restore it from the distribution") from None
    except (csv.Error, UnicodeDecodeError) as fault:
        raise KnowledgeError(str(path), "syntax", str(fault)) from None
    for number, row in enumerate(rows, 2):
        if None in row:
            raise KnowledgeError(
                str(path), f"line {number}", "has more cells than the first line; quote cells with commas"
            )
    return tuple(_formed(path, f"line {number} ", _filled(row), form) for number, row in enumerate(rows, 2))


def _filled(row: Mapping[str, str | None]) -> dict[str, str]:
    return {name: cell.strip() for name, cell in row.items() if cell and cell.strip()}


def _formed(path: Path, place: str, raw: Mapping[str, object], form: type[R]) -> R:
    try:
        return form.model_validate(raw)
    except ValidationError as fault:
        first = min(fault.errors(), key=lambda error: error["type"] != UNKNOWN)  # a misspelt key is also a missing one
        remedy = "is no key here; correct its spelling or remove it" if first["type"] == UNKNOWN else first["msg"]
        raise KnowledgeError(str(path), place + ".".join(map(str, first["loc"])), remedy) from None
