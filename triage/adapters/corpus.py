"""Labelled mail in folders: DIR/gold.jsonl and DIR/mail/*.eml, grouped so that folds never share a sender or a text."""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parseaddr
from pathlib import Path

from models.knowledge.judging import Taught
from models.label import TrainingExample
from triage.errors import InputError

_MESSAGE_ID = re.compile(r"<[^<>\s]{3,200}>")
_SHINGLE = 4  # words that follow each other
_SKETCH = 64  # smallest shingle hashes kept of a text
_ALIKE = 0.5  # share of the sketch that makes two texts near-duplicates
_ANOTHER = "<another@taught.example>"
_FILE = "vedlegg.txt"
_BOUNDARY = "taught"
_LONGEST = 200_000  # characters of a text that are compared


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledMail:
    """A mail with what a careful reader says of it; `name` is unique over all folders that were read together."""

    name: str
    octets: bytes
    gold: Mapping[str, object]


def read_folder(folder: Path) -> tuple[LabelledMail, ...]:
    """The labelled mails of one folder, in the order of gold.jsonl. InputError names what is wrong and where."""
    gold = folder / "gold.jsonl"
    try:
        lines = gold.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError(f"{gold}: cannot be read ({fault}); give a folder with gold.jsonl and mail/") from None
    return tuple(_mail(folder, number, line) for number, line in enumerate(lines, 1) if line.strip())


def _mail(folder: Path, number: int, line: str) -> LabelledMail:
    place = f"{folder / 'gold.jsonl'}:{number}"
    try:
        gold = json.loads(line)
        name = str(gold["file"])
        if not isinstance(gold["intent"], str) or not isinstance(gold["categories"], list):
            raise TypeError("intent is a word, categories a list")
        octets = (folder / name).read_bytes()
    except (ValueError, KeyError, TypeError, OSError) as fault:
        raise InputError(f"{place}: not a labelled mail: {fault!r}") from None
    return LabelledMail(name=f"{folder.name}/{name}", octets=octets, gold=gold)


def examples(mails: Iterable[LabelledMail], shared_domains: frozenset[str]) -> tuple[TrainingExample, ...]:
    """The mails as training examples, grouped by sender, thread and near-duplicate text."""
    found = tuple(_example(mail) for mail in mails)
    return regrouped(found, shared_domains)


def _example(mail: LabelledMail) -> TrainingExample:
    categories = mail.gold["categories"]
    return TrainingExample(
        id=content_hash(mail.octets),
        octets=mail.octets,
        intent=str(mail.gold["intent"]),
        categories=tuple(sorted(map(str, categories))) if isinstance(categories, list) else (),
        group="",
        source=mail.name,
    )


def taught(texts: Iterable[Taught]) -> tuple[TrainingExample, ...]:
    """The texts of data/examples.toml as mails without a sender."""
    return tuple(
        TrainingExample(
            id=content_hash(octets := _written(one)),
            octets=octets,
            intent=one.intent,
            categories=tuple(sorted(one.categories)),
            group="",
            source="data/examples.toml",
        )
        for one in texts
    )


def _written(one: Taught) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = one.subject
    if one.answers:
        mail["In-Reply-To"] = _ANOTHER
    mail.set_content(one.text)
    if one.attached:
        mail.add_attachment(one.attached, filename=_FILE)
        mail.set_boundary(_BOUNDARY)  # else drawn by lot: the same text is the same octets
    return mail.as_bytes()


def content_hash(octets: bytes) -> str:
    """sha256 of a mail's octets: how a manifest names what an artifact was trained on."""
    return hashlib.sha256(octets).hexdigest()


def regrouped(found: Sequence[TrainingExample], shared_domains: frozenset[str]) -> tuple[TrainingExample, ...]:
    """The same examples with `group` set: one for all that share a sender's domain, a thread or most of their text.

    Of a domain of `shared_domains` (free mail) the whole address counts.
    """
    sets = _DisjointSets(len(found))
    seen: dict[str, int] = {}
    sketches: dict[int, list[int]] = defaultdict(list)
    for number, example in enumerate(found):
        mail = _parsed(example.octets)
        for mark in _marks(mail, shared_domains):
            sets.join(number, seen.setdefault(mark, number))
        for other in _alike(_sketch(_text(mail)), number, sketches):
            sets.join(number, other)
    return tuple(replace(example, group=found[sets.root(number)].id) for number, example in enumerate(found))


def folds(found: Sequence[TrainingExample], count: int) -> list[list[int]]:
    """Positions of the examples in `count` folds of about one size; a group never stands in two."""
    groups: dict[str, list[int]] = defaultdict(list)
    for number, example in enumerate(found):
        groups[example.group].append(number)
    parts: list[list[int]] = [[] for _ in range(count)]
    for _, members in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        min(parts, key=len).extend(members)
    return [sorted(part) for part in parts]


def _parsed(octets: bytes) -> Message:
    try:
        return BytesParser().parsebytes(octets)
    except (MessageError, ValueError, LookupError, RecursionError):
        return Message()


def _marks(mail: Message, shared_domains: frozenset[str]) -> Iterator[str]:
    """What mails of one sender or thread have in common."""
    address = parseaddr(str(mail.get("From", "")))[1].lower()
    domain = address.rpartition("@")[2]
    if address:
        yield address if domain in shared_domains else domain
    for name in ("Message-ID", "In-Reply-To", "References"):
        yield from _MESSAGE_ID.findall(str(mail.get(name, "")))


def _text(mail: Message) -> str:
    parts = [part for part in mail.walk() if part.get_content_type() == "text/plain"] or [mail]
    return " ".join(_decoded(part) for part in parts)[:_LONGEST]


def _decoded(part: Message) -> str:
    octets = part.get_payload(decode=True)
    return octets.decode("latin-1") if isinstance(octets, bytes) else ""


def _sketch(text: str) -> list[int]:
    """The smallest hashes of the text's shingles: texts that are alike have most of them in common."""
    parts = text.lower().split()
    shingles = {" ".join(parts[at : at + _SHINGLE]) for at in range(max(len(parts) - _SHINGLE + 1, 0))}
    return sorted(int.from_bytes(hashlib.blake2b(one.encode(), digest_size=8).digest()) for one in shingles)[:_SKETCH]


def _alike(sketch: Sequence[int], number: int, sketches: dict[int, list[int]]) -> list[int]:
    """The earlier examples with a near-duplicate text; `sketches` maps a hash to the examples that hold it."""
    shared = Counter(other for value in sketch for other in sketches[value])
    for value in sketch:
        sketches[value].append(number)
    return [other for other, count in shared.items() if count >= _ALIKE * len(sketch)]


class _DisjointSets:
    """Numbers that are joined into sets."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def root(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self._parent[high] = low
