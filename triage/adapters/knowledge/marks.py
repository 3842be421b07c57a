"""data/marks.toml: the keywords and folders that show staff in their mail program what was found."""

import unicodedata
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from models.knowledge.marks import MarkedBy, MarkPolicy, MarkRule
from triage.adapters.knowledge.files import Row, read_toml
from triage.adapters.knowledge.named import Categories, Intents
from triage.errors import KnowledgeError

FILE = "marks.toml"
SPECIAL = frozenset('/\\.*%"&~#')
"""What separates folders, or stands for any, at one server or another."""

Keyword = Annotated[str, Field(pattern=r"^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,49})?$")]
Folder = Annotated[str, Field(max_length=60)]


class _Mark(Row):
    category: str = ""
    intent: str = ""
    uncertain: bool = False
    otherwise: bool = False
    keyword: Keyword = ""
    folder: Folder = ""

    @property
    def by(self) -> tuple[MarkedBy, ...]:
        return tuple(by for by in MarkedBy if getattr(self, by.value))

    @model_validator(mode="after")
    def _by_one(self) -> Self:
        if len(self.by) != 1:
            raise ValueError(f"give exactly one of {', '.join(MarkedBy)}")
        return self


class _Marks(Row):
    source: str
    parent: Annotated[Folder, Field(min_length=1)]
    old_mail: bool
    retry_minutes: Annotated[float, Field(gt=0)]
    attempts: Annotated[int, Field(ge=1)]
    batch: Annotated[int, Field(ge=1, le=1000)]
    mark: Annotated[tuple[_Mark, ...], Field(min_length=1)]


def load(root: Path) -> MarkPolicy:
    """Read below `root`. KnowledgeError when a name is no keyword or folder, or a category or intent is unknown."""
    path = root / "data" / FILE
    form = read_toml(path, _Marks)
    known = {
        MarkedBy.CATEGORY: {row.id for row in read_toml(path.with_name("categories.toml"), Categories).categories},
        MarkedBy.INTENT: {row.id for row in read_toml(path.with_name("intents.toml"), Intents).intents},
    }
    for name in (form.parent, *(row.folder for row in form.mark)):
        if not _is_folder(name):
            raise KnowledgeError(
                str(path), f"folder {name!r}", f"it holds one of {''.join(sorted(SPECIAL))} or is bare"
            )
    return MarkPolicy(
        parent=form.parent,
        rules=tuple(_rule(path, row, known) for row in form.mark),
        old_mail=form.old_mail,
        attempts=form.attempts,
        retry_minutes=form.retry_minutes,
        batch=form.batch,
    )


def _rule(path: Path, row: _Mark, known: dict[MarkedBy, set[str]]) -> MarkRule:
    [by] = row.by
    value = row.category or row.intent
    if by in known and value not in known[by]:
        raise KnowledgeError(str(path), f"{by} {value}", f"there is none of this name; give one of {sorted(known[by])}")
    return MarkRule(by=by, value=value, keyword=row.keyword, folder=row.folder)


def _is_folder(name: str) -> bool:
    """Whether `name` is one folder at every server, the same one before and after the server has normalised it."""
    plain = name == name.strip() and unicodedata.is_normalized("NFC", name) and not SPECIAL & set(name)
    return plain and not any(unicodedata.category(letter).startswith("C") for letter in name)
