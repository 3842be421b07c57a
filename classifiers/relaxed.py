"""A regular expression made wider and simpler, in RE2's syntax: it matches wherever the expression does."""

import re
from collections.abc import Iterable, Sequence
from re import _constants as op  # type: ignore[attr-defined]  # the one place where expressions are taken apart
from re import _parser  # type: ignore[attr-defined]
from typing import Any

ANY = "(?s:.)"
_CLASSES = {  # what Python means by them, in Unicode
    op.CATEGORY_DIGIT: r"\p{Nd}",
    op.CATEGORY_SPACE: r"\s\x0b\x1c-\x1f\x{85}\x{a0}\p{Z}",
    op.CATEGORY_WORD: r"\p{L}\p{N}_",
}
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_DOTTED = range(ord("i"), ord("i") + 1), range(ord("I"), ord("I") + 1)
_DOTTED_TOO = r"\x{130}\x{131}"  # Python takes İ and ı for an i of any case, RE2 does not
_COUNTED = 3  # a repeat of more is any number of times: counting makes automata large

Part = tuple[Any, Any]  # what the standard library's parser gives: an operation and its operand


def relaxed(pattern: re.Pattern[str]) -> str:
    """An RE2 expression for a superset of what `pattern` finds: without borders, looks around and long counts.

    Raises NotImplementedError for a construct that is not known here.
    """
    flags = pattern.flags & ~re.UNICODE
    return _sequence(_parser.parse(pattern.pattern, flags), bool(flags & re.IGNORECASE))


def _sequence(parts: Iterable[Part], any_case: bool) -> str:
    return "".join(_part(part, any_case) for part in parts)


def _part(part: Part, any_case: bool) -> str:
    kind, value = part
    if kind is op.LITERAL:
        return _class([part], any_case)
    if kind is op.IN:
        return _class(value, any_case)
    if kind in (op.ANY, op.NOT_LITERAL):
        return ANY
    if kind is op.BRANCH:
        return f"(?:{'|'.join(_sequence(branch, any_case) for branch in value[1])})"
    if kind is op.SUBPATTERN:
        _, added, taken, inner = value
        return f"(?:{_sequence(inner, (any_case or bool(added & re.IGNORECASE)) and not taken & re.IGNORECASE)})"
    if kind in _REPEATS:
        least, most, inner = value
        return _repeat(least, most, inner, any_case)
    if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
        return ""
    raise NotImplementedError(str(kind))


def _repeat(least: int, most: int, inner: Iterable[Part], any_case: bool) -> str:
    body = f"(?:{_sequence(inner, any_case)})"
    if most <= _COUNTED:
        return f"{body}{{{least},{most}}}"
    return body * min(least, _COUNTED) + f"{body}*"


def _class(members: Sequence[Part], any_case: bool) -> str:
    """A class of letters; one that leaves out is taken for any letter when case or a category makes it doubtful."""
    parts = [part for part in members if part[0] is not op.NEGATE]
    negated = len(parts) < len(members)
    spans = [_span(part) for part in parts if part[0] is not op.CATEGORY]
    categories = [value for kind, value in parts if kind is op.CATEGORY]
    if negated and (categories or (any_case and any(chr(span[0]).isalpha() for span in spans))):
        return ANY
    if any(category not in _CLASSES for category in categories):
        return ANY
    body = "".join(f"\\x{{{span[0]:x}}}-\\x{{{span[-1]:x}}}" for span in spans)
    body += "".join(_CLASSES[category] for category in categories)
    if negated:
        return f"[^{body}]"
    if not any_case:
        return f"[{body}]"
    dotted = any(i[0] in span for i in _DOTTED for span in spans)
    return f"(?i:[{body}{_DOTTED_TOO if dotted else ''}])"


def _span(part: Part) -> range:
    kind, value = part
    first, last = value if kind is op.RANGE else (value, value)
    return range(first, last + 1)
