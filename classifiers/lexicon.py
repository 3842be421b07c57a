"""Product phrases and stance cues in force for mail of one language."""

from collections.abc import Sequence
from functools import lru_cache

from classifiers.norms import Norms, Stems
from classifiers.phrasebook import Hit, Phrasebook, longest
from classifiers.words import forms
from models.knowledge.products import ProductKnowledge, ProductPhrase, StanceCue


class _Books:
    """The phrases and cues of all languages, which they mostly share: a book for each would take its memory twelvefold.

    A cue None ends the reach of others.
    """

    def __init__(self, knowledge: ProductKnowledge) -> None:
        self.stems = Stems(knowledge.inflections)
        for phrase in knowledge.phrases:
            for parts in map(forms, phrase.variants):
                for part in parts:
                    self.stems.learn(part, phrase.languages, head=phrase.head and len(parts) == 1)
        norm = Norms(self.stems, "")
        self.phrases = Phrasebook(
            [[norm(word) for word in forms(text)] for text in row.variants] for row in knowledge.phrases
        )
        self.all_cues: tuple[StanceCue | None, ...] = (*knowledge.cues, *(None for _ in knowledge.terminators))
        texts = [cue.text for cue in knowledge.cues] + [text for _, text in knowledge.terminators]
        self.cues = Phrasebook([forms(text)] for text in texts)


class Lexicon:
    """What is looked for in mail of one language; hits name their row in `phrases` and `cues`."""

    def __init__(self, knowledge: ProductKnowledge, language: str) -> None:
        self._books = _books(knowledge)
        self.phrases, self.cues = knowledge.phrases, self._books.all_cues
        self._norm = Norms(self._books.stems, language)
        self._out = _not_in_force(knowledge.phrases, language)
        self._not_cues = {row for row, cue in enumerate(knowledge.cues) if cue.only and cue.language != language}

    def find(self, text_words: Sequence[str]) -> tuple[list[Hit], list[Hit]]:
        """Phrases (longest first, none over another) and cues (all) found in a text's folded words, in order."""
        phrases = self._books.phrases.find([self._norm(word) for word in text_words])
        cues = self._books.cues.find(text_words)
        return (
            longest([hit for hit in phrases if hit.row not in self._out]),
            [hit for hit in cues if hit.row not in self._not_cues],
        )


@lru_cache(maxsize=32)
def compiled(knowledge: ProductKnowledge, language: str) -> Lexicon:
    """The lexicon for mail in `language`, built once."""
    return Lexicon(knowledge, language)


@lru_cache(maxsize=4)
def _books(knowledge: ProductKnowledge) -> _Books:
    return _Books(knowledge)


def _not_in_force(phrases: Sequence[ProductPhrase], language: str) -> frozenset[int]:
    """Rows of other languages that differ by language, where the mail's own has the same words."""
    own = {text.casefold() for phrase in phrases if language in phrase.languages for text in phrase.variants}
    return frozenset(
        row
        for row, phrase in enumerate(phrases)
        if language not in phrase.languages and phrase.only and any(text.casefold() in own for text in phrase.variants)
    )
