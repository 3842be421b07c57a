"""Finds the cues and issuers of the rules in a text: phrases by first word, patterns that a sieve lets through."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from classifiers.sieve import Sieve
from models.knowledge.rules import CueList, Issuer, Phrase, RuleKnowledge
from models.words import WORD

SENTENCE_END = re.compile(r"[.!?。！？\n](?!\d)")
SENTENCE_REACH = 200
CONTEXT_REACH = 40
DENIAL_REACH = 80
MOST_TRIES = 200
"""Hits of one list that are looked at; what is said two hundred times in a text is said."""

Token = tuple[str, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A cue or an issuer, heard at [start, end)."""

    said: CueList | Issuer
    start: int
    end: int


def hear(text: str, start: int, end: int, knowledge: RuleKnowledge) -> Iterator[Heard]:
    """Every cue and issuer in text[start:end] that its sentence does not take back."""
    tries: Counter[int] = Counter()
    for heard in chain(_phrases(text, start, end, knowledge), _patterns(text, start, end, knowledge)):
        tries[id(heard.said)] += 1
        if tries[id(heard.said)] > MOST_TRIES:
            continue
        unless, deniable = heard.said.unless, isinstance(heard.said, CueList) and heard.said.deniable
        low, high = _sentence(text, heard, start, end) if unless or deniable else (start, end)
        if unless is not None and unless.search(text, low, high):
            continue
        if not (deniable and _denied(text, heard, low, high, knowledge)):
            yield heard


def _denied(text: str, heard: Heard, low: int, high: int, knowledge: RuleKnowledge) -> bool:
    """Whether words around a cue deny it."""
    before, after = knowledge.denied_before, knowledge.denied_after
    said = text[max(low, heard.start - DENIAL_REACH) : heard.start]
    return bool(
        (before and before.search(said))
        or (after and after.match(text, heard.end, min(high, heard.end + DENIAL_REACH)))
    )


def _phrases(text: str, start: int, end: int, knowledge: RuleKnowledge) -> Iterator[Heard]:
    lowered = [word.lower() for word in WORD.findall(text, start, end)]
    firsts = knowledge.phrases.keys() & lowered
    if not firsts:
        return
    tokens = [(match.group(), match.start(), match.end()) for match in WORD.finditer(text, start, end)]
    for place, first in enumerate(lowered):
        for phrase in knowledge.phrases[first] if first in firsts else ():
            last = place + len(phrase.words)
            if _is_at(phrase, tokens, lowered, place, last):
                found = _heard(phrase, tokens[place][1], tokens[last - 1][2], knowledge)
                if not phrase.acronym or _in_context(text, found, start, end, knowledge):
                    yield found


def _is_at(phrase: Phrase, tokens: list[Token], lowered: list[str], place: int, last: int) -> bool:
    if phrase.exact:
        return tuple(token[0] for token in tokens[place:last]) == phrase.words
    return tuple(lowered[place:last]) == phrase.words


def _heard(phrase: Phrase, start: int, end: int, knowledge: RuleKnowledge) -> Heard:
    owners: tuple[CueList | Issuer, ...] = knowledge.cues if phrase.owner == "cue" else knowledge.issuers
    return Heard(said=owners[phrase.place], start=start, end=end)


def _in_context(text: str, found: Heard, start: int, end: int, knowledge: RuleKnowledge) -> bool:
    low, high = _sentence(text, found, start, end)
    low, high = max(low, found.start - CONTEXT_REACH), min(high, found.end + CONTEXT_REACH)
    context = knowledge.issuer_context
    return context is not None and bool(context.search(text, low, found.start) or context.search(text, found.end, high))


def _patterns(text: str, start: int, end: int, knowledge: RuleKnowledge) -> Iterator[Heard]:
    sieve = _sieve(knowledge)
    for number in sieve.may_match(text[start:end]):
        place, pattern = knowledge.patterns[number]
        for match in pattern.finditer(text, start, end):
            yield Heard(said=knowledge.cues[place], start=match.start(), end=match.end())


@lru_cache(maxsize=8)
def _sieve(knowledge: RuleKnowledge) -> Sieve:
    return Sieve([pattern for _, pattern in knowledge.patterns])


def _sentence(text: str, heard: Heard, start: int, end: int) -> tuple[int, int]:
    """Bounds of the sentence around what was heard, at most SENTENCE_REACH either way."""
    low, high = max(start, heard.start - SENTENCE_REACH), min(end, heard.end + SENTENCE_REACH)
    for match in SENTENCE_END.finditer(text, low, heard.start):
        low = match.end()
    after = SENTENCE_END.search(text, heard.end, high)
    return low, after.start() if after else high
