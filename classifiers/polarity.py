"""How claims are meant: asserted, pending, denied or quoted, by the cues around them (ConText)."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from classifiers.claim_places import Place
from classifiers.claim_words import Cue
from classifiers.cue_choice import DECIDING, counted, rank, turned
from classifiers.cue_goods import Goods
from classifiers.cue_lists import joined
from classifiers.cue_reach import Reach, Reaches, Words
from classifiers.sentences import Sentence
from classifiers.word_run import WordRun
from models.knowledge.claims import CueKind
from models.reading import Polarity


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a claim is meant and the words that say so (empty when nothing speaks against it)."""

    polarity: Polarity
    cue: str


ASSERTED = Verdict(Polarity.ASSERTED, "")
_ANSWERING = (CueKind.PENDING, CueKind.DENIED, CueKind.ASSERTED)
_NEVER = {True: "certificate", False: "product"}
STARTED_WITHIN = 40  # words behind a denied claim in which a process may be named
ELSEWHERE_WITHIN = 20  # words behind a claim in which it may be denied of another item
ASKED_WITHIN = 3  # words beside a claim in a sentence that only asks for it


class Polarities:
    """The cues of one text, ready to be asked about its claims (`places`, in order)."""

    def __init__(
        self,
        text: WordRun,
        found: Sequence[Sentence],
        cues: Sequence[Cue],
        places: Sequence[Place],
        goods: Sequence[tuple[int, int]] = (),
    ) -> None:
        self._text = text
        self._sentences = found
        self._starts = [sentence.start for sentence in found]
        own = [Words(*text.between(place.start, place.end)) for place in places]
        bare = [not text.text[place.end - 1].islower() for place in places]
        lists = joined(text, own, bare, cues, [text.inside(start, start)[0] for start in self._starts])
        self._words = {(p.start, p.end): words for p, words in zip(places, lists, strict=True)}
        self._reaches = Reaches(text, cues, own)
        self._of_papers = Reaches(text, cues, [w for p, w in zip(places, own, strict=True) if not p.kind.names_product])
        self._goods = Goods(text, [Words(*text.between(start, end)) for start, end in sorted(goods)])
        self._lead = cache(self._lead_of)
        self._process = cache(self._process_in)

    def verdict(self, place: Place) -> Verdict:
        """How the claim at `place` is meant."""
        index = self._sentence(place)
        if index < 0:
            return ASSERTED
        sentence, here = self._sentences[index], self._words[place.start, place.end]
        never, of_goods = _NEVER[place.kind.names_product], self._goods.beside(here)
        reaches = self._reaches.of(
            here,
            self._in(index),
            lambda group: (
                group.applies != never and (sentence.asks or not group.question) and not (group.of_papers and of_goods)
            ),
        )
        reaches = counted([reach for reach in reaches if not turned(reach.cue, reaches)])
        if all(reach.cue.group.question for reach in reaches) and (answer := self._replied(index, here)):
            return answer
        return self._decided(reaches, index, here) if reaches else self._led(sentence) or ASSERTED

    def asks(self, place: Place) -> bool:
        """Whether `place` stands in a question."""
        index = self._sentence(place)
        return index >= 0 and self._sentences[index].asks

    def elsewhere(self, place: Place) -> tuple[Verdict, int, int] | None:
        """That the claim at `place`, which holds, is denied of another item in the same sentence, and where it says so:
        "the goggles are CE marked, the visors are not".
        """
        index = self._sentence(place)
        if index < 0 or place.kind.names_product:
            return None
        here, sentence = self._words[place.start, place.end], self._in(index)
        behind = Words(here.last, min(sentence.last, here.last + ELSEWHERE_WITHIN))
        for cue in self._reaches.others(behind):
            if here.first <= self._of_papers.last_target(Words(sentence.first, cue.start)) < here.last:
                return self._verdict(cue), *self._text.letters(cue.start, cue.end)
        return None

    def answer(self, place: Place, end: int) -> Verdict | None:
        """What the sentence behind `end`, where a quotation ends, answers to the claim at `place`; None when
        the claim is not the last one quoted or nothing is answered.
        """
        index = self._sentence(place)
        if index < 0 or index + 1 >= len(self._sentences) or self._starts[index + 1] < end:
            return None
        for cue in self._cues_in(index + 1):
            if cue.group.lead and cue.group.kind in _ANSWERING and not self._claimed(index + 1):
                return self._verdict(cue)
        return None

    def _sentence(self, place: Place) -> int:
        return bisect_right(self._starts, place.start) - 1

    def _in(self, index: int) -> Words:
        return Words(*self._text.inside(self._sentences[index].start, self._sentences[index].end))

    def _cues_in(self, index: int) -> list[Cue]:
        asks = self._sentences[index].asks
        return [cue for cue in self._reaches.within(self._in(index)) if asks or not cue.group.question]

    def _replied(self, index: int, here: Words) -> Verdict | None:
        """What the next sentence answers to a question: "ISO 9001? Yes." What only asks for the claim quotes it."""
        words = self._in(index)
        if not self._sentences[index].asks:
            return None
        short = words.last - words.first <= here.last - here.first + ASKED_WITHIN
        if index + 1 < len(self._sentences):
            last = words.last + 1 if not short else self._in(index + 1).last
            for cue in self._reaches.within(Words(words.last, last)):
                if cue.group.lead and cue.group.kind in _ANSWERING:
                    return self._verdict((self._around(index + 1) if cue.group.yet else None) or cue)
        return Verdict(Polarity.QUOTED, "?") if short else None

    def _claimed(self, index: int) -> bool:
        """Whether sentence `index` holds a claim of its own."""
        words = self._in(index)
        return self._reaches.first_target(words) < words.last

    def _decided(self, reaches: Sequence[Reach], index: int, here: Words) -> Verdict:
        chosen = min(reaches, key=rank).cue
        asked = next((reach.cue for reach in reaches if reach.cue.group.question), None)
        if chosen.group.kind in (CueKind.DENIED, CueKind.PENDING) and asked is not None:
            return self._verdict(asked)
        if chosen.group.kind is CueKind.DENIED:
            pending = [reach for reach in reaches if reach.cue.group.kind is CueKind.PENDING]
            nearest = min(pending, key=lambda reach: reach.gap).cue if pending else None
            yet = any(reach.cue.group.yet for reach in reaches)
            chosen = nearest or self._started(index, here) or (self._around(index) if yet else None) or chosen
        return self._verdict(chosen)

    def _verdict(self, cue: Cue) -> Verdict:
        polarity = Polarity(cue.group.kind.value)
        start, end = self._text.letters(cue.start, cue.end)
        return Verdict(polarity, "" if polarity is Polarity.ASSERTED else self._text.text[start:end])

    def _started(self, index: int, here: Words) -> Cue | None:
        """A process named behind the claim, in its sentence or the next, before any other claim."""
        behind = Words(here.last, min(self._in(index).last, here.last + STARTED_WITHIN))
        for cue in self._reaches.within(Words(behind.first, self._reaches.first_target(behind))):
            if cue.group.kind is CueKind.PENDING and cue.group.after and not (cue.group.final or cue.group.paired):
                return cue
        if index + 1 < len(self._sentences) and not self._claimed(index + 1):
            return next((cue for cue in self._cues_in(index + 1) if _is_process(cue)), None)
        return None

    def _around(self, index: int) -> Cue | None:
        """A process named in the sentence or one beside it: what is "not yet" there is pending."""
        beside = (number for number in (index, index - 1, index + 1) if 0 <= number < len(self._sentences))
        return next((cue for number in beside if (cue := self._process(number))), None)

    def _process_in(self, index: int) -> Cue | None:
        cues = (cue for cue in self._cues_in(index) if not cue.group.final)
        return next((cue for cue in cues if cue.group.kind is CueKind.PENDING and cue.group.lead), None)

    def _led(self, sentence: Sentence) -> Verdict | None:
        """What the sentence that introduces the list says of every item."""
        return None if sentence.lead is None else self._lead(sentence.lead)

    def _lead_of(self, index: int) -> Verdict | None:
        """What a sentence says of the list behind it: its last cue, unless it is too far from the end."""
        end = self._in(index).last
        for cue in reversed(self._cues_in(index)):
            if cue.group.kind not in DECIDING:
                return None
            if cue.group.lead and end - cue.end <= cue.group.reach:
                return self._verdict(cue)
        return None


def _is_process(cue: Cue) -> bool:
    return cue.group.kind is CueKind.PENDING and cue.group.after and cue.group.lead and not cue.group.final
