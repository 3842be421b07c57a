"""Product phrases and stance cues compiled for mail of one language, found by spaCy's phrase matcher."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from classifiers.words import forms, stemmer
from models.knowledge.products import ProductKnowledge, ProductPhrase, StanceCue

if TYPE_CHECKING:
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_SHORT = 3  # words up to this length are compared as they stand: a stem of two letters says nothing
_UNKNOWN = "_"  # keeps the matcher's vocabulary as small as the phrases'
_PREFIX = 3  # a stemmer of these languages keeps at least so many first letters


@dataclass(frozen=True, slots=True)
class Hit:
    """Row `row` of the phrases (or cues) found over the words [start, end)."""

    row: int
    start: int
    end: int


class Norms:
    """Maps a word to the stem or compound head by which phrases know it, else to one word that no phrase holds."""

    def __init__(self, knowledge: ProductKnowledge, language: str) -> None:
        by_language = dict(knowledge.stemmers)
        first = [by_language[language]] if language in by_language else []
        self._algorithms = list(dict.fromkeys([*first, *(name for _, name in knowledge.stemmers)]))
        self._own = {tongue: stemmer(name) for tongue, name in knowledge.stemmers}
        self._stems: set[str] = set()
        self._heads: dict[str, str] = {}
        self._prefixes: set[str] = set()
        self._seen: dict[str, str] = {}

    def learn(self, word: str, languages: Iterable[str], *, head: bool) -> str:
        """The norm of a phrase's word, from now on that of every word inflected like it."""
        stem = word if len(word) <= _SHORT else self._stem_in(word, languages)
        self._stems.add(stem)
        self._prefixes.add(stem[:_PREFIX])
        if head:
            self._heads[stem] = stem
        return stem

    def _stem_in(self, word: str, languages: Iterable[str]) -> str:
        return next((self._own[tongue](word) for tongue in languages if tongue in self._own), word)

    def __call__(self, word: str) -> str:
        norm = self._seen.get(word)
        if norm is None:
            norm = self._seen[word] = self._norm(word)
        return norm

    def _norm(self, word: str) -> str:
        if word in self._stems:
            return word
        if len(word) <= _SHORT:
            return _UNKNOWN
        candidates = [stemmer(name)(word) for name in self._algorithms]
        if word[:_PREFIX] in self._prefixes:
            known = next((stem for stem in candidates if stem in self._stems), None)
            if known:
                return known
        return next((head for stem in candidates if (head := self._head(stem))), _UNKNOWN)

    def _head(self, stem: str) -> str | None:
        """The longest head that `stem` ends in."""
        return next((stem[cut:] for cut in range(2, len(stem) - _SHORT) if stem[cut:] in self._heads), None)


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
        self._vocab: Vocab = Vocab()
        self._norms = Norms(knowledge, language)
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
        cued = [word if word in self._cue_words else _UNKNOWN for word in text_words]
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
