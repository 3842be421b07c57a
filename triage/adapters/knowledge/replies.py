"""Loads what data/ and reply_templates/ say for replies."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from models.knowledge.replies import ReplyKnowledge, ReplyWords, WithholdRule
from models.reply import ReplyKind
from triage.adapters.knowledge.files import Row, read_toml
from triage.adapters.knowledge.patterns import compiled
from triage.adapters.knowledge.ranking import category_names
from triage.errors import KnowledgeError

FORMATS = ("txt", "html")


class _WithholdRow(Row):
    id: str
    check: Literal["replies_off", "not_answerable", "no_address", "address_not_ascii", "intent", "passed_on"]
    intents: tuple[str, ...] = ()
    nb: str
    en: str


class _WordsRow(Row):
    group: str
    decimal: str
    missing: dict[str, str]
    periods: dict[str, str]
    units: dict[str, str]


class _ReceiptFile(Row):
    source: str
    reason_language: str
    loop_header: str = Field(pattern=r"^X-[A-Za-z-]{1,40}$")
    subject_length: int = Field(ge=40, le=500)
    most_references: int = Field(ge=1)
    references_length: int = Field(ge=100)
    most_lines: int = Field(ge=1)
    most_codes: int = Field(ge=1)
    reply_subject: str
    forward_subject: str
    withhold: tuple[_WithholdRow, ...]
    words: dict[str, _WordsRow]


class _LanguageFile(Row):
    source: str
    default: str
    reads: dict[str, str]


def load(root: Path) -> ReplyKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    path = root / "data" / "receipts.toml"
    row = read_toml(path, _ReceiptFile)
    languages = read_toml(root / "reply_templates" / "languages.toml", _LanguageFile)
    written = sorted({languages.default, *languages.reads.values()})
    names = category_names(root)
    for language in written:
        if language not in row.words:
            raise KnowledgeError(str(path), f"words.{language}", "is missing; replies are written in this language")
    return ReplyKnowledge(
        templates=dict(_templates(root / "reply_templates", written)),
        reads=languages.reads,
        default_language=languages.default,
        withhold=tuple(
            WithholdRule(id=r.id, check=r.check, intents=r.intents, texts=(("nb", r.nb), ("en", r.en)))
            for r in row.withhold
        ),
        reply_subject=compiled(path, "reply_subject", row.reply_subject),
        forward_subject=compiled(path, "forward_subject", row.forward_subject),
        reason_language=row.reason_language,
        words={language: _words(words, language, names) for language, words in row.words.items()},
        loop_header=row.loop_header,
        subject_length=row.subject_length,
        most_references=row.most_references,
        references_length=row.references_length,
        most_lines=row.most_lines,
        most_codes=row.most_codes,
    )


def _words(row: _WordsRow, language: str, names: dict[str, dict[str, str]]) -> ReplyWords:
    return ReplyWords(
        categories={category: by_language.get(language, category) for category, by_language in names.items()},
        missing=row.missing,
        periods=row.periods,
        units=row.units,
        group=row.group,
        decimal=row.decimal,
    )


def _templates(folder: Path, languages: list[str]) -> list[tuple[str, str]]:
    """(name, source) of every template; a reply kind has one in each language and format."""
    from jinja2 import Environment, TemplateSyntaxError

    templates = []
    for name in (f"{language}/{kind.value}.{f}.j2" for language in languages for kind in ReplyKind for f in FORMATS):
        path = folder / name
        try:
            source = path.read_text(encoding="utf-8")
            Environment(autoescape=True).parse(source)
        except FileNotFoundError:
            raise KnowledgeError(str(path), "file", "is missing; every reply has it in every language") from None
        except TemplateSyntaxError as fault:
            raise KnowledgeError(str(path), f"line {fault.lineno}", fault.message or "is no template") from None
        templates.append((name, source))
    return templates
