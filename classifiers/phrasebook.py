"""Many phrases looked for at once in a text's words, by spaCy's phrase matcher."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from spacy.tokens import Doc

UNKNOWN = "_"  # stands for every word that no phrase holds, which keeps the matcher's vocabulary small
GAP = -1  # stands for words that are not looked at


class Hit(NamedTuple):
    """Row `row` of the phrases found over the words [start, end)."""

    row: int
    start: int
    end: int


class Phrasebook:
    """Rows of phrases, each a sequence of words that are compared letter by letter."""

    def __init__(self, rows: Iterable[Iterable[Sequence[str]]]) -> None:
        from spacy.matcher import PhraseMatcher
        from spacy.vocab import Vocab

        self._vocab = Vocab()
        self._matcher = PhraseMatcher(self._vocab)
        self._words: set[str] = set()
        self._openings: dict[str, set[str]] = {}  # what may follow a phrase's first word; "": it may stand alone
        self._longest: dict[str, int] = {}
        for number, variants in enumerate(rows):
            phrases = [list(phrase) for phrase in variants if phrase]
            for phrase in phrases:
                self._learn(phrase)
            if phrases:
                self._matcher.add(str(number), [self._doc(phrase) for phrase in phrases])

    def _learn(self, phrase: Sequence[str]) -> None:
        first, *further = phrase
        self._words.update(phrase)
        self._openings.setdefault(first, set()).add(further[0] if further else "")
        self._longest[first] = max(len(phrase), self._longest.get(first, 0))

    def find(self, words: Sequence[str]) -> list[Hit]:
        """Every phrase that stands in `words`, also one within another, in order of its start."""
        places = self._near_openings(words)
        if not places:
            return []
        known = self._words
        doc = self._doc([word if place >= 0 and (word := words[place]) in known else UNKNOWN for place in places])
        strings = self._vocab.strings
        found = (Hit(int(strings[key]), places[start], places[end - 1] + 1) for key, start, end in self._matcher(doc))
        return sorted(found, key=lambda hit: (hit.start, hit.end, hit.row))

    def _near_openings(self, words: Sequence[str]) -> list[int]:
        """The places of the words that a phrase may hold, with GAP for those between: most words are in none."""
        openings = self._openings
        places: list[int] = []
        if openings.keys().isdisjoint(words):
            return places
        reached = 0
        for place, word in enumerate(words):
            if word not in openings or not self._may_begin(word, words[place + 1 : place + 2]):
                continue
            if place > reached:
                places.append(GAP)
            end = min(place + self._longest[word], len(words))
            places += range(max(place, reached), end)
            reached = max(reached, end)
        return places

    def _may_begin(self, word: str, following: Sequence[str]) -> bool:
        may_follow = self._openings[word]
        return "" in may_follow or not may_follow.isdisjoint(following)

    def _doc(self, words: Sequence[str]) -> "Doc":
        from spacy.tokens import Doc

        return Doc(self._vocab, words=list(words))


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """The longest of the hits, none over another, in order."""
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start, hit.row)):
        if taken.isdisjoint(range(hit.start, hit.end)):
            kept.append(hit)
            taken.update(range(hit.start, hit.end))
    return sorted(kept, key=lambda hit: hit.start)
