"""Claim phrases and polarity cues compiled for mail of one language, found by spaCy's phrase matcher."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from classifiers.pipelines import pipeline
from models.knowledge.claims import ClaimKnowledge, ClaimWriting, CueGroup, CueKind

if TYPE_CHECKING:
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc, Span

CACHED_LANGUAGES = 32
_MARKS = re.compile(r"(?<=[^\w\s]{12})[^\w\s]")
_LETTERS = re.compile(r"([!-~\u00a1-\u024f]{99})[!-~\u00a1-\u024f]")
"""Runs without a blank that no writer makes: spaCy's tokenizer takes time by the square of their length."""


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
        self.pipeline = pipeline(language)
        self.groups = _groups(knowledge, language)
        self.writings = tuple(w for w in knowledge.writings if not w.languages or language in w.languages)
        self.claims = self._matcher({str(n): w.phrases for n, w in enumerate(self.writings)})
        self.cues = self._matcher({str(n): g.phrases for n, g in enumerate(self.groups)})
        self._characters = [
            (group, re.compile("|".join(map(re.escape, group.characters)))) for group in self.groups if group.characters
        ]

    def _matcher(self, phrases: dict[str, tuple[str, ...]]) -> "PhraseMatcher":
        from spacy.matcher import PhraseMatcher

        matcher = PhraseMatcher(self.pipeline.vocab, attr="LOWER")
        for key, texts in phrases.items():
            if texts:
                matcher.add(key, [self.pipeline.make_doc(text) for text in texts])
        return matcher

    def doc(self, text: str) -> "Doc":
        """`text` as spaCy's words; runs without a blank are broken by blanks, letter for letter."""
        return self.pipeline.make_doc(_LETTERS.sub(r"\1 ", _MARKS.sub(" ", text)))

    def find_phrases(self, doc: "Doc") -> list[tuple[ClaimWriting, int, int]]:
        """(writing, start, end) of each claim phrase, in code points; the longest where they overlap."""
        return [
            (self.writings[int(span.label_)], span.start_char, span.end_char) for span in _longest(self.claims, doc)
        ]

    def find_cues(self, doc: "Doc") -> list[Cue]:
        """The cues of `doc` in order; the longest where they overlap, pseudo-cues left out."""
        cues = [Cue(self.groups[int(s.label_)], s.start, s.end) for s in _longest_each(self.cues, doc)]
        for group, pattern in self._characters:
            for found in pattern.finditer(doc.text):
                span = doc.char_span(*found.span(), alignment_mode="expand")
                if span is not None:
                    cues.append(Cue(group, span.start, span.end))
        return sorted(_unhidden(cues), key=lambda cue: (cue.start, cue.end))


def _groups(knowledge: ClaimKnowledge, language: str) -> tuple[CueGroup, ...]:
    own = knowledge.cues.get(language) or knowledge.cues[knowledge.default_language]
    languages = (own.language, *own.also)
    return tuple(group for name in languages if name in knowledge.cues for group in knowledge.cues[name].groups)


def _longest(matcher: "PhraseMatcher", doc: "Doc") -> "list[Span]":
    from spacy.util import filter_spans

    return filter_spans(matcher(doc, as_spans=True))


def _longest_each(matcher: "PhraseMatcher", doc: "Doc") -> "list[Span]":
    """Every match that no longer match of the same group covers."""
    spans = sorted(matcher(doc, as_spans=True), key=lambda span: (span.start, -span.end))
    kept: list[Span] = []
    reached: dict[int, int] = {}
    for span in spans:
        if span.end > reached.get(span.label, -1):
            kept.append(span)
            reached[span.label] = span.end
    return kept


def _unhidden(cues: list[Cue]) -> list[Cue]:
    """Without pseudo-cues and what they cover."""
    hiding = [cue for cue in cues if cue.group.kind is CueKind.PSEUDO]
    covered = {word for cue in hiding for word in range(cue.start, cue.end)}
    return [
        cue
        for cue in cues
        if cue.group.kind is not CueKind.PSEUDO and not covered.intersection(range(cue.start, cue.end))
    ]


@lru_cache(maxsize=CACHED_LANGUAGES)
def compiled(knowledge: ClaimKnowledge, language: str) -> ClaimWords:
    """The words of `knowledge` for `language`, built once for each knowledge object."""
    return ClaimWords(knowledge, language)
