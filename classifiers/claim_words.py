"""Claim phrases and polarity cues for mail of one language, found in the words of a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from classifiers.phrasebook import Hit, Phrasebook
from classifiers.sieve import Sieve
from classifiers.word_run import WordRun
from classifiers.words import forms
from models.knowledge.claims import ClaimKnowledge, ClaimWriting, CueGroup, CueKind

CACHED_LANGUAGES = 32


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue found over the words [start, end) of a text."""

    group: CueGroup
    start: int
    end: int


class ClaimWords:
    """What is looked for, by words, in mail of one language."""

    def __init__(self, knowledge: ClaimKnowledge, language: str) -> None:
        self.language = language
        self.groups = _groups(knowledge, language)
        self.writings = tuple(w for w in knowledge.writings if not w.languages or language in w.languages)
        self.patterned = tuple(writing for writing in self.writings if writing.pattern)
        self.sieve = Sieve([writing.pattern for writing in self.patterned if writing.pattern])
        self._claims = Phrasebook(map(forms, writing.phrases) for writing in self.writings)
        self._cues, rows = _cue_book(knowledge)
        self._order = {rows[id(group)]: number for number, group in enumerate(self.groups)}

    def find_phrases(self, text: WordRun) -> list[tuple[ClaimWriting, int, int]]:
        """(writing, start, end) of each claim phrase, in code points; the longest where they overlap."""
        hits = sorted(_whole(self._claims, text), key=lambda hit: (hit.start - hit.end, hit.start))
        kept: list[Hit] = []
        covered: set[int] = set()
        for hit in hits:
            if covered.isdisjoint(range(hit.start, hit.end)):
                kept.append(hit)
                covered.update(range(hit.start, hit.end))
        return [(self.writings[hit.row], *text.letters(hit.start, hit.end)) for hit in kept]

    def find_cues(self, text: WordRun) -> list[Cue]:
        """The cues in order, without those that a longer one covers."""
        order = self._order
        hits = [hit for hit in _whole(self._cues, text) if hit.row in order]
        hits.sort(key=lambda hit: (hit.start, -hit.end, order[hit.row]))
        return _uncovered([Cue(self.groups[order[hit.row]], hit.start, hit.end) for hit in hits])


def _groups(knowledge: ClaimKnowledge, language: str) -> tuple[CueGroup, ...]:
    own = knowledge.cues.get(language) or knowledge.cues[knowledge.default_language]
    languages = (own.language, *own.also)
    return tuple(group for name in languages if name in knowledge.cues for group in knowledge.cues[name].groups)


@lru_cache(maxsize=4)
def _cue_book(knowledge: ClaimKnowledge) -> tuple[Phrasebook, dict[int, int]]:
    """One book for the cues of every language, as most languages share some, with the row of each group."""
    groups = [group for cues in knowledge.cues.values() for group in cues.groups]
    return Phrasebook(map(forms, group.phrases) for group in groups), {id(one): row for row, one in enumerate(groups)}


def _whole(book: Phrasebook, text: WordRun) -> list[Hit]:
    """The hits that no comma, colon or end of a sentence runs through."""
    return [hit for hit in book.find(text.forms) if not text.parted(hit.start + 1, hit.end)]


def _uncovered(cues: Sequence[Cue]) -> list[Cue]:
    """`cues`, in order of start and length, without pseudo-cues and what a longer cue covers that says as much."""
    kept: list[Cue] = []
    reached: dict[tuple[str, str], tuple[int, int]] = {}  # the longest so far of each sort
    for cue in cues:
        if not any(_covers(*reached[sort], cue) for sort in _sorts_over(cue.group) if sort in reached):
            kept.append(cue)
        sort = _sort(cue.group)
        if cue.end > reached.get(sort, (0, 0))[1]:
            reached[sort] = (cue.start, cue.end)
    hidden = {word for cue in kept if cue.group.kind is CueKind.PSEUDO for word in range(cue.start, cue.end)}
    return [cue for cue in kept if hidden.isdisjoint(range(cue.start, cue.end))]


def _sort(group: CueGroup) -> tuple[str, str]:
    """To what and where a cue applies; one that counts under a condition stands for itself."""
    alone = group.question or group.final or group.paired
    return (group.id, _side(group)) if alone else (group.applies, _side(group))


def _sorts_over(group: CueGroup) -> list[tuple[str, str]]:
    return [(to, side) for to in ("all", group.applies, group.id) for side in ("both", _side(group))]


def _side(group: CueGroup) -> str:
    return "both" if group.before and group.after else "before" if group.before else "after"


def _covers(start: int, end: int, cue: Cue) -> bool:
    return start <= cue.start and cue.end <= end and (start, end) != (cue.start, cue.end)


@lru_cache(maxsize=CACHED_LANGUAGES)
def compiled(knowledge: ClaimKnowledge, language: str) -> ClaimWords:
    """The words of `knowledge` for `language`, built once for each knowledge object."""
    return ClaimWords(knowledge, language)
