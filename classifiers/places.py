"""Where goods lie: the country of the place that a word for stock stands beside."""

import re

from classifiers.offer_grammar import grammar
from models.knowledge.offers import OfferKnowledge, OfferVocabulary

_NAMES = re.compile(r"[^\W\d_][^\W\d_'.-]{1,24}(?:[ -][^\W\d_]{2,24})?")
_REACH = 60


def stock_country(text: str, start: int, end: int, words: OfferVocabulary, knowledge: OfferKnowledge) -> str | None:
    """ISO 3166 alpha-2 of the first known place within reach of a word for stock in text[start:end], or None."""
    for cue in grammar(words).stocks.all(text, start, end):
        for found in _NAMES.finditer(text, cue.end, min(end, cue.end + _REACH)):
            name = found.group().casefold()
            country = knowledge.places.get(name) or knowledge.places.get(name.split(" ")[0])
            if country and found.group()[0].isupper():
                return country
    return None
