"""Many phrases looked for at once in a text's words, by spaCy's phrase matcher."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from spacy.tokens import Doc

UNKNOWN = "_"  # stands for every word that no phrase holds, which keeps the matcher's vocabulary small


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
        for number, variants in enumerate(rows):
            phrases = [list(phrase) for phrase in variants if phrase]
            self._words.update(word for phrase in phrases for word in phrase)
            if phrases:
                self._matcher.add(str(number), [self._doc(phrase) for phrase in phrases])

    def find(self, words: Sequence[str]) -> list[Hit]:
        """Every phrase that stands in `words`, also one within another, in order of its start."""
        known = self._words
        if known.isdisjoint(words):
            return []
        doc = self._doc([word if word in known else UNKNOWN for word in words])
        strings = self._vocab.strings
        found = (Hit(int(strings[key]), start, end) for key, start, end in self._matcher(doc))
        return sorted(found, key=lambda hit: (hit.start, hit.end, hit.row))

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
