"""Product phrases and stance cues in force for mail of one language."""

from collections.abc import Sequence
from functools import lru_cache

from classifiers.norms import Norms
from classifiers.phrasebook import Hit, Phrasebook, longest
from classifiers.words import forms
from models.knowledge.products import ProductKnowledge, ProductPhrase, StanceCue


class Lexicon:
    """What is looked for in mail of one language; a cue None ends the reach of others."""

    def __init__(self, knowledge: ProductKnowledge, language: str) -> None:
        self.phrases = _in_force(knowledge.phrases, language)
        self.cues: tuple[StanceCue | None, ...] = (
            *(cue for cue in knowledge.cues if not cue.only or cue.language == language),
            *(None for _ in knowledge.terminators),
        )
        self._norms = Norms(knowledge.inflections, language)
        self._learn()
        self._phrases = Phrasebook(
            [[self._norms(word) for word in forms(text)] for text in row.variants] for row in self.phrases
        )
        texts = [cue.text for cue in self.cues if cue] + [text for _, text in knowledge.terminators]
        self._cues = Phrasebook([forms(text)] for text in texts)

    def _learn(self) -> None:
        for phrase in self.phrases:
            for parts in map(forms, phrase.variants):
                for part in parts:
                    self._norms.learn(part, phrase.languages, head=phrase.head and len(parts) == 1)

    def find(self, text_words: Sequence[str]) -> tuple[list[Hit], list[Hit]]:
        """Phrases (longest first, none over another) and cues (all) found in a text's folded words, in order."""
        return longest(self._phrases.find([self._norms(word) for word in text_words])), self._cues.find(text_words)


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
