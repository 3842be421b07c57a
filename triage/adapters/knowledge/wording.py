"""Loads the wordings of the pages: data/texts/<language>.toml."""

from pathlib import Path

from pydantic import Field

from models.knowledge.wording import Wording, WordingKnowledge
from triage.adapters.knowledge.files import Row, read_toml
from triage.errors import KnowledgeError


class _Texts(Row):
    name: str = Field(min_length=1)
    order: int
    sections: dict[str, dict[str, str]]


def load(root: Path) -> WordingKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/); every language must say the same things."""
    folder = root / "data" / "texts"
    read = {path: read_toml(path, _Texts) for path in sorted(folder.glob("*.toml"))}
    if not read:
        raise KnowledgeError(str(folder), "*.toml", "no wordings; restore the folder from the distribution")
    (first, model), *others = sorted(read.items(), key=lambda item: item[1].order)
    for path, texts in others:
        _same_keys(first, model, path, texts)
    ordered = [(first, model), *others]
    return WordingKnowledge(
        languages=tuple(Wording(language=p.stem, name=t.name, sections=t.sections) for p, t in ordered)
    )


def _same_keys(first: Path, model: _Texts, path: Path, texts: _Texts) -> None:
    here, there = _keys(texts), _keys(model)
    for missing in sorted(there - here):
        raise KnowledgeError(str(path), missing, f"is missing; {first.name} has it")
    for unknown in sorted(here - there):
        raise KnowledgeError(str(path), unknown, f"is not in {first.name}; add it there or take it out here")


def _keys(texts: _Texts) -> set[str]:
    return {f"sections.{section}.{key}" for section, entries in texts.sections.items() for key in entries}
