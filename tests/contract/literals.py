"""Finds knowledge in code: string literals of the packages that say what a file under data/ says.

Four rules, each over every file of data/ but the mail in corpus/ and demo/:
an id is written nowhere in code; a code with a digit in it (a standard, a class, a form number) stands in no literal; a
phrase of several words stands in no literal; a single word is no literal, unless it is also a name in the code or the
key of a row (then it is the program's own vocabulary, as "price" is). And no code compares with a language's name.
"""

import ast
import csv
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PACKAGES = ("triage", "classifiers", "models")
MAIL = frozenset({"corpus", "demo"})
ABOUT = frozenset(
    {"source", "note", "notes", "confidence", "remark", "examples", "counter_examples", "match", "no_match"}
)
WORDED = frozenset({"events.toml"})  # the code says what happened, the file only puts it into words
IDS = frozenset({"id", "code", "rule"})
SHORTEST = 3  # letters of a word or id that is looked for
LONG_PHRASE = 16  # letters from which a phrase is looked for inside longer literals too
PAGES = "texts/"  # wording of pages and commands: looked for as a whole only


@dataclass(frozen=True, slots=True)
class Literal:
    """A string literal of the code that is no docstring.

    `compared` when it stands in a comparison, `whole` when it is no piece of an f-string.
    """

    text: str
    place: str
    compared: bool = False
    whole: bool = True


@dataclass(slots=True)
class Terms:
    """What the files under data/ say, each term with a file that says it."""

    ids: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    phrases: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)

    def add(self, key: str, value: str, file: str) -> None:
        self.keys.add(key.casefold())
        term = value.strip().casefold()
        if len(term) < SHORTEST or key in ABOUT or (key in IDS and file in WORDED):
            return
        if key in IDS and not file.startswith(PAGES):
            self.ids.setdefault(term, file)
        elif re.search(r"\d", term) and re.search(r"[^\W\d_]", term) and len(term) < 60:
            self.codes.setdefault(term, file)
        elif " " in term:
            self.phrases.setdefault(term, file)
        else:
            self.words.setdefault(term, file)


def read_terms(data: Path) -> Terms:
    """Every term of every TOML and CSV file under `data`."""
    terms = Terms()
    for file in sorted((*data.rglob("*.toml"), *data.rglob("*.csv"))):
        name = file.relative_to(data).as_posix()
        if file.relative_to(data).parts[0] in MAIL:
            continue
        for key, value in _leaves(file):
            terms.add(key, value, name)
    for folder in (data / "languages").glob("*/"):
        terms.languages[folder.name] = f"languages/{folder.name}/"
    return terms


def _leaves(file: Path) -> Iterator[tuple[str, str]]:
    if file.suffix == ".toml":
        yield from _strings("", tomllib.loads(file.read_text(encoding="utf-8")))
        return
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield from ((key, value) for key, value in row.items() if key and value)


def _strings(key: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _strings(name, inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _strings(key, inner)


def read_code(top: Path) -> tuple[list[Literal], frozenset[str]]:
    """Every literal of the three packages under `top`, and the names that the code uses."""
    literals: list[Literal] = []
    names: set[str] = set()
    for package in PACKAGES:
        for file in sorted((top / package).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            literals += _literals(tree, file.relative_to(top).as_posix())
            names |= set(_names(tree))
    return literals, frozenset(names)


def _literals(tree: ast.AST, file: str) -> Iterator[Literal]:
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    compared = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.Compare | ast.MatchValue) for part in ast.walk(node)
    }
    pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            place = f"{file}:{node.lineno}"
            yield Literal(node.value.strip().casefold(), place, id(node) in compared, id(node) not in pieces)


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        for attribute in ("id", "attr", "arg", "name"):
            name = getattr(node, attribute, None)
            if isinstance(name, str):
                yield name.casefold()
        if isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "Literal":
            for part in ast.walk(node.slice):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value.casefold()


def knowledge_in(literals: Iterable[Literal], names: frozenset[str], terms: Terms) -> Iterator[tuple[str, str]]:
    """(term, where it stands and whence it is) of each piece of knowledge among `literals`."""
    contained = _Finder([*terms.codes, *(phrase for phrase, file in terms.phrases.items() if _inside(phrase, file))])
    everything = {**terms.words, **terms.phrases, **terms.codes, **terms.ids, **terms.languages}
    for literal in literals:
        found = set(contained.inside(literal.text))
        if literal.text in terms.ids or literal.text in terms.phrases or literal.text in terms.codes:
            found.add(literal.text)
        if literal.whole and literal.text in terms.words and literal.text not in names | terms.keys:
            found.add(literal.text)
        if literal.compared and literal.text in terms.languages:
            found.add(literal.text)
        for term in sorted(found):
            yield term, f"{literal.place} (from data/{everything[term]})"


def _inside(phrase: str, file: str) -> bool:
    return len(phrase) >= LONG_PHRASE and not file.startswith(PAGES)


class _Finder:
    """Terms inside a longer text, at the borders of words; looked up by their first word."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._by_first: dict[str, list[str]] = {}
        for term in terms:
            if first := re.search(r"\w+", term):
                self._by_first.setdefault(first[0], []).append(term)

    def inside(self, text: str) -> Iterator[str]:
        for word in set(re.findall(r"\w+", text)):
            for term in self._by_first.get(word, ()):
                if re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text):
                    yield term
