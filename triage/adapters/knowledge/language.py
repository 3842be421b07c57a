"""Loads what data/ says for language: language.toml, and function_words.toml of every language that has one."""

from collections import defaultdict
from pathlib import Path

from models.knowledge.language import LanguageKnowledge, Script
from triage.adapters.knowledge.files import Row, read_toml
from triage.errors import KnowledgeError


class ScriptRow(Row):
    """A [[script]]: code points as hexadecimal numbers."""

    language: str
    ranges: tuple[tuple[int, int], ...]


class ExampleRow(Row):
    """An [[example]]."""

    language: str
    text: str


class LanguageFile(Row):
    """data/language.toml."""

    source: str
    codes: dict[str, str]
    priors: dict[str, float]
    cue_weight: float
    script_share: float
    short_letters: int
    min_letters: int
    script: tuple[ScriptRow, ...]
    example: tuple[ExampleRow, ...]


class WordsFile(Row):
    """data/languages/<lang>/function_words.toml."""

    source: str
    words: str
    endings: str
    examples: tuple[str, ...]


def load(root: Path) -> LanguageKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    file = read_toml(root / "data" / "language.toml", LanguageFile)
    folders = sorted((root / "data/languages").glob("*/function_words.toml"))
    words = {path.parent.name: read_toml(path, WordsFile) for path in folders}
    unknown = (words.keys() | file.priors.keys()) - set(file.codes.values())
    if unknown:
        raise KnowledgeError(str(root / "data/language.toml"), "codes", f"must name {sorted(unknown)} too")
    return LanguageKnowledge(
        codes=file.codes,
        words=_weights({code: one.words for code, one in words.items()}),
        endings=_weights({code: one.endings for code, one in words.items()}),
        priors=file.priors,
        cue_weight=file.cue_weight,
        scripts=tuple(Script(language=row.language, ranges=row.ranges) for row in file.script),
        script_share=file.script_share,
        short_letters=file.short_letters,
        min_letters=file.min_letters,
        examples=(
            *((row.language, row.text) for row in file.example),
            *((code, text) for code, one in words.items() for text in one.examples),
        ),
    )


def _weights(words: dict[str, str]) -> dict[str, dict[str, float]]:
    """A word that several languages have is worth less to each."""
    having: dict[str, set[str]] = defaultdict(set)
    for code, listed in words.items():
        for word in listed.casefold().split():
            having[word].add(code)
    return {
        word: dict.fromkeys(sorted(codes), 1.0 / len(codes))
        for word, codes in having.items()
        if len(codes) < len(words)
    }
