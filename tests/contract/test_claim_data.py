"""Every row of data/claims and of the polarity cues does what its examples say."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from classifiers.claim_places import find_places, folded
from classifiers.claim_words import compiled
from classifiers.claims import find_claims
from classifiers.word_run import WordRun
from models.knowledge.claims import ClaimKnowledge, ClaimWriting, CueGroup, CueKind
from models.mail import Segment, SegmentKind
from models.reading import Passage, Where
from triage.adapters.knowledge import claims

ROOT = Path(__file__).parents[2]


@cache
def knowledge() -> ClaimKnowledge:
    return claims.load(ROOT)


def passage(text: str) -> Passage:
    return Passage(where=Where.BODY, text=text, segments=(Segment(kind=SegmentKind.NEW, start=0, end=len(text)),))


def polarities(text: str, language: str, code: str, given: ClaimKnowledge | None = None) -> set[str]:
    found = find_claims((passage(text),), language, (), given or knowledge())
    return {claim.polarity.value for claim in found if claim.code == code}


def codes_by(writing: ClaimWriting, text: str) -> list[str]:
    words = compiled(knowledge(), knowledge().default_language)
    text = folded(text)
    phrases = words.find_phrases(WordRun(text))
    found = find_places(text, phrases, words, knowledge())
    return list(dict.fromkeys(place.code for place in found if place.rule == writing.id))


def writings() -> list[ClaimWriting]:
    return list(knowledge().writings)


def cue_groups() -> list[tuple[str, CueGroup]]:
    return [(language, group) for language, cues in knowledge().cues.items() for group in cues.groups]


@pytest.mark.parametrize("writing", writings(), ids=lambda writing: writing.id)
def test_a_writing_gives_the_codes_of_its_examples(writing: ClaimWriting) -> None:
    assert writing.examples
    for text, *codes in writing.examples:
        assert codes_by(writing, text) == codes, text


@pytest.mark.parametrize("writing", writings(), ids=lambda writing: writing.id)
def test_a_writing_gives_nothing_for_its_counter_examples(writing: ClaimWriting) -> None:
    assert writing.counter_examples
    for text in writing.counter_examples:
        given = codes_by(writing, text)
        wanted = {code for example, *codes in writing.examples for code in codes if example in text}
        assert set(given) <= wanted, text


@pytest.mark.parametrize(
    ("code", "texts", "others"), list(claims.examples_of_codes(ROOT)), ids=lambda value: str(value)[:20]
)
def test_a_code_is_read_from_its_examples_only(code: str, texts: tuple[str, ...], others: tuple[str, ...]) -> None:
    assert others
    for text in texts:
        assert code in {claim.code for claim in find_claims((passage(text),), "nb", (), knowledge())}, text
    for text in others:
        assert code not in {claim.code for claim in find_claims((passage(text),), "nb", (), knowledge())}, text


def test_every_code_can_be_written() -> None:
    given = {code for writing in writings() for code in (writing.code, *writing.codes.values())}
    assert set(knowledge().codes) <= given


def without(language: str, group: CueGroup | None) -> ClaimKnowledge:
    """The cues of `language` alone, without `group`: what proves a row is not the row of another language."""
    cues = knowledge().cues[language]
    rest = tuple(one for one in cues.groups if one is not group)
    return replace(knowledge(), cues={language: replace(cues, also=(), groups=rest)}, default_language=language)


def as_wanted(group: CueGroup, read: set[str]) -> bool:
    """Whether the code of an example reads as its row says. Rows that end or turn the reach of others leave it
    asserted; a join lets another row reach it; what is not yet so is pending where a process is named.
    """
    if group.yet:
        return read == {"pending"}
    if group.kind in (CueKind.ASSERTED, CueKind.TERMINATOR, CueKind.PSEUDO):
        return read == {"asserted"}
    if group.kind is CueKind.JOIN:
        return bool(read) and "asserted" not in read
    return group.kind.value in read


@pytest.mark.parametrize(("language", "group"), cue_groups(), ids=lambda value: getattr(value, "id", value))
def test_a_cue_makes_its_examples_read_as_it_says(language: str, group: CueGroup) -> None:
    assert group.examples
    bare, lacking = without(language, None), without(language, group)
    for text, code in group.examples:
        assert as_wanted(group, polarities(text, language, code)), text
        assert as_wanted(group, polarities(text, language, code, bare)), text
        assert not as_wanted(group, polarities(text, language, code, lacking)), f"reads so without the row: {text}"


@pytest.mark.parametrize(("language", "group"), cue_groups(), ids=lambda value: getattr(value, "id", value))
def test_a_cue_leaves_its_counter_examples_alone(language: str, group: CueGroup) -> None:
    assert group.counter_examples
    for text, code in group.counter_examples:
        read = polarities(text, language, code)
        assert read, text
        assert not as_wanted(group, read), text


def test_every_language_with_cues_has_joins_and_terminators() -> None:
    for language, cues in knowledge().cues.items():
        assert {CueKind.JOIN, CueKind.TERMINATOR} <= {group.kind for group in cues.groups}, language


def test_every_row_names_its_source() -> None:
    assert all(code.source for code in knowledge().codes.values())
