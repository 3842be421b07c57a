"""Every regular expression takes the time of its text: doubling what it may meet at most triples the work (C05)."""

import re
from functools import partial

import pytest

from tests.e2e.hostile.growth import FULL, SHORT, Scale, outgrows
from tests.e2e.hostile.patterns import Pattern, atoms, compiled, everywhere, imports_of_re, sites

NOTHING = "\0"
MANY = 600  # patterns that there are at least, those of all languages with them


def searching(pattern: Pattern, atom: str, repeats: int) -> None:
    """Search through so many repeats (of long atoms, so many letters) that end in what nothing matches."""
    text: str | bytes = (atom * repeats)[: 2 * repeats] + NOTHING
    if isinstance(pattern.pattern, bytes):
        text = str(text).encode("latin-1", "replace")
    for _ in pattern.finditer(text):  # type: ignore[arg-type]
        pass


def slow(where: str, pattern: Pattern, *scales: Scale) -> list[str]:
    """The atoms that the pattern outgrows at each of the scales."""
    found = []
    for atom in sorted(atoms(pattern)):
        faults = (outgrows(partial(searching, pattern, atom), scale) for scale in scales)
        if all(fault := told for told in faults):
            found.append(f"{where}: {atom!r} {fault}: {str(pattern.pattern)[:120]}")
    return found


def test_every_call_that_makes_a_pattern_is_known() -> None:
    """A pattern that is compiled only at run time must have been compiled while mail was read, or it is not tried."""
    made: dict[str, set[int]] = {}
    for path, line, _ in compiled():
        made.setdefault(path, set()).add(line)
    unseen = [
        f"{site.path}:{site.first}"
        for site in sites()
        if site.text is None and made.get(site.path, set()).isdisjoint(range(site.first, site.last + 1))
    ]
    assert unseen == []


def test_no_pattern_is_made_where_it_would_not_be_seen() -> None:
    assert list(imports_of_re()) == []


def test_there_are_patterns_to_try() -> None:
    tried = everywhere()
    assert {where.partition("/")[0] for where, _ in tried} == {"classifiers", "models", "triage"}
    assert {where for where, _ in tried} >= {"triage/adapters/knowledge/claims.py", "classifiers/quantities.py"}
    assert len(tried) > MANY


@pytest.mark.parametrize("scale", [SHORT, FULL], ids=["short", "full"])
@pytest.mark.parametrize(("pattern", "atom"), [(r"\s+$", " "), (r"(?:\d+[.,]?)+x", "1"), (r"[\w.]+@", "a")])
def test_a_pattern_that_loses_its_way_is_found(pattern: str, atom: str, scale: Scale) -> None:
    assert outgrows(partial(searching, re.compile(pattern), atom), scale)


def test_a_pattern_of_bounded_repeats_is_none() -> None:
    assert not slow("here", re.compile(r"\s{1,9}$"), FULL)


def test_doubling_what_a_pattern_reads_at_most_triples_the_work() -> None:
    assert [fault for where, pattern in everywhere() for fault in slow(where, pattern, SHORT, FULL)] == []


@pytest.mark.faults
def test_doubling_50_000_of_what_a_pattern_reads_at_most_triples_the_work() -> None:
    assert [fault for where, pattern in everywhere() for fault in slow(where, pattern, FULL)] == []
