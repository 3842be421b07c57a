"""What must stand in a text for a regular expression to match: a part of it without gaps, widened, in RE2's syntax."""

import re
from collections.abc import Iterable, Sequence
from re import _constants as op  # type: ignore[attr-defined]  # the one place where expressions are taken apart
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

_ANY = "(?s:.)"
_CLASSES = {  # what Python means by them, in Unicode
    op.CATEGORY_DIGIT: r"\p{Nd}",
    op.CATEGORY_SPACE: r"\s\x0b\x1c-\x1f\x{85}\x{a0}\p{Z}",
    op.CATEGORY_WORD: r"\p{L}\p{N}_",
}
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_DOTTED = (ord("i"), ord("I"))
_DOTTED_TOO = r"\x{130}\x{131}"  # Python takes İ and ı for an i of any case, RE2 does not
_COUNTED = 3  # a repeat of more is a gap: automata that count, or wait for what follows, grow large

Part = tuple[Any, Any]  # what the standard library's parser gives: an operation and its operand


class Factor(NamedTuple):
    """An RE2 expression; `width` is the least number of letters that it matches."""

    text: str
    width: int

    def __add__(self, other: "Factor") -> "Factor":  # type: ignore[override]
        return Factor(self.text + other.text, self.width + other.width)


class _Wide(NamedTuple):
    """A part of an expression: `exact` when it has no gap, else None, the telling factor that it needs, and of a gap
    the `edge` with which it begins and ends.
    """

    exact: Factor | None
    needs: Factor
    edge: Factor


NOTHING = Factor("", 0)
_GAP = _Wide(None, NOTHING, NOTHING)


def factor(pattern: re.Pattern[str]) -> Factor:
    """The most telling of what matches somewhere in every text in which `pattern` does; NOTHING when none is known."""
    flags = pattern.flags & ~re.UNICODE
    return _sequence(_parser.parse(pattern.pattern, flags), bool(flags & re.IGNORECASE)).needs


def _telling(factors: Iterable[Factor]) -> Factor:
    return max(factors, key=lambda one: (one.width, -len(one.text)), default=NOTHING)


def _exact(text: str, width: int) -> _Wide:
    return _Wide(Factor(text, width), Factor(text, width), NOTHING)


def _sequence(parts: Iterable[Part], any_case: bool) -> _Wide:
    found: list[Factor] = []
    exact, gaps = NOTHING, False
    for part in parts:
        wide = _part(part, any_case)
        if wide.exact is not None:
            exact += wide.exact
            continue
        found += [exact + wide.edge, wide.needs]
        exact, gaps = wide.edge, True
    return _Wide(None if gaps else exact, _telling([*found, exact]), NOTHING)


def _part(part: Part, any_case: bool) -> _Wide:
    kind, value = part
    if kind is op.LITERAL:
        return _exact(_class([part], any_case), 1)
    if kind is op.IN:
        return _exact(_class(value, any_case), 1)
    if kind in (op.ANY, op.NOT_LITERAL):
        return _exact(_ANY, 1)
    if kind is op.BRANCH:
        return _branch([_sequence(branch, any_case) for branch in value[1]])
    if kind is op.SUBPATTERN:
        _, added, taken, inner = value
        wide = _sequence(inner, (any_case or bool(added & re.IGNORECASE)) and not taken & re.IGNORECASE)
        return wide if wide.exact is None else _exact(f"(?:{wide.exact.text})", wide.exact.width)
    if kind in _REPEATS:
        least, most, inner = value
        return _repeat(least, most, _sequence(inner, any_case))
    return _exact("", 0) if kind in (op.AT, op.ASSERT, op.ASSERT_NOT) else _GAP


def _branch(branches: Sequence[_Wide]) -> _Wide:
    factors = [one.needs for one in branches]
    either = Factor(f"(?:{'|'.join(one.text for one in factors)})", min(one.width for one in factors))
    return _Wide(either if all(one.exact is not None for one in branches) else None, either, NOTHING)


def _repeat(least: int, most: int, inner: _Wide) -> _Wide:
    if inner.exact is None:
        return _Wide(None, inner.needs, NOTHING) if least else _GAP
    text, width = inner.exact
    if most <= _COUNTED:
        return _exact(f"(?:{text}){{{least},{most}}}", least * width)
    times = min(least, _COUNTED)
    edge = Factor(f"(?:{text}){{{times}}}", times * width) if times else NOTHING
    return _Wide(None, edge, edge)


def _class(members: Sequence[Part], any_case: bool) -> str:
    """A class of letters; one that leaves out is taken for any letter when case or a category makes it doubtful."""
    parts = [part for part in members if part[0] is not op.NEGATE]
    negated = len(parts) < len(members)
    spans = [_span(part) for part in parts if part[0] is not op.CATEGORY]
    categories = [value for kind, value in parts if kind is op.CATEGORY]
    if negated and (categories or (any_case and any(chr(span[0]).isalpha() for span in spans))):
        return _ANY
    if any(category not in _CLASSES for category in categories):
        return _ANY
    body = "".join(f"\\x{{{span[0]:x}}}-\\x{{{span[-1]:x}}}" for span in spans)
    body += "".join(_CLASSES[category] for category in categories)
    if negated or not any_case:
        return f"[{'^' if negated else ''}{body}]"
    dotted = any(letter in span for letter in _DOTTED for span in spans)
    return f"(?i:[{body}{_DOTTED_TOO if dotted else ''}])"


def _span(part: Part) -> range:
    kind, value = part
    first, last = value if kind is op.RANGE else (value, value)
    return range(first, last + 1)
