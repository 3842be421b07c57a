"""Loads what data/ says for separation: quotation.toml and signature.toml of every language that has them.

What an offer's line speaks of comes from the words of units.toml and from the products.
"""

from collections.abc import Iterable
from pathlib import Path

from models.knowledge.separation import SeparationExample, SeparationKnowledge
from triage.adapters.knowledge.files import Row, read_toml
from triage.adapters.knowledge.offer_files import UnitsFile
from triage.adapters.knowledge.products import phrases
from triage.errors import KnowledgeError

WITHIN = "…"
"""Stands in a line of a mail program for any words."""

LEAST_UNIT = 2
LEAST_GOODS = 4


class ExampleRow(Row):
    """A text with its new text."""

    subject: str = ""
    text: str
    new_text: str


class QuotationFile(Row):
    """data/languages/<lang>/quotation.toml."""

    source: str
    from_fields: tuple[str, ...]
    sent_fields: tuple[str, ...]
    to_fields: tuple[str, ...]
    subject_fields: tuple[str, ...]
    wrote: tuple[str, ...] = ()
    wrote_last: tuple[str, ...] = ()
    quoting: tuple[str, ...] = ()
    sentence_words: tuple[str, ...] = ()
    on_behalf: tuple[str, ...] = ()
    original: tuple[str, ...]
    forwarded: tuple[str, ...]
    reply_prefixes: tuple[str, ...]
    forward_prefixes: tuple[str, ...]
    example: tuple[ExampleRow, ...]


class SignatureFile(Row):
    """data/languages/<lang>/signature.toml."""

    source: str
    closings: tuple[str, ...]
    closings_alone: tuple[str, ...]
    postscripts: tuple[str, ...]
    devices: tuple[str, ...]
    disclaimers: tuple[str, ...]
    contact_labels: tuple[str, ...]
    example: tuple[ExampleRow, ...]


def load(root: Path) -> SeparationKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    folder = root / "data" / "languages"
    quotations = {path.parent.name: read_toml(path, QuotationFile) for path in sorted(folder.glob("*/quotation.toml"))}
    signatures = {path.parent.name: read_toml(path, SignatureFile) for path in sorted(folder.glob("*/signature.toml"))}
    if not quotations or not signatures:
        raise KnowledgeError(str(folder), "*/quotation.toml", "is missing; restore it from the distribution")
    quoting, signing = quotations.values(), signatures.values()
    measures = [read_toml(path, UnitsFile) for path in sorted(folder.glob("*/units.toml"))]
    devices = _phrases(one.devices for one in signing)
    return SeparationKnowledge(
        from_fields=_names(one.from_fields for one in quoting),
        sent_fields=_names(one.sent_fields for one in quoting),
        to_fields=_names(one.to_fields for one in quoting),
        subject_fields=_names(one.subject_fields for one in quoting),
        wrote=_phrases(one.wrote for one in quoting),
        wrote_last=_phrases(one.wrote_last for one in quoting),
        quoting=_phrases(one.quoting for one in quoting),
        sentence_words=_names(one.sentence_words for one in quoting),
        on_behalf=tuple(f" {phrase} " for phrase in _phrases(one.on_behalf for one in quoting)),
        original=_phrases(one.original for one in quoting),
        forwarded=_phrases(one.forwarded for one in quoting),
        reply_prefixes=_names(one.reply_prefixes for one in quoting),
        forward_prefixes=_names(one.forward_prefixes for one in quoting),
        closings=_phrases(one.closings for one in signing),
        closings_alone=_names(one.closings_alone for one in signing),
        postscripts=_phrases(one.postscripts for one in signing),
        devices=tuple(line for line in devices if WITHIN not in line),
        devices_around=tuple(_around(line) for line in devices if WITHIN in line),
        disclaimers=_by_inner_word(_phrases(one.disclaimers for one in signing)),
        contact_labels=_names(one.contact_labels for one in signing),
        goods=_goods(root),
        units=frozenset(
            word.casefold().rstrip(".")
            for one in measures
            for words in one.units.values()
            for word in words
            if len(word) >= LEAST_UNIT
        ),
        currencies=frozenset(word.casefold().rstrip(".") for one in measures for word in one.currency.words),
        examples=tuple(
            SeparationExample(language=language, subject=one.subject, text=one.text, new_text=one.new_text)
            for files in (quotations, signatures)
            for language, file in files.items()
            for one in file.example
        ),
    )


def _phrases(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """All of the lists, casefolded, longest first."""
    return tuple(sorted({one.casefold() for many in lists for one in many}, key=lambda one: (-len(one), one)))


def _names(lists: Iterable[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(_phrases(lists))


def _by_inner_word(phrases: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The phrases by the longest word that is neither first nor last: those may be parts of words."""
    found: dict[str, tuple[str, ...]] = {}
    for phrase in phrases:
        word = max(phrase.split()[1:-1], key=len, default="")
        found[word] = (*found.get(word, ()), phrase)
    return found


def _around(line: str) -> tuple[str, str]:
    head, _, tail = line.partition(WITHIN)
    return head.strip(), tail.strip()


def _goods(root: Path) -> frozenset[str]:
    """Names of products that are one word, long enough to be known within a compound."""
    return frozenset(
        variant.casefold()
        for one in phrases(root)
        for variant in one.variants
        if one.categories and " " not in variant and len(variant) >= LEAST_GOODS
    )
