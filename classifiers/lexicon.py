"""Product phrases and stance cues compiled for mail of one language, found by spaCy's phrase matcher."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from classifiers.norms import UNKNOWN, Norms
from classifiers.words import forms
from models.knowledge.products import ProductKnowledge, ProductPhrase, StanceCue

if TYPE_CHECKING:
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True)
class Hit:
    """Row `row` of the phrases (or cues) found over the words [start, end)."""

    row: int
    start: int
    end: int


class Lexicon:
    """What is looked for in mail of one language."""

    def __init__(self, knowledge: ProductKnowledge, language: str) -> None:
        from spacy.matcher import PhraseMatcher
        from spacy.vocab import Vocab

        self.phrases = _in_force(knowledge.phrases, language)
        self.cues: tuple[StanceCue | None, ...] = (
            *(cue for cue in knowledge.cues if not cue.only or cue.language == language),
            *(None for _ in knowledge.terminators),
        )
        self._vocab = Vocab()
        self._norms = Norms(knowledge.inflections, language)
        self._phrases: PhraseMatcher = PhraseMatcher(self._vocab)
        self._cues: PhraseMatcher = PhraseMatcher(self._vocab)
        self._add_phrases()
        self._add_cues([cue.text for cue in self.cues if cue] + [text for _, text in knowledge.terminators])

    def _add_phrases(self) -> None:
        for number, phrase in enumerate(self.phrases):
            self._phrases.add(str(number), [self._doc(self._learnt(phrase, text)) for text in phrase.variants])

    def _learnt(self, phrase: ProductPhrase, text: str) -> list[str]:
        parts = forms(text)
        return [self._norms.learn(part, phrase.languages, head=phrase.head and len(parts) == 1) for part in parts]

    def _add_cues(self, texts: Sequence[str]) -> None:
        self._cue_words = {word for text in texts for word in forms(text)}
        for number, text in enumerate(texts):
            self._cues.add(str(number), [self._doc(forms(text))])

    def find(self, text_words: Sequence[str]) -> tuple[list[Hit], list[Hit]]:
        """Phrases (longest first, none over another) and cues (all) found in a text's folded words, in order."""
        if not text_words:
            return [], []
        norms = [self._norms(word) for word in text_words]
        cued = [word if word in self._cue_words else UNKNOWN for word in text_words]
        return _longest(self._hits(self._phrases, norms)), self._hits(self._cues, cued)

    def _hits(self, matcher: "PhraseMatcher", text_words: Sequence[str]) -> list[Hit]:
        strings = self._vocab.strings
        found = (Hit(int(strings[key]), start, end) for key, start, end in matcher(self._doc(text_words)))
        return sorted(found, key=lambda hit: (hit.start, hit.end, hit.row))

    def _doc(self, text_words: Sequence[str]) -> "Doc":
        from spacy.tokens import Doc

        return Doc(self._vocab, words=list(text_words))


@lru_cache(maxsize=32)
def compiled(knowledge: ProductKnowledge, language: str) -> Lexicon:
    """The lexicon for mail in `language`, built once."""
    return Lexicon(knowledge, language)


def _in_force(phrases: Sequence[ProductPhrase], language: str) -> tuple[ProductPhrase, ...]:
    """Phrases of every language, but of those that differ by language only the mail's own, or else the others'."""
    own = {text.casefold() for phrase in phrases if language in phrase.languages for text in phrase.variants}
    return tuple(
        phrase
        for phrase in phrases
        if language in phrase.languages or not (phrase.only and any(text.casefold() in own for text in phrase.variants))
    )


def _longest(hits: list[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start, hit.row)):
        if taken.isdisjoint(range(hit.start, hit.end)):
            kept.append(hit)
            taken.update(range(hit.start, hit.end))
    return sorted(kept, key=lambda hit: hit.start)
