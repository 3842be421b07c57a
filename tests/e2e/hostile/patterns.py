"""Every regular expression of the project: what its code compiles and what its knowledge is compiled to."""

import ast
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from tests.e2e.hostile import compiling
from tests.e2e.hostile.compiling import PACKAGES, ROOT

re_parser = importlib.import_module("re._parser")
FUNCTIONS = ("compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")
KNOWN = ("Pattern", "Match", "_parser", "_constants")  # of re: what makes no pattern
DEMO = "triage/demo/"  # makes mail up and reads none
Pattern = re.Pattern[str] | re.Pattern[bytes]


@dataclass(frozen=True, slots=True)
class Site:
    """A call in our code that makes a pattern: the lines [first, last] of a file; `text` where it is written there."""

    path: str
    first: int
    last: int
    text: str | bytes | None


def sites() -> Iterator[Site]:
    """The calls that make patterns, found in the source."""
    for tree, path in _sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _makes_pattern(node.func) and node.args:
                text = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
                assert text is None or isinstance(text, str | bytes)
                yield Site(path, node.lineno, node.end_lineno or node.lineno, text)


def imports_of_re() -> Iterator[tuple[str, str]]:
    """(file, name) of what is imported so that `sites` would not see it: functions of re, re by another name."""
    for tree, path in _sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in ("re", "regex"):
                yield from ((path, name.name) for name in node.names if name.name not in KNOWN)
            elif isinstance(node, ast.Import):
                named = (name for name in node.names if name.name == "regex" or (name.name == "re" and name.asname))
                yield from ((path, name.name) for name in named)


def _sources() -> Iterator[tuple[ast.Module, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if not name.startswith(DEMO):
                yield ast.parse(path.read_text(encoding="utf-8")), name


def _makes_pattern(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in FUNCTIONS
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
    )


@cache
def compiled() -> tuple[tuple[str, int, Pattern], ...]:
    """(file, line, pattern) of what a process of its own compiled that imported all and read mail in all languages."""
    ran = subprocess.run(
        [sys.executable, "-P", "-m", compiling.__name__],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        check=True,
        capture_output=True,
        text=True,
    )
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    return tuple((path, line, _made(text, octets, flags)) for path, line, text, octets, flags in rows)


def _made(text: str, octets: bool, flags: int) -> Pattern:
    if octets:
        return re.compile(text.encode("latin-1"), flags)
    return re.compile(text, flags)


def everywhere() -> list[tuple[str, Pattern]]:
    """(where, pattern): each pattern once."""
    written = [(site.path, re.compile(site.text)) for site in sites() if site.text is not None]  # type: ignore[type-var]
    made = {pattern: where for where, _, pattern in compiled()} | {pattern: where for where, pattern in written}
    return sorted(((where, pattern) for pattern, where in made.items()), key=lambda one: (one[0], str(one[1].pattern)))


def atoms(pattern: Pattern) -> set[str]:
    """What to repeat: figures, blanks, letters, what the pattern repeats, what it matches and all but its end."""
    parsed = re_parser.parse(pattern.pattern, pattern.flags)
    match = "".join(_matched(parsed))[:60]
    found = {"1", " ", "a", "\n", "1 ", "a ", match, match[:-1], f"{match} ", *_tokens(parsed)}
    return {atom for atom in found if atom}


def _tokens(parsed: Iterable[object], *, repeated: bool = False) -> Iterator[str]:  # noqa: C901 - one branch a kind of token
    for operation, argument in parsed:  # type: ignore[misc]
        name = str(operation)
        if "REPEAT" in name:
            yield from _tokens(argument[2], repeated=True)
            literal = "".join(chr(value) for kind, value in argument[2] if str(kind) == "LITERAL")
            if literal:
                yield literal
        elif name == "LITERAL" and repeated:
            yield chr(argument)
        elif name == "IN":
            yield from (chr(value) for kind, value in argument if str(kind) == "LITERAL")
        elif name == "SUBPATTERN":
            yield from _tokens(argument[-1], repeated=repeated)
        elif name == "BRANCH":
            for branch in argument[1][:20]:
                yield from _tokens(branch, repeated=repeated)
        elif name in ("ASSERT", "ASSERT_NOT"):
            yield from _tokens(argument[1], repeated=repeated)


OF_CATEGORY = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a", "CATEGORY_NOT_SPACE": "a"}


def _matched(parsed: Iterable[object]) -> Iterator[str]:  # noqa: C901 - one branch a kind of token
    """Letters that the pattern matches, by the first of each choice; nearly so where it looks around itself."""
    for operation, argument in parsed:  # type: ignore[misc]
        name = str(operation)
        if name == "LITERAL":
            yield chr(argument)
        elif name == "NOT_LITERAL":
            yield "a" if argument != ord("a") else "b"
        elif name == "ANY":
            yield "a"
        elif "REPEAT" in name:
            yield "".join(_matched(argument[2])) * min(max(argument[0], 1), 8)
        elif name == "SUBPATTERN":
            yield from _matched(argument[-1])
        elif name == "BRANCH":
            yield from _matched(argument[1][0])
        elif name == "IN":
            yield _one_of(argument)


def _one_of(choices: Iterable[tuple[object, object]]) -> str:
    for kind, value in choices:
        if str(kind) == "LITERAL":
            return chr(value)  # type: ignore[arg-type]
        if str(kind) == "RANGE":
            return chr(value[0])  # type: ignore[index]
        if str(kind) == "CATEGORY":
            return OF_CATEGORY.get(str(value), "-")
    return "a"
