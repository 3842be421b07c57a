"""Prices by steps: "10,000 pcs 2.50; 50,000 pcs 2.30" tells what more would cost, and how much there is it does not."""

import re
from collections.abc import Sequence
from itertools import pairwise

from classifiers.offer_grammar import grammar
from classifiers.prices import Price
from classifiers.quantities import Amount
from models.knowledge.offers import OfferVocabulary

_LABEL = re.compile(r"[^\W\d_]{4}")
_LEAST = 2  # steps


def are_steps(amounts: Sequence[Amount], prices: Sequence[Price]) -> bool:
    """Whether each amount is larger than the one before it, and each price lower."""
    rising = all(one.value < other.value and one.unit == other.unit for one, other in pairwise(amounts))
    falling = all(one.value > other.value and one.unit == other.unit for one, other in pairwise(prices))
    once = not any(one.per or one.moq or one.weak for one in amounts)
    return len(amounts) == len(prices) >= _LEAST and rising and falling and once


def without_steps(amounts: list[Amount], prices: Sequence[Price], text: str, words: OfferVocabulary) -> list[Amount]:
    """`amounts` of a clause without the steps that its `prices` come in; a word between them may name another thing."""
    stepped = [one for one in amounts if not (one.per or one.moq or one.weak)]
    if not are_steps(stepped, prices):
        return amounts
    told = sorted([*stepped, *prices], key=lambda one: one.start)
    between = " ".join(text[one.end : other.start] for one, other in pairwise(told))
    for terms in (grammar(words).costing, grammar(words).counting, grammar(words).heads):
        between = terms.blotted(between)
    return amounts if _LABEL.search(between) else [one for one in amounts if one not in stepped]
