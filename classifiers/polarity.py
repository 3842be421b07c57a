"""How claims are meant: asserted, pending, denied or quoted, by the cues around them (ConText)."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifiers.claim_places import Place
from classifiers.claim_words import Cue
from classifiers.sentences import Sentence
from models.knowledge.claims import CueKind
from models.reading import Polarity

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a claim is meant and the words that say so (empty when nothing speaks against it)."""

    polarity: Polarity
    cue: str


ASSERTED = Verdict(Polarity.ASSERTED, "")
_ANSWERING = (CueKind.PENDING, CueKind.DENIED, CueKind.ASSERTED)
OVERLAP = 1  # words that a cue may share with a claim
TURNED_WITHIN = 1  # words between a deciding cue and the asserting one that it turns
_NEVER = {True: "certificate", False: "product"}
_DECIDING = (CueKind.PENDING, CueKind.DENIED, CueKind.QUOTED)


@dataclass(frozen=True, slots=True)
class _Reach:
    """A cue that reaches a claim, `gap` words away."""

    cue: Cue
    gap: int


@dataclass(frozen=True, slots=True)
class _Words:
    """The words [start, end) of a place or sentence."""

    start: int
    end: int


class Polarities:
    """The cues of one text, ready to be asked about its claims."""

    def __init__(self, doc: "Doc", found: Sequence[Sentence], cues: Sequence[Cue], places: Sequence[Place]) -> None:
        self._doc = doc
        self._sentences = found
        self._starts = [sentence.start for sentence in found]
        self._cues = cues
        self._cue_starts = [cue.start for cue in cues]
        self._offsets = [token.idx for token in doc]
        self._places = [self._words(place.start, place.end) for place in places]

    def verdict(self, place: Place) -> Verdict:
        """How the claim at `place` is meant."""
        index = bisect_right(self._starts, place.start) - 1
        if index < 0:
            return ASSERTED
        sentence = self._sentences[index]
        here = self._words(place.start, place.end)
        reaches = self._reaches(sentence, here, place)
        if reaches:
            return self._decided(reaches, sentence, here)
        return self._led(sentence) or ASSERTED

    def answer(self, place: Place, end: int) -> Verdict | None:
        """What the sentence behind `end`, where a quotation ends, answers to the claim at `place`; None when
        the claim is not the last one quoted or nothing is answered.
        """
        index = bisect_right(self._starts, place.start) - 1
        if index < 0 or index + 1 >= len(self._sentences) or self._starts[index + 1] < end:
            return None
        for cue in self._in(self._sentences[index + 1]):
            if cue.group.lead and cue.group.kind in _ANSWERING and not self._claimed(index + 1):
                return self._verdict(cue)
        return None

    def _claimed(self, index: int) -> bool:
        """Whether sentence `index` holds a claim of its own."""
        words = self._words(self._sentences[index].start, self._sentences[index].end)
        return any(words.start <= place.start < words.end for place in self._places)

    def _words(self, start: int, end: int) -> _Words:
        first = max(0, bisect_right(self._offsets, start) - 1)
        return _Words(first, max(first + 1, bisect_left(self._offsets, end)))

    def _in(self, sentence: Sentence) -> list[Cue]:
        words = self._words(sentence.start, sentence.end)
        return [cue for cue in self._cues_in(words) if sentence.asks or not cue.group.question]

    def _cues_in(self, words: _Words) -> Sequence[Cue]:
        return self._cues[bisect_left(self._cue_starts, words.start) : bisect_left(self._cue_starts, words.end)]

    def _reaches(self, sentence: Sentence, here: _Words, place: Place) -> list[_Reach]:
        found = []
        for cue in self._in(sentence):
            if cue.group.kind is CueKind.TERMINATOR or cue.group.applies == _NEVER[place.kind.names_product]:
                continue
            before, after = here.start - cue.end, cue.start - here.end
            if cue.group.before and -OVERLAP <= before <= cue.group.reach and cue.start <= here.start:
                gap, between = max(0, before), _Words(cue.end, here.start)
            elif cue.group.after and -OVERLAP <= after <= cue.group.reach and cue.end >= here.end:
                gap, between = max(0, after), _Words(here.end, cue.start)
            elif cue.start <= here.start and here.end <= cue.end:
                gap, between = 0, here
            else:
                continue
            if not self._broken(cue, between):
                found.append(_Reach(cue, gap))
        return [reach for reach in found if not _turned(reach.cue, found)]

    def _broken(self, cue: Cue, between: _Words) -> bool:
        """Whether a terminator, a semicolon or, for cues that heed it, a comma stands between cue and claim."""
        if any(other.group.kind is CueKind.TERMINATOR for other in self._cues_in(between)):
            return True
        stops = {";", "；", ","} if cue.group.comma else {";", "；"}
        return any(self._doc[word].text in stops for word in range(between.start, between.end))

    def _decided(self, reaches: Sequence[_Reach], sentence: Sentence, here: _Words) -> Verdict:
        nearest = min(reaches, key=lambda reach: (reach.gap, -(reach.cue.end - reach.cue.start)))
        kinds = {reach.cue.group.kind: reach.cue for reach in sorted(reaches, key=lambda r: -r.gap)}
        chosen = nearest.cue
        if chosen.group.kind is CueKind.DENIED:
            chosen = kinds.get(CueKind.PENDING) or self._started(sentence, here) or chosen
        return self._verdict(chosen)

    def _verdict(self, cue: Cue) -> Verdict:
        polarity = Polarity(cue.group.kind.value)
        return Verdict(polarity, "" if polarity is Polarity.ASSERTED else self._doc[cue.start : cue.end].text)

    def _started(self, sentence: Sentence, here: _Words) -> Cue | None:
        """A process named behind the claim, in its sentence or the next, before any other claim."""
        for cue in self._in(sentence):
            if cue.group.kind is CueKind.PENDING and cue.group.after and cue.start >= here.end:
                between = (place for place in self._places if here.end <= place.start < cue.start)
                return None if any(between) else cue
        index = bisect_right(self._starts, sentence.start)
        if index < len(self._sentences) and not self._claimed(index):
            return next((c for c in self._in(self._sentences[index]) if _is_process(c)), None)
        return None

    def _led(self, sentence: Sentence) -> Verdict | None:
        """What the sentence that introduces the list says of every item, unless it is broken off before its end."""
        if sentence.lead is None:
            return None
        lead = self._sentences[sentence.lead]
        end = self._words(lead.start, lead.end).end
        for cue in reversed(self._in(lead)):
            if cue.group.kind not in _DECIDING:
                return None
            if cue.group.lead and end - cue.end <= cue.group.reach:
                return self._verdict(cue)
        return None


def _is_process(cue: Cue) -> bool:
    return cue.group.kind is CueKind.PENDING and cue.group.after and cue.group.lead


def _turned(cue: Cue, found: Sequence[_Reach]) -> bool:
    """Whether an asserting cue stands itself right behind a deciding one, which then holds."""
    return cue.group.kind is CueKind.ASSERTED and any(
        other.cue.group.kind in _DECIDING
        and not other.cue.group.question
        and other.cue.start <= cue.start
        and cue.start - other.cue.end <= TURNED_WITHIN
        for other in found
    )
