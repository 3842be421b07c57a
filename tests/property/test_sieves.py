"""Whatever the program's own patterns find, their sieves let through."""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifiers.sieve import Sieve
from triage import resources
from triage.adapters.knowledge import load


@cache
def _sieves() -> dict[str, Sieve]:
    knowledge = load(resources.root())
    return {
        "cues": Sieve([pattern for _, pattern in knowledge.rules.patterns]),
        "masks": Sieve(knowledge.offers.masks),
        "claims": Sieve([writing.pattern for writing in knowledge.claims.writings if writing.pattern]),
    }


@pytest.mark.parametrize("name", ["cues", "masks", "claims"])
@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_text_made_for_a_pattern_passes_its_sieve(name: str, data: st.DataObject) -> None:
    sieve = _sieves()[name]
    place = data.draw(st.integers(0, len(sieve.patterns) - 1))
    text = data.draw(st.from_regex(sieve.patterns[place]))
    assert place in sieve.may_match(text)
