"""Sentences in a dozen languages are taken as a careful reader takes them."""

from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from classifiers.claims import find_claims
from models.knowledge.claims import ClaimKnowledge
from models.mail import Segment, SegmentKind
from models.reading import Passage, Where
from triage.adapters.knowledge import claims

SENTENCES = Path(__file__).parent / "polarity.txt"


@cache
def knowledge() -> ClaimKnowledge:
    return claims.load(Path(__file__).parents[2])


def sentences() -> list[tuple[str, str, str]]:
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    return [tuple(line.split(" | ")) for line in lines if line and not line.startswith("#")]  # type: ignore[misc]


@pytest.mark.parametrize(("language", "text", "wanted"), sentences())
def test_a_sentence_is_taken_as_it_is_meant(language: str, text: str, wanted: str) -> None:
    whole = (Segment(kind=SegmentKind.NEW, start=0, end=len(text)),)
    read: dict[str, set[str]] = defaultdict(set)
    for claim in find_claims((Passage(where=Where.BODY, text=text, segments=whole),), language, (), knowledge()):
        read[claim.code].add(claim.polarity.value)
    for code, polarities in (one.split("=") for one in wanted.split(", ")):
        assert read[code] == set(polarities.split("+")), code
