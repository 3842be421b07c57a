"""Every regular expression of the project: those of its modules, and those that its knowledge is compiled to."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from types import ModuleType

import classifiers
import models
import triage
from models.knowledge import Knowledge

re_parser = importlib.import_module("re._parser")
PACKAGES = (models, classifiers, triage)
DEMO = "triage.demo"


def in_code() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """(where, pattern) of the patterns that modules hold by name."""
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.startswith((DEMO, "triage.adapters.migrations.")):
                continue
            yield from _held(importlib.import_module(found.name))


def _held(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    for name, value in vars(module).items():
        for pattern in _patterns(value, set()):
            yield f"{module.__name__}.{name}", pattern


def in_knowledge(knowledge: Knowledge) -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """(part, pattern) of the patterns in the knowledge."""
    for one in fields(knowledge):
        for pattern in _patterns(getattr(knowledge, one.name), set()):
            yield f"knowledge.{one.name}", pattern


def _patterns(value: object, seen: set[int]) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:  # noqa: C901 - one branch a shape
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _patterns(getattr(value, one.name, None), seen)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _patterns(item, seen)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _patterns(item, seen)


def atoms(pattern: re.Pattern[str] | re.Pattern[bytes]) -> set[str]:
    """What to repeat: a figure, a blank, a letter, a line end, and the characters that the pattern repeats."""
    found = {"1", " ", "a", b"\\n".decode("unicode_escape"), "1 ", "a "}
    for token in _tokens(re_parser.parse(pattern.pattern, pattern.flags)):
        found.add(token)
    return found


def _tokens(parsed: object, *, repeated: bool = False) -> Iterator[str]:  # noqa: C901 - one branch a kind of token
    for operation, argument in parsed:  # type: ignore[attr-defined]
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
