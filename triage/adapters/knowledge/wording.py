"""Loads the wordings of the pages: data/texts/<language>.toml, with the names of categories and intents."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from models.knowledge.wording import Wording, WordingKnowledge
from triage.adapters.knowledge.files import Row, read_toml
from triage.adapters.knowledge.named import Categories, Intents, NamedRow
from triage.errors import KnowledgeError


class _Texts(Row):
    name: str = Field(min_length=1)
    order: int
    tags: tuple[str, ...] = Field(min_length=1)
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
    return WordingKnowledge(languages=tuple(_wording(root, path, texts) for path, texts in [(first, model), *others]))


def _wording(root: Path, path: Path, texts: _Texts) -> Wording:
    categories, intents = root / "data" / "categories.toml", root / "data" / "intents.toml"
    named = {
        "categories": _names(categories, read_toml(categories, Categories).categories, path.stem),
        "intents": _names(intents, read_toml(intents, Intents).intents, path.stem),
    }
    return Wording(language=path.stem, name=texts.name, tags=texts.tags, sections=texts.sections | named)


def _names(path: Path, rows: Sequence[NamedRow], language: str) -> dict[str, str]:
    """Names by id, in the order of the file."""
    for row in rows:
        if language not in row.name:
            raise KnowledgeError(str(path), f"{row.id}.name", f"has no name in {language}; add {language} = …")
    return {row.id: row.name[language] for row in rows}


def _same_keys(first: Path, model: _Texts, path: Path, texts: _Texts) -> None:
    here, there = _keys(texts), _keys(model)
    for missing in sorted(there - here):
        raise KnowledgeError(str(path), missing, f"is missing; {first.name} has it")
    for unknown in sorted(here - there):
        raise KnowledgeError(str(path), unknown, f"is not in {first.name}; add it there or take it out here")


def _keys(texts: _Texts) -> set[str]:
    return {f"sections.{section}.{key}" for section, entries in texts.sections.items() for key in entries}
