"""Identifiers, standards, dates and telephone numbers blotted out of a text: their digits count nothing."""

import re
from collections.abc import Iterator
from functools import lru_cache

from classifiers.offer_grammar import grammar
from classifiers.sieve import Sieve
from models.knowledge.offers import OfferKnowledge, OfferVocabulary

MASKED = "\x00"
_DIGIT = re.compile(r"\d")
_BEFORE = 30  # a standard may begin so far back on the line before


def masked(text: str, knowledge: OfferKnowledge, words: OfferVocabulary) -> str:
    """`text`, as long as before, with every identifier, date and telephone number blotted out."""
    currencies, sieve = grammar(words).currencies, _masks(knowledge)
    letters = list(text)
    for start, end in _with_digits(text):
        for number in sieve.may_match(text[start:end]):
            for found in sieve.patterns[number].finditer(text, start, end):
                if "\t" not in found.group() and not currencies.at(text, found.start(), len(text)):
                    letters[found.start() : found.end()] = [sign if sign == "\n" else MASKED for sign in found.group()]
    return "".join(letters)


def _with_digits(text: str) -> Iterator[tuple[int, int]]:
    """The runs of lines that hold digits, each with the end of the line before: nothing else needs a mask."""
    start = end = 0
    for digit in _DIGIT.finditer(text):
        if digit.start() < end:
            continue
        line = text.rfind("\n", 0, digit.start()) + 1
        if end and line > end + 1:
            yield start, end
            start = max(line - _BEFORE, end)
        elif not end:
            start = max(line - _BEFORE, 0)
        stop = text.find("\n", digit.start())
        end = len(text) if stop < 0 else stop
    if end:
        yield start, end


@lru_cache(maxsize=8)
def _masks(knowledge: OfferKnowledge) -> Sieve:
    return Sieve(knowledge.masks)
