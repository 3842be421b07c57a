"""Loads what data/ says for claims: data/claims/ and, by `polarity`, the cues of the languages."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field

from models.knowledge.claims import (
    ClaimCode,
    ClaimContext,
    ClaimKnowledge,
    ClaimWriting,
)
from triage.adapters.knowledge import polarity
from triage.adapters.knowledge.files import Row, read_csv, read_toml
from triage.adapters.knowledge.polarity import forms
from triage.errors import KnowledgeError


class CodeRow(Row):
    """A line of codes.csv."""

    code: str
    title: str
    family: str = ""
    numbers: str = ""
    category: str | None = None
    about: Literal["item", "company"] = "item"
    listed: Literal["yes", "no"] = "yes"
    names_product: Literal["yes", "no"] = "no"
    shares_letters: Literal["yes", "no"] = "no"
    implies: str = ""
    match: str = ""
    no_match: str = ""
    source: str
    confidence: Literal["high", "medium", "low", "unverified"]


class WritingRow(Row):
    """A [[writing]] of writings.toml; its head says what the keys mean."""

    id: str
    pattern: str = ""
    more: str = ""
    family: str = ""
    codes: dict[str, str] = Field(default_factory=dict)
    code: str = ""
    template: str = ""
    strip: str = " "
    phrases: tuple[str, ...] = ()
    characters: tuple[str, ...] = ()
    near: str = ""
    against: str = ""
    within: int = 0
    languages: tuple[str, ...] = ()
    source: str
    confidence: Literal["high", "medium", "low", "unverified"]
    match: tuple[tuple[str, ...], ...]
    no_match: tuple[str, ...]


class WritingFile(Row):
    """writings.toml."""

    writing: tuple[WritingRow, ...]


class ContextRow(Row):
    """A [[context]] of contexts.toml."""

    id: str
    stems: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    source: str


class ContextFile(Row):
    """contexts.toml."""

    context: tuple[ContextRow, ...]


def load(root: Path) -> ClaimKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    folder = root / "data" / "claims"
    code_file, writing_file = folder / "codes.csv", folder / "writings.toml"
    rows = read_csv(code_file, CodeRow)
    contexts = {row.id: _context(row) for row in read_toml(folder / "contexts.toml", ContextFile).context}
    codes = _codes(code_file, rows)
    writings = tuple(
        _writing(writing_file, row, rows, contexts) for row in read_toml(writing_file, WritingFile).writing
    )
    _check_codes(writing_file, writings, codes)
    cues, default_language = polarity.load(root)
    return ClaimKnowledge(
        codes=codes,
        contexts=contexts,
        writings=writings,
        cues=cues,
        default_language=default_language,
    )


def examples_of_codes(root: Path) -> Iterable[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(code, texts that give it, texts that do not) of each line of codes.csv that has any; for the contract tests."""
    for row in read_csv(root / "data" / "claims" / "codes.csv", CodeRow):
        if row.match:
            yield row.code, _cells(row.match), _cells(row.no_match)


def _cells(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _codes(path: Path, rows: Iterable[CodeRow]) -> dict[str, ClaimCode]:
    codes: dict[str, ClaimCode] = {}
    for row in rows:
        if row.code in codes:
            raise KnowledgeError(str(path), row.code, "stands twice; keep one line")
        codes[row.code] = ClaimCode(
            code=row.code,
            title=row.title,
            category=row.category,
            about_company=row.about == "company",
            names_product=row.names_product == "yes",
            shares_letters=row.shares_letters == "yes",
            listed=row.listed == "yes",
            implies=_cells(row.implies),
            source=row.source,
            confidence=row.confidence,
        )
    return codes


def _context(row: ContextRow) -> ClaimContext:
    stems = "|".join(re.escape(stem) for stem in row.stems)
    words = "|".join(rf"\b{re.escape(word)}\b" for word in row.words)
    names = "|".join(rf"(?-i:\b{re.escape(name)})" for name in row.names)
    return ClaimContext(id=row.id, pattern=re.compile("|".join(filter(None, (stems, words, names))), re.IGNORECASE))


def _compiled(path: Path, key: str, pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern) if pattern else None
    except re.error as fault:
        raise KnowledgeError(str(path), key, f"is no regular expression: {fault}") from None


def _writing(path: Path, row: WritingRow, rows: Iterable[CodeRow], contexts: dict[str, ClaimContext]) -> ClaimWriting:
    for name in filter(None, (row.near, row.against)):
        if name not in contexts:
            raise KnowledgeError(str(path), row.id, f"names the context {name!r}, which contexts.toml has not")
    numbers = {
        key: code.code
        for code in rows
        if row.family and code.family == row.family
        for number in _cells(code.numbers)
        for key in {number.casefold(), number.casefold().removesuffix("*")}
    }
    pattern = "|".join(filter(None, (row.pattern, *map(re.escape, row.characters))))
    return ClaimWriting(
        id=row.id,
        pattern=_compiled(path, row.id, pattern),
        more=_compiled(path, row.id, row.more),
        codes=row.codes or numbers,
        code=row.code,
        template=row.template,
        strip=row.strip,
        phrases=tuple(form for phrase in row.phrases for form in forms(phrase)),
        near=row.near,
        against=row.against,
        within=row.within,
        languages=row.languages,
        examples=row.match,
        counter_examples=row.no_match,
    )


def _check_codes(path: Path, writings: Iterable[ClaimWriting], codes: dict[str, ClaimCode]) -> None:
    for writing in writings:
        for code in filter(None, (writing.code, *writing.codes.values())):
            if code not in codes:
                raise KnowledgeError(str(path), writing.id, f"gives {code!r}, which codes.csv has not")
